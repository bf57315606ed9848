"""The Dashboard's figures against CDE's letters, and our conclusions against those that CDE printed."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace
from functools import cache

import pytest
from cli.command import answered, refused, run

from pyreport.comparison.reconciliation import (
    AGREE,
    BY_FORCED_COLOR,
    DIFFER,
    SETTLED_BY_LETTER,
    Cell,
    cells,
    compare_printed,
)
from pyreport.comparison.statement import as_csv, printed_levels, summary
from pyreport.evidence.model import CountyEvidence
from pyreport.evidence.record import Record
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.evidence.scope import Scope
from pyreport.files.places import policy_folder
from pyreport.reasoning.decision import Decision, decide
from pyreport.reasoning.determinations import YesNoOpen
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import unquote

MONTEREY = "27"
OFFICE = "27102720000000"


@cache
def policy() -> Rulebook:
    return load_rulebook(policy_folder())


@cache
def record() -> Record:
    return read_record(record_folder())


@cache
def whole() -> Decision:
    return decide(policy(), record())


def without_figures() -> Record:
    """The record without the Dashboard's figures: the only ones that it has are Monterey's."""
    assert [code for code, one in record().counties.items() if one.leas or one.figures] == [MONTEREY]
    counties = {code: replace(one, leas={}, figures={}) for code, one in record().counties.items()}
    return Record(record().lea_years, counties, tuple(one for one in record().sources if not one.counties))


@cache
def whole_without_figures() -> Decision:
    return decide(policy(), without_figures())


@cache
def monterey_without_figures() -> Decision:
    """The county alone: nothing of the others changes, which have no figures."""
    return decide(policy(), without_figures(), Scope(only={MONTEREY}))


def kinds(decision: Decision, year: int, code: str = "") -> Counter[str]:
    return Counter(one.comparison for one in cells(decision.graph, [year]) if one.cds.startswith(code))


class TestFiguresAgainstLetters:
    @pytest.mark.parametrize(("year", "count"), [(2018, 325), (2023, 325), (2024, 350)])
    def test_every_cell_of_monterey_agrees(self, year, count):
        assert kinds(whole(), year, MONTEREY) == {AGREE: count}

    def test_the_years_with_figures_and_letters_are_compared_and_no_other(self):
        assert sorted({one.year for one in cells(whole().graph)}) == [2018, 2023, 2024]
        assert {one.cds[:2] for one in cells(whole().graph, [2018, 2024])} == {MONTEREY}

    def test_no_cell_of_the_state_differs(self):
        assert kinds(whole(), 2023) == {AGREE: 12_519, BY_FORCED_COLOR: 325, SETTLED_BY_LETTER: 39}
        assert sum(kinds(whole(), 2023).values()) == 12_883

    def test_without_montereys_figures_nine_more_cells_rest_on_a_forced_color(self):
        counted = kinds(monterey_without_figures(), 2023)
        assert counted[BY_FORCED_COLOR] == 9
        assert counted[DIFFER] == 0
        assert sum(counted.values()) == sum(kinds(whole(), 2023, MONTEREY).values())
        assert kinds(monterey_without_figures(), 2018) == kinds(monterey_without_figures(), 2024) == {}

    @pytest.mark.sweep
    def test_without_montereys_figures_the_rest_of_the_state_is_compared_as_with_them(self):
        counted = kinds(whole_without_figures(), 2023)
        assert counted[BY_FORCED_COLOR] == 334
        assert counted[DIFFER] == 0
        assert sum(counted.values()) == 12_883
        assert kinds(whole_without_figures(), 2023, MONTEREY)[BY_FORCED_COLOR] == 9
        assert kinds(whole_without_figures(), 2018) == kinds(whole_without_figures(), 2024) == {}

    @pytest.mark.parametrize(
        "decision",
        [whole, monterey_without_figures, pytest.param(whole_without_figures, marks=pytest.mark.sweep)],
        ids=["whole", "monterey_without_figures", "whole_without_figures"],
    )
    def test_every_forced_color_is_orange(self, decision):
        assert {atom[5] for atom in decision().graph.atoms("forced_color")} == {"orange"}

    def test_every_lea_with_letters_and_the_red_list_is_compared_in_every_group_of_the_year(self):
        groups = {str(atom[2]).upper() for atom in whole().graph.atoms("student_group") if atom[1] == 2023}
        by_lea: dict[str, set[str]] = {}
        for one in cells(whole().graph, [2023]):
            assert one.group not in by_lea.setdefault(one.cds, set())
            by_lea[one.cds].add(one.group)
        assert set(by_lea) == {cds for year, cds in record().lea_years if year == 2023}
        assert all(found == groups for found in by_lea.values())

    @pytest.mark.parametrize(
        ("letters", "figures", "possible", "forced", "kind"),
        [
            ((), (), (), False, AGREE),
            ((), (4,), (4,), False, AGREE),
            ((), (4,), (4, 5), False, SETTLED_BY_LETTER),
            ((), (), (4,), False, AGREE),
            ((4, 5), (4, 5), (4, 5), False, AGREE),
            ((4, 5), (4, 5), (4, 5, 8), False, SETTLED_BY_LETTER),
            ((4, 5), (5,), (4, 5), True, BY_FORCED_COLOR),
            ((4, 5), (5,), (4, 5), False, SETTLED_BY_LETTER),
            ((4, 5), (5,), (5,), True, DIFFER),
            ((4, 5), (5, 6), (4, 5, 6), True, DIFFER),
            ((), (4, 5), (4, 5), False, DIFFER),
            ((4, 5), (), (), False, DIFFER),
        ],
    )
    def test_a_cell_is_compared_as_a_letter_would_have_shown_the_figures(
        self, letters, figures, possible, forced, kind
    ):
        made = Made(letters, figures, possible, forced)
        (cell,) = cells(made)
        expected = frozenset(letters), frozenset(figures), frozenset(possible), kind
        assert (cell.letters, cell.figures, cell.possible, cell.comparison) == expected
        assert (cell.year, cell.cds, cell.group) == (2023, OFFICE, "FOS")


LETTERS = {"b": (4, 5), "f": (5, 8), "g": (6, 8), "h": (4, 5, 8), "i": (4, 6, 8)}
"""Some letters, each with the priorities that it stands for."""


class Made:
    """A graph of one LEA with one student group, as far as a comparison looks."""

    def __init__(self, letters, figures, possible, forced):
        key = f'"{OFFICE}"', 2023, "fos"
        self.told = {
            "letter_means": [("letter_means", letter, number) for letter, means in LETTERS.items() for number in means],
            "published_letter": [
                ("published_letter", *key, letter) for letter in LETTERS if LETTERS[letter] == letters
            ],
            "figures_show": [("figures_show", *key, number) for number in figures],
            "possibly_meets_priority": [("possibly_meets_priority", *key, number) for number in possible],
            "forced_color": [("forced_color", *key, "math", "orange")] if forced else [],
            "student_group": [("student_group", 2023, "fos")],
            "letters_at_hand": [("letters_at_hand", *key[:2])],
            "figures_at_hand": [("figures_at_hand", *key[:2])],
            "letters_and_figures_differ": self._differing(key, set(letters), set(figures), set(possible)),
        }

    @staticmethod
    def _differing(key, letters, figures, possible):
        """As the rules conclude: figures that no letter stands for, and letters that no figures can show."""
        more = figures - letters if letters or len(figures) > 1 else set()
        return [("letters_and_figures_differ", *key, number) for number in more | (letters - figures - possible)]

    def rows(self, name):
        return [policy().predicates[name].row(atom) for atom in self.told.get(name, [])]


class TestPrinted:
    def test_nothing_that_cde_printed_differs(self):
        count, differences = compare_printed(whole().determinations(), whole().printed)
        conclusions = sum(len(one.cells()) for one in record().published.values())
        methods = sum(len(one.methods) for one in record().lea_years.values())
        assert differences == []
        assert count == conclusions + methods

    def test_no_level_and_no_color_differs(self):
        assert printed_levels(whole()) == [("status and change levels", 4033, 0), ("colors", 2208, 0)]

    def test_what_differs_is_told_and_what_is_open_is_not(self):
        (row,) = [one for one in whole().determinations([2023]) if one.cds == OFFICE]
        spoilt = replace(row, status="General Assistance", methods=(1,), persistent_52072=YesNoOpen.OPEN)
        count, differences = compare_printed([spoilt], whole().printed)
        one, printed = record().lea_years[2023, OFFICE], record().published[2023, OFFICE]
        assert (printed.status.value, row.methods) != (spoilt.status, spoilt.methods)
        told = {found.what: (found.ours, found.published) for found in differences}
        expected = {"status": ("General Assistance", printed.status.value)}
        for number, answer in one.methods.items():
            ours = "Y" if number == 1 else "N"
            if answer.value != ours:
                expected[f"method_{number}"] = (ours, answer.value)
        assert told == expected
        assert count == 1 + len(one.methods)
        assert {(found.year, found.cds, found.name) for found in differences} == {(2023, OFFICE, row.name)}


def leas_by_rule(rule: str, predicate: str, year: int) -> list[str]:
    return sorted(
        {
            unquote(atom[1])
            for atom, support in whole().graph.support.items()
            if atom[0] == predicate and atom[2] == year and any(one.id == rule for one, _ in support)
        }
    )


class TestAgainstWhatCdeDecidedElsewhere:
    def test_the_lowest_performance_instances_of_montereys_figures_are_those_of_the_red_list(self):
        by_rule: dict[str, set[tuple[object, ...]]] = {}
        for atom, support in whole().graph.support.items():
            if atom[0] == "lowest_performance_instance" and unquote(atom[1])[:2] == MONTEREY:
                for rule, _ in support:
                    by_rule.setdefault(rule.id, set()).add(atom)
        listed = by_rule.pop("red-list.instance.by-list")
        assert set(by_rule) == {"red-list.instance.by-color", "red-list.instance.by-level"}
        assert set().union(*by_rule.values()) == listed
        ((publication, rows),) = record().counties[MONTEREY].low_performance.items()
        on_list = {
            (row.cds, publication.dashboard_year, row.group.lower(), indicator)
            for row in rows
            for indicator in row.indicators
        }
        assert {(unquote(atom[1]), *atom[2:5]) for atom in listed} == on_list
        assert len(listed) == len(on_list) == 134

    def test_method_2_of_2018_follows_from_the_ratings_exactly_where_cde_published_it(self):
        published = sorted(
            cds
            for (year, cds), one in record().lea_years.items()
            if year == 2018 and 2 in one.methods and one.methods[2].value == "Y"
        )
        assert leas_by_rule("local.method-2", "ratings_show_method", 2018) == published
        assert len(published) == 11

    def test_method_3_of_2018_is_possible_by_the_ratings_for_two_leas_besides_those_that_cde_published(self):
        possible = leas_by_rule("local.method-3-possible.letters", "method_3_possible", 2018)
        assert possible == ["09618950000000", "15634870000000"]
        published = {
            cds
            for (year, cds), one in record().lea_years.items()
            if year == 2018 and 3 in one.methods and one.methods[3].value == "Y"
        }
        assert published == {"19753090000000", "51714150000000"}
        assert published <= set(leas_by_rule("local.only-one", "only_local_not_met", 2018))


MONTEREY_SAYS = """\
Statuses, methods and EC 52072 flags that CDE printed: 649 compared, 0 differ.
Printed status and change levels computed anew: 4,033, 0 differ.
Printed colors computed anew: 2,208, 0 differ.
2018, figures and letters, student group by student group: 325 compared: 325 agree.
2023, figures and letters, student group by student group: 325 compared: 325 agree.
2024, figures and letters, student group by student group: 350 compared: 350 agree.
"""


def contradicted(year: int, cds: str, group: str, letter: str) -> Record:
    """The record with one letter changed."""
    one = record().lea_years[year, cds]
    letters = {**one.letters, group: one.letters[group]._replace(value=letter)}
    return replace(record(), lea_years={**record().lea_years, (year, cds): replace(one, letters=letters)})


class TestCommand:
    def test_it_says_what_was_compared_and_ends_with_status_0(self):
        assert answered("reconcile", "--county", "Monterey").stdout == MONTEREY_SAYS

    def test_the_whole_state_is_reconciled(self, monkeypatch):
        def decided(rulebook: Rulebook, record: Record, scope: Scope, **asked: object) -> Decision:
            assert scope == Scope()
            assert not any(asked.values())
            return whole()

        # Deciding the state takes most of the time of the command, and is done above.
        monkeypatch.setattr("pyreport.reasoning.decision.decide", decided)
        text = answered("reconcile").stdout
        assert text.startswith("Statuses, methods and EC 52072 flags that CDE printed: 25,770 compared, 0 differ.\n")
        assert (
            "\n2023, figures and letters, student group by student group: 12,883 compared: 12,519 agree; "
            "325 agree, with a color that the letter forces; 39 open by the figures, settled by the letter.\n"
        ) in text

    def test_one_year_alone_is_reconciled(self):
        text = answered("reconcile", "--county", "Monterey", "--year", "2024").stdout
        assert text.splitlines()[-1] == MONTEREY_SAYS.splitlines()[-1]
        assert "2023, figures" not in text

    def test_the_table_has_a_row_for_every_cell(self):
        text = answered("reconcile", "--county", "Monterey", "--format", "csv").stdout
        rows = list(csv.DictReader(io.StringIO(text)))
        assert list(rows[0]) == ["dashboard_year", "cds", "group", "letters", "figures", "possible", "comparison"]
        assert Counter(row["dashboard_year"] for row in rows) == {"2018": 325, "2023": 325, "2024": 350}
        assert {row["comparison"] for row in rows} == {AGREE}
        keys = [(int(row["dashboard_year"]), row["cds"], row["group"]) for row in rows]
        assert keys == sorted(set(keys))
        monterey = [one for one in cells(whole().graph) if one.cds[:2] == MONTEREY]
        assert text == as_csv(monterey)

    def test_the_table_names_priorities_and_leaves_out_what_is_none(self):
        one = Cell(2023, OFFICE, "FOS", frozenset({8, 4}), frozenset({8}), frozenset({4, 8}), BY_FORCED_COLOR)
        other = replace(one, letters=frozenset(), figures=frozenset(), possible=frozenset(), comparison=AGREE)
        assert as_csv([one, other]).splitlines()[1:] == [
            f'2023,{OFFICE},FOS,4+8,8,4+8,"{BY_FORCED_COLOR}"',
            f"2023,{OFFICE},FOS,,,,{AGREE}",
        ]
        assert summary([one, other, other]) == [(2023, 3, [(AGREE, 2), (BY_FORCED_COLOR, 1)])]

    def test_a_contradiction_ends_with_status_1_and_both_derivations(self, monkeypatch):
        # F stands for Priorities 5 and 8, C for 5 and 6.
        assert record().lea_years[2024, OFFICE].letters["HI"].value == "F"
        made = contradicted(2024, OFFICE, "HI", "C")
        monkeypatch.setattr("pyreport.evidence.readers.given.read_record", lambda folder: made)
        result = run("reconcile", "--county", "Monterey", "--year", "2024")
        assert result.exit_code == 1
        assert "350 compared: 349 agree; 1 differ.\n" in result.stdout
        head, _, told = result.stdout.partition(f"\n2024 {OFFICE} HI: the letter says 5+6, the figures show 5+8\n")
        assert "0 differ" in head
        text = " ".join(told.split())
        name = "Monterey County Office of Education"
        assert "[assistancestatus24.xlsx, sheet “District and COE 2024”, cell N418: “C”]" in text
        assert f"Hispanic students at {name}" in text
        assert "[graddownload2024.txt, cell " in text
        assert "[ccidownload2024.txt, cell " in text
        assert "[criteria.figures" in text
        for group in ("White students", "Asian students"):
            assert group not in text

    def test_a_contradiction_stands_in_the_table_too(self, monkeypatch):
        made = contradicted(2024, OFFICE, "HI", "C")
        monkeypatch.setattr("pyreport.evidence.readers.given.read_record", lambda folder: made)
        result = run("reconcile", "--county", "Monterey", "--year", "2024", "--format", "csv")
        assert result.exit_code == 1
        differing = [row for row in csv.DictReader(io.StringIO(result.stdout)) if row["comparison"] == DIFFER]
        (row,) = differing
        assert list(row.values()) == ["2024", OFFICE, "HI", "5+6", "5+8", "5+8", DIFFER]

    def test_a_status_that_cde_did_not_print_ends_with_status_1_and_both_words(self, monkeypatch):
        name = record().lea_years[2023, OFFICE].name.value
        one = record().published[2023, OFFICE]
        changed = replace(one, status=one.status._replace(value="General Support"))
        made = replace(record(), published={**record().published, (2023, OFFICE): changed})
        monkeypatch.setattr("pyreport.evidence.readers.given.read_record", lambda folder: made)
        result = run("reconcile", "--county", "Monterey", "--year", "2023")
        assert result.exit_code == 1
        (line,) = [line for line in result.stdout.splitlines() if line.startswith("  ")]
        assert line == (f"  2023 {OFFICE} {name}: status is {one.status.value}, CDE printed General Support")

    def test_wrong_use_is_refused(self):
        assert "did you mean Monterey?" in refused("reconcile", "--county", "Montrey")
        assert "no determinations were made from that of 2021" in refused("reconcile", "--year", "2021")

    def test_the_output_option_writes_the_file(self, tmp_path):
        result = run("reconcile", "--county", "Monterey", "--output", tmp_path / "compared.txt")
        assert (result.exit_code, result.stdout) == (0, "")
        assert (tmp_path / "compared.txt").read_text(encoding="utf-8") == MONTEREY_SAYS


def test_a_county_without_figures_has_no_cells_but_those_of_the_red_list():
    decision = decide(policy(), record(), Scope(only={"02"}))
    assert {one.year for one in cells(decision.graph)} == {2023}
    assert record().counties["02"].leas == {}
    assert CountyEvidence().leas == {}
