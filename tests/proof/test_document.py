import pytest

from pyreport.proof import document
from pyreport.proof.document import DocumentError, read_document


def test_texts_whole_numbers_lists_and_mappings_are_read():
    assert read_document('{"a": [1, -2147483647, "12345678901234", null, true], "b": {}}') == {
        "a": [1, -2147483647, "12345678901234", None, True],
        "b": {},
    }


def test_the_characters_of_an_escape_are_text_after_an_escaped_backslash():
    assert read_document(r'["letters-\\udcff.csv"]') == [r"letters-\udcff.csv"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1", "it is no JSON"),
        ("", "it is no JSON"),
        ('{"a": 1, "b": {"c": 1, "c": 2}}', "the key 'c' stands twice in one mapping"),
        ("[1.0]", "'1.0' is no whole number"),
        ("[1e5]", "'1e5' is no whole number"),
        ("[NaN]", "'NaN' is no whole number"),
        ("[-Infinity]", "'-Infinity' is no whole number"),
        ("[2147483648]", "the number '2147483648' is larger than any of a policy"),
        ('{"a":-99999999999}', "the number '-99999999999' is larger"),
        ("9" * 5000, "is larger than any of a policy"),
        ("[" * 100_000, "deeper than those of a graph"),
        ('{"a":' * 100_000, "deeper than those of a graph"),
        ('["\\ud800"]', "half of a surrogate pair"),
        ('["\\uDFFF"]', "half of a surrogate pair"),
        ('["\\\\\\ud800"]', "half of a surrogate pair"),
    ],
)
def test_what_no_graph_has_is_named(text, message):
    with pytest.raises(DocumentError, match=message):
        read_document(text)


@pytest.mark.parametrize(
    ("limit", "least", "text"),
    [
        ("LARGEST", 10, '["12345678"]'),
        ("_MOST", 5, "[1, 2, 3, [4, 5]]"),
        ("_MOST", 5, '{"a": 1, "b": 2, "c": 3}'),
        ("_MOST_MAPPINGS", 2, "[{}, {}, {}]"),
    ],
)
def test_what_is_larger_than_any_graph_is_not_read(monkeypatch, limit, least, text):
    read_document(text)
    monkeypatch.setattr(document, limit, least)
    with pytest.raises(DocumentError, match="it has more than"):
        read_document(text)
