import json
import shutil
from collections import Counter

import pytest
from next_year import ENCODED, NEXT_YEAR

from pyreport.evidence.counties import counties
from pyreport.evidence.record_reading import read_record, record_folder

from .command import PUBLISHED, answered, letters_file, needs_shared, refused, run, table

PROMISED = (
    "cds,name,county,kind,dashboard_year,status,methods,groups,persistent_52072,persistent_52071f,lcap_goal_groups"
)
ALPINE_UNIFIED = "02613330000000"
# Deciding the state takes seconds for each year: in `make test` it is done once, for all years, and else three counties
# stand for it, one of them with figures and charter schools.
SOME = ("--county", "Alpine", "--county", "Monterey", "--county", "Yuba")
SOME_AND_ALL = pytest.mark.parametrize(
    "where", [SOME, pytest.param((), marks=pytest.mark.sweep)], ids=["some counties", "the state"]
)


def test_the_promised_columns_come_first_and_in_their_order():
    header = answered("decide", "--year", "2024").stdout.splitlines()[0]
    assert header.split(",")[:11] == PROMISED.split(",")


def test_every_lea_of_the_record_is_decided_once():
    rows = table(answered("decide").stdout)
    decided = [(int(row["dashboard_year"]), row["cds"]) for row in rows]
    record = read_record(record_folder())
    with_figures = {(year, lea.cds) for one in record.counties.values() for year, _, lea in one.reported()}
    assert with_figures - set(record.lea_years)
    of_files = with_figures | set(record.lea_years)
    assert [key for key in decided if key in of_files] == sorted(of_files)
    # Beside them the charter schools of the directory, in the years since they are judged by Dashboards, as open.
    in_directory = {one.cds for part in record.counties.values() for rows in part.charters.values() for one in rows}
    others = [row for row, key in zip(rows, decided, strict=True) if key not in of_files]
    assert {(row["status"], row["differentiated_assistance"]) for row in others} == {("", "possible")}
    assert {row["cds"] for row in others} <= in_directory
    assert {cds for year, cds in decided if year == 2025} >= in_directory
    assert len(set(decided)) == len(decided)


def test_charters_are_decided_where_the_dashboards_files_have_rows_of_them():
    rows = table(answered("decide").stdout)
    charters = [row for row in rows if row["kind"] == "charter" and row["status"]]
    counted = Counter((row["dashboard_year"], row["county"]) for row in charters)
    assert counted == {("2018", "Monterey"): 13, ("2023", "Monterey"): 8, ("2024", "Monterey"): 8}


@SOME_AND_ALL
@pytest.mark.parametrize("year", [str(year) for year in read_record(record_folder()).years])
def test_one_year_alone_gives_the_rows_that_it_has_among_all_years(year, where):
    alone = table(answered("decide", "--year", year, *where).stdout)
    assert alone == [row for row in table(answered("decide", *where).stdout) if row["dashboard_year"] == year]
    assert alone


@pytest.mark.parametrize("county", ["Monterey", "monterey", "Monterey County", "27"])
def test_a_county_is_chosen_by_name_or_by_code(county):
    chosen = table(answered("decide", "--year", "2024", "--county", county).stdout)
    statewide = [row for row in table(answered("decide").stdout) if row["dashboard_year"] == "2024"]
    assert chosen == [row for row in statewide if row["county"] == "Monterey"]
    assert all(row["cds"].startswith("27") for row in chosen)


def test_several_counties_and_leas_are_chosen_together():
    arguments = ["--county", "Alpine", "--county", "Yuba", "--lea", "27102720000000"]
    rows = table(answered("decide", "--year", "2024", *arguments).stdout)
    assert {row["county"] for row in rows} == {"Alpine", "Yuba", "Monterey"}
    assert [row["cds"] for row in rows if row["county"] == "Monterey"] == ["27102720000000"]


def test_one_lea_is_decided_as_it_is_among_all():
    rows = table(answered("decide", "--lea", "27102720000000").stdout)
    assert rows == [row for row in table(answered("decide").stdout) if row["cds"] == "27102720000000"]
    assert len(rows) == 6


def test_an_unknown_county_is_refused_with_the_names_that_are_near():
    assert "did you mean Monterey?" in refused("decide", "--county", "Montrey")


def test_an_unknown_county_without_near_names_is_refused_with_what_is_expected():
    assert "a code from 01 to 58" in refused("decide", "--county", "59")


def test_an_unknown_lea_is_refused():
    assert "27000000000000: no LEA of that CDS code" in refused("decide", "--lea", "27000000000000")


def test_an_lea_that_the_years_file_does_not_list_is_refused_with_the_years_that_do():
    message = refused("decide", "--lea", "27102720000000", "--year", "2017")
    assert "2018, 2019, 2022, 2023, 2024, 2025" in message


@pytest.mark.parametrize("year", ["2020", "2021"])
def test_a_year_without_determinations_is_refused_with_the_passage_that_says_so(year):
    message = refused("decide", "--year", year)
    assert f"no determinations were made from that of {year}" in message
    assert "CCEE, 2021–22 guidance: “In the absence of Dashboard indicators" in message


@pytest.mark.parametrize("year", [str(ENCODED[0] - 1), str(NEXT_YEAR)])
def test_a_year_without_criteria_is_refused_with_the_files_to_write(year):
    message = refused("decide", "--year", year)
    assert f"No criteria are encoded for the {year} Dashboard" in message
    assert f"policy/criteria/{year}.lp" in message
    assert "policy/parameters/dashboards.lp" in message
    assert "policy/parameters/status_words.lp" in message


@pytest.mark.parametrize("option", ["--year", "--format"])
def test_a_senseless_value_is_refused(option):
    assert option in refused("decide", option, "later")


def test_data_go_to_standard_output_and_messages_to_standard_error():
    result = answered("decide", "--year", "2024", "--county", "Alpine")
    assert [row["county"] for row in table(result.stdout)] == ["Alpine", "Alpine"]
    assert "Checked:" not in result.stdout
    assert result.stderr.startswith("Checked: ")
    assert result.stderr.count("\n") == 1


def test_json_has_the_same_rows_and_says_what_they_were_decided_from():
    document = json.loads(answered("decide", "--year", "2024", "--county", "Alpine", "--format", "json").stdout)
    rows = table(answered("decide", "--year", "2024", "--county", "Alpine").stdout)
    as_text = [{name: str(value) for name, value in row.items()} for row in document["determinations"]]
    assert as_text == rows
    assert document["reading"] is None
    assert document["proof"].startswith("Checked: ")
    sources = [(source["dashboard_year"], source["file"]) for source in document["sources"]]
    assert sources == [
        (2017, "assistancestatus17.xls"),
        (2018, "assistancestatus18.xlsx"),
        (2019, "assistancestatus19-rev.xlsx"),
        (2022, "assistancestatus22.xlsx"),
        (2023, "assistancestatus23.xlsx"),
        (2023, "lowperfleasnonall23data.xlsx"),
        (2024, "assistancestatus24.xlsx"),
    ]


def test_the_output_option_writes_the_file_and_prints_no_data(tmp_path):
    place = tmp_path / "new folder" / "rows.csv"
    result = run("decide", "--year", "2024", "--county", "Alpine", "--output", place)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert place.read_text(encoding="utf-8") == answered("decide", "--year", "2024", "--county", "Alpine").stdout
    assert [path.name for path in place.parent.iterdir()] == ["rows.csv"]


@pytest.mark.parametrize(
    "wrong", [["--county", "Montrey"], ["--year", "2021"], ["--lea", "1"], ["--reading", "none such"]]
)
def test_a_run_that_fails_leaves_an_older_output_file_as_it_was(tmp_path, wrong):
    place = tmp_path / "rows.csv"
    place.write_text("older", encoding="utf-8")
    refused("decide", *wrong, "--output", place)
    assert place.read_text(encoding="utf-8") == "older"
    assert list(tmp_path.iterdir()) == [place]


def test_an_output_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "rows.csv").mkdir()
    message = refused("decide", "--year", "2024", "--county", "Alpine", "--output", tmp_path / "rows.csv")
    assert str(tmp_path / "rows.csv") in message
    assert [path.name for path in tmp_path.iterdir()] == ["rows.csv"]


@SOME_AND_ALL
def test_letters_of_further_evidence_replace_those_of_the_leas_it_covers_and_of_no_other(tmp_path, where):
    file = letters_file(
        tmp_path / "letters-2025.csv", ALPINE_UNIFIED, "Alpine County Unified", "Alpine", {"HOM": "K", "WH": "C"}
    )
    asked = ("decide", "--year", "2025", *where)
    before = {row["cds"]: row for row in table(answered(*asked).stdout)}
    after = {row["cds"]: row for row in table(answered(*asked, "--evidence", str(file)).stdout)}

    assert before[ALPINE_UNIFIED]["groups"] == ""
    assert after[ALPINE_UNIFIED]["groups"] == "HOM=4+5+6+8 WH=5+6"
    assert after[ALPINE_UNIFIED]["methods"] == "1"
    assert {**after, ALPINE_UNIFIED: {}} == {**before, ALPINE_UNIFIED: {}}


def test_letters_that_further_evidence_no_longer_prints_are_gone(tmp_path):
    rows = table(answered("decide", "--year", "2025", *SOME).stdout)
    lea = next(row for row in rows if row["groups"])
    file = letters_file(tmp_path / "letters-2025.csv", lea["cds"], lea["name"], lea["county"], {})
    (after,) = table(answered("decide", "--year", "2025", "--lea", lea["cds"], "--evidence", str(file)).stdout)
    assert after["groups"] == ""


def test_further_evidence_that_is_no_status_file_is_refused_and_nothing_is_written(tmp_path):
    bad = letters_file(tmp_path / "letters-2025.csv", ALPINE_UNIFIED, "Alpine County Unified", "Alpine", {"WH": "Z"})
    place = tmp_path / "rows.csv"
    message = refused("decide", "--evidence", bad, "--output", place)
    assert "letters-2025.csv, row 2, column R: 'Z' is no letter of the 2025 key" in message
    assert not place.exists()


def test_further_evidence_that_is_not_there_is_refused(tmp_path):
    assert "does not exist" in refused("decide", "--evidence", tmp_path / "nothing.xlsx")


class TestCDEsFiles:
    pytestmark = needs_shared

    @SOME_AND_ALL
    def test_cdes_own_workbook_gives_the_rows_of_the_record(self, tmp_path, where):
        copy = shutil.copy(PUBLISHED / "assistancestatus23.xlsx", tmp_path)
        arguments = ["--year", "2023", *where]
        assert answered("decide", *arguments, "--evidence", copy).stdout == answered("decide", *arguments).stdout


def test_every_county_of_the_state_is_decided():
    rows = [row for row in table(answered("decide").stdout) if row["dashboard_year"] == "2024"]
    assert {row["county"] for row in rows} == set(counties().values())
