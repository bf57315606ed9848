"""Read a text file of the Dashboard's a block of lines at a time: rows are checked all at once, on the bytes.

A statewide year is about a million rows, of which an eighth concern student groups of LEAs. Of a block the number of
fields, the codes, the year and the indicator are checked in one go. Python looks at a row only if it is an LEA's, or if
it is not exactly as it should be; then the row is taken apart like a workbook's and what is wrong with it is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from pyreport.evidence.counties import counties
from pyreport.evidence.findings import EvidenceError, Finding
from pyreport.evidence.model import AGENCY_ENDING, Figure
from pyreport.evidence.readers.control_characters import CONTROL, PLAIN
from pyreport.evidence.readers.dashboard.block_fields import (
    CODE_LENGTH,
    EIGHT,
    LINE_FEED,
    TAB,
    Fields,
    Words,
    all_digits,
    code_changes,
    county_names,
)
from pyreport.evidence.readers.dashboard.row_reader import CODES, RowReader
from pyreport.evidence.readers.sheet_cells import column_letter

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["BlockReader", "NotUtf8", "Seen"]


class NotUtf8(Exception):
    """A block is not UTF-8."""


class BlockReader(RowReader):
    """Takes the rows of a text file a block of lines at a time."""

    def _prepare(self, header: list[str], row: int) -> None:
        super()._prepare(header, row)
        self.words = {
            "group": Words(self.groups.allowed),
            "code": Words({code: self.codes[code] for code in self.groups.allowed}),
            "size": Words(self.sizes.allowed),
            **dict.fromkeys(("status_level", "change_level", "color"), Words(self.level.allowed)),
            **dict.fromkeys(("small_population", "high_school_cut_points"), Words(self.yes_no.allowed)),
            "certified": Words(self.certified.allowed),
            "type": Words(self.types.allowed),
        }

    def _decoded(self, text: bytes, encoding: str, row: int) -> str:
        try:
            return text.decode(encoding)
        except UnicodeDecodeError as error:
            if encoding == "utf-8":
                raise NotUtf8 from None
            line = row + text.count(b"\n", 0, error.start)
            column = text.count(b"\t", text.rfind(b"\n", 0, error.start) + 1, error.start)
            message = "neither UTF-8 nor Windows-1252; fetch the file anew"
            self.findings.append(Finding(self.path.name, "", line, column_letter(column), message))
            raise EvidenceError(self.findings) from None

    def _block(self, block: bytes, looked_at: Future[Seen | None], first: int, encoding: str) -> int:
        """Take a block of lines, the first of which is the row ``first``. Return how many they are."""
        if not block.isascii():
            self._decoded(block, encoding, first)
        # What is left without the ordinary bytes is next to nothing, so that each kind of character need not be sought.
        if CONTROL.search(block.translate(None, PLAIN).decode(encoding)):
            for row, line in enumerate(self._decoded(block, encoding, first).split("\n"), first):
                self.check_cells(line.split("\t"), row)
        lines = block.rstrip(b"\n")
        self._blank_lines(block, len(lines), first)
        if not lines:
            return len(block)
        seen = looked_at.result()
        if seen is None:
            texts = lines.removesuffix(b"\n").decode(encoding).split("\n")
            self._take(self._of_leas((number, line.split("\t")) for number, line in enumerate(texts, first)))
            return block.count(b"\n")
        self.passed_over["school"] += seen.schools
        self.passed_over["state"] += seen.state
        self.school_codes.update(seen.school_codes.tolist())
        self._take_plain(block, seen.leas, first, encoding)
        wanted = seen.others
        left, right = seen.begins[wanted].tolist(), seen.ends[wanted].tolist()

        def others() -> Iterator[tuple[int, list[str]]]:
            spans = zip(wanted.tolist(), seen.clean[wanted].tolist(), left, right, strict=True)
            for place, is_clean, start, end in spans:
                cells = block[start:end].decode(encoding).split("\t")
                cells.append("")
                if is_clean or self._is_lea(first + place, cells):
                    yield first + place, cells

        self._take(others())
        return len(block) - len(lines) - 1 + len(seen.ends)

    def _blank_lines(self, block: bytes, kept: int, first: int) -> None:
        """Remember blank lines at the end. They are no harm at the end of the file; elsewhere lines were lost."""
        if kept and self.blank_line:
            self.report("the line is blank; fetch the file anew", self.blank_line)
        blank = len(block) - kept - bool(kept)
        if blank and not self.blank_line:
            self.blank_line = first + block.count(b"\n") - blank

    def _look(self, block: bytes) -> Seen | None:
        """What is in a block's rows; ``None`` if not every row has the fields of the header.

        Runs beside the taking of other blocks: nothing of the reader is changed here.
        """
        import numpy as np

        size = len(block.rstrip(b"\n")) + 1
        # With room behind the end, so that eight bytes can be looked at from every place.
        padded = block + bytes(EIGHT)
        data = np.frombuffer(padded, np.uint8, size)
        eights = np.ndarray(size + 1, "<u8", padded, strides=(1,))
        separators = np.flatnonzero(data - np.uint8(TAB) <= LINE_FEED - TAB)
        rows, odd = divmod(len(separators), self.width)
        if odd or int(np.count_nonzero(data == LINE_FEED)) != rows:
            return None
        ends = separators.reshape(rows, self.width)
        if not (data[ends[:, -1]] == LINE_FEED).all():
            return None
        fields = Fields(eights, np.concatenate([[0], ends[:-1, -1] + 1]), ends, self.places)
        kinds, clean = self._checked(fields)
        schools = np.flatnonzero(clean & (kinds == _SCHOOL))
        of_leas = np.flatnonzero(clean & (kinds == _LEA))
        # Cells are compared with zeros behind them, so a block that holds a zero byte is looked at row by row.
        leas = self._look_at_leas(fields.of(of_leas), of_leas, plain=b"\0" not in block)
        others = ~clean
        others[of_leas[~leas.plain]] = True
        return Seen(
            begins=fields.begins,
            ends=ends[:, -1],
            clean=clean,
            schools=len(schools),
            state=int((clean & (kinds == _STATE)).sum()),
            school_codes=code_changes(fields.codes()[schools])[1],
            leas=leas,
            others=np.flatnonzero(others),
        )

    def _look_at_leas(self, fields: Fields, rows: npt.NDArray[np.intp], *, plain: bool) -> _Leas:
        """The rows of LEAs whose cells are all written in the ordinary way, column by column; none without ``plain``.

        What is written otherwise, right or wrong, is left to ``_take``.
        """
        import numpy as np

        are_plain = np.full(len(rows), plain)
        codes = fields.codes()
        if "county" in self.places:
            are_plain &= fields.are("county", county_names(), codes // 10**12)
        if "group" in self.places:
            groups = fields.word("group", self.words["group"], are_plain)
            group_codes = fields.word("group", self.words["code"], are_plain).astype(np.int64)
        else:
            groups = np.full(len(rows), self.groups[self.layout.default_group], object)
            group_codes = np.full(len(rows), self.codes[self.layout.default_group], np.int64)
        columns: list[npt.NDArray[np.object_]] = []
        if self.has_figures:
            for name in Figure._fields[_FIRST_FIGURE:]:
                if name == "denominator":
                    columns.append(fields.whole(name, are_plain))
                elif name in self.measures:
                    columns.append(fields.tenths(name, are_plain, self.measures[name]))
                else:
                    columns.append(fields.word(name, self.words[name], are_plain))
        changes, new = code_changes(codes[are_plain])
        first = np.flatnonzero(are_plain)[changes]
        charters = fields.says("kind", "S")[first]
        is_student_group = are_plain & (groups != "")
        kept = np.flatnonzero(is_student_group)
        return _Leas(
            plain=are_plain,
            keys=(codes * CODES + group_codes)[are_plain],
            rows=rows[are_plain],
            codes=new,
            first_rows=rows[first].tolist(),
            charters=charters.tolist(),
            names=list(
                map(slice, *np.where(charters, fields.span("school", first), fields.span("district", first)).tolist())
            ),
            dass=list(map(slice, *np.array(fields.span("dass", first)).tolist())),
            reporting=int(np.count_nonzero(are_plain)) - len(kept),
            figures=(codes[kept], groups[kept], rows[kept], [column[kept] for column in columns]),
        )

    def _take_plain(self, block: bytes, leas: _Leas, first: int, encoding: str) -> None:
        """Take the rows of LEAs whose cells are all written in the ordinary way."""
        import numpy as np

        self.keys.append(leas.keys)
        self.key_rows.append(leas.rows + first)
        self.passed_over["reporting"] += leas.reporting
        for place, code in enumerate(leas.codes.tolist()):
            cds = f"{code:014}"
            if cds not in self.leas:
                name, dass = block[leas.names[place]].decode(encoding), block[leas.dass[place]].decode(encoding)
                self._new_lea(cds, leas.first_rows[place] + first, leas.charters[place], name, dass)
        codes, groups, rows, columns = leas.figures
        if columns:
            changes, new = code_changes(codes)
            names = np.empty(len(new), object)
            names[:] = [f"{code:014}" for code in new.tolist()]
            repeated = np.repeat(names, np.diff(changes, append=len(codes)))
            values = [repeated.tolist(), groups.tolist(), (rows + first).tolist()]
            values += [column.tolist() for column in columns]
            # What Figure._make does, without the call in between.
            self.figures.extend(map(partial(tuple.__new__, Figure), zip(*values, strict=True)))

    def _checked(self, fields: Fields) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_]]:
        """The kind of each row, and whether it is exactly as a row must be."""
        import numpy as np

        clean = np.zeros(len(fields.begins), bool)
        years = fields.eight("year")
        for year in self.years:
            clean |= fields.says("year", year, years)
        if "indicator" in self.places:
            clean &= fields.says("indicator", self.layout.printed)
        first, behind = fields.span("cds")
        clean &= behind - first == CODE_LENGTH
        # Of fourteen letters, the first eight and the last eight.
        begin, end = fields.code_parts()
        clean &= all_digits(begin) & all_digits(end)
        county = (begin & np.uint64(15)) * np.uint64(10) + (begin >> np.uint64(8) & np.uint64(15))
        is_agency = end >> np.uint64(8) == np.uint64(int.from_bytes(AGENCY_ENDING.encode(), "little"))
        kinds = fields.eight("kind")
        is_charter, no_charter = np.zeros(len(clean), bool), np.ones(len(clean), bool)
        if "charter" in self.places:
            charters = fields.eight("charter")
            is_charter, no_charter = (fields.says("charter", text, charters) for text in ("Y", ""))
        district, school, state = (fields.says("kind", text, kinds) for text in "DSX")
        in_state = (county >= 1) & (county <= len(counties()))
        clean &= (
            (district & in_state & is_agency & no_charter)
            | (school & in_state & ~is_agency & (is_charter | no_charter))
            | (state & no_charter & ~(in_state & is_agency))
        )
        kind_of_row = np.where(district | (school & is_charter), _LEA, np.where(state, _STATE, _SCHOOL)).astype(
            np.uint8
        )
        return kind_of_row, clean


_SCHOOL, _STATE, _LEA = 0, 1, 2


@dataclass(frozen=True)
class _Leas:
    """The rows of LEAs in a block; ``rows`` are counted from the block's first."""

    plain: npt.NDArray[np.bool_]
    """Which of them are written in the ordinary way; the others are not in what follows."""
    keys: npt.NDArray[np.int64]
    rows: npt.NDArray[np.intp]
    codes: npt.NDArray[np.int64]
    """The LEAs in the order of their rows, the row where each begins, and what stands there."""
    first_rows: list[int]
    charters: list[bool]
    names: list[slice]
    dass: list[slice]
    reporting: int
    figures: tuple[npt.NDArray[np.int64], npt.NDArray[np.object_], npt.NDArray[np.intp], list[npt.NDArray[np.object_]]]


@dataclass(frozen=True)
class Seen:
    """What was seen of a block; ``others`` are the rows that must be taken apart one by one."""

    begins: npt.NDArray[np.intp]
    ends: npt.NDArray[np.intp]
    clean: npt.NDArray[np.bool_]
    schools: int
    state: int
    school_codes: npt.NDArray[np.int64]
    leas: _Leas
    others: npt.NDArray[np.intp]


_FIRST_FIGURE = 3
