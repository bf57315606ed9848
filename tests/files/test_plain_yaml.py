"""Plain YAML is read; what is more than that is an error with its line, at once."""

from __future__ import annotations

import datetime
import time

import pytest

from pyreport.files.plain_yaml import LARGEST, NotPlain, duplicates, place_lines, read_limited, read_plain_yaml

LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{step}: &a{step} [{', '.join([f'*a{step - 1}'] * 9)}]\n" for step in range(1, 12)
)
"""Nine to the twelfth power values in twelve lines."""


def problems(text: str, *, policy: bool = False) -> list[tuple[int, str]]:
    began = time.monotonic()
    with pytest.raises(NotPlain) as caught:
        read_plain_yaml(text, policy=policy)
    assert time.monotonic() - began < 10
    return caught.value.problems


def test_texts_numbers_lists_and_mappings_are_read_and_a_date_stays_text():
    value, _ = read_plain_yaml("- {a: 1, b: 2.5, c: yes}\n- 2024-02-31\n- ü\n", policy=False)
    assert value == [{"a": 1, "b": 2.5, "c": True}, "2024-02-31", "ü"]
    assert read_plain_yaml("# nothing\n", policy=False) == (None, None)


def test_a_policy_has_dates_numbers_as_keys_and_aliases():
    value, _ = read_plain_yaml("a: &words {1: one}\nb: *words\nc: 2024-02-29\n", policy=True)
    assert value == {"a": {1: "one"}, "b": {1: "one"}, "c": datetime.date(2024, 2, 29)}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (f"x: y\n{LAUGHS}", 2, "the anchor &a0"),
        ("- b\n- &a c\n- *a\n", 3, "the alias *a; write out"),
        ("a: &a [*a]\n", 1, "the alias *a; write out"),
        ("- a\n- " + "[" * 500, 2, "more than 20 lists and mappings lie in one another"),
        # Of this, newer parsers say themselves that it is too deep; which words they have is theirs.
        ("- a\n- " + "[" * 100_000, 2, ""),
        ("".join(f"{'  ' * depth}a:\n" for depth in range(30)), 21, "more than 20 lists and mappings"),
        ("- a\n" * 20_001, 20_000, "more than 20,000 parts"),
        ("a: b\nc: 99999999999999999999999\n", 2, "99999999999999999999999 is no number"),
        (f"a: {'9' * 5000}\n", 1, "is no number"),
        ("a: -.inf\n", 1, "-.inf is no number"),
        ("a: 0b_\n", 1, "0b_ is no number"),
        ("a: b\nc: \x1b[31mred\n", 2, "the control character U+001B; remove it"),
        ("a: b\nc: d\0\n", 2, "the control character U+0000; remove it"),
        ("a: b\nc: \ud800\n", 2, "the control character U+D800; remove it"),
        ('a: b\nc: "\\0"\n', 2, "the control character U+0000 is written in a text"),
        ('a: b\nc: "\\e[2J"\n', 2, "the control character U+001B is written in a text"),
        ('a: b\nc: "\\ud800"\n', 2, "not readable as YAML"),
        ("a: b\n? [c]\n: d\n", 2, "a list or mapping stands as a key"),
        ("a: b\n<<: {c: d}\n", 2, "the key << takes over other mappings"),
        ("a: b\n1: c\n", 2, "the key 1 is no word; put it in quotation marks"),
        ("a: b\nyes: c\n", 2, "the key yes is no word"),
        ("a: b\nc: !!python/name:os.system x\n", 2, "the tag tag:yaml.org,2002:python/name:os.system"),
        ("a: b\nc: ! d\n", 2, "the tag !"),
        ("a: b\nc: =\n", 2, "not readable as YAML"),
        ("a: b\n---\nc: d\n", 2, "a second document begins"),
        ("a: b\nc: [\n", 3, "not readable as YAML"),
    ],
)
def test_what_is_not_plain_is_named_with_its_line(text, line, message):
    assert any(at == line and message in told for at, told in problems(text))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (LAUGHS, 5, "more than 20,000 parts"),
        ("b: c\na: &a [*a]\n", 2, "the alias *a; write out"),
        ("a: &a {b: {c: *a}}\n", 1, "the alias *a; write out"),
        ("a: &a b\n? *a\n: c\n", 2, "the alias *a; write out"),
        ("a: *never\n", 1, "the alias *never; write out"),
        ("a: b\nread: 2024-02-31\n", 2, "2024-02-31 is no date of the calendar"),
        ("a: b\nread: 2024-02-01 10:00:00 +99:99\n", 2, "is no date of the calendar"),
    ],
)
def test_a_policy_cannot_say_everything_either(text, line, message):
    assert any(at == line and message in told for at, told in problems(text, policy=True))


def test_all_problems_are_told_together():
    assert [line for line, _ in problems("a: &a b\nc: !x d\ne: .inf\n")] == [1, 2, 3]


def test_keys_that_stand_twice_are_found_whatever_way_they_are_written():
    _, root = read_plain_yaml("a: {1: b, 0x1: c}\n'a': d\ne: {yes: 1, true: 2}\n", policy=True)
    assert list(duplicates(root)) == [(("a", "0x1"), 1), (("a",), 2), (("e", "true"), 3)]


def test_every_part_has_its_line():
    _, root = read_plain_yaml("- a: 1\n  b:\n    - 2\n- 3\n", policy=False)
    assert dict(place_lines(root)) == {(0,): 1, (0, "a"): 1, (0, "b"): 2, (0, "b", 0): 3, (1,): 4}


def test_a_file_is_read_up_to_its_limit(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_bytes(b"#" * LARGEST)
    assert len(read_limited(path)) == LARGEST
    path.write_bytes(b"#" * (LARGEST + 1))
    with pytest.raises(NotPlain, match="more than 1,048,576 bytes"):
        read_limited(path)
