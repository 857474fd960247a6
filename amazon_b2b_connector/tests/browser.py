"""What tests that need a browser share."""

from unittest.mock import patch

# times a tenth of a second: Odoo's own patience, 100, skips the test on a busy machine
TRIES = 900

patient_with_the_browser = patch("odoo.tests.common.CHECK_BROWSER_ITERATIONS", TRIES)
