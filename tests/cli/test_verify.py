import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from reporting.pages import county_folder

from pyreport.evidence.record_reading import record_folder
from pyreport.files.places import policy_folder

from .command import answered, letters_file, refused, run

ROOT = Path(__file__).parents[2]
ALPINE_UNIFIED = "02613330000000"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The files of Alpine County."""
    return shutil.copytree(county_folder("02"), tmp_path_factory.mktemp("files") / "build")


@pytest.fixture(scope="module")
def page(files):
    return files / "02-alpine.html"


def graph_of(tmp_path, *arguments):
    place = tmp_path / "graph.json"
    assert run("decide", *arguments, "--format", "graph", "--output", place).exit_code == 0
    return place


def last_line(*arguments):
    return answered("verify", *map(str, arguments)).stdout.splitlines()[-1]


def test_a_page_is_verified(page):
    assert "facts were taken as stated" in last_line(page)
    assert last_line(page, "--record").endswith("cell by cell, and it holds no other of this scope.")
    assert last_line(page, "--record", record_folder()) == last_line(page, "--record")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--county", "Alpine"],
        ["--county", "Alpine", "--county", "03", "--year", "2024"],
        ["--lea", ALPINE_UNIFIED],
        ["--year", "2023", "--county", "Alpine", "--reading", "ec-52072-any-three-groups"],
    ],
)
def test_a_graph_is_verified_whatever_was_asked_for(tmp_path, arguments):
    assert "cell by cell" in last_line(graph_of(tmp_path, *arguments), "--record")


@pytest.mark.parametrize(
    ("file", "others"), [("graph", ["clingo", "pyreport.reasoning", "pyreport.reporting"]), ("page", ["clingo"])]
)
def test_proof_and_facts_are_checked_with_nothing_of_the_side_that_is_checked(page, tmp_path, file, others):
    """A page is made again by other processes, after that."""
    program = (
        "import sys\nfrom pyreport.cli import main\n"
        "try:\n    main()\nexcept SystemExit as done:\n    assert not done.code\n"
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    place = page if file == "page" else graph_of(tmp_path, "--county", "Alpine")
    arguments = [sys.executable, "-c", program, "verify", str(place), "--record"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    loaded = done.stderr.split()
    assert "pyreport.proof.checker" in loaded
    assert [one for one in loaded if one.startswith(tuple(others))] == []
    # How atoms are written down is all that evidence and rules have in common.
    of_rulebook = [one for one in loaded if one.startswith("pyreport.rulebook.")]
    assert of_rulebook == ["pyreport.rulebook.rows", "pyreport.rulebook.syntax"]


@pytest.mark.usefixtures("no_kernels")
def test_what_is_not_verified_ends_with_status_1_and_what_cannot_be_read_with_2(page, tmp_path):
    changed = shutil.copytree(page.parent, tmp_path / "changed") / "lea" / f"{ALPINE_UNIFIED}.html"
    changed.write_text(changed.read_text(encoding="utf-8").replace("General Assistance", "Exemplary"), encoding="utf-8")
    result = run("verify", page, changed)
    assert result.exit_code == 1
    assert f"{ALPINE_UNIFIED}.html: NOT VERIFIED: 1 problem." in result.stdout
    assert result.stdout.startswith("02-alpine.html:\nScope: Alpine County, Dashboards up to 2025, as of 2025-11-15, ")
    cut = tmp_path / "cut.html"
    cut.write_text(page.read_text(encoding="utf-8")[:-1000], encoding="utf-8")
    result = run("verify", cut, changed, page)
    assert result.exit_code == 2
    assert f"{cut}: the page names no proof; only pages of counties and LEAs do" in result.stderr
    assert "NOT VERIFIED" in result.stdout
    assert "taken as stated" in result.stdout
    assert "no page and no graph: not UTF-8" in refused("verify", _written(tmp_path / "bytes", b"\xff\xfe"))


@pytest.mark.usefixtures("no_kernels")
def test_a_whole_folder_is_verified_and_what_is_the_same_is_counted(files, tmp_path):
    folder = shutil.copytree(files, tmp_path / "build")
    (folder / "index.html").write_text("the page of the state, which no proof makes", encoding="utf-8")
    count = sum(1 for path in files.rglob("*") if path.is_file())
    lines = answered("verify", str(folder), "--record").stdout.splitlines()
    assert [line for line in lines if line.endswith(":") and ".html" in line] == []
    assert lines[0] == "02-alpine.json.gz:"
    assert lines[-1] == f"{count - 1} files are the same, byte for byte, made again from their proofs."
    (folder / "data" / "02-alpine.csv").write_text("cds\n", encoding="utf-8")
    result = run("verify", folder)
    assert result.exit_code == 1
    assert "02-alpine.csv: NOT VERIFIED: 1 problem.\nThe file is not what its proof makes: " in result.stdout
    assert f"{count - 2} files are the same" in result.stdout


def test_a_folder_without_files_of_a_county_is_refused(tmp_path):
    message = refused("verify", tmp_path)
    assert f"{tmp_path}: no proof, and no page or data of a county, is there." in message


def test_a_page_without_the_folder_in_which_it_was_made_is_refused_with_what_is_missing(page, tmp_path):
    alone = shutil.copy(page, tmp_path)
    message = refused("verify", alone)
    assert (
        "its proof, proof/02-alpine.json.gz, is not there; a page is verified in the folder in which it was" in message
    )


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_a_file_that_is_not_there_and_a_record_that_is_none_are_refused(page, tmp_path):
    assert "does not exist" in refused("verify", tmp_path / "nothing.html")
    assert "there is no record; `pyreport ingest` writes one" in refused("verify", page, "--record", tmp_path)
    assert "is no policy: it has no authorities.yaml" in refused("verify", page, "--policy", tmp_path)


def test_case_files_alone_are_no_place_to_look_for_facts(page, tmp_path):
    case = _written(tmp_path / "case.yaml", b"[]")
    assert "say by --record or --evidence where the others stand" in refused("verify", page, "--case", case)


@pytest.mark.usefixtures("no_kernels")
def test_another_version_of_the_policy_is_named_and_the_right_one_may_be_given(page, tmp_path):
    copy = shutil.copytree(policy_folder(), tmp_path / "policy")
    assert "taken as stated" in last_line(page, "--policy", copy)
    with (copy / "names.yaml").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    result = run("verify", page, "--policy", copy)
    assert result.exit_code == 1
    assert "another version of the policy" in result.stdout
    assert "where names.yaml differs" in result.stdout


def test_a_graph_made_with_further_evidence_is_verified_with_it_alone(tmp_path):
    file = letters_file(tmp_path / "letters-2025.csv", ALPINE_UNIFIED, "Alpine County Unified", "Alpine", {"HOM": "K"})
    graph = graph_of(tmp_path, "--county", "Alpine", "--evidence", file)
    assert "letters-2025.csv, cell by cell" in last_line(graph, "--record", "--evidence", file)
    result = run("verify", graph, "--record")
    assert result.exit_code == 1
    assert 'published_letter("02613330000000",2025,hom,k): no file says so' in result.stdout
    other = letters_file(tmp_path / "letters-2025.csv", ALPINE_UNIFIED, "Alpine County Unified", "Alpine", {"WH": "K"})
    result = run("verify", graph, "--record", "--evidence", other)
    assert "letters-2025.csv: the graph was made from a file with the SHA-256 " in result.stdout
    assert 'published_letter("02613330000000",2025,wh,k) is missing in the graph' in result.stdout


def test_a_graph_made_with_case_facts_is_verified_with_them_alone(tmp_path):
    case = tmp_path / "case.yaml"
    fact = {
        "what": "calpads_not_certified",
        "lea": ALPINE_UNIFIED,
        "dashboard_year": 2025,
        "date": "2025-08-29",
        "document": "CDE, certification status report",
    }
    case.write_text(json.dumps([fact]), encoding="utf-8")
    graph = graph_of(tmp_path, "--county", "Alpine", "--case", case)
    assert "case.yaml, cell by cell" in last_line(graph, "--record", "--case", case)
    result = run("verify", graph, "--record")
    assert result.exit_code == 1
    assert "calpads_not_certified(" in result.stdout
    assert "no file says so; the graph finds it in Case facts, case.yaml, line 1" in result.stdout


def verified_graph_with(tmp_path, case):
    """The graph of a county with the facts of a case file; with the record and the file it is verified."""
    graph = graph_of(tmp_path, "--county", "Alpine", "--case", case)
    assert "case.yaml, cell by cell, and it holds no other of this scope" in last_line(
        graph, "--record", "--case", case
    )
    return graph


def test_a_graph_with_a_charter_school_that_a_case_file_locates_in_the_county_is_verified_with_it_alone(tmp_path):
    case = tmp_path / "case.yaml"
    case.write_text(
        '- {what: located_in, lea: "27102722730232", county: "02", document: D}\n'
        '- {what: geographic_lead, office: "27102720000000", lead: "54105460000000", '
        "fiscal_year_ends: 2025, document: D}\n",
        encoding="utf-8",
    )
    graph = verified_graph_with(tmp_path, case)
    result = run("verify", graph, "--record")
    assert result.exit_code == 1
    assert 'all_rows_at_hand("27102722730232",2018,chronic_absenteeism): no file says so' in result.stdout
    without = graph_of(tmp_path, "--county", "Alpine")
    result = run("verify", without, "--record", "--case", case)
    assert 'all_rows_at_hand("27102722730232",2018,chronic_absenteeism) is missing in the graph' in result.stdout


def test_a_graph_made_with_facts_about_no_lea_and_about_an_office_is_verified(tmp_path):
    case = tmp_path / "case.yaml"
    case.write_text(
        "- {what: released, dashboard_year: 2025, date: 2025-11-13, document: D}\n"
        '- {what: received, office: "02100250000000", fiscal_year_ends: 2026, dollars: 1500000, document: D}\n'
        '- {what: received, office: "27102720000000", fiscal_year_ends: 2026, dollars: 1500000, document: D}\n',
        encoding="utf-8",
    )
    graph = verified_graph_with(tmp_path, case)
    case.write_text(case.read_text(encoding="utf-8").replace("2025-11-13", "2025-11-14"), encoding="utf-8")
    result = run("verify", graph, "--record", "--case", case)
    assert 'released("02613330000000",2025,20251114) is missing in the graph' in result.stdout


@pytest.mark.parametrize(
    ("revision", "words"),
    [("no-such-revision", "there is no revision 'no-such-revision'"), ("--all", "there is no revision")],
)
def test_a_revision_that_is_not_there_is_refused(page, revision, words):
    assert words in refused("verify", page, f"--at={revision}")


def test_a_page_of_another_version_is_verified_by_the_program_of_that_version(tmp_path):
    """A checkout whose templates changed since a page was made: the page is that of the revision before."""
    checkout, output = tmp_path / "checkout", tmp_path / "build"
    for name in ("pyreport", "policy", "notebooks"):
        shutil.copytree(ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", checkout)
    template = checkout / "pyreport/reporting/templates/county.html.j2"
    template.write_text(
        template.read_text(encoding="utf-8").replace("Sources</a>", "The sources</a>"), encoding="utf-8"
    )
    git = ["git", "-C", str(checkout), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for arguments in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "before"]):
        subprocess.run([*git, *arguments], check=True)

    def by_the_checkout(*arguments):
        program = "import sys; sys.path.insert(0, sys.argv.pop(1)); from pyreport.cli import main; main()"
        command = [sys.executable, "-P", "-c", program, checkout, *arguments]
        return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)

    # Of 2018 the index, which counts the whole state, is made in a quarter of the time.
    assert by_the_checkout("report", "--county", "Alpine", "--year", "2018", "--output", output).returncode == 0
    page = output / "02-alpine.html"
    assert "The sources</a>" in page.read_text(encoding="utf-8")
    template.write_text(
        template.read_text(encoding="utf-8").replace("The sources</a>", "Its sources</a>"), encoding="utf-8"
    )
    done = by_the_checkout("verify", page)
    assert done.returncode == 1
    assert "laid out by another version of templates/county.html.j2" in done.stdout
    done = by_the_checkout("verify", page, "--at", "HEAD")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Made again from its proof, the file is the same, byte for byte." in done.stdout
