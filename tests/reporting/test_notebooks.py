import ast
import itertools
import json

import pytest

from pyreport.files.places import notebooks_folder

NOTEBOOKS = sorted(notebooks_folder().glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.name)
def notebook(request):
    return json.loads(request.param.read_text(encoding="utf-8"))


def source(cell):
    return "".join(cell["source"])


def code(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def test_there_is_a_notebook_for_a_county_one_for_the_state_and_those_on_the_law():
    law = ["cases_of_rules", "duties", "open_questions", "rulebook", "source", "vocabulary"]
    assert [path.stem for path in NOTEBOOKS] == sorted(["case", "county", "lea", "sources", "statewide", *law])


def test_a_notebook_is_kept_without_outputs_counts_or_traces_of_a_run(notebook):
    for cell in code(notebook):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None
    assert all(set(cell["metadata"]) <= {"tags"} for cell in notebook["cells"])
    # Some name their style sheets.
    assert set(notebook["metadata"]) - {"styles"} == {"kernelspec", "language_info"}
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"


def test_every_cell_has_a_name_of_its_own(notebook):
    names = [cell["id"] for cell in notebook["cells"]]
    assert len(set(names)) == len(names)
    assert [name for name in names if not name.replace("-", "").isalpha()] == []


def test_one_cell_the_first_one_holds_the_parameters_and_says_what_they_are(notebook):
    tagged = [cell for cell in notebook["cells"] if "parameters" in cell["metadata"].get("tags", [])]
    assert tagged == notebook["cells"][:1]
    comment = source(tagged[0]).partition("\n")[0]
    assert comment.startswith("# Parameters: ")
    assert all(isinstance(line, ast.Assign) for line in ast.parse(source(tagged[0])).body)


def test_one_cell_makes_the_header_and_the_last_one_the_footer(notebook):
    tags = [cell["metadata"].get("tags", []) for cell in notebook["cells"]]
    assert [place for place, one in enumerate(tags) if "header" in one] == [1]
    assert [place for place, one in enumerate(tags) if "footer" in one] == [len(tags) - 1]


def test_after_the_header_prose_with_a_heading_comes_before_every_result(notebook):
    between = notebook["cells"][2:-1]
    for before, after in itertools.pairwise(between):
        if after["cell_type"] == "code":
            assert before["cell_type"] == "markdown"
    prose = [source(cell) for cell in between if cell["cell_type"] == "markdown"]
    assert between[0]["cell_type"] == "markdown"
    assert [text for text in prose if not text.startswith("## ")] == []
    assert any(len(text.split()) > 30 for text in prose)


def test_a_notebook_says_what_to_show_and_decides_nothing(notebook):
    for cell in code(notebook)[1:]:
        parsed = ast.parse(source(cell))
        assert not [node for node in ast.walk(parsed) if isinstance(node, ast.If | ast.For | ast.While | ast.Compare)]
        # A figure or a year in a notebook would be a rule of law outside the policy.
        assert not [node for node in ast.walk(parsed) if isinstance(node, ast.Constant) and isinstance(node.value, int)]


def test_a_notebook_is_written_as_jupyter_writes_it():
    for path in NOTEBOOKS:
        text = path.read_text(encoding="utf-8")
        assert text == json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n"
