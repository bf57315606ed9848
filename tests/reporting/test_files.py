import os

import pytest

from pyreport.reporting.files import write_atomically


def test_a_file_is_written_as_given_with_the_folders_that_it_needs(tmp_path):
    place = tmp_path / "a" / "b.txt"
    write_atomically(place, "é\r\n\n")
    assert place.read_bytes() == "é\r\n\n".encode()


def test_a_failure_leaves_the_old_file_and_no_scratch(tmp_path, monkeypatch):
    place = tmp_path / "b.txt"
    place.write_text("old", encoding="utf-8")

    def full(self, target):
        raise OSError("the disk is full")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(OSError, match="the disk is full"):
        write_atomically(place, "new")
    assert place.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [place]


def test_text_that_cannot_be_encoded_leaves_the_old_file(tmp_path):
    place = tmp_path / "b.txt"
    place.write_text("old", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(place, "\udc80")
    assert place.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_new_file_has_the_permissions_that_the_umask_leaves(tmp_path):
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "b.txt", "text")
    finally:
        os.umask(before)
    assert (tmp_path / "b.txt").stat().st_mode & 0o777 == 0o640
