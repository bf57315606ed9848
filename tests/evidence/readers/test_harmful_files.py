"""Files that do harm if they are read as they stand: cells without a value, control characters, far cells, bombs."""

from __future__ import annotations

import csv
import gzip
import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from cli.command import answered, letters_file, refused, run
from hypothesis import given
from hypothesis import strategies as st

from pyreport.evidence.findings import EvidenceError, Finding
from pyreport.evidence.readers import control_characters, limits
from pyreport.evidence.readers.files import read_evidence
from pyreport.evidence.readers.reading import SourceFile, text_rows
from pyreport.evidence.readers.sheet_cells import column_letter
from pyreport.evidence.readers.workbook import open_workbook
from pyreport.evidence.spreadsheet_cells import as_read, as_written

from .dashboard_tables import DISTRICT, NAME, SUSPENSION, row, rows, save, save_sheet, text_of
from .hostile_inputs import faultless
from .status_files import LETTERS_2025, columns, leas, letters_2025, save_csv, save_workbook
from .xls_files import xls

ROOT = Path(__file__).parents[3]
MAIN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TEXTS = [name for name in faultless() if name.endswith((".txt", ".csv"))]
BOOKS = {
    "suspdownload2024.xlsx": "Sheet",
    "assistancestatus23.xlsx": "District and COE 2023",
    "lowperfleasnonall23data.xlsx": "Sheet",
    "charterassistance24.xlsx": "Charters",
}


def findings(path: Path) -> list[Finding]:
    with pytest.raises(EvidenceError) as caught:
        read_evidence([path])
    return caught.value.findings


def with_sheet(content: bytes, sheet: bytes) -> bytes:
    """The workbook with another part for its sheet."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry, sheet if entry.filename.startswith("xl/worksheets/") else old.read(entry))
    return packed.getvalue()


class TestCellsWithoutAValue:
    @pytest.mark.parametrize("name", BOOKS)
    @pytest.mark.parametrize(
        ("value", "message"),
        [("#N/A", "the error #N/A"), ("#REF!", "the error #REF!"), ("=A1", "a formula whose value is not stored")],
    )
    def test_is_an_error_in_whichever_workbook_and_cell(self, tmp_path, name, value, message):
        path = save(tmp_path / name, faultless()[name])
        book = openpyxl.load_workbook(path)
        page = book[BOOKS[name]]
        last = page.cell(page.max_row, page.max_column - 3)
        last.value = value
        book.save(path)
        told = [one for one in findings(path) if message in one.message]
        place = (name, BOOKS[name], last.row, last.column_letter)
        assert [(one.file, one.sheet, one.row, one.column) for one in told] == [place]

    def test_a_letter_is_one(self, tmp_path):
        table = leas()
        table[0]["ELpriorities"] = "#N/A"
        path = save_workbook(tmp_path / "assistancestatus23.xlsx", table)
        letter = openpyxl.utils.get_column_letter(columns().index("ELpriorities") + 1)
        (told,) = [one for one in findings(path) if "#N/A" in one.message]
        assert (told.sheet, told.row, told.column) == ("District and COE 2023", 7, letter)

    @pytest.mark.parametrize(("code", "text"), [(0x2A, "#N/A"), (0x17, "#REF!"), (0x07, "#DIV/0!")])
    def test_is_an_error_in_xls_too(self, tmp_path, code, text):
        table: list[list[float | str]] = [list(SUSPENSION), *map(list, rows())]
        path = tmp_path / "suspdownload2024.xls"
        taken = read_evidence([save(path, xls(table))]).counties
        assert taken == read_evidence([save(tmp_path / NAME, text_of(rows()))]).counties or set(taken) == {"01", "27"}
        place = SUSPENSION.index("color")
        table[2][place] = -code
        told = [one for one in findings(save(path, xls(table))) if text in one.message]
        assert [(one.sheet, one.row, one.column) for one in told] == [("Data", 3, column_letter(place))]

    def test_a_formula_with_its_value_is_that_value(self, tmp_path):
        path = save_sheet(tmp_path / "suspdownload2024.xlsx", rows())
        with zipfile.ZipFile(path) as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml")
        calculated = re.sub(rb"<v>", rb"<f>A1+1</f><v>", sheet)
        assert calculated != sheet
        good = read_evidence([path])
        path.write_bytes(with_sheet(path.read_bytes(), calculated))
        assert {code: list(one.figures.values()) for code, one in read_evidence([path]).counties.items()} == {
            code: list(one.figures.values()) for code, one in good.counties.items()
        }

    def test_rows_and_columns_before_the_first_cell_are_counted(self, tmp_path):
        book = openpyxl.Workbook()
        for number, cells in enumerate([SUSPENSION, *rows()], 5):
            for place, cell in enumerate(cells, 3):
                book.active.cell(number, place, cell or None)
        book.active.cell(8, 3 + SUSPENSION.index("color"), "9")
        book.save(tmp_path / "suspdownload2024.xlsx")
        (told,) = [one for one in findings(tmp_path / "suspdownload2024.xlsx") if "'9'" in one.message]
        assert (told.row, told.column) == (8, column_letter(2 + SUSPENSION.index("color")))


class TestControlCharacters:
    @pytest.mark.parametrize("name", TEXTS)
    @pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\x7f", "\x9b", "\u2028", "\u202e", "\u2066"])
    def test_are_refused_with_their_place_in_every_text(self, tmp_path, name, character):
        lines = faultless()[name].decode("utf-8").splitlines(keepends=True)
        lines[1] = lines[1][:3] + character + lines[1][3:]
        told = [one for one in findings(save(tmp_path / name, "".join(lines))) if "control character" in one.message]
        assert {(one.file, one.row, one.column) for one in told} == {(name, 2, "A")}
        assert f"U+{ord(character):04X}" in told[0].message

    def test_are_refused_in_rows_of_which_nothing_is_taken(self, tmp_path):
        table = rows()
        table[3][2] += "\x1b[31m"
        (told,) = findings(save(tmp_path / NAME, text_of(table)))
        assert (told.row, told.column) == (5, "C")

    @pytest.mark.parametrize("name", BOOKS)
    def test_are_refused_in_workbooks_where_they_are_written_out(self, tmp_path, name):
        path = save(tmp_path / name, faultless()[name])
        book = openpyxl.load_workbook(path)
        page = book[BOOKS[name]]
        cell = page.cell(page.max_row, 3)
        cell.value = "a_x001B_b"
        book.save(path)
        told = [one for one in findings(path) if "U+001B" in one.message]
        assert [(one.sheet, one.row, one.column) for one in told] == [(BOOKS[name], cell.row, "C")]

    @given(st.text())
    def test_none_is_left_in_what_is_printed(self, text):
        shown = control_characters.visible(text)
        assert not [one for one in shown if control_characters.CONTROL.match(one) and one not in "\t\n"]
        assert "".join(text.split("\\")).isprintable() is False or shown == text

    def test_a_file_s_name_is_printed_without_them(self, tmp_path):
        path = save(tmp_path / "a\x1b[31m\u202e.txt", "text\n")
        message = refused("ingest", path, "--into", tmp_path / "record")
        assert r"a\u001b[31m\u202e.txt: neither its name" in message


class TestWhatIsNoRateOrOfAnotherYear:
    @pytest.mark.parametrize("form", ["text", "commas", "workbook"])
    @pytest.mark.parametrize(
        ("field", "written", "taken"),
        [
            *(("status", "100.0", True), ("status", "100.1", False), ("status", "0", True), ("status", "-0.1", False)),
            *(("change", "-100", True), ("change", "-100.1", False), ("change", "100.1", False)),
        ],
    )
    def test_rates_are_percentages(self, tmp_path, form, field, written, taken):
        table = [row(DISTRICT, "HI", **{field: written})]
        if form == "workbook":
            path = save_sheet(tmp_path / "suspdownload2024.xlsx", table)
        else:
            path = save(tmp_path / NAME, text_of(table).replace("\t", "," if form == "commas" else "\t"))
        if taken:
            assert read_evidence([path]).years == [2024]
            return
        (told,) = findings(path)
        column = SUSPENSION.index("currstatus" if field == "status" else "change")
        assert (told.row, told.column) == (2, column_letter(column))
        assert f"from {'0' if field == 'status' else '-100'} to 100" in told.message

    def test_distance_from_standard_is_none(self, tmp_path):
        header = ["indicator" if name == "indicator" else name for name in SUSPENSION]
        table = [["ELA" if cell == "SUSP" else cell for cell in row(DISTRICT, "HI", status="-142.9", change="120.5")]]
        assert read_evidence([save(tmp_path / "eladownload2024.txt", text_of(table, header))]).years == [2024]

    @pytest.mark.parametrize("name", ["letters-2025.csv", "letters.csv", "letters-2024.csv"])
    def test_letters_of_a_year_that_is_not_read_are_refused(self, tmp_path, name):
        table = letters_2025()
        place = LETTERS_2025.index("ReportYear")
        for cells in table[1:] if table[0] == LETTERS_2025 else table:
            cells[place] = "2024"
        (told,) = findings(save_csv(tmp_path / name, table))
        assert "the year in its rows is '2024'" in told.message

    def test_letters_under_the_name_of_another_year_are_refused(self, tmp_path):
        (told,) = findings(save_csv(tmp_path / "letters-2024.csv", letters_2025()))
        assert "by its name the file is that of the 2024 Dashboard, by its content that of 2025" in told.message


def far(cell: str) -> Callable[[bytes], bytes]:
    number = int(re.sub("[A-Z]", "", cell))
    return lambda sheet: sheet.replace(
        b"</sheetData>", f'<row r="{number}"><c r="{cell}"><v>1</v></c></row></sheetData>'.encode()
    )


HARMFUL: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "far": (far("XFD1048576"), "reaches to the cell XFD1048576, 17,179,869,184 cells in all"),
    "down": (far("GR1048576"), "reaches to the cell GR1048576"),
    "blanks": (lambda sheet: sheet.replace(b"</sheetData>", b" " * 100_000_000 + b"</sheetData>"), "unpack to"),
    "entities": (
        lambda sheet: b'<!DOCTYPE a [<!ENTITY b "%s">]>%s' % (b"c" * 9999, sheet.replace(b"<row", b"&b;<row")),
        "declares a type of its own",
    ),
    "texts": (
        lambda sheet: (
            MAIN
            + b"".join(
                b'<row r="%d">%s</row>'
                % (number, b"".join(b'<c r="%s%d" t="s"><v>0</v></c>' % (c, number) for c in b_z))
                for number in range(1, 3000)
            )
            + b"</sheetData></worksheet>"
        ),
        "characters",
    ),
}
b_z = [bytes([code]) for code in range(65, 91)]


class TestTooMuch:
    @pytest.mark.parametrize("kind", HARMFUL)
    def test_a_small_workbook_that_unpacks_to_much_is_refused_in_little_memory(self, tmp_path, kind):
        change, message = HARMFUL[kind]
        path = save_sheet(tmp_path / "suspdownload2024.xlsx", rows())
        with zipfile.ZipFile(path) as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml")
        content = with_sheet(path.read_bytes(), change(sheet))
        if kind == "texts":
            packed = io.BytesIO(content)
            strings = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%s</t></si></sst>'
            with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("xl/sharedStrings.xml", strings % (b"x" * 30_000))
            content = packed.getvalue()
        path.write_bytes(content)
        assert len(content) < 1_000_000
        result = in_little_memory("ingest", path, "--into", tmp_path / "record")
        assert result.returncode == 2
        assert path.name in result.stderr
        assert message in result.stderr

    @pytest.mark.parametrize("inside", [b"\n", b"a", b"\t", b"\0"])
    @pytest.mark.parametrize("ending", [".gz", ".zip"])
    def test_a_bomb_is_refused_by_its_name(self, tmp_path, inside, ending):
        path = tmp_path / f"{NAME}{ending}"
        if ending == ".gz":
            path.write_bytes(gzip.compress(inside * 100_000_000, 9, mtime=0))
        else:
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(NAME, inside * 100_000_000)
        (told,) = findings(path)
        assert told.file == path.name
        assert "unpack to" in told.message

    @pytest.mark.parametrize("name", [NAME, "suspdownload2024.csv", "letters-2025.csv", "LocalIndPerf2018.txt"])
    def test_a_text_that_is_too_large_is_refused_by_its_name(self, tmp_path, monkeypatch, name):
        content = faultless()[name if name in faultless() else "suspdownload2024 commas.csv"]
        monkeypatch.setattr(limits, "LARGEST_TEXT", len(content) - 1)
        (told,) = findings(save(tmp_path / name, content))
        assert f"the file has {len(content):,} bytes; expected no more than {len(content) - 1:,}" in told.message

    def test_a_line_that_does_not_end_is_refused(self, tmp_path):
        path = save(tmp_path / NAME, text_of(rows()).encode() + b"x" * 3_000_000)
        (told,) = findings(path)
        assert "the line has more than 1,048,576 bytes" in told.message
        assert told.row == 12

    def test_blank_cells_that_are_formatted_are_none(self, tmp_path):
        path = save_sheet(tmp_path / "suspdownload2024.xlsx", rows())
        with zipfile.ZipFile(path) as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml")
        blank = sheet.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>')
        path.write_bytes(with_sheet(path.read_bytes(), blank))
        assert read_evidence([path]).years == [2024]

    def test_what_is_read_is_what_was_looked_at(self, tmp_path):
        """The directory of an archive may say that a part is shorter than it unpacks to."""
        path = save_sheet(tmp_path / "suspdownload2024.xlsx", rows())
        with zipfile.ZipFile(path) as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml")
        hidden = with_sheet(path.read_bytes(), sheet + b" " * 1000)
        short = hidden.replace((len(sheet) + 1000).to_bytes(4, "little"), len(sheet).to_bytes(4, "little"))
        assert short != hidden
        (told,) = findings(save(path, short))
        assert "cannot be opened" in told.message

    @pytest.mark.parametrize("member", ["content.xml", "xl/workbook.bin"])
    def test_a_workbook_of_another_format_is_refused(self, tmp_path, member):
        path = save_sheet(tmp_path / "suspdownload2024.xlsx", rows())
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(member, b"<a/>")
        (told,) = findings(path)
        assert "it is no .xlsx" in told.message

    @pytest.mark.sweep
    def test_a_statewide_file_passes_with_room(self, tmp_path):
        """As many rows as CDE's largest file has, 177,000, of 26 columns: a third of what may be."""
        names = [column_letter(place) for place in range(26)]
        lines = (
            b'<row r="%d">%s</row>'
            % (n, b"".join(b'<c r="%s%d" t="n"><v>123.5</v></c>' % (name.encode(), n) for name in names))
            for n in range(1, 177_001)
        )
        content = with_sheet(
            save_sheet(tmp_path / "a.xlsx", []).read_bytes(), MAIN + b"".join(lines) + b"</sheetData></worksheet>"
        )
        save(tmp_path / "b.xlsx", content)
        script = (
            "import resource, sys; from pathlib import Path\n"
            "from pyreport.evidence.readers.workbook import open_workbook\n"
            "resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))\n"
            "book = open_workbook(Path(sys.argv[1]).read_bytes())\n"
            "print(sum(map(len, book.rows(book.names[0]))))"
        )
        command = [sys.executable, "-c", script, str(tmp_path / "b.xlsx")]
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        assert int(result.stdout) == 177_000 * 26 < limits.MOST_CELLS / 3


def in_little_memory(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command with no more than two gigabytes."""

    import resource

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))

    command = [sys.executable, "-m", "pyreport.cli", *map(str, arguments)]
    command[1:3] = ["-c", "from pyreport.cli import main; main()"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, preexec_fn=limit)


class TestCellsOfSpreadsheets:
    @given(st.text() | st.text(alphabet="'=+-@\t\r\n01.a"))
    def test_are_read_back_as_they_were(self, text):
        assert as_read(str(as_written(text))) == text

    @given(st.text(alphabet="'=+-@\t\r\n01.a\uff1d"))
    def test_none_is_run_but_plain_numbers_stay(self, text):
        written = str(as_written(text))
        if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
            assert written == text
        else:
            assert written[:1] not in tuple("=+-@\t\r\n\uff1d")

    def test_numbers_are_left_alone(self):
        assert [as_written(value) for value in (-3, -1.5, 0, None)] == [-3, -1.5, 0, None]

    @pytest.mark.parametrize("name", ["=HYPERLINK(A1)", "'tis"])
    def test_names_in_what_decide_writes(self, tmp_path, name):
        letters_file(tmp_path / "letters-2025.csv", DISTRICT[0], name, "Monterey", {"EL": "A"})
        files = "--evidence", tmp_path / "letters-2025.csv", "--output", tmp_path / "a.csv"
        result = run("decide", "--year", 2025, "--lea", DISTRICT[0], *files)
        assert result.exit_code == 0, result.output
        (written,) = csv.DictReader((tmp_path / "a.csv").read_text(encoding="utf-8").splitlines())
        assert written["name"] == (name if name == "'tis" else f"'{name}")
        source = SourceFile(tmp_path / "a.csv")
        read = list(text_rows(source, (tmp_path / "a.csv").read_bytes(), ["cds", "name"]))
        assert dict(zip(read[0][1], read[1][1], strict=True))["name"] == name


class TestFolders:
    def test_what_is_passed_over_is_named_by_every_command(self, tmp_path):
        folder = tmp_path / "evidence"
        (folder / "in").mkdir(parents=True)
        (tmp_path / "elsewhere").mkdir()
        save(folder / NAME, text_of(rows()))
        save(folder / "in" / "letter.docx", b"x")
        save(folder / ".hidden", b"x")
        (folder / "gone.txt").symlink_to(tmp_path / "absent.txt")
        (folder / "linked").symlink_to(tmp_path / "elsewhere")
        expected = [
            f"{folder / 'in' / 'letter.docx'} passed over: its name ends in none of .csv, ",
            f"{folder / 'gone.txt'} passed over: it is a link to nothing.",
            f"{folder / 'linked'} passed over: it is a link to a folder; give that folder itself.",
        ]
        for arguments in (
            ("ingest", str(folder), "--into", str(tmp_path / "record")),
            ("decide", "--evidence", str(folder), "--year", "2024", "--lea", DISTRICT[0]),
            ("explain", DISTRICT[0], "--evidence", str(folder), "--year", "2024"),
        ):
            told = answered(*arguments).stderr
            assert [line for line in expected if line not in told] == []
            assert ".hidden" not in told

    def test_of_many_the_first_are_named_and_the_rest_counted(self, tmp_path):
        save(tmp_path / NAME, text_of(rows()))
        for number in range(25):
            save(tmp_path / f"{number:02}.jpg", b"x")
        told = answered("ingest", str(tmp_path), "--into", str(tmp_path / "record")).stderr
        (line,) = [line for line in told.splitlines() if ".jpg" in line]
        assert f"{tmp_path / '09.jpg'} and 15 more passed over" in line

    def test_what_is_neither_file_nor_folder_is_no_evidence(self, tmp_path):
        import os

        os.mkfifo(tmp_path / "pipe.txt")
        save(tmp_path / NAME, text_of(rows()))
        told = answered("ingest", str(tmp_path), "--into", str(tmp_path / "record")).stderr
        assert f"{tmp_path / 'pipe.txt'} passed over: it is neither a file nor a folder." in told
        assert "is neither a file nor a folder" in refused(
            "ingest", tmp_path / "pipe.txt", "--into", tmp_path / "record"
        )


def test_a_workbook_that_is_open_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    book = open_workbook(faultless()["suspdownload2024.xlsx"])
    assert list(tmp_path.iterdir())
    del book
    assert list(tmp_path.iterdir()) == []
