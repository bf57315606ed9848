"""A why-not on a page that says what does not follow from the page's graph is found out."""

import functools
import html
import json
import re

import pytest
from verification.verified import AMADOR, MONTEREY, YEAR, page

from pyreport.files.places import policy_folder
from pyreport.proof.checker import ProofChecker
from pyreport.proof.packing import unpack
from pyreport.proof.policy import policy_texts

from . import checked
from .absences import Absences
from .page import carried_graph, read_page
from .words import Words

# These try the comparison, which is in the tests alone; what it says of the pages as they are is in `make test`.
pytestmark = pytest.mark.sweep

# A charter school one student group of which met one of the two priorities needed.
OASIS = "27102726119663"
WHY_NOT = re.compile(r'<details class="why why-not">.*?(?=<details class="why|</section>)', re.DOTALL)


@functools.cache
def monterey() -> tuple[Absences, Words]:
    document = unpack(carried_graph(read_page(page(MONTEREY))))
    texts = policy_texts(policy_folder(), ())
    checker = ProofChecker(texts)
    atoms: dict[str, list] = {}
    for (name, _), found in checker.atoms(document).relations.items():
        atoms.setdefault(name, []).extend(found)
    words = Words(texts, checker.policy, atoms)
    return Absences(words, words.sentences(document)), words


@functools.cache
def why_not() -> str:
    section = page(MONTEREY).partition(f'<h3 id="lea-{OASIS}">')[2].partition("</section>")[0]
    (found,) = WHY_NOT.findall(f"{section}</section>")
    return found


def problems(text: str, cds: str = OASIS) -> list[str]:
    details = next(read_page(f"<html><body>{text}</body></html>").all("details", "why-not"))
    return list(monterey()[0].problems(details, f'"{cds}"', YEAR))


def refused(found, *words: str) -> None:
    assert any(all(word in problem for word in words) for problem in found), found


def test_the_why_not_as_it_is_holds():
    assert "1 of 2 needed." in why_not()
    assert problems(why_not()) == []


# What is changed: a pattern of the why-not, what stands there then, and words of the problem.
CHANGES = [
    ("the question", r"(<summary>Why not eligible: nearest miss: )", r"\1Nearly. ", "not what the lines below come to"),
    ("the nearest miss", r"1 of 2 needed\.</summary>", "1 of 3 needed.</summary>", "not what the lines below come to"),
    ("a count reached", r"<summary>1 of 2 needed\.", "<summary>0 of 2 needed.", "the graph does not come to this"),
    ("a count asked for", r"<summary>1 of 2 needed\.", "<summary>1 of 3 needed.", "the graph does not come to this"),
    ("the case of a count", r"(data-at='\[\[\"criteria[^']*\"Group\":\")el", r"\1hi", "not looked at for these values"),
    ("the bound of a count", r"(data-at='\[\[\"criteria[^']*\"Least\":)2", r"\g<1>9", "not looked at for these values"),
    ("the rule of a count", r"(data-at='\[\[\")criteria\.[^\"]*", r"\1eligibility.method-1", "not looked at"),
    ("a sentence", r"met no method in 2024", "met one method in 2024", "the graph does not come to this"),
    ("a year in a sentence", r"met no method in 2024", "met no method in 2023", "the graph does not come to this"),
    ("a goal of another agency", r"(data-not='\[\[\"eligible\",\"\\\")\d+", r"\g<1>27659610000000", "another local"),
    ("a goal of nothing", r"(data-not='\[\[\")meets_method", r"\1meets_nothing", "nothing that the policy speaks of"),
    (
        "a goal cut short",
        r"(data-not='\[\[\"meets_method\",\"[^,]*),[^\]]*",
        r"\1",
        "nothing that the policy speaks of",
    ),
    ("a goal left out", r" data-not='\[\[\"meets_method\"[^']*'", "", "the graph does not come to this"),
    ("an attribute that is no JSON", r"(data-not=')\[", r"\1", "cannot be read"),
    ("an attribute of another shape", r"data-not='[^']*'", "data-not='[[{}]]'", "cannot be read"),
    ("a rule", r"<code>criteria\.two-priorities<", "<code>eligibility.method-1<", "could not conclude"),
    ("a number of candidates", r"Each of 14 candidates", "Each of 15 candidates", "below it stand others"),
    ("a candidate named twice", r"(data-of='\[)(\[[^\]]*\]),\[[^\]]*\]", r"\1\2,\2", "the graph does not come to this"),
    ("the words of a candidate", r"(data-of='[^>]*>)[A-Z]", r"\1All but p", "the graph does not come to this"),
    (
        "what a candidate reached",
        r"(students: )\d of 2 needed\. ",
        r"\g<1>9 of 2 needed. ",
        "the graph does not come to this",
    ),
    (
        "a number of rules",
        r"\d rules do not apply to this case",
        "9 rules do not apply to this case",
        "it names other rules",
    ),
    (
        "a rule not for the case",
        r"not apply to this case: ([^<]*)\([\w.-]+",
        r"not apply to this case: \1(methods.1",
        "methods.1",
    ),
    ("an end of a rule", r"not apply to this case: ", "not apply to this case: Alas, ", "“Alas, "),
    ("a kind of no", r"<span class=\"kind\">[^<]*", '<span class="kind">no', "with the remark “no”"),
    ("a word between", r"<ul>\n<li data-", "<ul>\nIn truth it is. <li data-", "“In truth it is.” within a why-not"),
    ("a line", r"(<ul class=\"tree\">\n)", r"\1<li>All is well.</li>", "which is no reason why it is not eligible"),
    ("a line below", r"(Counted:</summary>\n<ul>\n)", r"\1<li>All is well.</li>", "the graph does not come to this"),
    ("a word in a summary", r"(<summary>)(Oasis)", r"\1<b>Not</b> \2", "shows “Not” within a why-not"),
    ("an element", r"(<ul class=\"tree\">)", r"<b>Well.</b>\1", "which is no list of reasons"),
]


@pytest.mark.parametrize(("pattern", "then", "words"), [one[1:] for one in CHANGES], ids=[one[0] for one in CHANGES])
def test_a_why_not_that_was_changed_is_found_out(pattern, then, words):
    changed, count = re.subn(pattern, then, why_not(), count=1, flags=re.DOTALL)
    assert count == 1
    assert changed != why_not()
    refused(problems(changed), words)


def lines_with_goals():
    return re.findall(r"<li data-not='\[(\[[^\]]*\])[^>]*>(?:<details><summary>)?([^<]*)", why_not())


def test_a_goal_that_holds_is_found_out_at_every_line():
    """Each line is made to deny an atom that holds, of the same predicate or of another, in its own words."""
    absences, words = monterey()
    lea = f'"{OASIS}"'
    asked = 0
    for written, sentence in lines_with_goals():
        name = json.loads(html.unescape(written))[0]
        holding = next((one for one in words.atoms.get(name, ()) if one[0] == lea), None)
        if holding is None:
            continue
        asked += 1
        goal = (name, *holding)
        told = next(iter(absences._absent(goal)), "")
        changed = why_not().replace(f"[{written[1:-1]}]", json.dumps(goal), 1).replace(sentence.strip(), told, 1)
        refused(problems(changed), "of which", "it holds")
    assert asked > 3


def test_a_goal_with_any_value_is_held_against_every_atom():
    absences, words = monterey()
    (one, *_) = (atom for atom in words.atoms["meets_state_priority"] if atom[0] == f'"{OASIS}"')
    for place in range(1, len(one)):
        opened = ("meets_state_priority", *(None if n == place else value for n, value in enumerate(one)))
        assert "it holds" in (absences._fault(opened, one[0]) or "")


def test_a_true_line_that_no_rule_asks_for_is_found_out():
    """That a fact of another year does not hold says nothing of this one."""
    absences, _ = monterey()
    goal = ["meets_method", f'"{OASIS}"', 2019, 4]
    assert not absences._holds(tuple(goal))
    told = next(iter(absences._absent(tuple(goal))))
    written, sentence = next(one for one in lines_with_goals() if "meets_method" in one[0])
    changed = why_not().replace(written, json.dumps(goal), 1).replace(sentence.strip(), told, 1)
    refused(problems(changed), "which no rule above it asks for")


def test_a_reason_that_is_left_out_is_found_out():
    tree = re.search(r'<ul class="tree">\n(.*?)</ul>\n</details>\n<div', why_not(), re.DOTALL)
    assert tree
    last = tree[1].rindex("<li data-")
    refused(problems(why_not().replace(tree[1][last:], "")), "eligibility.second-year does not conclude eligible")
    refused(
        problems(why_not().replace(tree[1][:last], "")),
        "eligibility.identified, published.eligibility does not conclude eligible",
    )
    others = re.search(r"<li data-not='[^']*'>\d rules do not apply to this case.*?</li>\n", why_not(), re.DOTALL)
    assert others
    refused(problems(why_not().replace(others[0], "", 1)), "the page does not say why")


def test_what_was_counted_must_be_what_is_counted():
    """Another step that holds, in place of the one that was counted."""
    step = re.search(r"Counted:</summary>\n<ul>\n(<li id=.*?</summary>)", why_not(), re.DOTALL)
    assert step
    other = "English learners are a student group of the 2024 determinations."
    changed = why_not().replace(step[1], re.sub(r"<summary>.*?</summary>", f"<summary>{other}</summary>", step[1]), 1)
    refused(problems(changed), "is not counted there")


def test_a_why_not_of_what_holds_is_found_out():
    lea = next(atom[0] for atom in monterey()[1].atoms["eligible"] if atom[1] == YEAR)
    assert problems(why_not(), lea.strip('"')) == ["it says why not of what holds"]


def found_out(changed: str, *words: str) -> None:
    assert changed != page(AMADOR)
    refused(checked.problems(changed), *words)


def test_a_page_without_a_why_not_or_with_two_is_found_out():
    one = WHY_NOT.search(page(AMADOR))
    assert one
    found_out(page(AMADOR).replace(one[0], ""), "has 0 why-nots, and needs 1")
    found_out(page(AMADOR).replace(one[0], one[0] * 2), "has 2 why-nots, and needs 1")


def test_a_why_not_of_an_eligible_agency_or_outside_the_sections_is_found_out():
    one = WHY_NOT.search(page(AMADOR))
    assert one
    moved = page(AMADOR).replace('<section class="lea yes"', f'{one[0]}<section class="lea yes"', 1)
    found_out(moved, "a why-not outside the section")
    section = re.search(r'<section class="lea yes".*?</section>', page(AMADOR), re.DOTALL)
    assert section
    added = page(AMADOR).replace(section[0], section[0].replace("</section>", f"{one[0]}</section>"))
    found_out(added, "has 1 why-nots, and needs 0")
    found_out(added, "it says why not of what holds")


@pytest.mark.parametrize(
    ("pattern", "then", "words"),
    [
        (r"(<p class=\"law\"><a [^>]*><code>[^<]*</code></a> · )", r"\1EC 1 ", "cites"),
        (r"(<p class=\"law\">.*?<q>)", r"\1Not: ", "; the rule eligibility.identified cites"),
        (r"(<summary>Why not eligible: )", r"\1not ", "not what the lines below come to"),
        (r"(<p class=\"law\">.*?<code>)[^<]*", r"\1not-a-rule", "which the policy does not have"),
    ],
    ids=["a citation", "a quotation", "the question", "a rule"],
)
def test_the_law_below_the_lines_of_a_why_not_is_compared(pattern, then, words):
    one = WHY_NOT.search(page(AMADOR))
    assert one
    changed, count = re.subn(pattern, then, one[0], count=1, flags=re.DOTALL)
    assert count == 1
    found_out(page(AMADOR).replace(one[0], changed), words)
    # Neither does a list of another class go unread.
    found_out(page(AMADOR).replace(one[0], changed.replace(' class="tree"', "")), words)
