"""The conclusions as a table: against CDE's publication and against a second implementation."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pandas as pd
import pytest
from next_year import ENCODED, NEXT_YEAR
from oracle.made_up_counties import YEARS, Tables, county
from oracle.second_implementation import COLUMNS as SECOND_COLUMNS
from oracle.second_implementation import decide as decide_again

from pyreport.evidence.model import LeaYear
from pyreport.evidence.record import Record
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.evidence.scope import Scope
from pyreport.evidence.status_layouts import methods
from pyreport.files.places import policy_folder
from pyreport.reasoning.decision import Decision, decide
from pyreport.reasoning.determination_columns import COLUMNS, as_columns
from pyreport.reasoning.determinations import Certainty, Determination, YesNoOpen
from pyreport.reasoning.encoded_years import YearNotEncoded, check_year
from pyreport.reasoning.graph import Instance
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom

from .made_up_records import lea_year, record_of


@cache
def policy() -> Rulebook:
    return load_rulebook(policy_folder())


RECORD = read_record(record_folder())
SEEDS = range(80)
PUBLISHED = {2017: 936, 2018: 993, 2019: 997, 2022: 993, 2023: 991, 2024: 994, 2025: 992}


@cache
def whole_record() -> Decision:
    return decide(policy(), RECORD)


@cache
def determined() -> dict[tuple[int, str], Determination]:
    return {(row.dashboard_year, row.cds): row for row in whole_record().determinations()}


LETTERS_ONLY = Record(RECORD.lea_years)
"""The status files alone: without figures, red list, local indicators and charters."""


@cache
def letters_only() -> Decision:
    return decide(policy(), LETTERS_ONLY)


@cache
def unpublished() -> Decision:
    """The record without what CDE concluded itself."""
    return decide(policy(), RECORD.without({"published"}))


@cache
def with_figures() -> dict[tuple[int, str], str]:
    """The LEA-years of which the Dashboard's files have rows, each with its name in the first of them."""
    found: dict[tuple[int, str], str] = {}
    rows = [
        (year, lea.cds, publication.kind, lea.name)
        for evidence in RECORD.counties.values()
        for year, publication, lea in evidence.reported()
    ]
    for year, cds, _, name in sorted(rows):
        found.setdefault((year, cds), name)
    return found


@cache
def in_directory_alone() -> dict[tuple[int, str], str]:
    """The charter schools that no file of the year names, with their names, by year and code."""
    years = {fact[1] for rule in policy().by_head["charter_test_in_force"] for fact in rule.facts}
    return {
        (year, school.cds): school.name
        for evidence in RECORD.counties.values()
        for rows in evidence.charters.values()
        for school in rows
        for year in years
        if (year, school.cds) not in with_figures()
    }


def of_year(year: int) -> dict[tuple[int, str], LeaYear]:
    return {key: one for key, one in RECORD.lea_years.items() if key[0] == year}


class TestAgainstPublication:
    """Every LEA of every year whose answers CDE published; there is no list of exceptions."""

    @pytest.mark.parametrize("year", PUBLISHED)
    def test_every_status_is_the_published_one(self, year):
        published = {key: one.status.value for key, one in RECORD.published.items() if key[0] == year}
        assert len(published) == PUBLISHED[year]
        assert [(key, words) for key, words in published.items() if determined()[key].status != words] == []

    def test_these_are_6896_lea_years_of_which_none_is_possible(self):
        assert len(RECORD.published) == 6896
        standing = Counter(determined()[key].differentiated_assistance for key in RECORD.published)
        assert set(standing) == {"certain", "ruled out"}

    def test_of_four_lea_years_alone_the_printed_status_is_all_that_says_so(self):
        by_status = {atom[2] for atom in whole_record().graph.atoms("eligible_as_printed")}
        assert (by_status, len(whole_record().graph.atoms("eligible_as_printed"))) == ({2025}, 4)

    def test_without_what_cde_concluded_the_statuses_but_those_four_come_out_all_the_same(self):
        rows = {(row.dashboard_year, row.cds): row for row in unpublished().determinations()}
        differing = [key for key, one in RECORD.published.items() if rows[key].status != one.status.value]
        assert len(differing) == 4
        assert {year for year, _ in differing} == {2025}
        open_ones = Counter(key[0] for key in RECORD.published if rows[key].differentiated_assistance == "possible")
        assert open_ones == {2025: 411}

    @pytest.mark.parametrize("year", [2018, 2019, 2022, 2023, 2024])
    def test_the_methods_are_the_published_ones(self, year):
        published = {
            key: tuple(number for number, cell in sorted(one.methods.items()) if cell.value == "Y")
            for key, one in of_year(year).items()
        }
        assert len(published) == PUBLISHED[year]
        assert [(key, wanted) for key, wanted in published.items() if determined()[key].methods != wanted] == []

    @pytest.mark.parametrize(
        ("decision", "year", "yes", "still_open"),
        [
            (letters_only, 2022, 39, 16),
            (letters_only, 2023, 66, 71),
            # The red list shows that groups exist that do not recur.
            (unpublished, 2022, 39, 16),
            (unpublished, 2023, 66, 6),
            # What is open then, CDE's printed flag settles.
            (whole_record, 2022, 39, 0),
            (whole_record, 2023, 66, 0),
            (whole_record, 2024, 67, 0),
            (whole_record, 2025, 64, 0),
        ],
    )
    def test_every_decided_flag_of_ec_52072_is_the_published_one(self, decision, year, yes, still_open):
        published = {
            key: one.ec_52072.value for key, one in RECORD.published.items() if key[0] == year and one.ec_52072
        }
        assert Counter(published.values())["Y"] == yes
        rows = {(row.dashboard_year, row.cds): row for row in decision().determinations([year])}
        decided = {key: as_columns(rows[key])["persistent_52072"] for key in published}
        assert [(key, flag) for key, flag in published.items() if decided[key] not in (flag, "?")] == []
        assert Counter(decided.values())["?"] == still_open

    def test_what_the_letters_decide_of_ec_52072_further_evidence_does_not_change(self):
        rows = letters_only().determinations()
        decided = [row for row in rows if row.persistent_52072 in (YesNoOpen.YES, YesNoOpen.NO)]
        changed = [
            (row.dashboard_year, row.cds)
            for row in decided
            if determined()[row.dashboard_year, row.cds].persistent_52072 != row.persistent_52072
        ]
        assert changed == []
        assert len(decided) > 3000

    def test_every_flag_of_ec_52071_f_is_the_published_one(self):
        published = {key: one.ec_52071f.value for key, one in RECORD.published.items() if one.ec_52071f}
        assert len(published) == 992
        assert [
            key for key, flag in published.items() if as_columns(determined()[key])["persistent_52071f"] != flag
        ] == []

    @pytest.mark.parametrize("decision", [letters_only, unpublished])
    def test_the_flags_published_as_yes_are_decided_but_for_one_lea_with_two_groups(self, decision):
        rows = {(row.dashboard_year, row.cds): row for row in decision().determinations()}
        still_open = [
            (year, rows[year, cds].name)
            for (year, cds), one in RECORD.published.items()
            if one.ec_52072 and one.ec_52072.value == "Y" and rows[year, cds].persistent_52072 is YesNoOpen.OPEN
        ]
        assert (2023, "Mountain Union Elementary") in still_open
        assert [one for one in still_open if one[0] < 2024] == [(2023, "Mountain Union Elementary")]


def first(decision: Decision, year: int) -> pd.DataFrame:
    rows = decision.determinations([year])
    table = [tuple(as_columns(row)[column] for column in SECOND_COLUMNS) for row in rows]
    return pd.DataFrame(table, columns=SECOND_COLUMNS, index=[row.cds for row in rows])


def differences(decision: Decision, tables: Tables, year: int) -> list[tuple[object, ...]]:
    one, other = first(decision, year), decide_again(*tables, year)
    assert sorted(one.index) == sorted(other.index)
    return [
        (year, cds, column, one.at[cds, column], other.at[cds, column])
        for cds in one.index
        for column in SECOND_COLUMNS
        if one.at[cds, column] != other.at[cds, column]
    ]


class TestAgainstSecondImplementation:
    @pytest.mark.parametrize(
        "seed", [seed if seed < 20 else pytest.param(seed, marks=pytest.mark.sweep) for seed in SEEDS]
    )
    def test_a_made_up_county_is_decided_alike_in_every_column_of_every_year(self, seed):
        tables = county(seed)
        decision = decide(policy(), record_of(tables))
        assert [found for year in YEARS for found in differences(decision, tables, year)] == []

    def test_the_made_up_counties_give_every_answer_there_is(self):
        answers: dict[str, set[str]] = {column: set() for column in SECOND_COLUMNS}
        for seed in SEEDS:
            for year in YEARS:
                table = decide_again(*county(seed), year)
                for column in SECOND_COLUMNS:
                    answers[column] |= set(map(str, table[column]))
        assert answers["persistent_52072"] == {"", "Y", "N", "?"}
        assert answers["persistent_52071f"] == {"", "Y", "N"}
        assert answers["kind"] == {"district", "county_office"}
        assert len(answers["status"]) == 6
        assert {"", "1", "2", "3", "4", "1+2", "1+2+4"} <= answers["methods"]
        assert len(answers["lcap_goal_groups"]) > 2

    @pytest.mark.parametrize("year", YEARS)
    def test_all_letters_on_record_are_decided_alike_in_every_column(self, year):
        lea = pd.DataFrame(
            [(year, cds, one.name.value) for (year, cds), one in RECORD.lea_years.items()],
            columns=["dashboard_year", "cds", "name"],
        )
        letters = pd.DataFrame(
            [
                (year, cds, group, cell.value)
                for (year, cds), one in RECORD.lea_years.items()
                for group, cell in one.letters.items()
            ],
            columns=["dashboard_year", "cds", "group", "letter"],
        )
        answers = pd.DataFrame(
            [
                (year, cds, *(one.methods[n].value if n in one.methods else "" for n in methods().values()))
                for (year, cds), one in RECORD.lea_years.items()
            ],
            columns=["dashboard_year", "cds", *methods()],
        )
        assert differences(letters_only(), (lea, letters, answers), year) == []


class TestTable:
    def test_the_columns_are_those_that_are_promised(self):
        assert COLUMNS[:11] == (
            "cds",
            "name",
            "county",
            "kind",
            "dashboard_year",
            "status",
            "methods",
            "groups",
            "persistent_52072",
            "persistent_52071f",
            "lcap_goal_groups",
        )
        assert {"differentiated_assistance", "methods_not_on_record"} <= set(COLUMNS)

    def test_there_is_one_row_for_each_lea_and_year_by_year_and_code(self):
        rows = [(row.dashboard_year, row.cds) for row in whole_record().determinations()]
        assert rows == sorted({*RECORD.lea_years, *with_figures(), *in_directory_alone()})
        assert [(row.dashboard_year, row.cds) for row in letters_only().determinations()] == sorted(RECORD.lea_years)

    def test_charters_and_other_leas_with_dashboard_rows_have_rows_too(self):
        named = {*RECORD.lea_years, *in_directory_alone()}
        beyond = [row for key, row in determined().items() if key not in named]
        assert Counter((row.kind, row.county, row.dashboard_year) for row in beyond) == {
            ("charter", "Monterey", 2018): 13,
            ("charter", "Monterey", 2023): 8,
            ("charter", "Monterey", 2024): 8,
        }
        assert {row.kind for key, row in determined().items() if key in RECORD.lea_years} == {
            "district",
            "county_office",
        }

    def test_charters_of_the_directory_alone_are_open_in_each_year_of_the_charter_criteria(self):
        rows = [determined()[key] for key in in_directory_alone()]
        assert Counter((row.dashboard_year, row.kind, row.status, row.differentiated_assistance) for row in rows) == {
            (2023, "charter", "", "possible"): 1263,
            (2024, "charter", "", "possible"): 1263,
            (2025, "charter", "", "possible"): 1271,
        }
        assert {row.rests_on.printed for row in rows} == {("only_in_directory",)}
        sentence = "No file of the year at hand names it; a directory of charter schools does."
        assert {row.basis.startswith(sentence) for row in rows} == {True}

    def test_the_years_that_are_asked_for_are_given_alone(self):
        rows = whole_record().determinations([2019, 2023])
        assert Counter(row.dashboard_year for row in rows) == {2019: 997, 2023: 991 + 8 + 1263}

    def test_name_and_county_are_those_of_the_file_of_the_year(self):
        names = {**in_directory_alone(), **with_figures()}
        names |= {key: one.name.value for key, one in RECORD.lea_years.items()}
        assert {key: row.name for key, row in determined().items()} == names
        assert {row.county for row in determined().values() if row.cds.startswith("27")} == {"Monterey"}

    def test_a_row_says_everything_of_its_lea(self):
        cds = "27660500000000"
        history = {2018: {}, 2019: {}, 2022: {"FOS": "B"}, 2023: {"HOM": "F", "FOS": "K"}}
        record = Record({(year, cds): lea_year(year, cds, letters) for year, letters in history.items()})
        (row,) = decide(policy(), record).determinations([2023])
        assert (row.cds, row.name, row.county, row.kind) == (cds, "LEA", "Monterey", "district")
        assert (row.dashboard_year, row.status) == (2023, "Differentiated Assistance, Year 1")
        assert (row.methods, row.groups) == ((1,), {"fos": (4, 5, 6, 8), "hom": (5, 8)})
        assert (row.persistent_52072, row.persistent_52071f) == (YesNoOpen.NO, YesNoOpen.NO)
        assert (row.lcap_goal_groups, row.lcap_goal_open) == ((), ())
        assert (row.differentiated_assistance, row.methods_not_on_record) == (Certainty.CERTAIN, (2, 3))
        assert row.basis == "Decided on Method 1 alone; Methods 2 and 3 are not on record."
        columns = as_columns(row)
        assert tuple(columns) == COLUMNS
        assert (columns["methods"], columns["groups"]) == ("1", "FOS=4+5+6+8 HOM=5+8")
        assert (columns["persistent_52072"], columns["lcap_goal_groups"]) == ("N", "")
        assert (columns["differentiated_assistance"], columns["methods_not_on_record"]) == ("certain", "2+3")

    @pytest.mark.parametrize(
        ("letters", "methods", "answer", "unknown"),
        [
            ({"FOS": "F"}, {2: "N", 3: "N"}, Certainty.CERTAIN, ()),
            ({}, {2: "Y", 3: "N"}, Certainty.CERTAIN, ()),
            ({}, {2: "N", 3: "N"}, Certainty.RULED_OUT, ()),
            ({}, {2: "N"}, Certainty.POSSIBLE, (3,)),
            ({}, {}, Certainty.POSSIBLE, (2, 3)),
        ],
    )
    def test_what_is_not_on_record_is_possible_and_not_false(self, letters, methods, answer, unknown):
        cds = "27660500000000"
        record = Record({(2023, cds): lea_year(2023, cds, letters, methods)})
        (row,) = decide(policy(), record).determinations()
        assert (row.differentiated_assistance, row.methods_not_on_record) == (answer, unknown)

    def test_later_dashboards_change_no_earlier_determination(self):
        until = decide(policy(), RECORD, Scope(until=2022, only={"19"}))
        assert until.years == [2017, 2018, 2019, 2022]
        rows = until.determinations()
        assert rows == [determined()[row.dashboard_year, row.cds] for row in rows]


def conclusions(decision: Decision, year: int) -> dict[Atom, list[tuple[str, Instance]]]:
    """What the rules conclude of one Dashboard year, with every derivation."""
    place = {
        name: predicate.arguments.index("Year") + 1
        for name, predicate in policy().predicates.items()
        if predicate.stated_by == "rules" and "Year" in predicate.arguments
    }
    return {
        atom: [(rule.id, instance) for rule, instance in support]
        for atom, support in decision.graph.support.items()
        if atom[0] in place and atom[place[atom[0]]] == year
    }


@pytest.fixture(
    scope="module",
    # 2022 is the one year of which another asks later; the newest is asked about most.
    params=[year if year in (2022, YEARS[-1]) else pytest.param(year, marks=pytest.mark.sweep) for year in YEARS],
)
def year_alone(request):
    return request.param


@pytest.fixture(scope="module")
def alone(year_alone):
    return decide(policy(), RECORD, Scope(year=year_alone))


class TestWhatAYearRestsOn:
    """``decide --year`` takes the Dashboards alone that the policy's ``rests_on`` names."""

    def test_the_rows_of_a_year_decided_alone_are_those_among_all_years(self, year_alone, alone):
        rows = alone.determinations([year_alone])
        assert rows == [row for key, row in sorted(determined().items()) if key[0] == year_alone]
        assert rows

    def test_leaving_out_the_other_dashboards_changes_no_conclusion_of_the_year(self, year_alone, alone):
        found, among_all = conclusions(alone, year_alone), conclusions(whole_record(), year_alone)
        # What a later Dashboard asks of a year of which nothing of the LEA is on record: conclusions of the later one.
        asked_later = {
            atom: {rule for rule, _ in support}
            for atom, support in among_all.items()
            if atom not in found and ("nothing_on_record", atom[1], year_alone) in among_all
        }
        assert [atom for atom in asked_later if ("covered", atom[1], year_alone) in among_all] == []
        assert found == {atom: support for atom, support in among_all.items() if atom not in asked_later}
        # Of each charter school of the directory: that nothing is on record, and that it possibly met the criteria.
        schools = len({cds for _, cds in in_directory_alone()})
        assert len(asked_later) == {2022: schools * 2}.get(year_alone, 0)
        assert set().union(*asked_later.values()) == (
            {"possible.nothing-on-record", "charters.possible.no-files"} if asked_later else set()
        )
        assert len(found) > 1000

    def test_those_dashboards_alone_are_read(self, year_alone, alone):
        rests_on = {fact[2] for rule in policy().by_head["rests_on"] for fact in rule.facts if fact[1] == year_alone}
        facts = alone.graph.facts
        assert {atom[2] for atom in facts if atom[0] in ("listed", "reported", "local_rating", "published_letter")} == {
            one for one in rests_on if one in RECORD.years
        }
        assert max(rests_on) == year_alone

    def test_every_year_with_determinations_says_what_it_rests_on(self):
        of = {
            name: {fact[1] for rule in policy().by_head[name] for fact in rule.facts} for name in ("rests_on", "regime")
        }
        assert of["rests_on"] == of["regime"] == set(ENCODED) >= set(RECORD.years)


class TestYears:
    @pytest.mark.parametrize("year", YEARS)
    def test_every_year_on_record_is_encoded(self, year):
        check_year(policy(), year)
        assert year in RECORD.years

    @pytest.mark.parametrize("year", [2020, 2021])
    def test_a_year_without_determinations_is_refused_with_the_passage_that_says_so(self, year):
        with pytest.raises(YearNotEncoded) as caught:
            check_year(policy(), year)
        passage = policy().authorities["CCEE-guidance-2021"].passages["no-dashboard"]
        assert str(year) in str(caught.value)
        assert passage in str(caught.value)
        assert "CCEE, 2021–22 guidance" in str(caught.value)
        assert "{" not in str(caught.value)

    @pytest.mark.parametrize("year", [ENCODED[0] - 1, NEXT_YEAR])
    def test_a_year_that_is_not_encoded_is_refused_with_the_files_to_write(self, year):
        with pytest.raises(YearNotEncoded) as caught:
            check_year(policy(), year)
        message = str(caught.value)
        assert f"No criteria are encoded for the {year} Dashboard" in message
        assert f"encoded are {', '.join(map(str, ENCODED))}." in message
        assert f"policy/criteria/{year}.lp" in message
        for file in ("policy/parameters/dashboards.lp", "policy/parameters/status_words.lp"):
            assert file in message
            assert (policy_folder().parent / file).is_file()
