"""What the readers of CDE's files share: problems collected with their place, columns by name, encodings."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pyreport.evidence.counties import counties
from pyreport.evidence.findings import EvidenceError, Finding, Findings
from pyreport.evidence.readers import control_characters, limits
from pyreport.evidence.readers.control_characters import CONTROL
from pyreport.evidence.readers.sheet_cells import Workbook, column_letter
from pyreport.evidence.readers.workbook import OLE, ZIP, open_workbook
from pyreport.evidence.spreadsheet_cells import as_read

__all__ = [
    "UTF_16",
    "WORKBOOK_STARTS",
    "SourceFile",
    "decode",
    "no_values",
    "opened",
    "plain_name",
    "rows_of_sheet",
    "sheet_rows",
    "text_rows",
    "unquoted",
]

WORKBOOK_STARTS = (ZIP, OLE)
_BOM = b"\xef\xbb\xbf"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "vertical bars"}
_HEADER_WITHIN = 12  # CDE's sheets have their column names in one of the first rows, below title and date


def plain_name(name: Any) -> str:
    """A column name without the differences that mean nothing: case and spaces."""
    return "".join(str(name).split()).lower()


class SourceFile:
    """One file while it is being read: its problems are collected, so that all are reported together."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sheet = ""
        self.findings = Findings()
        self.columns: dict[str, str] = {}
        """Our fields and the letters of the file's columns."""

    def report(self, message: str, row: int = 0, field: str = "", fault: str = "") -> None:
        """Note a problem in a row and one of our fields; the column's letter is looked up.

        ``fault`` names what is wrong where messages of one fault differ in more than quoted values and numbers.
        """
        column = self.columns.get(field, "")
        self.findings.append(Finding(self.path.name, self.sheet, row, column, message, fault=fault))

    def stop(self, message: str, row: int = 0) -> EvidenceError:
        """Note a problem after which nothing more can be read, and return the error to raise."""
        self.report(message, row)
        return EvidenceError(self.findings)

    def check_size(self) -> None:
        """Refuse a file that is larger than any of CDE's; those of all indicators in one file included."""
        size = self.path.stat().st_size
        if size > limits.LARGEST_TEXT:
            raise self.stop(
                f"the file has {size:,} bytes; expected no more than {limits.LARGEST_TEXT:,}, more than any of CDE's "
                "has: give it in parts"
            )

    def content(self) -> bytes:
        """The file as a whole, if it is not too large."""
        self.check_size()
        return self.path.read_bytes()

    def check(self) -> None:
        """Raise what was found so far, if anything."""
        if self.findings:
            raise EvidenceError(self.findings)

    def positions(
        self, header: Sequence[str], names: Mapping[str, Sequence[str]], optional: Collection[str], row: int
    ) -> dict[str, int]:
        """Our fields to the positions (from 0) of their columns, by any of their names in ``header``."""
        by_field: dict[str, int] = {}
        printed = [plain_name(cell) for cell in header]
        for field, choices in names.items():
            # Of several names that CDE gave a column in different years, the first that the file has.
            each = ([place for place, cell in enumerate(printed) if cell == plain_name(name)] for name in choices)
            places = next(filter(None, each), [])
            if len(places) == 1:
                by_field[field] = places[0]
                self.columns[field] = column_letter(places[0])
            elif places:
                letters = " and ".join(column_letter(place) for place in places)
                self.report(f"the column {choices[0]} stands twice ({letters}); keep one", row)
            elif field not in optional:
                self.report(f"expected a column {choices[0]}; there is none of that name", row)
        self.check()
        return by_field

    def texts(self, cells: Sequence[str], places: Mapping[str, int], row: int) -> dict[str, str]:
        """Our fields' cells of a row, without the blanks around them; control characters are reported."""
        return {field: self.text(cells[place], row, field) for field, place in places.items()}

    def text(self, cell: str, row: int, field: str) -> str:
        """A cell without the blanks around it; a tab or the end of a line in it is reported."""
        cell = cell.strip()
        if CONTROL.search(cell) and not any(control_characters.in_text(cell)):
            self.report("the end of a line or a tab stands in the cell; write it on one line", row, field)
        return cell

    def check_cells(self, cells: Sequence[str], row: int) -> None:
        """Report the control characters in the cells of a row, whether anything is taken of them or not."""
        if not any(control_characters.in_text("".join(cells))):
            return
        for place, cell in enumerate(cells):
            for character in control_characters.in_text(cell):
                name = control_characters.named(character)
                message = f"the control character {name} stands in the cell; fetch the file anew"
                column = column_letter(place)
                self.findings.append(
                    Finding(self.path.name, self.sheet, row, column, message, fault="control character")
                )

    def check_code(self, cds: str, county: str | None, row: int) -> bool:
        """Check a CDS code and, if given, the county's name beside it. Report what is wrong and return False."""
        known = counties()
        if re.fullmatch(r"[0-9](\.[0-9]+)?[Ee]\+?[0-9]+", cds):
            message = f"{cds!r} is a CDS code that a spreadsheet rounded; expected 14 digits: "
            self.report(
                f"{message}format the column as text before the codes are put in, or take CDE's file", row, "cds"
            )
        elif not re.fullmatch(r"[0-9]{14}", cds):
            self.report(f"{cds!r} is no CDS code; expected 14 digits, leading zeros kept", row, "cds")
        elif cds[:2] not in known:
            self.report(f"{cds}: the county part {cds[:2]} is none of 01 to 58", row, "cds")
        elif county is not None and county != known[cds[:2]]:
            message = f"{county!r} is not the county of {cds}; expected {known[cds[:2]]}"
            self.report(message, row, "county", fault="county")
        else:
            return True
        return False


def decode(source: SourceFile, content: bytes) -> str:
    """The text of a file: UTF-16 with its mark, UTF-8, else Windows-1252, else an error with line and column."""
    if content.startswith(UTF_16):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise source.stop(f"not UTF-16 at byte {error.start}, though it begins so; save it as UTF-8") from None
    content = content.removeprefix(_BOM)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as first:
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError as second:
            line = content.count(b"\n", 0, second.start) + 1
            raise source.stop(
                f"neither UTF-8 (byte {first.start}) nor Windows-1252 (byte {second.start}); fetch the file anew", line
            ) from None


def sheet_rows(
    source: SourceFile, content: bytes, header: Iterable[str], above: dict[int, str] | None = None
) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet that has the columns ``header``, each with its number, the header's row first.

    Every cell is text: whole numbers without decimals, blank cells empty. ``above`` is given the first cells of
    the rows above the header, by row.
    """
    wanted = {plain_name(name) for name in header}
    book = opened(source, content)
    for name in book.names:
        source.sheet = name
        rows = rows_of_sheet(source, book, name)
        for number, texts in rows:
            if wanted <= {plain_name(text) for text in texts}:
                no_values(source, book, name)
                yield number, texts
                yield from rows
                return
            if above is not None and texts:
                above[number] = " ".join(texts[0].split())
            if number >= _HEADER_WITHIN:
                break
    source.sheet = ""
    raise source.stop(f"no sheet has the columns {', '.join(header)} in one of its first rows")


def opened(source: SourceFile, content: bytes) -> Workbook:
    """Open a workbook; one that is damaged, or holds too much, is an error."""
    try:
        return open_workbook(content)
    except limits.Excessive as error:
        raise source.stop(str(error)) from None
    except Exception as error:  # the libraries that read workbooks have an error class for each fault
        raise source.stop(
            f"the workbook cannot be opened, it seems cut short or damaged ({error}); fetch it anew"
        ) from None


def rows_of_sheet(source: SourceFile, book: Workbook, name: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet, each with its number; control characters in cells are reported."""
    rows = enumerate(book.rows(name), 1)
    while True:
        try:
            number, cells = next(rows)
        except StopIteration:
            return
        except limits.Excessive as error:
            raise source.stop(str(error)) from None
        except Exception as error:  # as above
            raise source.stop(f"the sheet “{name}” cannot be read ({error}); fetch the workbook anew") from None
        source.check_cells(cells, number)
        yield number, cells


def no_values(source: SourceFile, book: Workbook, name: str) -> None:
    """Report the cells of the sheet that hold an error or a formula without a value: they would be read as blank."""
    for row, column, message in book.no_values(name):
        source.findings.append(Finding(source.path.name, source.sheet, row, column_letter(column - 1), message))


def text_rows(
    source: SourceFile,
    content: bytes,
    header: Iterable[str],
    separators: str = "\t,;",
    not_available: str = "NA",
) -> Iterator[tuple[int, list[str]]]:
    """The rows of a text file from its header on, each with its number, whichever of ``separators`` is between cells.

    It is the one that makes one of the first lines a header with the columns ``header``; lines above it are left out.
    A cell that says ``not_available``, as R writes, is blank.
    """
    import csv

    wanted = {plain_name(name) for name in header}
    text = decode(source, content)
    if not text.strip():
        raise source.stop("the file is empty")
    is_ended = text.endswith(("\n", "\r"))
    # Read from bytes: a text in memory that is read line by line takes four times the room.
    lines = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8", newline="")
    del text
    for number, line in zip(range(1, _HEADER_WITHIN + 1), lines, strict=False):
        for separator in separators:
            quoting = _quoting(separator, line)
            try:
                names = next(csv.reader([line], delimiter=separator, quoting=quoting), [])
            except csv.Error as error:
                raise source.stop(f"the line is not readable ({error}); save the file anew", number) from None
            if not wanted <= {plain_name(name) for name in names}:
                continue
            source.check_cells(names, number)
            if not is_ended:
                message = "the last line does not end; the file seems cut short: fetch it anew, or end the line if not"
                raise source.stop(message, number + sum(1 for _ in lines))
            yield number, [name.strip() for name in names]
            reader = csv.reader(lines, delimiter=separator, quoting=quoting, strict=True)
            try:
                for cells in reader:
                    source.check_cells(cells, number + reader.line_num)
                    if any(cell.strip() for cell in cells):
                        if not_available in cells:
                            cells = ["" if cell == not_available else cell for cell in cells]
                        yield number + reader.line_num, [as_read(cell) for cell in cells]
            except csv.Error as error:
                line_number = number + reader.line_num
                raise source.stop(f"the line is not readable ({error}); save the file anew", line_number) from None
            return
    between = " or ".join(_SEPARATORS[separator] for separator in separators)
    raise source.stop(
        f"none of the first lines has the columns {', '.join(header)}, with {between} between them; "
        "expected a file of CDE's or a copy with its column names"
    )


def _quoting(separator: str, line: str) -> Literal[0, 3]:
    """How cells are quoted. CDE's own files quote none, and a name may have quotation marks of its own."""
    import csv

    return csv.QUOTE_MINIMAL if separator in ",;" or '"' in line else csv.QUOTE_NONE


def unquoted(cell: str) -> str:
    """The cell without the quotation marks that a spreadsheet puts around one with a comma or a mark in it."""
    inside = cell[1:-1]
    is_quoted = len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in inside.replace('""', "")
    return inside.replace('""', '"') if is_quoted and ("," in inside or '""' in inside) else cell
