"""Files of CDE's as people keep them: names, archives, separators, titles, several indicators in one file."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pyreport.evidence.dashboard_files import dashboard_file_name
from pyreport.evidence.files import ReadFiles, evidence_files, read_files
from pyreport.evidence.findings import EvidenceError, Finding
from pyreport.evidence.given import Given, record_with_notes
from pyreport.evidence.record import Record

from .dashboard_tables import CHARTER, DISTRICT, NAME, OFFICE, SUSPENSION, row, rows, save, save_sheet, text_of
from .status_files import SHARED, leas, needs_shared, save_workbook

ROWS = SHARED / "data" / "cde_rows"


def read(*paths: Path) -> ReadFiles:
    return read_files(evidence_files(paths))


def refused(*paths: Path) -> list[Finding]:
    with pytest.raises(EvidenceError) as caught:
        read(*paths)
    return caught.value.findings


def figures(record: Record) -> list[tuple[object, ...]]:
    """The figures without the rows in which they stand."""
    found = (one for county in record.counties.values() for rows in county.figures.values() for one in rows)
    return sorted(((*one[:2], *one[3:]) for one in found), key=repr)


@pytest.fixture
def good(tmp_path: Path) -> list[tuple[object, ...]]:
    (tmp_path / "good").mkdir()
    return figures(read(save(tmp_path / "good" / NAME, text_of(rows()))).record)


class TestNames:
    @pytest.mark.parametrize(
        "name",
        [
            "20251106_suspdownload2024.txt",
            "2025-11-06 suspdownload2024.txt",
            "suspdownload2024v2.txt",
            "suspdownload2024 (1).txt",
            "suspdownload2024-copy.txt",
            "SuspDownload2024_final.TXT",
        ],
    )
    def test_a_date_before_and_a_mark_after_mean_nothing(self, tmp_path, good, name):
        assert figures(read(save(tmp_path / name, text_of(rows()))).record) == good

    @pytest.mark.parametrize("name", ["suspdownload2024dassonly.txt", "mysuspdownload2024.txt", "suspdownload.txt"])
    def test_another_name_is_no_indicator_s(self, name):
        assert dashboard_file_name(name) is None

    def test_status_files_may_have_a_date_in_front(self, tmp_path):
        path = save_workbook(tmp_path / "20231220_assistancestatus23.xlsx", leas())
        assert read(path).record.years == [2023]


class TestArchives:
    def test_gz(self, tmp_path, good):
        path = save(tmp_path / f"{NAME}.gz", gzip.compress(text_of(rows()).encode()))
        assert figures(read(path).record) == good

    def test_a_zip_holds_several_files_and_what_is_wrong_names_both(self, tmp_path, good):
        path = tmp_path / "files.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(f"folder/{NAME}", text_of(rows()))
            archive.writestr("__MACOSX/._suspdownload2024.txt", b"\0")
        save_workbook(tmp_path / "assistancestatus23.xlsx", leas())
        with zipfile.ZipFile(path, "a") as archive:
            archive.write(tmp_path / "assistancestatus23.xlsx", "assistancestatus23.xlsx")
        both = read(path)
        assert (figures(both.record), both.record.years) == (good, [2023, 2024])
        with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
            archive.writestr(NAME, text_of([row(DISTRICT, "XX")]))
        (told,) = refused(tmp_path / "bad.zip")
        assert (told.file, told.row) == ("bad.zip/suspdownload2024.txt", 2)

    def test_archives_in_a_folder_are_read_like_the_files_beside_them(self, tmp_path, good):
        (tmp_path / "folder").mkdir()
        save(tmp_path / "folder" / f"{NAME}.gz", gzip.compress(text_of(rows()).encode()))
        assert figures(read(tmp_path / "folder").record) == good

    @pytest.mark.parametrize(
        ("name", "content", "message"),
        [
            (f"{NAME}.gz", b"no gzip", "cannot be unpacked"),
            (f"{NAME}.gz", gzip.compress(text_of(rows()).encode())[:-9], "cannot be unpacked"),
            ("files.zip", b"PK\x03\x04 no zip", "cannot be unpacked"),
        ],
    )
    def test_a_damaged_one_is_named(self, tmp_path, name, content, message):
        (told,) = refused(save(tmp_path / name, content))
        assert told.file == name
        assert message in told.message

    def test_an_archive_in_an_archive_is_not_opened(self, tmp_path):
        with zipfile.ZipFile(tmp_path / "files.zip", "w") as archive:
            archive.writestr("inside.zip", b"")
        (told,) = refused(tmp_path / "files.zip")
        assert "another archive, inside.zip" in told.message


def commas(separator: str, end: str = "\n") -> str:
    """As a spreadsheet or R writes the file: NA for blank cells, a name in quotation marks."""
    table = [["NA" if cell == "" else cell for cell in cells] for cells in rows()]
    table[6][2] = '"Open Door Charter"'
    return "".join(separator.join(cells) + end for cells in [SUSPENSION, *table])


class TestTexts:
    @pytest.mark.parametrize("separator", [",", ";"])
    @pytest.mark.parametrize("ending", [".csv", ".txt"])
    def test_commas_and_semicolons(self, tmp_path, good, separator, ending):
        assert figures(read(save(tmp_path / f"suspdownload2024{ending}", commas(separator))).record) == good

    @pytest.mark.parametrize("text", [text_of(rows()), commas(",", "\r\n")], ids=["tabs", "commas"])
    @pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
    def test_encodings(self, tmp_path, good, text, encoding):
        assert figures(read(save(tmp_path / NAME, text.encode(encoding))).record) == good

    @pytest.mark.parametrize("text", [text_of(rows()), commas(",")], ids=["tabs", "commas"])
    def test_title_lines_above_the_header_and_rows_keep_their_numbers(self, tmp_path, good, text):
        taken = read(save(tmp_path / NAME, "Suspension rates\n\n" + text)).record
        assert figures(taken) == good
        rows_of = {one.row for county in taken.counties.values() for part in county.figures.values() for one in part}
        assert rows_of == {5, 6, 10, 12}

    def test_a_text_without_the_columns_is_told_what_is_expected(self, tmp_path):
        (told,) = refused(save(tmp_path / NAME, "a,b\n1,2\n"))
        assert "none of the first lines has the columns" in told.message

    def test_a_code_in_scientific_notation_is_an_error(self, tmp_path):
        (told,) = refused(save(tmp_path / "suspdownload2024.csv", commas(",").replace(OFFICE[0], "1.10017E+12", 1)))
        assert "14 digits" in told.message


class TestOneFileOfSeveral:
    @staticmethod
    def combined(indicator: str = "GRAD") -> str:
        other = [[*cells[:-2], indicator, cells[-1]] for cells in rows() if cells[1] != "X"]
        earlier = [[*cells[:-1], "2023"] for cells in rows() if cells[0] == DISTRICT[0]]
        return text_of([*rows(), *other, *earlier])

    @pytest.mark.parametrize("name", ["dashboard_2024.csv", "all.txt"])
    def test_rows_are_told_apart_by_indicator_and_year(self, tmp_path, good, name):
        result = read(save(tmp_path / name, self.combined()))
        assert [(one.kind, one.dashboard_year) for one in result.record.sources] == [
            ("graduation", 2024),
            ("suspension", 2023),
            ("suspension", 2024),
        ]
        assert figures(result.record)[: 2 * len(good)]
        assert len(figures(result.record)) == 2 * len(good) + 2

    def test_a_workbook_too(self, tmp_path):
        table = [[*cells[:-2], "chro", cells[-1]] for cells in rows() if cells[1] != "X"]
        (source,) = read(save_sheet(tmp_path / "ours.xlsx", table)).record.sources
        assert source.kind == "chronic_absenteeism"

    def test_an_indicator_that_no_criterion_uses_is_left_alone_with_a_note(self, tmp_path):
        result = read(save(tmp_path / "ours.txt", self.combined("SCIENCE")))
        assert {one.kind for one in result.record.sources} == {"suspension"}
        assert any("rows of SCIENCE are left alone" in note for note in result.notes)

    def test_what_is_wrong_is_told_with_its_row(self, tmp_path):
        table = [*rows(), row(CHARTER, "XX")]
        (told,) = refused(save(tmp_path / "ours.txt", text_of(table)))
        assert (told.file, told.row) == ("ours.txt", 12)


class TestWhatIsNotRead:
    @pytest.mark.parametrize(
        "name",
        ["ccidownload2022.txt", "sciencedownload2024.txt", "graddownload2020dassonly.txt", "districts-2019.csv"],
    )
    def test_a_known_file_without_bearing_is_passed_over_with_its_reason(self, tmp_path, good, name):
        save(tmp_path / name, "whatever")
        save(tmp_path / NAME, text_of(rows()))
        result = read(tmp_path / name, tmp_path / NAME)
        assert figures(result.record) == good
        assert list(result.passed_over) == [name]

    @pytest.mark.parametrize("name", ["notes.txt", "budget.csv"])
    def test_an_unknown_file_is_named_and_the_rest_read(self, tmp_path, good, name):
        save(tmp_path / name, "a,b\n1,2\n")
        save(tmp_path / NAME, text_of(rows()))
        result = read(tmp_path / name, tmp_path / NAME)
        assert figures(result.record) == good
        assert "no file of CDE's that is known" in result.passed_over[name]

    def test_an_unknown_workbook_is_named_and_the_rest_read(self, tmp_path, good):
        save_sheet(tmp_path / "budget.xlsx", [], header=["a", "b"])
        save(tmp_path / NAME, text_of(rows()))
        result = read(tmp_path / "budget.xlsx", tmp_path / NAME)
        assert (figures(result.record), list(result.passed_over)) == (good, ["budget.xlsx"])

    def test_an_unknown_file_alone_is_an_error(self, tmp_path):
        (told,) = refused(save(tmp_path / "notes.txt", "a,b\n1,2\n"))
        assert told.file == "notes.txt"

    def test_the_same_content_under_two_names_names_both(self, tmp_path):
        first = save(tmp_path / NAME, text_of(rows()))
        (told,) = refused(first, save(tmp_path / "suspdownload2024 (1).txt", text_of(rows())))
        assert told.file == "suspdownload2024 (1).txt"
        assert f"the same content as {NAME}" in told.message

    def test_two_versions_of_one_file_name_both(self, tmp_path):
        first = save(tmp_path / NAME, text_of(rows()))
        (told,) = refused(first, save(tmp_path / "suspdownload2024v2.txt", text_of(rows()[:-1])))
        assert told.file == "suspdownload2024v2.txt"
        assert NAME in told.message


def test_one_message_a_fault_tells_the_first_three_places_and_how_many_more(tmp_path):
    table = [row((f"27660{number}0000000", *DISTRICT[1:]), "HI", count=f"x{number}") for number in range(50, 60)]
    with pytest.raises(EvidenceError) as caught:
        read(save(tmp_path / NAME, text_of(table)))
    heading, line = str(caught.value).splitlines()
    assert heading == "The evidence cannot be taken: 10 problems."
    assert line.startswith(f"{NAME}, row 2, column L: 'x50' is not what it may be")
    assert line.endswith("– the same in row 3, row 4 and 7 more")


class TestNotes:
    def test_what_is_taken_as_complete_is_told(self, tmp_path):
        path = save(tmp_path / NAME, text_of([row(DISTRICT, "HI")]))
        told = record_with_notes(Given.of([path]))[1]
        assert [note for note in told if note.startswith("Not taken as complete: suspdownload2024.txt.")]
        told = record_with_notes(Given.of([path], complete=["Monterey"]))[1]
        assert told == ["Taken as complete for Monterey, as you say: suspdownload2024.txt."]

    def test_nothing_is_told_of_the_record_alone(self):
        assert record_with_notes(Given())[1] == []


@pytest.mark.parametrize("path", sorted(ROWS.glob("*.txt")), ids=lambda path: path.name)
class TestRealRows:
    pytestmark = needs_shared

    def test_each_file_reads_alone_or_is_passed_over_with_a_reason(self, path):
        result = read(path)
        assert bool(result.counts) != bool(result.passed_over)

    @pytest.mark.parametrize(
        "rewritten",
        [
            lambda text: text.replace("\t", ",") if "," not in text and '"' not in text else text,
            lambda text: "Title\n" + text,
            lambda text: "\n".join("\t".join(line.split("\t")[::-1]) for line in text.split("\n")),
        ],
        ids=["commas", "title", "columns backwards"],
    )
    def test_a_copy_says_the_same(self, path, tmp_path, rewritten: Callable[[str], str]):
        text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
        copy = save(tmp_path / path.name, rewritten(text))
        assert figures(read(copy).record) == figures(read(path).record)


@pytest.mark.parametrize("year", [2023, 2024])
class TestRealFolder:
    pytestmark = needs_shared

    def test_all_files_in_one_folder_read(self, year):
        result = read(ROWS)
        assert {one.dashboard_year for one in result.record.sources} == {2023, 2024}
        assert len([one for one in result.record.sources if one.dashboard_year == year]) == 5
        assert len(result.passed_over) == 4
