from xml.etree import ElementTree

from pyreport.reporting.pictures import pictures

from .pages import page

SVG = "{http://www.w3.org/2000/svg}"


def of_the_index():
    return {kind: ElementTree.fromstring(text) for kind, text in pictures(page("index.html"))}


def test_the_pictures_of_the_index_are_files_with_their_colors_and_titles():
    found = of_the_index()
    assert set(found) == {"map", "flows"}
    for kind, svg in found.items():
        assert svg.tag == f"{SVG}svg"
        *_, width, height = map(int, svg.attrib["viewBox"].split())
        assert (svg.attrib["width"], svg.attrib["height"]) == (str(width), str(height))
        style, group = svg
        assert f".{kind} text" in style.text
        assert group.attrib["class"] == kind
        titles = {title.attrib.get("id") for title in svg.iter(f"{SVG}title")}
        assert svg.attrib["aria-labelledby"] in titles


def test_links_lead_out_of_the_folder_of_the_pictures():
    links = [element.attrib["href"] for element in of_the_index()["map"].iter(f"{SVG}a")]
    assert "../27-monterey.html" in links
    assert all(link.startswith("../") for link in links)


def test_a_page_without_figures_has_no_pictures():
    assert list(pictures("<style>a{}</style><p>No picture</p>")) == []
