"""Files of CDE's as people keep them: names, archives, separators, titles, several indicators in one file."""

from __future__ import annotations

import csv
import gzip
import io
import re
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pyreport.evidence.findings import EvidenceError, Finding
from pyreport.evidence.readers import limits, unpacking
from pyreport.evidence.readers.assistance_status import is_status_file
from pyreport.evidence.readers.dashboard import combined
from pyreport.evidence.readers.dashboard.layouts import dashboard_file_name
from pyreport.evidence.readers.files import ReadFiles, evidence_files, read_files
from pyreport.evidence.readers.given import Given, record_with_notes
from pyreport.evidence.readers.other_files import reason_to_pass_over, year_in_name
from pyreport.evidence.readers.published_status import published_layout
from pyreport.evidence.record import Record

from .dashboard_tables import CHARTER, DISTRICT, NAME, OFFICE, SUSPENSION, row, rows, save, save_sheet, text_of
from .status_files import SHARED, leas, needs_shared, save_workbook
from .test_other_files import LOCAL, RED

ROWS = SHARED / "data" / "cde_rows"


def packed(content: bytes) -> bytes:
    """Without the time, so that tests have the same names in every process."""
    return gzip.compress(content, mtime=0)


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


KINDS = ("local_indicators", "local_indicator", "red_list", "charters", "charter_status")


def kind_of(name: str) -> object:
    """As what a file of this name is known."""
    kinds = {kind: year_in_name(kind, name) for kind in KINDS}
    known = [kind for kind, year in kinds.items() if year is not None]
    known += ["status"] if is_status_file(name) else []
    return reason_to_pass_over(name) or dashboard_file_name(name) or published_layout(name) or ("".join(known) or None)


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
            "2025_11_06-suspdownload2024.txt",
            "11-06-2025 suspdownload2024.txt",
            "Copy of suspdownload2024.txt",
        ],
    )
    def test_a_date_before_and_a_mark_after_mean_nothing(self, tmp_path, good, name):
        assert figures(read(save(tmp_path / name, text_of(rows()))).record) == good

    @pytest.mark.parametrize("name", ["suspdownload2024dassonly.txt", "mysuspdownload2024.txt", "suspdownload.txt"])
    def test_another_name_is_no_indicator_s(self, name):
        assert dashboard_file_name(name) is None

    @pytest.mark.parametrize(
        "name",
        [
            "graddownload2017f.txt",
            "LocalIndPerf2018.txt",
            "Pr12023.txt",
            "lowperfleasnonall23data.xlsx",
            "charter-schools-2024.csv",
            "assistancestatus19-rev.xlsx",
            "letters-2025.csv",
            "status-2025.csv",
            "districts-2019.csv",
            "charterassistance24.xlsx",
            "ccidownload2022.txt",
            "sciencedownload2024.txt",
            "graddownload2020dassonly.txt",
            "graddownload2021.txt",
            "growthmodeldownload2025.txt",
            "censusenrollratesdownload2024.txt",
            "elapratedownload2019.txt",
        ],
    )
    def test_of_every_kind(self, name):
        stem, dot, ending = name.rpartition(".")
        assert kind_of(name)
        for before in ("20251106_", "2025-11-06 ", "Copy of "):
            for after in ("", " (1)", "-copy", "_final", "v2"):
                assert kind_of(f"{before}{stem}{after}{dot}{ending}") == kind_of(name)

    @pytest.mark.parametrize(
        "name",
        ["central-valley-2024.csv", "enrichment2024.csv", "growth plan.csv", "Pr12023rows.txt", "2024 notes.txt"],
    )
    def test_of_none(self, name):
        assert kind_of(name) is None

    def test_status_files_may_have_a_date_in_front(self, tmp_path):
        path = save_workbook(tmp_path / "20231220_assistancestatus23.xlsx", leas())
        assert read(path).record.years == [2023]

    def test_files_of_one_name_in_two_folders_are_told_apart(self, tmp_path):
        for folder, first in (("old", 0), ("new", 1)):
            (tmp_path / folder).mkdir()
            save_workbook(tmp_path / folder / "assistancestatus23.xlsx", leas()[first:])
        (told,) = refused(tmp_path)
        assert told.file == str(tmp_path / "old" / "assistancestatus23.xlsx")
        assert str(tmp_path / "new" / "assistancestatus23.xlsx") in told.message


class TestArchives:
    def test_gz(self, tmp_path, good):
        path = save(tmp_path / f"{NAME}.gz", packed(text_of(rows()).encode()))
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

    def test_files_of_two_archives_are_told_apart(self, tmp_path):
        for number, name in enumerate(("a.zip", "b.zip"), 8):
            with zipfile.ZipFile(tmp_path / name, "w") as archive:
                archive.writestr(f"year/{NAME}", text_of(rows()[:number]))
        (told,) = refused(tmp_path)
        assert told.file == f"b.zip/year/{NAME}"
        assert f"as a.zip/year/{NAME}" in told.message

    def test_archives_in_a_folder_are_read_like_the_files_beside_them(self, tmp_path, good):
        (tmp_path / "folder").mkdir()
        save(tmp_path / "folder" / f"{NAME}.gz", packed(text_of(rows()).encode()))
        assert figures(read(tmp_path / "folder").record) == good

    @pytest.mark.parametrize(
        ("name", "content", "message"),
        [
            (f"{NAME}.gz", b"no gzip", "cannot be unpacked"),
            (f"{NAME}.gz", packed(text_of(rows()).encode())[:-9], "cannot be unpacked"),
            ("files.zip", b"PK\x03\x04 no zip", "cannot be unpacked"),
            ("inside.zip.gz", packed(b"PK"), "another archive, inside.zip"),
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

    def test_one_without_a_file(self, tmp_path):
        with zipfile.ZipFile(tmp_path / "files.zip", "w") as archive:
            archive.mkdir("folder")
        (told,) = refused(tmp_path / "files.zip")
        assert "holds no file" in told.message

    def test_one_that_is_locked(self, tmp_path):
        path = tmp_path / "files.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(NAME, text_of(rows()))
        content = bytearray(path.read_bytes())
        for start, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            content[content.index(start) + flags] |= 1
        (told,) = refused(save(path, bytes(content)))
        assert f"{NAME} is locked by a password" in told.message

    @pytest.mark.parametrize(
        ("module", "limit", "message"),
        [(limits, "LARGEST_UNPACKED", "more than 1,000 bytes"), (unpacking, "_MOST_FILES", "more than 1,000 files")],
    )
    def test_what_all_archives_hold_is_limited(self, tmp_path, monkeypatch, module, limit, message):
        monkeypatch.setattr(module, limit, 1000)
        for name in ("a.zip", "b.zip"):
            with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
                if module is limits:
                    archive.writestr("eladownload2024.txt", bytes(600))
                else:
                    for number in range(1001):
                        archive.writestr(f"{number}.txt", b"")
        found = refused(tmp_path)
        told = [one.file for one in found if message in one.message]
        assert told == (["b.zip"] if module is limits else ["a.zip", "b.zip"])

    def test_a_damaged_one_is_told_beside_the_problems_of_other_files(self, tmp_path):
        save(tmp_path / "a.zip", b"no zip")
        save(tmp_path / NAME, text_of([row(DISTRICT, "XX")]))
        assert [one.file for one in refused(tmp_path)] == ["a.zip", NAME]

    @given(st.data())
    @hypothesis_settings(max_examples=100, deadline=None)
    def test_whatever_is_damaged_it_is_named_or_read_as_before(self, data):
        method = data.draw(st.sampled_from([zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "files.zip"
            with zipfile.ZipFile(path, "w", method) as archive:
                archive.writestr(NAME, text_of(rows()))
            whole = read(path)
            content = bytearray(path.read_bytes())
            content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
            save(path, bytes(content))
            try:
                told, found = [], figures(read(path).record)
            except EvidenceError as error:
                told, found = error.findings, []
        assert all(one.file.startswith("files.zip") for one in told)
        assert found in ([], figures(whole.record))


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

    def test_tabs_with_r_s_na(self, tmp_path, good):
        assert figures(read(save(tmp_path / NAME, commas("\t"))).record) == good

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
        assert "a spreadsheet rounded; expected 14 digits: format the column as text" in told.message
        assert (told.row, told.column) == (9, "A")

    @pytest.mark.parametrize(
        ("written", "tenths"), [("12.50", 125), ("12.", 120), (".5", 5), ("1e2", 1000), ("-3", -30)]
    )
    def test_numbers_that_are_exact(self, tmp_path, written, tenths):
        text = text_of([row(DISTRICT, "HI", change=written)]).replace("\t", ",")
        (figure,) = figures(read(save(tmp_path / "suspdownload2024.csv", text)).record)
        assert tenths in figure

    @pytest.mark.parametrize("written", ["12.55", "1.5E+02", "1E2", "1,5", "1e-1", "1e99"])
    def test_numbers_that_are_not(self, tmp_path, written):
        text = text_of([row(DISTRICT, "HI", status=f'"{written}"')]).replace("\t", ",")
        (told,) = refused(save(tmp_path / "suspdownload2024.csv", text))
        assert f"{written!r} is not what it may be" in told.message

    @pytest.mark.parametrize("change", ["", "x,"], ids=["a cell too few", "a cell too many"])
    def test_a_row_of_another_length(self, tmp_path, change):
        lines = commas(",").splitlines(keepends=True)
        lines[3] = change + lines[3] if change else lines[3].partition(",")[2]
        found = refused(save(tmp_path / "suspdownload2024.csv", "".join(lines)))
        assert [(one.row, one.message.startswith("the row has ")) for one in found] == [(4, True)]

    def test_one_that_is_cut_short(self, tmp_path):
        (told,) = refused(save(tmp_path / "suspdownload2024.csv", commas(",")[:-1]))
        assert (told.row, "seems cut short" in told.message) == (11, True)

    def test_an_open_quotation_mark(self, tmp_path):
        text = commas(",").replace("Plain Valley", '"Plain Valley', 1)
        (told,) = refused(save(tmp_path / "suspdownload2024.csv", text))
        assert "not readable" in told.message

    @pytest.mark.parametrize("mark", ["\x0b", "\x1c", "\x1f", "\x7f", "\x85", "\u2028"])
    @pytest.mark.parametrize("separator", ["\t", ","])
    def test_control_characters_are_refused_with_their_place(self, tmp_path, mark, separator):
        table = [[cell + mark if cell == "Open Door Charter" else cell for cell in cells] for cells in rows()]
        text = text_of(table).replace("\t", separator)
        found = refused(save(tmp_path / NAME, text))
        assert {(one.row, one.column) for one in found} <= {(7, "C"), (8, "C")}
        assert all("control character" in one.message for one in found)

    @pytest.mark.parametrize("separator", ["\t", ",", ";"])
    @pytest.mark.parametrize("title", ["", "Title\n"])
    def test_quotation_marks_of_a_spreadsheet_are_no_part_of_a_name(self, tmp_path, separator, title):
        table = [[cell.replace("Open Door Charter", '"Door, Open ""All"""') for cell in cells] for cells in rows()]
        path = save(tmp_path / NAME, title + text_of(table).replace("\t", separator))
        named = [
            lea.name for county in read(path).record.counties.values() for leas in county.leas.values() for lea in leas
        ]
        assert 'Door, Open "All"' in named

    def test_quotation_marks_of_cde_s_own_stay(self, tmp_path):
        text = text_of(rows()).replace("Open Door Charter", '"Open Door" Charter')
        for title in ("", "Title\n"):
            path = save(tmp_path / NAME, title + text)
            counties = read(path).record.counties.values()
            assert '"Open Door" Charter' in [lea.name for one in counties for leas in one.leas.values() for lea in leas]

    def test_a_table_of_r_s_in_which_everything_is_quoted(self, tmp_path, good):
        text = "".join("\t".join(f'"{cell}"' for cell in cells) + "\n" for cells in [SUSPENSION, *rows()])
        assert figures(read(save(tmp_path / NAME, text)).record) == good


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

    @pytest.mark.parametrize("word", ["Suspension Rate", ""])
    def test_an_indicator_that_is_not_known_is_one_message(self, tmp_path, word):
        with pytest.raises(EvidenceError) as caught:
            read(save(tmp_path / "ours.txt", self.combined(word)))
        (line,) = str(caught.value).splitlines()[1:]
        assert line.startswith(
            f"ours.txt, row 12, column Z: {word!r} is no indicator that is known; expected one of ELA"
        )
        assert line.endswith("– the same in row 13, row 14 and 6 more")

    def test_rows_without_a_year_are_one_message(self, tmp_path):
        table = [[*cells[:-1], ""] for cells in rows()]
        with pytest.raises(EvidenceError, match="'' is no year of a Dashboard") as caught:
            read(save(tmp_path / "ours.txt", text_of(table)))
        assert len(str(caught.value).splitlines()) == 2

    def test_a_year_without_determinations_is_told_beside_what_else_is_wrong(self, tmp_path):
        table = [*rows(), [*row(DISTRICT, "HI")[:-1], "2021"], row(CHARTER, "XX")]
        found = refused(save(tmp_path / "ours.txt", text_of(table)))
        assert ["2021 Dashboard" in one.message for one in found] == [True, False]

    def test_beside_a_file_of_one_of_its_indicators(self, tmp_path):
        save(tmp_path / NAME, text_of(rows()))
        save(tmp_path / "ours.txt", self.combined())
        (told,) = refused(tmp_path)
        assert {told.file, *re.findall(r"as (\S+);", told.message)} == {NAME, "ours.txt"}

    def test_rows_in_more_than_one_portion(self, tmp_path, monkeypatch):
        path = save(tmp_path / "ours.txt", self.combined())
        whole = read(path).record
        monkeypatch.setattr(combined, "_TOGETHER", 2)
        assert read(path).record == whole

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

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("notes.csv", b"a,b\n1,2,3\n2025\n"),
            ("notes.csv", b"not ended"),
            ("notes.txt", b""),
            ("notes.csv", b'a,"b\n'),
            ("notes.xlsx", b"PK\x03\x04"),
            ("notes.txt", b"\x81\x8d"),
        ],
    )
    def test_whatever_an_unknown_file_holds(self, tmp_path, name, content):
        save(tmp_path / name, content)
        save(tmp_path / NAME, text_of(rows()))
        result = read(tmp_path)
        assert (len(result.counts), list(result.passed_over)) == (1, [name])

    def test_unknown_files_of_the_same_content(self, tmp_path):
        for name in ("one.txt", "two.txt"):
            save(tmp_path / name, "text\n")
        save(tmp_path / NAME, text_of(rows()))
        assert list(read(tmp_path).passed_over) == ["one.txt", "two.txt"]

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


class TestOtherTexts:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    @pytest.mark.parametrize("separator", ["\t", ",", ";"])
    def test_the_directory_the_list_and_the_table_of_statuses_may_be_copies(self, tmp_path, encoding, separator):
        tables = {
            "charter-schools-2024.csv": [
                ["cds", "schoolname", "districtname", "countyname", "DASS", "Charter"],
                [CHARTER[0], "Open Door", "Plain Valley Union", "Monterey", "Yes", "DF"],
            ],
            "status-2025.csv": [
                ["CDS", "status", "ec52072b", "ec52071f"],
                [DISTRICT[0], "General Assistance", "N", "N"],
            ],
            "lowperfleasnonall23data.txt": [
                RED[0],
                ["2023", DISTRICT[0], "D", "NA", "Plain Valley Union", "Monterey", "NA", "MR", "Y", *["NA"] * 6],
            ],
        }
        for name, table in tables.items():
            text = "Title\n" + "".join(separator.join(cells) + "\n" for cells in table)
            save(tmp_path / name, text.encode(encoding))
        assert [(one.kind, count) for one, count in read(tmp_path).counts.items()] == [
            ("charters", 1),
            ("red-list", 1),
            ("published", 1),
        ]
        for name, table in tables.items():
            spoilt = [*table[:1], [f"{cell}\x1f" if cell[:1].isalpha() else cell for cell in table[1]]]
            save(tmp_path / name, "".join(separator.join(cells) + "\n" for cells in spoilt))
        assert {one.file for one in refused(tmp_path) if "control character" in one.message} == set(tables)

    @pytest.mark.parametrize("separator", ["\t", ",", ";"])
    def test_local_indicators_may_be_a_copy_in_which_na_is_a_rating(self, tmp_path, separator):
        text = "Title\n" + "".join(separator.join(cells) + "\n" for cells in LOCAL)
        record = read(save(tmp_path / "2025-11-06 LocalIndPerf2018 (1).txt", text)).record
        ratings = [one for county in record.counties.values() for rows in county.local_ratings.values() for one in rows]
        assert [(one.row, one.rating) for one in sorted(ratings, key=lambda one: one.row)] == [
            (3, "met"),
            (4, "not_met"),
            (5, "not_met_two_years"),
            (6, "not_applicable"),
        ]

    def test_local_indicators_may_be_a_workbook(self, tmp_path):
        path = save_sheet(tmp_path / "LocalIndPerf2018.xlsx", LOCAL[1:], header=LOCAL[0], above=1)
        assert sum(read(path).counts.values()) == 4


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

    def test_all_files_in_one_folder_read_beside_those_of_another_county(self, year):
        alone = read(ROWS)
        monterey = sorted((SHARED / "data" / "dashboard" / "monterey").glob(f"*{year}.txt"))
        both = read(ROWS, *monterey)
        assert both.passed_over == alone.passed_over
        assert len(both.record.sources) == len(alone.record.sources) + len(monterey)
        assert figures(both.record) == sorted([*figures(alone.record), *figures(read(*monterey).record)], key=repr)

    def test_all_files_in_one_folder_read(self, year):
        result = read(ROWS)
        assert {one.dashboard_year for one in result.record.sources} == {2023, 2024}
        assert len([one for one in result.record.sources if one.dashboard_year == year]) == 5
        assert len(result.passed_over) == 4


NAMES = sorted(path.name for path in ROWS.glob("*.txt")) or ["none"]


class TestAnyCopyOfRealRows:
    pytestmark = needs_shared

    @given(st.sampled_from(NAMES), st.data())
    @hypothesis_settings(max_examples=60, deadline=None)
    def test_the_order_of_columns_and_rows_the_separator_and_the_name_change_no_figure(self, name, data):
        path = ROWS / name
        header, *table = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
        order = data.draw(st.permutations(range(len(header))))
        kept = data.draw(st.permutations(table))
        stem, dot, ending = name.rpartition(".")
        before = data.draw(st.sampled_from(["", "20251106_", "2025-11-06 ", "Copy of "]))
        after = data.draw(st.sampled_from(["", " (1)", "-copy", "_final", " v2"]))
        separator = data.draw(st.sampled_from("\t,;"))
        title = data.draw(st.sampled_from(["", "Title\n", "Title\n\n\n"]))
        encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
        written = io.StringIO(newline="")
        writer = csv.writer(written, delimiter=separator, lineterminator=data.draw(st.sampled_from(["\n", "\r\n"])))
        writer.writerows([cells[place] for place in order] for cells in [header, *kept])
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / f"{before}{stem}{after}{dot}{ending}"
            result = read(save(copy, (title + written.getvalue()).encode(encoding)))
        assert figures(result.record) == figures(read(path).record)
        assert list(result.passed_over.values()) == list(read(path).passed_over.values())

    @given(st.data())
    @hypothesis_settings(max_examples=20, deadline=None)
    def test_files_of_several_indicators_put_together_say_what_each_says(self, data):
        several = [path for path in sorted(ROWS.glob("*202[34].txt")) if "science" not in path.name]
        chosen = data.draw(st.lists(st.sampled_from(several), min_size=2, unique=True))
        tables = [[line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()] for path in chosen]
        plain = [[name.lower() for name in table[0]] for table in tables]
        names = list(dict.fromkeys(name for header in plain for name in header))
        rows_of = [
            [dict(zip(header, cells, strict=True)).get(name, "") for name in names]
            for header, table in zip(plain, tables, strict=True)
            for cells in table[1:]
        ]
        with tempfile.TemporaryDirectory() as folder:
            path = save(Path(folder) / "dashboard.csv", text_of(data.draw(st.permutations(rows_of)), names))
            assert figures(read(path).record) == figures(read(*chosen).record)
