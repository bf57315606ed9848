import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from pyreport.reporting.export import PageExporter, Unshowable

from .pages import Tree


def exported(*cells):
    notebook = new_notebook(cells=list(cells), metadata={"title": "A <title> & more"})
    nbformat.validate(notebook)
    return PageExporter().from_notebook_node(notebook)[0]


def code(*outputs, tags=()):
    return new_code_cell("secret = 1", outputs=list(outputs), metadata={"tags": list(tags)})


def html(text):
    return new_output("display_data", {"text/html": text, "text/plain": "plain"})


def test_prose_and_html_are_shown_in_order_and_code_is_not():
    page = exported(new_markdown_cell("## First"), code(html("<p>one</p>")), new_markdown_cell("Second *word*."))
    main = page[page.index("<main") :]
    assert main.index('<h2 id="first">First</h2>') < main.index("<p>one</p>") < main.index("<em>word</em>")
    assert "secret" not in page
    assert "plain" not in Tree(page).root.all("main")[0].text


def test_cells_tagged_header_and_footer_stand_before_and_behind_the_main_part():
    page = exported(
        code(html("<footer>foot</footer>"), tags=["footer"]),
        code(html("<p>middle</p>")),
        code(html("<header>head</header>"), tags=["header"]),
    )
    body = Tree(page).root.all("body")[0]
    assert [child.tag for child in body.children] == ["a", "header", "main", "footer"]
    assert "middle" in body.children[2].text


def test_the_title_is_escaped():
    page = exported()
    assert "<title>A &lt;title&gt; &amp; more</title>" in page


def test_the_headings_of_the_prose_become_links_that_resolve():
    page = exported(new_markdown_cell("## Rules & *facts* used\n\ntext\n\n## Second"), new_markdown_cell("## Third"))
    root = Tree(page).root
    links = [link.attributes["href"] for link in root.all("nav")[0].all("a")]
    assert links == [f"#{heading.attributes['id']}" for heading in root.all("h2")]
    assert len(links) == 3


def test_markup_in_prose_is_escaped():
    assert "<script>" not in exported(new_markdown_cell("a <script>alert(1)</script> b"))


@pytest.mark.parametrize(
    "output",
    [
        new_output("stream", name="stdout", text="printed"),
        new_output("stream", name="stderr", text="warned"),
        new_output("display_data", {"text/plain": "plain"}),
        new_output("execute_result", {"image/png": "aGVsbG8="}, execution_count=1),
        new_output("error", ename="ValueError", evalue="no", traceback=[]),
    ],
    ids=["stdout", "stderr", "plain text", "picture", "error"],
)
def test_an_output_that_a_page_has_no_form_for_stops_the_export(output):
    with pytest.raises(Unshowable, match="a page shows prose and HTML alone"):
        exported(code(output))
