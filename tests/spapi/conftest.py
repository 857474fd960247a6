from collections.abc import Iterator

import pytest
from spapi_server import Server


@pytest.fixture
def amazon() -> Iterator[Server]:
    with Server() as server:
        yield server
