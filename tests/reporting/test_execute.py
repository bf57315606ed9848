import nbformat
import pytest
from nbclient import NotebookClient

from pyreport.files.places import notebooks_folder
from pyreport.reporting.execute import Executed, Run, execute_all, with_parameters
from pyreport.reporting.export import PageExporter

from .pages import ALPINE, LOS_ANGELES, MONTEREY, NAMES, YEAR, page

COUNTY = notebooks_folder() / "county.ipynb"


def parameters(county):
    return {"county": county, "year": YEAR, "evidence": [], "reading": None}


def titled(notebook, county):
    notebook.metadata["title"] = f"{county} County – {YEAR} Dashboard – California's System of Support"
    return notebook


def by_a_kernel_of_its_own(county, folder):
    """Execute as Jupyter does: one new kernel, started in another folder, for one notebook."""
    notebook = with_parameters(nbformat.read(COUNTY, as_version=4), parameters(county))
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    return notebook


@pytest.mark.parametrize(
    ("code", "county"),
    [
        (ALPINE, "Alpine"),
        pytest.param(MONTEREY, "Monterey", marks=pytest.mark.sweep),
        pytest.param(LOS_ANGELES, "Los Angeles", marks=pytest.mark.sweep),
    ],
)
def test_a_page_is_byte_for_byte_that_of_a_new_kernel_for_each_notebook(tmp_path, code, county):
    notebook = by_a_kernel_of_its_own(code, tmp_path)
    fresh, _ = PageExporter().from_notebook_node(titled(notebook, county))
    assert fresh == page(NAMES[code])


def test_the_notebook_runs_by_papermill_and_gives_the_same_page(tmp_path):
    papermill = pytest.importorskip("papermill", reason="papermill is not installed")
    out = tmp_path / "alpine.ipynb"
    papermill.execute_notebook(COUNTY, out, parameters("Alpine"), cwd=tmp_path, progress_bar=False, log_output=False)
    fresh, _ = PageExporter().from_notebook_node(titled(nbformat.read(out, as_version=4), "Alpine"))
    assert fresh == page(NAMES[ALPINE])


def test_the_notebook_runs_as_it_stands_without_any_parameter(tmp_path):
    notebook = nbformat.read(COUNTY, as_version=4)
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    fresh, _ = PageExporter().from_notebook_node(titled(notebook, "Monterey"))
    assert fresh == page(NAMES[MONTEREY])
    assert list(tmp_path.iterdir()) == []


def notebook_of(*cells):
    """A notebook of code cells, each given as its source and its tags."""
    made = [nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)}) for source, *tags in cells]
    return nbformat.v4.new_notebook(cells=made)


def executed(tmp_path, *runs, jobs=1):
    results: list[Executed] = []
    execute_all([[Run(name, path, values)] for name, path, values in runs], jobs, results.append)
    return {one.run.name: one for one in results}


def saved(tmp_path, name, *cells):
    nbformat.write(notebook_of(*cells), tmp_path / f"{name}.ipynb")
    return tmp_path / f"{name}.ipynb"


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


def test_a_run_that_fails_says_why_and_does_not_stop_the_others(tmp_path):
    path = saved(tmp_path, "one", ("a = 1", "parameters"), ("1 / a",))
    results = executed(
        tmp_path,
        ("bad value", path, {"a": 0}),
        ("good", path, {"a": 2}),
        ("bad name", path, {"b": 0}),
        ("bad file", tmp_path / "nothing.ipynb", {}),
        ("good again", path, {}),
    )
    assert results["bad value"].notebook is None
    assert results["bad value"].error == "ZeroDivisionError: division by zero"
    assert results["bad name"].error == "ValueError: the notebook has no parameter b"
    assert "nothing.ipynb" in results["bad file"].error
    for name, value in [("good", "0.5"), ("good again", "1.0")]:
        assert results[name].error == ""
        assert results[name].notebook.cells[-1].outputs[0].data["text/plain"] == value


def test_a_run_sees_nothing_of_the_runs_before_it_in_the_same_kernel(tmp_path):
    leaves = saved(tmp_path, "leaves", ("a = 1", "parameters"), ("left_behind = a",))
    looks = saved(tmp_path, "looks", ("a = 1", "parameters"), ("'left_behind' in globals()",))
    results = executed(tmp_path, ("first", leaves, {}), ("second", looks, {}))
    assert results["second"].notebook.cells[-1].outputs[0].data["text/plain"] == "False"


def test_an_executed_notebook_has_no_times_and_counts_from_one(tmp_path):
    path = saved(tmp_path, "one", ("a = 1", "parameters"), ("a",))
    results = executed(tmp_path, ("first", path, {"a": 2}), ("second", path, {"a": 2}))
    for one in results.values():
        assert [cell.execution_count for cell in one.notebook.cells] == [1, 2, 3]
        assert one.notebook.cells[-1].outputs[0].execution_count == 3
        assert all("execution" not in cell.metadata for cell in one.notebook.cells)
    assert results["first"].notebook.cells[-1].outputs == results["second"].notebook.cells[-1].outputs


def test_no_runs_need_no_kernel(tmp_path):
    assert executed(tmp_path, jobs=4) == {}


def test_what_done_raises_is_raised(tmp_path):
    path = saved(tmp_path, "one", ("a = 1", "parameters"))

    def full(_):
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        execute_all([[Run("one", path, {})]], 1, full)
