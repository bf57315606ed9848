"""Strings as clingo writes them: whatever a name holds, it comes back as it was."""

import clingo
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pyreport.rulebook.syntax import (
    AtomPattern,
    Operation,
    Variable,
    evaluate,
    ground,
    quote,
    term_variables,
    unquote,
)

NAMES = [
    "",
    "Plain Valley",
    'The "Little" Valley',
    "Back\\slash",
    "Ends in a backslash\\",
    'Both \\" in a row \\\\"',
    "Two\nlines",
    "A backslash and an n: \\n",
    "Carriage\rreturn\tand tab",
    "O'Neill & Söhne <Union>",
    "</script><!-- &amp; {LEA} %* @rule",
    "Łódź 学区 🏫",
    "comma, comma)",
]

# A null character ends a text for clingo; no workbook can hold one.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")) | st.text('\\"n\n')


@given(TEXTS)
@example("\\")
def test_what_is_quoted_is_unquoted_as_it_was(text):
    assert unquote(quote(text)) == text


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_quoted_as_clingo_prints_it(name):
    assert str(clingo.String(name)) == quote(name)
    assert clingo.parse_term(quote(name)).string == name


@given(TEXTS)
def test_any_text_is_quoted_as_clingo_prints_it_and_read_by_it_as_it_was(text):
    assert str(clingo.String(text)) == quote(text)
    assert clingo.parse_term(quote(text)).string == text


@pytest.mark.parametrize(("value", "text"), [(7, "7"), (-3, "-3"), ("fos", "fos"), ('""', "")])
def test_a_number_and_a_constant_are_unquoted_as_they_are_printed(value, text):
    assert unquote(value) == text


def test_terms_are_evaluated_under_the_values_of_their_variables():
    term = Operation("-", Operation("*", Variable("Year"), 2), Operation("+", 1, Variable("Count")))
    assert evaluate(term, {"Year": 10, "Count": 4}) == 15
    assert list(term_variables(term)) == ["Year", "Count"]
    assert ground(AtomPattern("at", (term, "fos", Variable("Name"))), {"Year": 1, "Count": 1, "Name": '"x"'}) == (
        "at",
        0,
        "fos",
        '"x"',
    )


@pytest.mark.parametrize("value", ["fos", '"3"'])
def test_arithmetic_on_what_is_no_number_is_an_error(value):
    with pytest.raises(TypeError, match="arithmetic on"):
        evaluate(Operation("+", Variable("Year"), 1), {"Year": value})
