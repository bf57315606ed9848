"""Notebooks give the same pages in this process, in Jupyter and by papermill; pieces of Python run in clean kernels."""

import nbformat
import pytest
from nbclient import NotebookClient

from pyreport.files.places import notebooks_folder
from pyreport.reporting.execute import Executed, Run, execute_all
from pyreport.reporting.export import PageExporter, Unshowable
from pyreport.reporting.notebook_page import page_from, with_parameters

from .pages import ALPINE, ALPINE_UNIFIED, LOS_ANGELES, MONTEREY, YEAR, county_folder, folder

COUNTY, LEA = (notebooks_folder() / f"{name}.ipynb" for name in ("county", "lea"))
LOS_ANGELES_UNIFIED = "19647330000000"


def parameters(**about):
    return {**about, "year": YEAR, "evidence": [], "reading": None}


def page_of(notebook, title):
    return PageExporter().page(notebook, f"{title} – {YEAR} Dashboard – California's System of Support")


def by_a_kernel_of_its_own(notebook, folder):
    """Execute as Jupyter does: one new kernel, started in another folder, for one notebook."""
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    return notebook


def made(name, county):
    """A page as the run of its county makes it."""
    place = county_folder(county) if county == LOS_ANGELES else folder()
    return (place / name).read_bytes().decode()


CASES = [
    pytest.param(COUNTY, {"county": ALPINE}, ALPINE, "Alpine County", "02-alpine.html", id="a county"),
    pytest.param(
        LEA, {"lea": ALPINE_UNIFIED}, ALPINE, "Alpine County Unified", f"lea/{ALPINE_UNIFIED}.html", id="an LEA"
    ),
    pytest.param(
        COUNTY,
        {"county": LOS_ANGELES},
        LOS_ANGELES,
        "Los Angeles County",
        "19-los-angeles.html",
        id="the largest county",
        marks=pytest.mark.sweep,
    ),
    pytest.param(
        LEA,
        {"lea": LOS_ANGELES_UNIFIED},
        LOS_ANGELES,
        "Los Angeles Unified",
        f"lea/{LOS_ANGELES_UNIFIED}.html",
        id="the largest LEA",
        marks=pytest.mark.sweep,
    ),
]


@pytest.mark.parametrize(("notebook", "about", "county", "title", "name"), CASES)
def test_a_page_is_byte_for_byte_that_of_a_new_kernel_for_its_notebook(tmp_path, notebook, about, county, title, name):
    injected = with_parameters(nbformat.read(notebook, as_version=4), parameters(**about))
    assert page_of(by_a_kernel_of_its_own(injected, tmp_path), title) == made(name, county)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("notebook", "about", "county", "title", "name"), CASES)
def test_a_page_of_the_run_of_its_county_is_that_of_its_notebook_alone(notebook, about, county, title, name):
    assert page_from(notebook, parameters(**about)) == made(name, county)


@pytest.mark.parametrize(("notebook", "about", "county", "title", "name"), CASES)
def test_the_notebook_runs_by_papermill_and_gives_the_same_page(tmp_path, notebook, about, county, title, name):
    papermill = pytest.importorskip("papermill", reason="papermill is not installed")
    out = tmp_path / "out.ipynb"
    papermill.execute_notebook(notebook, out, parameters(**about), cwd=tmp_path, progress_bar=False, log_output=False)
    assert page_of(nbformat.read(out, as_version=4), title) == made(name, county)


@pytest.mark.parametrize(
    ("notebook", "title", "name"),
    [
        (COUNTY, "Monterey County", "27-monterey.html"),
        pytest.param(LEA, "Salinas Union High", "lea/27661590000000.html", marks=pytest.mark.sweep),
    ],
    ids=["county", "lea"],
)
def test_the_notebook_runs_as_it_stands_without_any_parameter(tmp_path, notebook, title, name):
    executed = by_a_kernel_of_its_own(nbformat.read(notebook, as_version=4), tmp_path)
    assert page_of(executed, title) == made(name, MONTEREY)
    assert list(tmp_path.iterdir()) == []


def notebook_of(*cells):
    """A notebook of code cells, each given as its source and its tags."""
    made = [nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)}) for source, *tags in cells]
    return nbformat.v4.new_notebook(cells=made)


def test_the_parameters_come_in_a_cell_behind_the_tagged_one():
    notebook = with_parameters(notebook_of(("a = 1\nb = 2", "parameters"), ("a + b",)), {"b": "it's"})
    assert [cell.source for cell in notebook.cells] == ["a = 1\nb = 2", '# Parameters\nb = "it\'s"', "a + b"]
    assert notebook.cells[1].metadata.tags == ["injected-parameters"]


def test_an_unknown_parameter_is_an_error_that_names_it():
    with pytest.raises(ValueError, match=r"the notebook has no parameter colour, size$"):
        with_parameters(notebook_of(("a = 1", "parameters")), {"a": 2, "size": 1, "colour": 2})


@pytest.mark.parametrize("tags", [[], ["parameters", "parameters"]], ids=["none", "two"])
def test_a_notebook_must_have_one_cell_tagged_parameters(tags):
    notebook = notebook_of(("b = 1",), *[("a = 1", tag) for tag in tags])
    with pytest.raises(ValueError, match=f"the notebook has {len(tags)} cells tagged 'parameters'; it needs one"):
        with_parameters(notebook, {})


SHOWING = """
class page:
    title = "A page"
class Shown:
    def _repr_html_(self):
        return f"<p>{a}</p>"
"""


@pytest.fixture
def saved(tmp_path):
    def save(name, *cells):
        nbformat.write(notebook_of(("a = 1", "parameters"), *cells), tmp_path / f"{name}.ipynb")
        return tmp_path / f"{name}.ipynb"

    return save


def test_only_the_value_of_the_last_line_of_a_cell_is_shown(saved):
    page = page_from(saved("one", (SHOWING,), ("Shown(); b = Shown()",), ("a += 1\nShown()",)), {"a": 7})
    assert "<p>8</p>" in page
    assert page.count("<p>8</p>") == 1
    assert "<p>7</p>" not in page
    assert "<title>A page</title>" in page


@pytest.mark.parametrize("last", ["a", "'a word'", "[Shown()]"])
def test_a_value_that_is_no_html_stops_the_page(saved, last):
    with pytest.raises(Unshowable, match="a page shows prose and HTML alone"):
        page_from(saved("one", (SHOWING,), (last,)), {})


def test_a_page_sees_nothing_of_the_page_before_it_and_leaves_its_notebook_as_it_was(saved):
    path = saved("one", (SHOWING,), ("a = a if 'left' not in globals() else 'left behind'\nleft = 1\nShown()",))
    before = path.read_bytes()
    assert page_from(path, {"a": 3}) == page_from(path, {"a": 3})
    assert "<p>1</p>" in page_from(path, {})
    assert path.read_bytes() == before


def executed(*runs, jobs=1):
    results: list[Executed] = []
    execute_all([[Run(name, source)] for name, source in runs], jobs, results.append)
    assert len(results) == len(runs)
    return {one.run.name: one.error for one in results}


def test_a_run_that_fails_says_why_and_does_not_stop_the_others():
    found = executed(
        ("bad value", "1 / 0"), ("good", "1 / 2"), ("bad source", "1 +"), ("ends", "raise SystemExit(1)"), ("after", "")
    )
    # The kernel names a file of its own, by a hash.
    assert found.pop("bad source").startswith("SyntaxError: invalid syntax (")
    assert found == {
        "bad value": "ZeroDivisionError: division by zero",
        "good": "",
        "ends": "SystemExit: 1",
        "after": "",
    }


def test_a_run_sees_nothing_of_the_runs_before_it_in_the_same_kernel():
    found = executed(("first", "left_behind = 1"), ("second", "assert 'left_behind' not in globals()"))
    assert found == {"first": "", "second": ""}
