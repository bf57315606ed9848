import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from made_once import made_once
from next_year import NEXT_YEAR

from pyreport.evidence.counties import county_slug
from pyreport.files.places import notebooks_folder
from pyreport.reporting import build as build_module
from pyreport.reporting import kernel_runs

from .pages import ALPINE, NAMES, YEAR, built, record, report, rulebook, without_kernels

ROOT = Path(__file__).resolve().parents[2]
AMADOR, SIERRA = "03", "46"
SOME = (ALPINE, AMADOR)
UNIFIED = "02613330000000"
CASE = f'- {{what: calpads_not_certified, lea: "{UNIFIED}", dashboard_year: {YEAR}, date: 2025-08-29, document: D}}\n'


def contents(place):
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()}


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def files_of(code, year=YEAR):
    """The names of all files of a county."""
    slug = county_slug(code)
    leas = [f"lea/{cds}.html" for known, cds in record().lea_years if known == year and cds[:2] == code]
    data = [f"data/{slug}.{kind}" for kind in ("csv", "json", "xlsx")]
    return {f"{slug}.html", *leas, *data, f"proof/{slug}.json.gz", f"figures/{slug}.svg", f"{slug}.zip"}


def folder():
    """The files of two counties, made without kernels. Nothing is to be written into it."""

    def make(place):
        with without_kernels():
            result = built(place, *SOME)
        assert (result.failures, result.counties, result.unchanged) == ([], [*SOME], [])

    return made_once("built", make)


def copied(tmp_path):
    return shutil.copytree(folder(), tmp_path / "build")


def test_the_files_of_the_counties_and_the_manifest_are_written_and_nothing_else():
    assert set(contents(folder())) == {*files_of(ALPINE), *files_of(AMADOR), "manifest.json"}


def test_a_folder_is_found_from_where_the_command_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = built(Path("build"), ALPINE)
    assert (result.failures, result.counties) == ([], [ALPINE])
    assert set(contents(tmp_path)) == {f"build/{name}" for name in (*files_of(ALPINE), "manifest.json")}


def test_two_kernels_write_the_same_bytes_as_this_process(tmp_path):
    assert built(tmp_path, *reversed(SOME), jobs=2).counties == [*SOME]
    assert contents(tmp_path) == contents(folder())


@pytest.mark.sweep
def test_other_processes_other_orders_and_more_workers_give_the_same_bytes(tmp_path):
    program = """
import sys
from pathlib import Path
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.files.places import policy_folder
from pyreport.reporting.build import build
from pyreport.reporting.page_request import PageRequest
from pyreport.rulebook.loading import load_rulebook

_, place, codes = sys.argv
rulebook, record, request = load_rulebook(policy_folder()), read_record(record_folder()), PageRequest(2025)
result = build(rulebook, record, request, codes.split(), Path(place), jobs=2)
assert result.failures == [], result.failures
"""
    running = []
    for seed, order in [("0", [AMADOR, ALPINE]), ("1", [ALPINE, AMADOR])]:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "TZ": "Asia/Tokyo", "LC_ALL": "C"}
        arguments = [sys.executable, "-c", program, str(tmp_path / seed), " ".join(order)]
        running.append(subprocess.Popen(arguments, cwd="/", env=environment, stderr=subprocess.PIPE, text=True))
    for process in running:
        _, messages = process.communicate()
        assert process.returncode == 0, messages
    assert contents(tmp_path / "0") == contents(folder())
    assert contents(tmp_path / "1") == contents(folder())


def test_counties_that_are_unchanged_are_not_made_again_and_other_files_stay(tmp_path, monkeypatch):
    place = copied(tmp_path)
    (place / "notes.txt").write_text("mine", encoding="utf-8")
    monkeypatch.setattr(build_module, "execute_all", lambda *_: pytest.fail("something was made"))
    result = built(place, *SOME)
    assert (result.counties, result.unchanged, result.failures) == ([], [*SOME], [])
    assert contents(place) == {**contents(folder()), "notes.txt": b"mine"}


@pytest.mark.usefixtures("no_kernels")
@pytest.mark.parametrize("name", ["02-alpine.html", f"lea/{UNIFIED}.html", "data/02-alpine.xlsx"])
@pytest.mark.parametrize("left", ["changed", "removed"])
def test_a_county_of_which_a_file_was_changed_or_removed_is_made_again(tmp_path, name, left):
    place = copied(tmp_path)
    if left == "removed":
        (place / name).unlink()
    else:
        (place / name).write_bytes(b"changed")
    result = built(place, *SOME)
    assert (result.counties, result.unchanged) == ([ALPINE], [AMADOR])
    assert contents(place) == contents(folder())


@pytest.mark.parametrize("left", ["changed", "removed"])
def test_an_archive_that_was_changed_or_removed_is_packed_again(tmp_path, left, monkeypatch):
    place = copied(tmp_path)
    if left == "removed":
        (place / "02-alpine.zip").unlink()
    else:
        (place / "02-alpine.zip").write_bytes(b"changed")
    monkeypatch.setattr(build_module, "execute_all", lambda *_: pytest.fail("something was made"))
    assert built(place, *SOME).unchanged == [*SOME]
    assert contents(place) == contents(folder())


@pytest.mark.usefixtures("no_kernels")
def test_a_case_file_about_one_county_makes_that_county_again_alone(tmp_path):
    place, anew = copied(tmp_path), tmp_path / "anew"
    case = tmp_path / "case.yaml"
    case.write_text(CASE, encoding="utf-8")
    result = built(place, *SOME, case=(str(case),))
    assert (result.counties, result.unchanged) == ([ALPINE], [AMADOR])
    page = f"lea/{UNIFIED}.html"
    assert (place / page).read_bytes() != (folder() / page).read_bytes()
    # What was made again is what is made from nothing, the counties that stayed and the manifest included.
    built(anew, *SOME, case=(str(case),))
    assert contents(place) == contents(anew)
    # Without the case file everything is as it was.
    assert built(place, *SOME).counties == [ALPINE]
    assert contents(place) == contents(folder())


def test_the_manifest_names_what_the_files_were_made_from_with_their_hashes():
    manifest = json.loads((folder() / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["format"] == "pyreport manifest 3"
    assert (manifest["dashboard_year"], manifest["reading"]) == (YEAR, None)
    there = contents(folder())
    assert set(manifest["made"]) == {*SOME}
    assert manifest["archives"] == {name: sha256(data) for name, data in there.items() if name.endswith(".zip")}
    for code in SOME:
        entry = manifest["made"][code]
        assert entry["dashboard_year"] == YEAR
        assert set(entry["files"]) == files_of(code) - {f"{county_slug(code)}.zip"}
        assert entry["files"] == {name: sha256(there[name]) for name in entry["files"]}
    assert manifest["rules"] == {"fingerprint": rulebook().fingerprint, "files": rulebook().hashes}
    notebooks = {path.name: sha256(path.read_bytes()) for path in notebooks_folder().glob("*.ipynb")}
    assert manifest["notebooks"] == notebooks
    assert set(manifest["facts"]["publications"].values()) == {one.sha256 for one in record().publications()}
    template = ROOT / "pyreport" / "reporting" / "templates" / "page" / "style.css"
    assert manifest["templates"]["page/style.css"] == sha256(template.read_bytes())
    assert set(manifest["software"]) == {"california-system-of-support", "clingo", "nbconvert", "XlsxWriter"}


def test_the_archive_of_a_county_holds_its_files_without_times(tmp_path):
    with zipfile.ZipFile(folder() / "02-alpine.zip") as archive:
        assert set(archive.namelist()) == files_of(ALPINE) - {"02-alpine.zip"} | {"index.html"}
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        there = contents(folder())
        assert all(archive.read(name) == there[name] for name in archive.namelist() if name != "index.html")
        assert re.findall('href="([^"]*)"', archive.read("index.html").decode()) == ["02-alpine.html"]


@pytest.fixture
def broken_county(monkeypatch):
    """Kernels in which Alpine is not to be had."""
    check = "assert {arguments!r}.get('county') != '02', 'Alpine is not to be had'\n"
    monkeypatch.setattr(kernel_runs, "_SOURCE", check + kernel_runs._SOURCE)


@pytest.mark.usefixtures("broken_county")
def test_a_county_that_fails_is_named_keeps_its_last_good_files_and_does_not_stop_the_others(tmp_path):
    place = copied(tmp_path)
    case = tmp_path / "case.yaml"
    case.write_text(CASE, encoding="utf-8")
    chosen = ["--county", "Alpine", "--county", "Sierra", "--case", case]
    result = report(*chosen, "--output", place, "--jobs", "1")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "Not written: 02-alpine: AssertionError: Alpine is not to be had\n" in result.stderr
    assert f"1 county of {YEAR} written" in result.stderr
    before, after = contents(folder()), contents(place)
    assert {name: after[name] for name in files_of(ALPINE)} == {name: before[name] for name in files_of(ALPINE)}
    assert "<h1>Sierra County</h1>" in (place / "46-sierra.html").read_text(encoding="utf-8")
    manifest = json.loads(after["manifest.json"])
    assert set(manifest["made"]) == {*SOME, SIERRA}
    # The next run makes it: what stands in the manifest is what it was last made from.
    assert manifest["made"][ALPINE] == json.loads(before["manifest.json"])["made"][ALPINE]


@pytest.mark.usefixtures("no_kernels")
def test_report_says_what_was_written_and_what_was_there(tmp_path):
    place = copied(tmp_path)
    result = report("--county", "Alpine", "--output", place)
    assert (result.exit_code, result.stdout) == (0, "")
    assert f"0 counties of {YEAR} written, 1 county unchanged. Open {place / '02-alpine.html'}" in result.stderr
    (place / "02-alpine.html").unlink()
    result = report("--county", "Alpine", "--output", place)
    assert f"1 county of {YEAR} written. Open {place / '02-alpine.html'}" in result.stderr
    # The manifest tells which counties the last run was asked for.
    there, before = contents(place), contents(folder())
    manifests = [json.loads(one.pop("manifest.json")) for one in (there, before)]
    assert there == before
    assert manifests[0].pop("asked") != manifests[1].pop("asked")
    assert manifests[0] == manifests[1]


@pytest.mark.usefixtures("no_kernels")
def test_pages_of_another_year_are_named_and_those_of_leas_that_are_no_more_are_removed(tmp_path):
    place = tmp_path / "build"
    assert built(place, ALPINE, year=2024).failures == []
    (place / "58-yuba.html").write_text("<title>a page of mine</title>", encoding="utf-8")
    gone = place / "lea" / "02999990000000.html"
    gone.write_text("<title>Gone – 2024 Dashboard – page</title>", encoding="utf-8")
    earlier = (place / NAMES[ALPINE]).read_bytes()
    result = report("--county", "Sierra", "--output", place)
    assert result.exit_code == 0
    assert (
        f"Not linked, being of another Dashboard than that of {YEAR}: {NAMES[ALPINE]} (2024), 58-yuba.html (unknown).\n"
    ) in result.stderr
    assert (place / NAMES[ALPINE]).read_bytes() == earlier
    assert gone.exists()
    made = json.loads((place / "manifest.json").read_text(encoding="utf-8"))["made"]
    assert {code: entry["dashboard_year"] for code, entry in made.items()} == {ALPINE: 2024, SIERRA: YEAR}
    again = built(place, ALPINE)
    assert again.others == {"58-yuba.html": None}
    assert not gone.exists()
    assert {name: data for name, data in contents(place).items() if name in files_of(ALPINE)} == {
        name: data for name, data in contents(folder()).items() if name in files_of(ALPINE)
    }


@pytest.mark.sweep
def test_a_whole_run_has_all_counties_and_the_pages_of_the_state_and_a_second_makes_nothing(tmp_path, monkeypatch):
    from pyreport.evidence.counties import counties

    result = built(tmp_path, jobs=2)
    assert (result.failures, result.counties, result.state) == ([], [*counties()], True)
    there = contents(tmp_path)
    assert {"index.html", "law.html", "sources.html", *(f"{county_slug(code)}.zip" for code in counties())} <= set(
        there
    )
    with zipfile.ZipFile(tmp_path / "02-alpine.zip") as archive:
        assert {"index.html", "law.html", "sources.html"} < set(archive.namelist())
    monkeypatch.setattr(build_module, "execute_all", lambda *_: pytest.fail("something was made"))
    result = built(tmp_path, jobs=2)
    assert (result.counties, result.unchanged, result.state) == ([], [*counties()], True)
    assert contents(tmp_path) == there


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--county", "Alpin"], "did you mean Alpine?"),
        (["--county", "59"], "is no county of California"),
        (["--county", "Alpine", "--year", "2021"], "no determinations were made from that of 2021"),
        (["--county", "Alpine", "--year", str(NEXT_YEAR)], f"policy/criteria/{NEXT_YEAR}.lp"),
        (["--county", "Alpine", "--reading", "none such"], "there is no reading 'none such'"),
        (["--county", "Alpine", "--jobs", "0"], "--jobs"),
        (["--county", "Alpine", "--evidence", "nothing.xlsx"], "does not exist"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_refused_and_nothing_is_written(tmp_path, arguments, message):
    result = report(*arguments, "--output", tmp_path / "build")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_pages_cannot_be_written_into_a_file(tmp_path):
    (tmp_path / "build").write_text("a file", encoding="utf-8")
    result = report("--county", "Alpine", "--output", tmp_path / "build")
    assert result.exit_code == 2
    assert str(tmp_path / "build") in result.stderr
    assert (tmp_path / "build").read_text(encoding="utf-8") == "a file"
