"""The layer check finds every import that goes upwards and nothing else."""

import pytest

from tools import layers

ADDON = "amazon_b2b_connector"


def check(root, file, source):
    path = root / file
    path.parent.mkdir(parents=True)
    path.write_text(source + "\n")
    return layers.violations(root)


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("edi/x12/writer.py", "from odoo import models"),
        ("edi/x12/writer.py", "from ... import as2"),
        ("edi/x12/writer.py", "from ...models import document"),
        ("edi/x12/writer.py", "import requests"),
        ("as2/cms.py", "import requests"),
        ("as2/cms.py", "from edi import documents"),
        ("as2/cms.py", f"from odoo.addons.{ADDON}.models import station"),
        ("spapi/orders.py", "from ..edi.documents import PurchaseOrder"),
        ("transports/as2.py", "from ..models import station"),
        ("transports/as2.py", "from odoo import fields"),
        ("transports/as2.py", "from ..edi import documents"),
        ("models/document.py", "from ..controllers import as2"),
        ("models/document.py", "from .. import wizards"),
        ("models/document.py", "from ..edi.x12.segments import Segment"),
        ("models/document.py", "from ..edi import x12"),
        ("models/document.py", f"import odoo.addons.{ADDON}.edi.x12.writer"),
        ("models/document.py", "def later():\n    from ..wizards import secret"),
        ("controllers/as2.py", "from ..wizards import secret"),
    ],
)
def test_upward_import_in_the_addon_is_found(tmp_path, file, source):
    found = check(tmp_path, f"{ADDON}/{file}", source)
    assert len(found) == 1
    assert found[0].startswith(f"{ADDON}/{file}:")


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("edi/x12/writer.py", "import re\nfrom ..documents import PurchaseOrder"),
        ("edi/x12/writer.py", "from . import segments\nfrom .. import documents"),
        ("as2/cms.py", "from cryptography import x509\nfrom asn1crypto import cms"),
        ("transports/as2.py", "import requests\nfrom ..as2 import messages"),
        ("models/document.py", "from odoo import models\nfrom .. import edi"),
        ("models/document.py", "from ..edi import PurchaseOrder, decode"),
        ("models/document.py", "from ..edi.documents import PurchaseOrder"),
        ("controllers/as2.py", "from odoo.http import route\nfrom .. import as2"),
        ("wizards/secret.py", "from ..models import station"),
    ],
)
def test_downward_import_passes(tmp_path, file, source):
    assert check(tmp_path, f"{ADDON}/{file}", source) == []


@pytest.mark.parametrize(
    "source",
    [
        "import edi",
        "from as2 import messages",
        "from odoo import api",
        f"from {ADDON}.edi import documents",
        f"from odoo.addons.{ADDON} import edi",
    ],
)
def test_simulator_shares_nothing_with_the_addon(tmp_path, source):
    assert len(check(tmp_path, "simulator/vendor.py", source)) == 1


def test_simulator_may_use_libraries_and_itself(tmp_path):
    source = "import pyas2lib\nfrom . import edi\nfrom simulator.rules import check"
    assert check(tmp_path, "simulator/vendor.py", source) == []
