from pyreport.reporting.page_request import PageRequest
from pyreport.reporting.sources import SourcesPage, sources_page

from .pages import YEAR, Tree, record, shown


def test_every_file_on_record_is_named_with_its_hash():
    root = Tree(shown("sources.ipynb", year=YEAR, pages=["index.html"])).root
    named = [
        (row.children[3].text.partition(", sheet ")[0], row.children[4].text)
        for table in root.all("table")
        for row in table.all("tbody")[0].children
    ]
    assert sorted(named) == sorted((one.file, one.sha256) for one in record().publications())
    assert [link.attributes["href"] for link in root.all("header")[0].all("a")] == ["index.html"]


def test_a_file_of_one_county_is_told_from_one_of_the_state():
    page = sources_page(PageRequest(YEAR))
    extents = {one.id: page.extent(one) for one in page.publications}
    assert extents["suspension-2024-monterey"] == "all rows of Monterey"
    assert extents["status-2024"] == "statewide"
    assert "<a" not in page.heading().text


def test_an_empty_record_says_so():
    from pyreport.evidence.record import Record

    page = SourcesPage(Record({}), YEAR)
    assert "No file is on record." in page.heading().text
    assert "No file is on record." in page.files().text
