"""The tables of a record become those of the next one in one step, whatever ends the program that writes them."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pyreport.evidence.findings import EvidenceError
from pyreport.evidence.model import CountyEvidence
from pyreport.evidence.record import Record
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.evidence.record_writing import update_record, write_record
from pyreport.evidence.stored_tables import SUMS, read_tables
from pyreport.files.locks import Held, lock

from .readers.status_files import letters_2025, save_csv

STEPS = """
import os, signal, sys
from pathlib import Path
from pyreport.evidence.record_reading import read_record
from pyreport.evidence.record_writing import write_record

folder, record, last = Path(sys.argv[1]), read_record(Path(sys.argv[2])), int(sys.argv[3])
steps = 0
def step(event, arguments):
    global steps
    counts = event in ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.listdir", "os.scandir")
    steps += counts
    if counts and steps == last:
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(step)
write_record(record, folder)
print(steps)
"""
WRITING = """
import sys
from pathlib import Path
from pyreport.evidence.record_reading import read_record
from pyreport.evidence.record_writing import write_record

folder, records = Path(sys.argv[1]), [read_record(Path(one)) for one in sys.argv[2:]]
print("ready", flush=True)
while True:
    for record in records:
        write_record(record, folder)
"""


def sealed(folder: Path) -> None:
    """Let the tables that are in a folder be those that were written."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.csv"))
    lines = "".join(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    (folder / SUMS).write_text(lines, encoding="utf-8", newline="")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two records: one of Monterey's figures, which no other has, and one of the statuses of 2025."""
    package, place = read_record(record_folder()), tmp_path_factory.mktemp("records")
    of_2025 = {key: one for key, one in package.lea_years.items() if key[0] == 2025}
    write_record(Record({}, {"27": package.counties["27"]}, package.sources), place / "figures")
    write_record(Record(of_2025), place / "statuses")
    return [place / "figures", place / "statuses"]


@pytest.fixture
def folder(tmp_path: Path, places: list[Path]) -> Path:
    return shutil.copytree(places[0], tmp_path / "record")


def ended_by_itself_or_killed(*arguments: object) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-c", *map(str, arguments)], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done


def killed_at(step: int, folder: Path, new: Path) -> bool:
    """Whether writing ``new`` into ``folder`` was killed at that step."""
    return ended_by_itself_or_killed(STEPS, folder, new, step).returncode != 0


def assert_whole_then_mended(folder: Path, places: list[Path]) -> int:
    """Return which record is in the folder; the next writing leaves its own tables and nothing else."""
    wholes = [read_tables(place, ()) for place in places]
    found = read_tables(folder, ())
    assert found in wholes
    write_record(read_record(places[0]), folder)
    assert contents(folder) == contents(places[0])
    return wholes.index(found)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
class TestKilled:
    def test_after_the_renaming_the_record_is_the_new_one_and_before_it_the_old_one(self, folder, places):
        steps = int(ended_by_itself_or_killed(STEPS, folder, places[1], 0).stdout)
        found = []
        for step in (1, steps // 3, 2 * steps // 3, steps):
            shutil.rmtree(folder)
            shutil.copytree(places[0], folder)
            assert killed_at(step, folder, places[1])
            found.append(assert_whole_then_mended(folder, places))
        assert found == sorted(found)
        assert set(found) == {0, 1}

    @pytest.mark.sweep
    def test_at_every_single_step(self, folder, places):
        found, step = [], 1
        while killed_at(step, folder, places[1]):
            found.append(assert_whole_then_mended(folder, places))
            step += 1
        assert len(found) > 40
        assert found == sorted(found)
        assert set(found) == {0, 1}

    @pytest.mark.parametrize("times", [3, pytest.param(40, marks=pytest.mark.sweep)])
    def test_at_any_moment(self, folder, places, times):
        moments = random.Random(52072)
        for _ in range(times):
            writing = subprocess.Popen(
                [sys.executable, "-c", WRITING, *map(str, [folder, *places])], stdout=subprocess.PIPE, text=True
            )
            assert writing.stdout is not None
            with writing, writing.stdout:
                assert writing.stdout.readline() == "ready\n"
                time.sleep(moments.uniform(0, 0.3))
                writing.kill()
            assert_whole_then_mended(folder, places)

    @pytest.mark.parametrize("times", [2, pytest.param(25, marks=pytest.mark.sweep)])
    def test_the_command_at_any_moment(self, folder, places, times, tmp_path):
        letters = save_csv(tmp_path / "letters-2025.csv", letters_2025())
        command = [sys.executable, "-c", "from pyreport.cli import main; main()", "ingest", letters, "--into"]
        whole = shutil.copytree(folder, tmp_path / "whole")
        began = time.monotonic()
        subprocess.run([*command, whole], check=True, capture_output=True, timeout=120)
        took = time.monotonic() - began
        moments = random.Random(52071)
        for _ in range(times):
            with subprocess.Popen([*command, folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as ingest:
                # Most of the time goes into the reading, which comes first.
                time.sleep(moments.uniform(0.6, 1.05) * took)
                ingest.kill()
            assert_whole_then_mended(folder, [places[0], whole])


class TestWhileItIsWritten:
    def test_whoever_reads_has_the_one_or_the_other(self, folder, places):
        wholes = [read_tables(place, ()) for place in places]
        with subprocess.Popen(
            [sys.executable, "-c", WRITING, *map(str, [folder, *places])], stdout=subprocess.PIPE, text=True
        ) as writing:
            assert writing.stdout is not None
            with writing.stdout:
                assert writing.stdout.readline() == "ready\n"
                found = []
                try:
                    until = time.monotonic() + 60
                    while len(found) < 60 or (time.monotonic() < until and len({*map(wholes.index, found)}) < 2):
                        found.append(read_tables(folder, ()))
                finally:
                    writing.kill()
        assert {wholes.index(one) for one in found} == {0, 1}

    def test_whoever_read_before_keeps_what_was_there(self, folder, places):
        before, expected = read_record(folder), read_record(places[0]).counties["27"]
        write_record(read_record(places[1]), folder)
        assert before.counties["27"] == expected
        assert read_record(folder).counties["27"] == CountyEvidence()

    def test_a_second_program_is_told_to_wait_and_changes_nothing(self, folder, places):
        before = contents(folder)
        with lock(folder, "held"):
            for write in (lambda one: write_record(one, folder), lambda one: update_record(folder, one)):
                with pytest.raises(Held, match="another `pyreport ingest` writes there"):
                    write(read_record(places[1]))
        assert contents(folder) == before
        write_record(read_record(places[1]), folder)
        assert contents(folder) == contents(places[1])


class TestChecked:
    @pytest.mark.parametrize(
        "spoil",
        [
            lambda content: content[: len(content) // 2],
            lambda content: content.replace(b"5", b"6", 1),
            lambda content: content + b"\n",
            lambda content: b"",
            lambda content: content.replace(b"\n", b"\r\n"),
        ],
        ids=["cut", "edited", "longer", "emptied", "other line ends"],
    )
    def test_a_changed_table_is_named_with_what_to_do(self, folder, spoil):
        paths = [folder / "publication.csv", folder / "dashboard" / "27-monterey" / "figure.csv"]
        for path in paths:
            path.write_bytes(spoil(path.read_bytes()))
        with pytest.raises(EvidenceError, match="ingest all files into a new one") as caught:
            read_record(folder)
        assert {one.file for one in caught.value.findings} == set(map(str, paths))

    def test_a_table_of_another_record_is_named(self, folder, places):
        shutil.copy(places[1] / "lea.csv", folder / "lea.csv")
        with pytest.raises(EvidenceError, match="mixed with that of another record") as caught:
            read_record(folder)
        assert [one.file for one in caught.value.findings] == [str(folder / "lea.csv")]

    def test_a_table_that_nobody_wrote_is_named(self, folder):
        shutil.copytree(folder / "dashboard" / "27-monterey", folder / "dashboard" / "02-alpine")
        with pytest.raises(EvidenceError, match="does not name the table") as caught:
            read_record(folder)
        assert [Path(one.file).parent.name for one in caught.value.findings] == ["02-alpine", "02-alpine"]

    def test_without_the_sums_nothing_is_read(self, folder):
        (folder / SUMS).unlink()
        with pytest.raises(EvidenceError, match=r"SHA256SUMS: the file is missing"):
            read_record(folder)

    @pytest.mark.parametrize(
        "line", ["nothing", f"{'0' * 64}  ../lea.csv", f"{'0' * 64}  /lea.csv", f"{'0' * 64} lea.csv", "\ud800", ""]
    )
    def test_sums_that_are_none_are_named_with_the_line(self, folder, line):
        lines = (folder / SUMS).read_bytes().splitlines(keepends=True)
        lines.insert(1, f"{line}\n".encode("utf-8", "surrogatepass"))
        (folder / SUMS).write_bytes(b"".join(lines))
        with pytest.raises(EvidenceError, match="SHA256SUMS: line 2 is not a SHA-256"):
            read_record(folder)

    def test_sums_that_are_cut_miss_the_tables_that_every_record_has(self, folder):
        lines = (folder / SUMS).read_bytes().splitlines(keepends=True)
        (folder / SUMS).write_bytes(b"".join(lines[:-1]))
        with pytest.raises(EvidenceError, match=r"published_status.csv: SHA256SUMS does not name the table"):
            read_record(folder)

    def test_an_empty_folder_holds_no_record(self, tmp_path):
        with pytest.raises(EvidenceError, match="there is no record; `pyreport ingest` writes one"):
            read_record(tmp_path)

    @pytest.mark.skipif(shutil.which("sha256sum") is None, reason="the program is not installed")
    def test_the_sums_are_those_that_sha256sum_checks(self):
        done = subprocess.run(["sha256sum", "--check", "--strict", SUMS], cwd=record_folder(), capture_output=True)
        assert done.returncode == 0

    def test_nothing_is_ingested_over_a_damaged_record(self, folder, places):
        (folder / "lea.csv").write_bytes(b"")
        before = contents(folder)
        with pytest.raises(EvidenceError, match=r"lea.csv"):
            update_record(folder, read_record(places[1]))
        assert contents(folder) == before


@pytest.mark.parametrize("call", ["mkdir", "replace", "fsync"])
def test_a_failure_at_any_step_leaves_the_old_record_or_the_new_one(folder, places, monkeypatch, call):
    wholes = [read_tables(place, ()) for place in places]
    record, found = read_record(places[1]), []
    owner = os if call == "fsync" else Path
    for last in range(1, 200):
        calls = 0
        whole = getattr(owner, call)

        def failing(*arguments: object, whole=whole, last=last, **options: object) -> object:
            nonlocal calls
            calls += 1
            if calls == last:
                raise OSError("no space left on device")
            return whole(*arguments, **options)

        with monkeypatch.context() as patch:
            patch.setattr(owner, call, failing)
            try:
                write_record(record, folder)
            except OSError:
                found.append(wholes.index(read_tables(folder, ())))
            else:
                break
        shutil.rmtree(folder)
        shutil.copytree(places[0], folder)
    assert len(found) > 1
    assert found == sorted(found)
    assert 0 in found
    assert contents(folder) == contents(places[1])
