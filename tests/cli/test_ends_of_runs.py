"""How commands end where the system does not let them finish: full disks, closed streams, odd names and folders."""

import json
import os
import resource
import subprocess
import sys

import pytest

from .command import GROUPS, answered, letters_file, run

DECIDE = ["decide", "--year", "2024", "--county", "Alpine"]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="limits and streams of POSIX")


def process(arguments, **options):
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    program = [sys.executable, "-P", "-m", "pyreport", *map(os.fsencode, map(str, arguments))]
    # Where no file can be larger, Python would leave half of a module's bytecode for all that run after.
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **options.pop("env", {})}
    done = subprocess.run(program, check=False, env=env, **options)
    assert b"Traceback" not in (done.stderr or b"")
    return done


def at_most(size):
    """As on a disk that is full: no file can be larger."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_full_disk_is_told_with_the_place_and_the_old_file_stays(tmp_path):
    place = tmp_path / "out.csv"
    place.write_text("old", encoding="utf-8")
    done = process([*DECIDE, "--output", place], preexec_fn=at_most(64))
    assert done.returncode == 3
    assert done.stderr.decode() == f"{place}: File too large; the file that was there is unchanged\n"
    assert place.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [place]


def test_a_full_disk_is_told_where_there_was_no_file(tmp_path):
    place = tmp_path / "out.csv"
    done = process([*DECIDE, "--output", place], preexec_fn=at_most(64))
    assert (done.returncode, done.stderr.decode()) == (3, f"{place}: File too large; nothing was written\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_under_standard_output_is_told(tmp_path, unbuffered):
    with (tmp_path / "out.csv").open("wb") as file:
        done = process(DECIDE, stdout=file, preexec_fn=at_most(64), env={"PYTHONUNBUFFERED": unbuffered})
    assert done.returncode == 3
    assert done.stderr.decode().endswith("standard output: File too large; not all was written\n")


def test_a_report_on_a_full_disk_names_the_county_that_is_not_written_and_keeps_its_old_files(tmp_path):
    (tmp_path / "02-alpine.html").write_text("old", encoding="utf-8")
    # The overview has room, the pages of the LEAs have not.
    done = process(["report", "--county", "Alpine", "--output", tmp_path, "--jobs", "1"], preexec_fn=at_most(30_000))
    assert (done.returncode, done.stdout) == (3, b"")
    assert "Not written: 02-alpine: " in done.stderr.decode()
    assert "File too large" in done.stderr.decode()
    assert (tmp_path / "02-alpine.html").read_text(encoding="utf-8") == "old"
    assert {path.name for path in tmp_path.iterdir()} <= {"02-alpine.html", "manifest.json"}


def test_a_reader_that_stops_listening_is_not_success():
    reading, writing = os.pipe()
    os.close(reading)
    # The rows of a year are more than a pipe holds.
    done = process(["decide", "--year", "2017"], stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (3, b"")


@pytest.mark.parametrize("arguments", [DECIDE, ["--help"], ["decide", "--help"]], ids=" ".join)
def test_a_standard_output_that_is_closed_is_not_success(arguments):
    done = process(arguments, stdout=None, preexec_fn=lambda: os.close(1))
    assert done.returncode == 3
    assert done.stderr.decode().startswith("standard output: ")


def test_a_closed_standard_error_changes_nothing():
    done = process(DECIDE, stderr=None, preexec_fn=lambda: os.close(2))
    assert (done.returncode, done.stdout.decode()) == (0, answered(*DECIDE).stdout)


def test_output_is_utf_8_wherever_it_goes(tmp_path):
    arguments = ["explain", "27661420000000", "--year", "2024"]
    done = process(arguments, env={"PYTHONIOENCODING": "latin-1", "LC_ALL": "C"})
    assert done.returncode == 0
    assert process([*arguments, "--output", tmp_path / "out.txt"]).returncode == 0
    assert (tmp_path / "out.txt").read_bytes() == done.stdout


@pytest.fixture
def oddly_named(tmp_path):
    """A letters file whose name is not UTF-8."""
    written = letters_file(
        tmp_path / "plain.csv", "02613330000000", "Alpine County Unified", "Alpine", {GROUPS[0]: "A"}
    )
    try:
        return written.rename(tmp_path / os.fsdecode(b"letters-\xff.csv"))
    except OSError:
        pytest.skip("the file system takes names in UTF-8 alone")


@pytest.mark.parametrize("form", ["csv", "json", "graph"])
def test_files_whose_names_are_not_utf_8_are_read_and_written(tmp_path, oddly_named, form):
    output = tmp_path / os.fsdecode(b"out-\xfe")
    arguments = ["decide", "--county", "Alpine", "--format", form, "--evidence", oddly_named]
    result = run(*arguments, "--output", output)
    assert result.exit_code == 0, result.output
    if form != "csv":
        assert "letters-\\udcff.csv" in json.dumps(json.loads(output.read_bytes())).replace("\\\\", "\\")
    if form == "json":
        # As the system hands the name to a process, and to its standard output.
        assert output.read_bytes() == process(arguments).stdout


def test_a_page_with_such_evidence_is_made_and_verified(tmp_path, oddly_named):
    place = tmp_path / "build"
    done = process(["report", "--county", "Alpine", "--evidence", oddly_named, "--output", place, "--jobs", "1"])
    assert done.returncode == 0, done.stderr
    assert process(["verify", place / "02-alpine.html"]).returncode == 0


def test_a_long_path_of_temporary_files_is_no_hindrance(tmp_path):
    long = tmp_path / ("long" * 40)
    long.mkdir()
    arguments = ["report", "--county", "Alpine", "--year", "2018", "--output", tmp_path / "build"]
    done = process(arguments, env={"TMPDIR": str(long)})
    assert done.returncode == 0, done.stderr
    assert list(long.iterdir()) == []


def test_a_place_that_is_no_file_is_wrong_use(tmp_path):
    result = run(*DECIDE, "--output", tmp_path)
    assert (result.exit_code, result.stderr) == (2, f"{tmp_path}: Is a directory\n")


def test_a_link_stays_one_through_a_command(tmp_path):
    (tmp_path / "target.csv").write_text("old", encoding="utf-8")
    (tmp_path / "link.csv").symlink_to("target.csv")
    assert run(*DECIDE, "--output", tmp_path / "link.csv").exit_code == 0
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "target.csv").read_text(encoding="utf-8") == answered(*DECIDE).stdout


def test_a_fault_of_the_program_has_a_status_of_its_own():
    program = (
        "import sys, pyreport.__main__, pyreport.rulebook.loading\n"
        "pyreport.rulebook.loading.load_rulebook = lambda *_, **__: 1 / 0\n"
        "sys.argv = ['pyreport', 'decide']\n"
        "pyreport.__main__.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert done.stderr.endswith("ZeroDivisionError: division by zero\n")
