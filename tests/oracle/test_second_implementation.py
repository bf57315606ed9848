"""The second implementation against CDE's publication, on hand-made cases, and the reach of the made-up counties."""

from __future__ import annotations

import functools
import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from .made_up_counties import GROUPS, LETTERS, METHOD_COLUMNS, NAMES, WINDOWS, Tables, county
from .second_implementation import COLUMNS, PRIORITIES_OF_LETTER, YEARS, decide

SHARED = Path(__file__).resolve().parents[3] / "shared"
BOOKS = SHARED / "data" / "assistance_status"

# Dashboard year -> file, sheet, row of the headers
WORKBOOKS = {
    2017: ("assistancestatus17.xls", 0, 4),
    2018: ("assistancestatus18.xlsx", 0, 2),
    2019: ("assistancestatus19-rev.xlsx", 3, 5),
    2022: ("assistancestatus22.xlsx", 3, 5),
    2023: ("assistancestatus23.xlsx", 3, 5),
    2024: ("assistancestatus24-inputs.xlsx", 3, 5),
}
LISTED = {2017: 936, 2018: 993, 2019: 997, 2022: 993, 2023: 991, 2024: 994, 2025: 992}
ANSWERED = (2017, 2018, 2019, 2022, 2023)
OPEN_AT_MOST = {2022: 16, 2023: 71, 2024: 76, 2025: 109}

published_files = [
    pytest.mark.shared,
    pytest.mark.skipif(not BOOKS.is_dir(), reason="the published workbooks (../shared) are not beside this checkout"),
]


# ---------------------------------------------------------------- CDE's publication


@functools.cache
def workbook(year: int) -> pd.DataFrame:
    """The rows of one year's file, all text, "" where blank; group columns named `AA` ... `WH`."""
    if year == 2025:
        book = pd.read_csv(BOOKS / "letters-2025.csv", dtype=str, keep_default_na=False)
    else:
        name, sheet, header = WORKBOOKS[year]
        book = pd.read_excel(
            BOOKS / name, sheet_name=sheet, header=header, dtype=str, keep_default_na=False, engine="calamine"
        )
    renamed = {}
    for column in book.columns:
        marks = re.fullmatch(r"([A-Z]+)_?priorities", column, flags=re.IGNORECASE)
        if marks:
            renamed[column] = {"MR": "TOM"}.get(marks[1].upper(), marks[1].upper())
    others = {"LEAname": "name", "districtname": "name", "Assistance_Status": "AssistanceStatus2017"}
    book = book.rename(columns=renamed | others)
    return book[book["CDS"] != ""]


@functools.cache
def published_tables() -> Tables:
    """The three input tables of all seven years, read from CDE's files; 2025 has letters only."""
    lea, priorities_met, published_method = [], [], []
    for year in YEARS:
        for row in workbook(year).to_dict("records"):
            cds = row["CDS"]
            lea.append((year, cds, row["name"]))
            for group in GROUPS:
                if row.get(group, "") not in ("", "*"):
                    priorities_met.append((year, cds, group, row[group]))
            published_method.append((year, cds, *(row.get(f"MetMethod{number}", "") for number in (1, 2, 3, 4))))
    return (
        pd.DataFrame(lea, columns=["dashboard_year", "cds", "name"]),
        pd.DataFrame(priorities_met, columns=["dashboard_year", "cds", "group", "letter"]),
        pd.DataFrame(
            published_method, columns=["dashboard_year", "cds", "method_1", "method_2", "method_3", "method_4"]
        ),
    )


@functools.cache
def decided(year: int) -> pd.DataFrame:
    """`decide` of that year on CDE's files."""
    lea, priorities_met, published_method = published_tables()
    return decide(lea, priorities_met, published_method, year)


class TestAgainstPublication:
    """Every LEA of every year whose answers are published."""

    pytestmark = published_files

    @pytest.mark.parametrize("year", YEARS)
    def test_all_leas_are_decided_once(self, year: int) -> None:
        assert len(workbook(year)) == LISTED[year]
        assert list(decided(year).index) == list(workbook(year)["CDS"])
        assert decided(year).index.is_unique

    def test_4910_lea_years_are_compared(self) -> None:
        assert sum(len(decided(year)) for year in ANSWERED) == 4910

    @pytest.mark.parametrize("year", ANSWERED)
    def test_status(self, year: int) -> None:
        published = workbook(year).set_index("CDS")[f"AssistanceStatus{year}"].str.strip()
        assert decided(year)["status"].to_dict() == published.to_dict()

    @pytest.mark.parametrize("year", [2018, 2019, 2022, 2023])
    def test_methods(self, year: int) -> None:
        book = workbook(year).set_index("CDS")
        printed = [number for number in "1234" if f"MetMethod{number}" in book]
        published = {
            cds: "+".join(number for number in printed if row[f"MetMethod{number}"] == "Y")
            for cds, row in book.to_dict("index").items()
        }
        assert decided(year)["methods"].to_dict() == published

    @pytest.mark.parametrize("year", YEARS)
    def test_groups(self, year: int) -> None:
        published = {}
        for row in workbook(year).to_dict("records"):
            cells = [(group, row[group]) for group in sorted(set(GROUPS) & set(row)) if row[group] not in ("", "*")]
            published[row["CDS"]] = " ".join(
                f"{group}={'+'.join(str(priority) for priority in PRIORITIES_OF_LETTER[letter])}"
                for group, letter in cells
            )
        assert decided(year)["groups"].to_dict() == published

    @pytest.mark.parametrize("year", [2017, 2018, 2019, 2022, 2023, 2024])
    def test_number_of_groups(self, year: int) -> None:
        book = workbook(year).set_index("CDS")
        total = "TOTAL_STUDENT_GROUPS" if year == 2017 else "TotalStudentGroups"
        assert decided(year)["groups"].str.split().str.len().to_dict() == book[total].astype(int).to_dict()

    @pytest.mark.parametrize(("year", "yes"), [(2022, 39), (2023, 66)])
    def test_flags_of_ec_52072(self, year: int, yes: int) -> None:
        published = workbook(year).set_index("CDS")[f"EC52072_{year}"]
        ours = decided(year)["persistent_52072"]
        still_open = ours == "?"
        assert (published == "Y").sum() == yes
        assert still_open.sum() <= OPEN_AT_MOST[year]
        assert ours[~still_open].to_dict() == published[~still_open].to_dict()

    @pytest.mark.parametrize("year", OPEN_AT_MOST)
    def test_open_flags_are_those_of_the_law_page(self, year: int) -> None:
        assert (decided(year)["persistent_52072"] == "?").sum() == OPEN_AT_MOST[year]

    def test_mountain_union_elementary_stays_open(self) -> None:
        """The one published Y by the fewer-than-three branch: two groups, which letters alone cannot show."""
        book = workbook(2023).set_index("CDS")
        ours = decided(2023)["persistent_52072"]
        assert list(book["name"][(book["EC52072_2023"] == "Y") & (ours == "?")]) == ["Mountain Union Elementary"]

    def test_locally_attributed_groups_do_not_recur(self) -> None:
        """McKinleyville Union Elementary 2023: a third group would recur by Method 2 attribution; CDE prints N."""
        book = workbook(2023)
        cds = book.loc[book["name"].str.startswith("McKinleyville Union Elementary"), "CDS"].item()
        assert decided(2023).loc[cds, "persistent_52072"] == "N"

    def test_second_years_of_2024(self) -> None:
        """Year 2 in 2024: identified in 2023, as the 2024 workbook reprints it, and by nothing in 2024."""
        ours = decided(2024)
        reprinted = workbook(2024).set_index("CDS")["AssistanceStatus2023"]
        expected = {
            cds: "Differentiated Assistance, Year 1"
            if ours.loc[cds, "methods"]
            else "Differentiated Assistance, Year 2"
            if reprinted[cds] == "Differentiated Assistance, Year 1"
            else "General Assistance"
            for cds in ours.index
        }
        assert ours["status"].to_dict() == expected

    def test_county_offices(self) -> None:
        offices = {year: (decided(year)["kind"] == "county_office").sum() for year in YEARS}
        assert offices == {2017: 0, 2018: 58, 2019: 58, 2022: 58, 2023: 58, 2024: 58, 2025: 58}
        assert decided(2023).loc["37764710000000", "kind"] == "district"

    @pytest.mark.parametrize("year", YEARS)
    def test_order_of_rows_is_indifferent(self, year: int) -> None:
        lea, met, printed = (table.sample(frac=1, random_state=year) for table in published_tables())
        pd.testing.assert_frame_equal(decide(lea, met, printed, year).sort_index(), decided(year).sort_index())


# ---------------------------------------------------------------- hand-made cases

DISTRICT, OFFICE = "07617960000000", "07100740000000"


def one_lea(cds: str, letters: dict[int, str], methods: dict[int, str] | None = None) -> Tables:
    """The three tables for one LEA listed in all years.

    letters: Dashboard year -> for example "EL=A SWD=C". methods: Dashboard year -> those of "234" printed Y.
    """
    met = [(year, cds, *cell.split("=")) for year, cells in letters.items() for cell in cells.split()]
    printed = [
        (year, cds, "", *("Y" if number in (methods or {}).get(year, "") else "N" for number in "234"))
        for year in YEARS
    ]
    return (
        pd.DataFrame([(year, cds, "Someplace") for year in YEARS], columns=["dashboard_year", "cds", "name"]),
        pd.DataFrame(met, columns=["dashboard_year", "cds", "group", "letter"]),
        pd.DataFrame(printed, columns=["dashboard_year", "cds", "method_1", "method_2", "method_3", "method_4"]),
    )


@pytest.mark.parametrize("year", [2016, 2020, 2021, 2026])
def test_years_without_determinations_are_refused(year: int) -> None:
    with pytest.raises(ValueError, match=str(year)):
        decide(*one_lea(DISTRICT, {}), year)


@pytest.mark.parametrize(
    ("letters", "methods", "words"),
    [
        ({2017: "EL=D"}, {}, ["Differentiated Support", *["General Assistance"] * 6]),
        (
            {2022: "EL=D"},
            {},
            ["General Support", *["General Assistance"] * 2, "Differentiated Assistance", *["General Assistance"] * 3],
        ),
        ({2023: "EL=D"}, {}, ["Year 1", "Year 2", "General Assistance"]),
        ({2023: "EL=D", 2024: "WH=D"}, {}, ["Year 1", "Year 1", "Differentiated Assistance"]),
        ({}, {2023: "2"}, ["Year 1", "Year 2", "General Assistance"]),
        ({}, {2023: "3"}, ["Year 1", "Year 2", "General Assistance"]),
        ({}, {2024: "4"}, ["General Assistance", "Year 1", "General Assistance"]),
        ({}, {2024: "24"}, ["General Assistance", "Year 1", "Differentiated Assistance"]),
        ({2023: "EL=D"}, {2024: "4"}, ["Year 1", "Year 1", "General Assistance"]),
        ({2025: "EL=D"}, {}, ["General Assistance", "General Assistance", "Differentiated Assistance"]),
    ],
)
def test_status_words(letters: dict[int, str], methods: dict[int, str], words: list[str]) -> None:
    """`words` are those of the latest years; "Year 1" is short for CDE's full words."""
    years = YEARS[-len(words) :]
    long = {number: f"Differentiated Assistance, {number}" for number in ("Year 1", "Year 2")}
    ours = [decide(*one_lea(DISTRICT, letters, methods), year).loc[DISTRICT, "status"] for year in years]
    assert ours == [long.get(word, word) for word in words]


@pytest.mark.parametrize(
    ("letters", "flag"),
    [
        (dict.fromkeys((2018, 2019, 2023), "EL=A SED=B SWD=C"), "Y"),
        (dict.fromkeys((2018, 2019, 2022), "EL=A SED=B SWD=C"), "Y"),
        (dict.fromkeys((2018, 2019, 2022), "EL=A SED=B"), "?"),
        (dict.fromkeys((2018, 2019, 2023), "EL=A SED=B"), "?"),
        (dict.fromkeys((2018, 2019, 2023), "EL=A"), "?"),
        (dict.fromkeys((2018, 2019, 2023), "EL=A SED=B") | {2022: "WH=B"}, "?"),
        (dict.fromkeys((2018, 2019), "EL=A SED=B") | {2023: "EL=A SED=B WH=B"}, "N"),
        (dict.fromkeys((2018, 2019, 2022), "EL=A SED=B") | {2023: "WH=B"}, "N"),
        (dict.fromkeys((2017, 2018, 2023), "EL=A SED=B SWD=C"), "N"),
        ({2018: "EL=A AA=A HI=A", 2019: "FI=A SED=A WH=A", 2022: "AI=A AS=A PI=A", 2023: "SWD=A FOS=A HOM=A"}, "N"),
        ({}, "N"),
    ],
)
def test_three_of_four_dashboards(letters: dict[int, str], flag: str) -> None:
    for cds in (DISTRICT, OFFICE):
        assert decide(*one_lea(cds, letters), 2023).loc[cds, "persistent_52072"] == flag


def test_methods_two_and_three_add_no_recurring_group() -> None:
    tables = one_lea(DISTRICT, {2019: "EL=A", 2022: "EL=A"}, {2018: "2", 2023: "2"})
    row = decide(*tables, 2023).loc[DISTRICT]
    assert (row["methods"], row["persistent_52072"], row["persistent_52071f"]) == ("2", "N", "N")


def test_three_dashboards_running() -> None:
    def column(cds: str, letters: dict[int, str], name: str) -> dict[int, str]:
        """One column of one LEA, the years in which it is empty left out."""
        values = {year: decide(*one_lea(cds, letters), year).loc[cds, name] for year in YEARS}
        return {year: value for year, value in values.items() if value}

    letters = dict.fromkeys((2017, 2018, 2019, 2022, 2023), "EL=A FOS=K") | {2018: "EL=B", 2024: "WH=E"}
    assert column(DISTRICT, letters, "lcap_goal_groups") == {2019: "EL", 2022: "EL"}
    assert column(DISTRICT, letters, "persistent_52071f") == {2023: "Y", 2024: "N", 2025: "N"}
    letters = dict.fromkeys((2018, 2019, 2022, 2023, 2024), "EL=A FOS=K")
    assert column(OFFICE, letters, "lcap_goal_groups") == {2022: "EL FOS"}
    assert column(OFFICE, letters, "persistent_52071f") == {2023: "N", 2024: "N", 2025: "N"}


def test_row_of_one_lea() -> None:
    tables = one_lea("10101080000000", {2019: "HOM=H FOS=F"}, {2019: "2"})
    assert decide(*tables, 2019).loc["10101080000000"].to_dict() == {
        "kind": "county_office",
        "dashboard_year": 2019,
        "status": "Differentiated Assistance",
        "methods": "1+2",
        "groups": "FOS=5+8 HOM=4+5+8",
        "persistent_52072": "",
        "persistent_52071f": "",
        "lcap_goal_groups": "",
    }
    assert decide(*one_lea("10621080000000", {}), 2019).loc["10621080000000", "kind"] == "district"


def test_refused_input() -> None:
    lea, met, printed = one_lea(DISTRICT, {2019: "EL=A"})
    with pytest.raises(ValueError, match="listed twice"):
        decide(pd.concat([lea, lea]), met, printed, 2019)
    with pytest.raises(ValueError, match="two letters"):
        decide(lea, pd.concat([met, met]), printed, 2019)
    with pytest.raises(ValueError, match="letter"):
        decide(lea, met.assign(letter="*"), printed, 2019)
    with pytest.raises(ValueError, match="group"):
        decide(lea, met.assign(group="ALL"), printed, 2019)


def test_year_without_leas_gives_an_empty_table() -> None:
    lea, met, printed = one_lea(DISTRICT, {2019: "EL=A"})
    ours = decide(lea[lea["dashboard_year"] != 2019], met, printed, 2019)
    assert (len(ours), list(ours.columns), ours.index.name) == (0, COLUMNS, "cds")


# ---------------------------------------------------------------- the made-up counties

SEEDS = range(200)
AT_LEAST = 10
"""How often each branch must occur among the counties of SEEDS."""


@functools.cache
def made_up(seed: int) -> Tables:
    """The county of that seed, drawn once."""
    return county(seed)


def test_same_seed_same_county() -> None:
    for seed in range(5):
        for first, second in zip(county(seed), county(seed), strict=True):
            pd.testing.assert_frame_equal(first, second)
    assert not county(1)[0].equals(county(2)[0])


def test_tables_have_the_shape_of_the_published_ones() -> None:
    for seed in SEEDS:
        lea, met, printed = made_up(seed)
        assert list(lea.columns) == ["dashboard_year", "cds", "name"]
        assert list(met.columns) == ["dashboard_year", "cds", "group", "letter"]
        assert list(printed.columns) == ["dashboard_year", "cds", "method_1", "method_2", "method_3", "method_4"]
        assert lea["cds"].str.fullmatch(r"(0[1-9]|[1-4]\d|5[0-8])\d{5}0{7}").all()
        assert lea["cds"].str[:2].nunique() == 1
        assert not lea.duplicated(["dashboard_year", "cds"]).any()
        assert not met.duplicated(["dashboard_year", "cds", "group"]).any()
        assert set(met["group"]) <= set(GROUPS)
        assert all(letter in LETTERS[year] for year, letter in zip(met["dashboard_year"], met["letter"], strict=True))
        assert (met.loc[met["group"] == "LTEL", "dashboard_year"] >= 2024).all()
        listed = set(zip(lea["dashboard_year"], lea["cds"], strict=True))
        assert set(zip(met["dashboard_year"], met["cds"], strict=True)) <= listed
        assert sorted(zip(printed["dashboard_year"], printed["cds"], strict=True)) == sorted(listed)
        assert not any(cds[2:4] == "10" for year, cds in listed if year == 2017)


def test_printed_methods_are_possible() -> None:
    for seed in SEEDS:
        _, met, printed = made_up(seed)
        lettered = set(zip(met["dashboard_year"], met["cds"], strict=True))
        for year, cds, *marks in printed.itertuples(index=False, name=None):
            on_record = {number for number, mark in zip("1234", marks, strict=True) if mark}
            yes = {number for number, mark in zip("1234", marks, strict=True) if mark == "Y"}
            assert on_record == set(METHOD_COLUMNS[year])
            if "1" in on_record:
                assert ("1" in yes) == ((year, cds) in lettered)
            if "3" in yes:
                assert "2" not in yes
                assert (year, cds) not in lettered


def branches(tables: Tables) -> Counter[str]:
    """How often each branch of the rules is taken in one county, all years together."""
    lea, met, _ = tables
    seen: Counter[str] = Counter()
    times: dict[tuple[str, int], set[str]] = {}
    for year, cds, group, letter in met.itertuples(index=False, name=None):
        times.setdefault((cds, year), set()).add(group)
        seen[f"letter {letter}"] += 1
        seen[f"group {group}"] += 1
    answers = {year: decide(*tables, year) for year in YEARS}
    for year, answer in answers.items():
        earlier = answers.get(year - 1)
        for cds, row in answer.iterrows():
            kind, now = row["kind"], times.get((cds, year), set())
            seen[f"{year} {kind}"] += 1
            seen[f"{year} {row['status']}"] += 1
            seen[f"{year} methods {row['methods'] or 'none'}"] += 1
            seen[f"{year} {kind} 52072 {row['persistent_52072']}"] += 1
            seen[f"{year} {kind} 52071(f) {row['persistent_52071f']}"] += 1
            seen[f"{year} {kind} {min(2, len(row['lcap_goal_groups'].split()))} groups with a goal"] += 1
            if earlier is not None and cds in earlier.index:
                seen[f"{year} {row['status']} after methods {earlier.loc[cds, 'methods'] or 'none'}"] += 1
            if year >= 2022:
                window = WINDOWS[year]
                counts = Counter(group for dashboard in window for group in times.get((cds, dashboard), set()))
                recurring = {group for group, count in counts.items() if count >= 3}
                seen.update(f"{year} a group {count} times" for count in counts.values())
                seen[f"{year} {min(4, len(recurring))} recurring"] += 1
                if 1 <= len(recurring) <= 2:
                    if not now:
                        seen["open: no letter in the determination year"] += 1
                    elif now - recurring:
                        seen["N: a group known to exist does not recur"] += 1
                    elif set(counts) - recurring:
                        seen["open: another group only in earlier years"] += 1
                    else:
                        seen["open: every letter is of a recurring group"] += 1
                if not recurring and counts:
                    seen["N: letters, but none recurs"] += 1
                if len(recurring) >= 3 and not now:
                    seen["Y without a letter in the determination year"] += 1
                before = [dashboard for dashboard in YEARS if dashboard < window[0]]
                three_in_all = [
                    group
                    for group, count in counts.items()
                    if count == 2 and any(group in times.get((cds, dashboard), set()) for dashboard in before)
                ]
                if len(three_in_all) >= 3 and not recurring:
                    seen["N: three groups three times, not in the window"] += 1
                if kind == "county_office" and year >= 2023:
                    streak = set.intersection(*(times.get((cds, dashboard), set()) for dashboard in window[1:]))
                    seen[f"52071(f) would hold for a county office {year}"] += bool(streak)
    years_of = {cds: sorted(rows) for cds, rows in lea.groupby("cds")["dashboard_year"]}
    names = {cds: set(rows) for cds, rows in lea.groupby("cds")["name"]}
    for cds, years in years_of.items():
        seen["appears late"] += years[0] > 2018
        seen["vanishes"] += years[-1] < 2025
        seen["missing in between"] += len(YEARS[YEARS.index(years[0]) : YEARS.index(years[-1]) + 1]) > len(years)
        seen["name changes"] += len(names[cds]) > 1
        seen["no letter in any year"] += not any((cds, year) in times for year in years)
        seen["letters in some years only"] += 0 < sum((cds, year) in times for year in years) < len(years)
        seen["county 10, a district"] += cds[:2] == "10" and cds[2:4] != "10"
        seen["a 10 elsewhere in the district part"] += cds[2:4] != "10" and "10" in cds[3:7]
        seen["same name under a later code"] += any(
            other != cds and names[other] & names[cds] and years_of[other][0] > years[-1] for other in years_of
        )
    seen.update(f"name {name}" for name in set(lea["name"]))
    return seen


WANTED = [
    *(f"letter {letter}" for letter in PRIORITIES_OF_LETTER),
    *(f"group {group}" for group in GROUPS),
    *(f"name {name}" for name in NAMES),
    *(f"{year} district" for year in YEARS),
    *(f"{year} county_office" for year in YEARS[1:]),
    "2017 General Support",
    "2017 Differentiated Support",
    *(f"{year} General Assistance" for year in YEARS[1:]),
    *(f"{year} Differentiated Assistance" for year in (2018, 2019, 2022, 2025)),
    *(f"{year} Differentiated Assistance, Year 1" for year in (2023, 2024)),
    "2024 Differentiated Assistance, Year 2",
    *(f"{year} methods {methods}" for year in YEARS for methods in ("none", "1")),
    *(f"{year} methods {methods}" for year in (2018, 2019, 2023, 2024) for methods in ("2", "3", "1+2")),
    *(f"2024 methods {methods}" for methods in ("4", "1+4", "2+4", "3+4", "1+2+4")),
    "2023 General Assistance after methods 1",
    *(f"2024 Differentiated Assistance, Year 2 after methods {methods}" for methods in ("1", "2", "3", "1+2")),
    *(f"2024 Differentiated Assistance, Year 1 after methods {methods}" for methods in ("none", "1", "2")),
    *(f"2025 Differentiated Assistance after methods {methods}" for methods in ("none", "1", "2", "3", "1+2", "2+4")),
    "2025 General Assistance after methods 4",
    *(f"{year} {kind} 52072 {flag}" for year in WINDOWS for kind in ("district", "county_office") for flag in "YN?"),
    *(f"{year} district 52071(f) {flag}" for year in (2023, 2024, 2025) for flag in "YN"),
    *(f"52071(f) would hold for a county office {year}" for year in (2023, 2024, 2025)),
    *(f"{year} district {count} groups with a goal" for year in (2019, 2022) for count in (0, 1, 2)),
    *(f"2022 county_office {count} groups with a goal" for count in (0, 1, 2)),
    *(f"{year} a group {count} times" for year in WINDOWS for count in (1, 2, 3, 4)),
    *(f"{year} {count} recurring" for year in WINDOWS for count in (0, 1, 2, 3, 4)),
    "open: no letter in the determination year",
    "open: every letter is of a recurring group",
    "open: another group only in earlier years",
    "N: a group known to exist does not recur",
    "N: letters, but none recurs",
    "N: three groups three times, not in the window",
    "Y without a letter in the determination year",
    "appears late",
    "vanishes",
    "missing in between",
    "name changes",
    "no letter in any year",
    "letters in some years only",
    "county 10, a district",
    "a 10 elsewhere in the district part",
    "same name under a later code",
]


@functools.cache
def all_branches() -> Counter[str]:
    """The branches taken in all counties of SEEDS."""
    return sum((branches(made_up(seed)) for seed in SEEDS), Counter())


@pytest.mark.parametrize("branch", WANTED)
def test_made_up_counties_reach(branch: str) -> None:
    assert all_branches()[branch] >= AT_LEAST


def test_all_county_parts_occur() -> None:
    assert {made_up(seed)[0]["cds"].iloc[0][:2] for seed in SEEDS} >= {"01", "10", "58"}


@pytest.mark.parametrize("seed", range(20))
def test_printed_method_1_is_never_read(seed: int) -> None:
    lea, met, printed = made_up(seed)
    for year in YEARS:
        turned = printed.assign(method_1=printed["method_1"].map({"Y": "N", "N": "Y", "": "Y"}))
        pd.testing.assert_frame_equal(decide(lea, met, turned, year), decide(lea, met, printed, year))
