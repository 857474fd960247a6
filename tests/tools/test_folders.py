"""Folders are complete or absent, whatever interrupted the run before."""

import subprocess
import sys

import pytest

from tools import console, folders


def fill(text):
    return lambda folder: (folder / "content").write_text(text)


def test_folder_is_made_once_per_key(tmp_path):
    target = tmp_path / "made"
    folders.make(target, "1", "making", fill("first"))
    folders.make(target, "1", "making", fill("second"))
    assert (target / "content").read_text() == "first"
    folders.make(target, "2", "making", fill("second"))
    assert (target / "content").read_text() == "second"


def test_failed_step_leaves_no_folder_and_is_done_again(tmp_path):
    def break_off(folder):
        (folder / "half").touch()
        raise console.Stop("no network")

    target = tmp_path / "made"
    with pytest.raises(console.Stop):
        folders.make(target, "1", "making", break_off)
    assert not target.exists()
    folders.make(target, "1", "making", fill("whole"))
    assert sorted(path.name for path in target.iterdir()) == [".made-from", "content"]


def test_failed_renewal_keeps_the_old_folder(tmp_path):
    target = tmp_path / "made"
    folders.make(target, "1", "making", fill("old"))
    with pytest.raises(ZeroDivisionError):
        folders.make(target, "2", "making", lambda folder: 1 / 0)
    assert (target / "content").read_text() == "old"
    assert folders.is_made(target, "1")


def test_step_in_place_goes_on_from_what_is_there(tmp_path):
    def break_off(folder):
        (folder / "downloaded").touch()
        raise console.Stop("no network")

    target = tmp_path / "made"
    with pytest.raises(console.Stop):
        folders.make_in_place(target, "1", "making", break_off)
    assert not folders.is_made(target, "1")
    seen = []
    folders.make_in_place(
        target, "1", "making", lambda folder: seen.extend(folder.iterdir())
    )
    assert [path.name for path in seen] == ["downloaded"]
    assert folders.is_made(target, "1")


def test_lock_excludes_another_process(tmp_path):
    path = tmp_path / "lock"
    attempt = (
        "import fcntl, sys\n"
        "fcntl.flock(open(sys.argv[1]), fcntl.LOCK_EX | fcntl.LOCK_NB)"
    )
    command = [sys.executable, "-c", attempt, str(path)]
    with folders.lock(path, "waiting"):
        assert subprocess.run(command, capture_output=True).returncode != 0
    assert subprocess.run(command, capture_output=True).returncode == 0


def test_full_disk_is_said_before_the_work(tmp_path):
    with pytest.raises(console.Stop, match="make room"):
        folders.need_space(tmp_path, 10**9)
