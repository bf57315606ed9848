import os
import subprocess
import sys
import threading

import pytest

from pyreport.files.locks import hold
from pyreport.files.writing import write_file


def test_a_file_is_written_as_given_with_the_folders_that_it_needs(tmp_path):
    place = tmp_path / "a" / "b.txt"
    write_file(place, "é\r\n\n")
    assert place.read_bytes() == "é\r\n\n".encode()


def test_a_failure_leaves_the_old_file_and_no_scratch(tmp_path, monkeypatch):
    place = tmp_path / "b.txt"
    place.write_text("old", encoding="utf-8")

    def full(self, target):
        raise OSError("the disk is full")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(OSError, match="the disk is full"):
        write_file(place, "new")
    assert place.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [place]


def test_what_is_no_character_is_written_as_python_writes_it(tmp_path):
    write_file(tmp_path / "b.txt", "b\udcffd")
    assert (tmp_path / "b.txt").read_bytes() == b"b\\udcffd"


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_new_file_has_the_permissions_that_the_umask_leaves(tmp_path):
    before = os.umask(0o027)
    try:
        write_file(tmp_path / "b.txt", "text")
    finally:
        os.umask(before)
    assert (tmp_path / "b.txt").stat().st_mode & 0o777 == 0o640


def test_of_a_link_the_target_is_replaced_and_the_link_stays(tmp_path):
    target, link, chain = tmp_path / "a" / "target.txt", tmp_path / "link.txt", tmp_path / "chain.txt"
    target.parent.mkdir()
    target.write_text("old", encoding="utf-8")
    link.symlink_to("a/target.txt")
    chain.symlink_to(link)
    inode = target.stat().st_ino
    write_file(chain, "new")
    assert target.read_text(encoding="utf-8") == "new"
    assert target.stat().st_ino != inode
    assert (link.is_symlink(), chain.is_symlink(), target.is_symlink()) == (True, True, False)


def test_the_target_of_a_link_is_made_where_there_is_none(tmp_path):
    (tmp_path / "link.txt").symlink_to("new/target.txt")
    write_file(tmp_path / "link.txt", "new")
    assert (tmp_path / "new" / "target.txt").read_text(encoding="utf-8") == "new"
    assert (tmp_path / "link.txt").is_symlink()


def test_links_in_a_circle_are_an_error_that_names_the_file(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OSError, match="nothing was written") as caught:
        write_file(tmp_path / "a", "new")
    assert caught.value.filename == str(tmp_path / "a")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names")
def test_a_pipe_stays_one_and_gets_the_text(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    read = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    write_file(tmp_path / "pipe", "text\n" * 50_000)
    reader.join(20)
    assert read == [b"text\n" * 50_000]
    assert (tmp_path / "pipe").is_fifo()


def test_a_device_is_written_into(tmp_path, monkeypatch):
    place = tmp_path / "device"
    place.write_text("", encoding="utf-8")
    inode = place.stat().st_ino
    monkeypatch.setattr("pyreport.files.writing.stat.S_ISREG", lambda mode: False)
    write_file(place, "text")
    assert (place.stat().st_ino, place.read_text(encoding="utf-8")) == (inode, "text")
    assert list(tmp_path.iterdir()) == [place]


def test_the_file_that_standard_output_goes_to_is_written_into(tmp_path):
    place = tmp_path / "out.txt"
    program = (
        "import sys; from pathlib import Path; from pyreport.files.writing import write_file; print(1, flush=True); "
    )
    program += "write_file(Path(sys.argv[1]), '2\\n'); print(3)"
    with place.open("w", encoding="utf-8") as file:
        subprocess.run([sys.executable, "-c", program, str(place)], stdout=file, check=True)
    assert place.read_text(encoding="utf-8") == "1\n2\n3\n"


def test_a_folder_is_no_place_for_a_file(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError) as caught:
        write_file(tmp_path / "folder", "text")
    assert caught.value.filename == str(tmp_path / "folder")


def test_a_replaced_file_keeps_its_permissions(tmp_path):
    place = tmp_path / "b.txt"
    place.write_text("old", encoding="utf-8")
    place.chmod(0o600)
    write_file(place, "new")
    assert place.stat().st_mode & 0o777 == 0o600


def test_what_a_killed_writer_left_is_removed_and_what_a_living_one_writes_is_not(tmp_path):
    (tmp_path / ".pyreport-left").write_text("half", encoding="utf-8")
    (tmp_path / ".pyreport-being-written").write_text("half", encoding="utf-8")
    descriptor = hold(tmp_path / ".pyreport-being-written")
    write_file(tmp_path / "b.txt", "new")
    os.close(descriptor)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".pyreport-being-written", "b.txt"]
