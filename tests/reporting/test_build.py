import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from next_year import NEXT_YEAR
from quick_index import quick_notebooks

from pyreport.files.places import notebooks_folder
from pyreport.reporting import build as build_module

from .pages import ALPINE, LOS_ANGELES, MONTEREY, NAMES, YEAR, built, folder, record, report, rulebook, tree

ROOT = Path(__file__).resolve().parents[2]


def contents(place):
    return {path.name: path.read_bytes() for path in place.iterdir()}


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def test_pages_index_and_manifest_are_written_and_nothing_else():
    assert set(contents(folder())) == {*NAMES.values(), "index.html", "manifest.json"}


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
    for seed, order in [("0", [LOS_ANGELES, ALPINE, MONTEREY]), ("1", [MONTEREY, LOS_ANGELES, ALPINE])]:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "TZ": "Asia/Tokyo", "LC_ALL": "C"}
        arguments = [sys.executable, "-c", program, str(tmp_path / seed), " ".join(order)]
        running.append(subprocess.Popen(arguments, cwd="/", env=environment, stderr=subprocess.PIPE, text=True))
    for process in running:
        _, messages = process.communicate()
        assert process.returncode == 0, messages
    assert contents(tmp_path / "0") == contents(folder())
    assert contents(tmp_path / "1") == contents(folder())


def test_a_second_run_into_the_same_folder_changes_nothing_and_other_files_stay(tmp_path):
    place = tmp_path / "build"
    shutil.copytree(folder(), place)
    (place / "notes.txt").write_text("mine", encoding="utf-8")
    assert built(place, ALPINE).pages == [NAMES[ALPINE], "index.html"]
    assert contents(place) == {**contents(folder()), "notes.txt": b"mine"}


def test_the_manifest_names_what_the_pages_were_made_from_with_their_hashes():
    manifest = json.loads((folder() / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["format"] == "pyreport manifest 2"
    assert (manifest["dashboard_year"], manifest["reading"]) == (YEAR, None)
    pages = {
        name: {"sha256": sha256(data), "dashboard_year": YEAR}
        for name, data in contents(folder()).items()
        if name != "manifest.json"
    }
    assert manifest["pages"] == pages
    assert manifest["rules"] == {"fingerprint": rulebook().fingerprint, "files": rulebook().hashes}
    notebooks = {path.name: sha256(path.read_bytes()) for path in notebooks_folder().glob("*.ipynb")}
    assert manifest["notebooks"] == notebooks
    assert set(manifest["facts"]["publications"].values()) == {one.sha256 for one in record().publications()}
    template = ROOT / "pyreport" / "reporting" / "templates" / "page" / "style.css"
    assert manifest["templates"]["page/style.css"] == sha256(template.read_bytes())
    assert set(manifest["software"]) == {"pyreport", "clingo", "nbconvert"}


@pytest.fixture
def broken_notebooks(tmp_path, monkeypatch):
    """A copy of the notebooks of which the county's fails for Alpine and prints something for Mono."""
    place = tmp_path / "notebooks"
    shutil.copytree(quick_notebooks(), place)
    notebook = json.loads((place / "county.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["id"] == "glance":
            cell["source"] = [
                "assert page.county != 'Alpine', 'Alpine is not to be had'\n",
                "print('a word in passing') if page.county == 'Mono' else page.glance()",
            ]
    (place / "county.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    monkeypatch.setattr(build_module, "notebooks_folder", lambda: place)


@pytest.mark.usefixtures("broken_notebooks")
def test_a_county_that_fails_is_named_keeps_its_last_good_page_and_does_not_stop_the_others(tmp_path):
    place = tmp_path / "build"
    place.mkdir()
    last_good = f"<title>Alpine County – {YEAR} Dashboard – the last good page</title>"
    (place / NAMES[ALPINE]).write_text(last_good, encoding="utf-8")

    chosen = ["--county", "Alpine", "--county", "Mono", "--county", "Yuba"]
    result = report(*chosen, "--output", place, "--jobs", "1")

    assert (result.exit_code, result.stdout) == (3, "")
    assert "Not written: 02-alpine.html: AssertionError: Alpine is not to be had\n" in result.stderr
    assert "Not written: 26-mono.html: Unshowable: a page shows prose and HTML alone" in result.stderr
    assert "1 county report for 2025, and the index" in result.stderr
    assert (place / NAMES[ALPINE]).read_text(encoding="utf-8") == last_good
    assert not (place / "26-mono.html").exists()
    assert "<h1>Yuba County</h1>" in (place / "58-yuba.html").read_text(encoding="utf-8")
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["pages"]) == {NAMES[ALPINE], "58-yuba.html", "index.html"}
    index = (place / "index.html").read_text(encoding="utf-8")
    assert f'<a href="{NAMES[ALPINE]}">' in index
    assert '<a href="58-yuba.html">' in index
    assert "26-mono.html" not in index


@pytest.mark.usefixtures("quick_index")
def test_report_writes_the_page_the_index_and_the_manifest(tmp_path):
    place = tmp_path / "new" / "folder"
    result = report("--county", "Alpine", "--output", place)
    assert (result.exit_code, result.stdout) == (0, "")
    assert f"1 county report for {YEAR}, and the index. Open {place / 'index.html'}" in result.stderr
    assert set(contents(place)) == {NAMES[ALPINE], "index.html", "manifest.json"}
    assert (place / NAMES[ALPINE]).read_bytes() == (folder() / NAMES[ALPINE]).read_bytes()
    index = (place / "index.html").read_text(encoding="utf-8")
    assert f'<a href="{NAMES[ALPINE]}">Alpine</a>' in index
    assert NAMES[MONTEREY] not in index


@pytest.mark.usefixtures("quick_index")
def test_an_index_links_no_page_of_another_year_and_the_manifest_says_of_which_each_is(tmp_path):
    place = tmp_path / "build"
    assert built(place, ALPINE, year=2024).failures == []
    (place / "58-yuba.html").write_text("<title>a page of mine</title>", encoding="utf-8")
    earlier = (place / NAMES[ALPINE]).read_bytes()
    result = report("--county", "Mono", "--output", place)
    assert result.exit_code == 0
    assert (
        f"Not linked, being of another Dashboard than that of {YEAR}: {NAMES[ALPINE]} (2024), 58-yuba.html (unknown).\n"
    ) in result.stderr
    index = (place / "index.html").read_text(encoding="utf-8")
    assert 'href="26-mono.html"' in index
    assert NAMES[ALPINE] not in index
    assert "58-yuba.html" not in index
    assert (place / NAMES[ALPINE]).read_bytes() == earlier
    pages = json.loads((place / "manifest.json").read_text(encoding="utf-8"))["pages"]
    assert {name: page["dashboard_year"] for name, page in pages.items()} == {
        NAMES[ALPINE]: 2024,
        "26-mono.html": YEAR,
        "58-yuba.html": None,
        "index.html": YEAR,
    }
    again = built(place, ALPINE)
    assert again.others == {"58-yuba.html": None}
    assert NAMES[ALPINE] in (place / "index.html").read_text(encoding="utf-8")


def test_the_index_links_the_pages_that_are_there():
    links = [link.attributes["href"] for link in tree("index.html").all("tbody")[0].all("a")]
    assert links == sorted(NAMES.values())


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
