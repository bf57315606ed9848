"""The facts of a county's LEAs from other files than the status files: figures, lists, ratings, directories."""

from __future__ import annotations

from collections.abc import Collection

from pyreport.evidence.layout_files import layout_file
from pyreport.evidence.model import Cell, CountyEvidence, DashboardLea, Figure, Publication, agency_of, is_agency
from pyreport.evidence.predicates import Facts, fact
from pyreport.evidence.record import Record
from pyreport.evidence.status_layouts import layouts
from pyreport.rulebook.syntax import quote

__all__ = ["CountyFacts", "add_code_parts"]

_SUSPENSION = "suspension"
_DASH = " - "
_FLAG_COLUMNS = ("small_population", "high_school_cut_points", "certified", "type")
"""Columns without which levels or colors cannot be computed anew; a file may lack them."""


def _head(year: int, code: Cell) -> Cell:
    """The head of the column of the codes in the status file of a year, as the layout of that sheet says."""
    of_year = [candidate for candidate in layouts() if candidate.dashboard_year == year]
    layout = next((candidate for candidate in of_year if candidate.sheet == code.publication.sheet), of_year[0])
    return Cell(layout.columns["cds"], code.publication, code.column, layout.header_row)


def add_code_parts(facts: Facts, code: Cell) -> None:
    """State the parts of a CDS code: the digits of the type of its LEA and those of the school."""
    cds = code.value
    facts.setdefault(fact("code_parts", lea=quote(cds), type=quote(cds[2:4]), school=quote(cds[7:])), code)


class CountyFacts:
    """The facts of the other files about one county's LEAs."""

    def __init__(
        self,
        record: Record,
        code: str,
        until: int | None,
        only: Collection[str] | None,
        listed: dict[str, dict[int, Cell]],
    ) -> None:
        self.code, self.until = code, until
        self.evidence = record.counties.get(code, CountyEvidence())
        self.whole = only is None or code in only
        self.only = only or ()
        self.sources = [source for source in record.sources if self._in_time(source)]
        self.vouched_for = code in record.complete
        self.years = [year for year in record.years if until is None or year <= until]
        # The years of each LEA, with a cell in which it stands.
        self.known = {cds: dict(years) for cds, years in listed.items() if cds[:2] == code}
        # The charter schools in the directory, by their names.
        self.directory: dict[str, Cell] = {}

    def _in_time(self, publication: Publication) -> bool:
        return self.until is None or publication.dashboard_year <= self.until

    def _is_chosen(self, cds: str) -> bool:
        return self.whole or cds in self.only

    def add_to(self, facts: Facts) -> None:
        """Add all facts but those of LEAs that status files leave out (``add_not_listed``)."""
        self._charters(facts)
        self._reported(facts)
        self._name_charters(facts)
        self._figures(facts)
        self._low_performance(facts)
        self._local_ratings(facts)
        self._at_hand(facts)

    def add_not_listed(self, facts: Facts, listed: dict[str, dict[int, Cell]], status_files: dict[int, Cell]) -> None:
        """State which LEAs, known from elsewhere, a status file at hand for their county leaves out.

        Status files list school districts and county offices; that one leaves out a charter school says nothing.
        """
        for cds in sorted(self.known):
            if not is_agency(cds):
                continue
            for year, cell in status_files.items():
                if year not in listed.get(cds, {}):
                    facts[fact("not_listed", lea=quote(cds), year=year)] = _head(year, cell)

    def _charters(self, facts: Facts) -> None:
        """The directory holds now or then; it is not bound to a Dashboard."""
        for publication, charters in self.evidence.charters.items():
            for charter in charters:
                if not self._is_chosen(charter.cds):
                    continue
                code = Cell(charter.cds, publication, publication.columns["cds"], charter.row)
                facts[fact("charter", lea=quote(charter.cds))] = code
                add_code_parts(facts, code)
                for year in self.years:
                    facts[fact("in_directory", lea=quote(charter.cds), year=year)] = code
                self.directory[charter.cds] = Cell(charter.name, publication, publication.columns["name"], charter.row)
                if charter.dass == "Y":
                    facts[fact("dass", lea=quote(charter.cds))] = Cell(
                        "Yes", publication, publication.columns["dass"], charter.row
                    )
                # Of a name and a school's name with a dash between, what stands before the dash.
                printed = charter.authorizer.partition(_DASH)[0]
                under = agency_of(charter.cds)
                facts[
                    fact("numbered_under", lea=quote(charter.cds), authorizer=quote(under), county=quote(under[:2]))
                ] = code
                for name, word, text in (
                    ("authorizer", printed, charter.authorizer),
                    ("funding", charter.funding, charter.funding),
                ):
                    place = publication.columns[name]
                    facts[f"{name}_printed", quote(charter.cds), quote(word)] = Cell(
                        text, publication, place, charter.row
                    )

    def _reported(self, facts: Facts) -> None:
        rows: list[tuple[int, str, str, Publication, DashboardLea]] = [
            (year, lea.cds, publication.kind, publication, lea)
            for year, publication, lea in self.evidence.reported()
            if self._in_time(publication) and self._is_chosen(lea.cds)
        ]
        for year, cds, _, publication, lea in sorted(rows, key=lambda of_lea: of_lea[:3]):
            code = Cell(cds, publication, publication.columns["cds"], lea.row)
            years = self.known.setdefault(cds, {})
            if fact("reported", lea=quote(cds), year=year) in facts:
                continue
            facts[fact("reported", lea=quote(cds), year=year)] = code
            if year not in years:
                years[year] = code
                name = self._name(publication, lea) or code
                facts[fact("name", lea=quote(cds), year=year, name=quote(name.value))] = name
            add_code_parts(facts, code)
            if lea.charter:
                flag = Cell("Y", publication, publication.columns.get("charter", code.column), lea.row)
                facts.setdefault(fact("charter", lea=quote(cds)), flag)
            if lea.charter and lea.dass:
                flag = Cell("Y", publication, publication.columns["dass"], lea.row)
                facts.setdefault(fact("dass", lea=quote(cds)), flag)

    def _name(self, publication: Publication, lea: DashboardLea) -> Cell | None:
        """The LEA's name in the file, or in another year's or the directory where the file prints none."""
        place = publication.columns.get("school" if lea.charter else "district")
        if place and lea.name:
            return Cell(lea.name, publication, place, lea.row)
        return self.directory.get(lea.cds)

    def _name_charters(self, facts: Facts) -> None:
        """Name the charter schools of the directory in the years in which no file names them."""
        for cds, name in self.directory.items():
            for year in self.years:
                if year not in self.known.get(cds, {}):
                    facts[fact("name", lea=quote(cds), year=year, name=quote(name.value))] = name

    def _figures(self, facts: Facts) -> None:
        dashboard = layout_file("dashboard")
        for publication, figures in sorted(self.evidence.figures.items(), key=lambda item: item[0].id):
            if not self._in_time(publication):
                continue
            year, indicator, columns = publication.dashboard_year, publication.kind, publication.columns
            column = columns.get("color") or columns.get("status_level") or columns["denominator"]
            not_printed = [name for name in _FLAG_COLUMNS if name not in columns]
            for figure in figures:
                if not self._is_chosen(figure.cds):
                    continue
                self._not_printed(facts, publication, figure, not_printed)
                lea, group = quote(figure.cds), figure.group.lower()
                cell = Cell(_printed(figure, columns), publication, column, figure.row)
                atom = fact(
                    "dashboard_row",
                    lea=lea,
                    year=year,
                    group=group,
                    indicator=indicator,
                    denominator=_number(figure.denominator),
                    size=figure.size,
                    status=_number(figure.status),
                    change=_number(figure.change),
                    status_level=_number(figure.status_level),
                    change_level=_number(figure.change_level),
                    color="none" if figure.color is None else dashboard["colors"][str(figure.color)],
                )
                facts[atom] = cell
                if figure.small_population:
                    flag = Cell("Y", publication, columns["small_population"], figure.row)
                    facts[fact("small_population", lea=lea, year=year, group=group, indicator=indicator)] = flag
                if figure.high_school_cut_points:
                    flag = Cell("Y", publication, columns["high_school_cut_points"], figure.row)
                    facts[fact("high_school_cut_points", lea=lea, year=year, group=group, indicator=indicator)] = flag
                if indicator == _SUSPENSION and figure.certified == "Y":
                    flag = Cell("Y", publication, columns["certified"], figure.row)
                    facts[fact("certification_flag", lea=lea, year=year, group=group)] = flag
                if indicator == _SUSPENSION and figure.type:
                    kind = Cell(figure.type, publication, columns["type"], figure.row)
                    facts.setdefault(
                        fact("suspension_type", lea=lea, year=year, table=dashboard["types"][figure.type]), kind
                    )

    @staticmethod
    def _not_printed(facts: Facts, publication: Publication, figure: Figure, names: list[str]) -> None:
        """State once for an LEA and a file which flags the file does not print; the cell is the row's code."""
        for name in names:
            atom = fact(
                "not_printed",
                lea=quote(figure.cds),
                year=publication.dashboard_year,
                indicator=publication.kind,
                column=name,
            )
            if atom not in facts:
                facts[atom] = Cell(figure.cds, publication, publication.columns["cds"], figure.row)

    def _low_performance(self, facts: Facts) -> None:
        for publication, rows in self.evidence.low_performance.items():
            if not self._in_time(publication):
                continue
            year = publication.dashboard_year
            for entry in rows:
                if not self._is_chosen(entry.cds):
                    continue
                code = Cell(entry.cds, publication, publication.columns["cds"], entry.row)
                self.known.setdefault(entry.cds, {}).setdefault(year, code)
                for indicator in entry.indicators:
                    cell = Cell("Y", publication, publication.columns[indicator], entry.row)
                    facts[
                        fact(
                            "low_performing",
                            lea=quote(entry.cds),
                            year=year,
                            group=entry.group.lower(),
                            indicator=indicator,
                        )
                    ] = cell

    def _local_ratings(self, facts: Facts) -> None:
        printed = {rating: word for word, rating in layout_file("other_files")["local_indicators"]["ratings"].items()}
        for publication, ratings in sorted(self.evidence.local_ratings.items(), key=lambda item: item[0].id):
            if not self._in_time(publication):
                continue
            for rating in ratings:
                if self._is_chosen(rating.cds):
                    cell = Cell(printed[rating.rating], publication, publication.columns["rating"], rating.row)
                    atom = fact(
                        "local_rating",
                        lea=quote(rating.cds),
                        year=publication.dashboard_year,
                        priority=rating.priority,
                        rating=rating.rating,
                    )
                    facts[atom] = cell

    def _at_hand(self, facts: Facts) -> None:
        """Of which LEAs, known in any year, a file has all rows: what has no row in it has no figures.

        That is so of CDE's own file of the whole state, or where the user vouches for the county. CDE's list of Red
        groups names only the LEAs that have one: it counts for those that are known in its year. The cell is the
        LEA's first in the file; where it has none there, the head of the column of the codes. Of the red list it is
        the cell in which the LEA stands at all.
        """
        for publication in sorted(self.sources, key=lambda source: source.id):
            year = publication.dashboard_year
            is_red_list = publication.kind == "red-list"
            if not (publication.complete or self.vouched_for):
                continue
            if not is_red_list and self.code not in publication.counties:
                continue
            rows = {lea.cds: lea.row for lea in self.evidence.leas.get(publication, ())}
            in_part = self._in_a_part(publication.kind, year)
            for cds in sorted({*self.known, *self.directory} - in_part):
                if is_red_list:
                    if year not in self.known.get(cds, {}):
                        continue
                    facts.setdefault(fact("red_list_at_hand", lea=quote(cds), year=year), self.known[cds][year])
                    continue
                code = cds if cds in rows else "cds"
                cell = Cell(code, publication, publication.columns["cds"], rows.get(cds, 1))
                facts.setdefault(fact("all_rows_at_hand", lea=quote(cds), year=year, indicator=publication.kind), cell)

    def _in_a_part(self, kind: str, year: int) -> set[str]:
        """The LEAs whose rows come from a file of that indicator and year that is not complete: it speaks for them."""
        if self.vouched_for:
            return set()
        parts = (
            publication
            for publication in self.evidence.leas
            if (publication.kind, publication.dashboard_year) == (kind, year)
        )
        return {lea.cds for publication in parts if not publication.complete for lea in self.evidence.leas[publication]}


def _number(value: int | None) -> int | str:
    return "none" if value is None else value


def _tenths(value: int | None) -> str:
    return "blank" if value is None else f"{'-' if value < 0 else ''}{abs(value) // 10}.{abs(value) % 10}"


def _printed(figure: Figure, columns: Collection[str]) -> str:
    """What the row says, by the names of CDE's columns."""
    level, step, color = (
        0 if number is None else number for number in (figure.status_level, figure.change_level, figure.color)
    )
    words = {
        "color": f"color {color}",
        "denominator": f"currdenom {'blank' if figure.denominator is None else figure.denominator}",
        "status": f"currstatus {_tenths(figure.status)}",
        "status_level": f"statuslevel {level}",
        "change": f"change {_tenths(figure.change)}",
        "change_level": f"changelevel {step}",
        "size": f"n-size {figure.size.replace('_', ' ')}",
    }
    return ", ".join(text for name, text in words.items() if name in columns)
