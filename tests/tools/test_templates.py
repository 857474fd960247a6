"""A template database is renewed when what it was made from changes."""

import pytest

from tools import templates
from tools.console import Stop


@pytest.fixture
def addon(tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "models/document.py").write_text("a = 1\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_a.py").write_text("a = 1\n")
    return tmp_path


def test_hash_changes_with_a_file(addon):
    before = templates.tree_hash(addon)
    (addon / "models/document.py").write_text("a = 2\n")
    assert templates.tree_hash(addon) != before


def test_hash_changes_with_a_name(addon):
    before = templates.tree_hash(addon)
    (addon / "models/document.py").rename(addon / "models/paper.py")
    assert templates.tree_hash(addon) != before


def test_hash_ignores_tests_and_caches(addon):
    before = templates.tree_hash(addon)
    (addon / "tests/test_a.py").write_text("a = 2\n")
    (addon / "models/__pycache__").mkdir()
    (addon / "models/__pycache__/document.pyc").write_bytes(b"x")
    assert templates.tree_hash(addon) == before


@pytest.mark.parametrize("text", [None, "{", "[]"])
def test_manifest_that_cannot_be_read_is_one_line(addon, monkeypatch, text):
    monkeypatch.setattr(templates, "ADDON", addon)
    if text is not None:
        (addon / "__manifest__.py").write_text(text)
    with pytest.raises(Stop, match="cannot read .*: mend it"):
        templates.depends()
