"""From the record to ground facts, each with the cell it was read from."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from pyreport.evidence.counties import counties
from pyreport.evidence.county_evidence import CountyEvidence, DashboardLea, Figure
from pyreport.evidence.readers.assistance_status import layouts
from pyreport.evidence.record import Cell, Publication, Record
from pyreport.rulebook.rows import row_type
from pyreport.rulebook.syntax import Atom, quote, unquote

__all__ = ["EVERY_LEA", "Facts", "facts_for_year", "facts_of", "facts_with_case", "with_located"]

Facts = dict[Atom, Cell]
"""Ground facts and their cells, in a settled order."""

EVERY_LEA = quote("")
"""In place of an LEA's code: what a case file states of every LEA, such as when a Dashboard was released."""

_ANSWERS = {"Y": "yes", "N": "no"}
_COLORS = {None: "none", 1: "red", 2: "orange", 3: "yellow", 4: "green", 5: "blue"}
_SUSPENSION = "suspension"
_RATINGS = {
    "met": "Met",
    "not_met": "Not Met",
    "not_met_two_years": "Not Met For Two or More Years",
    "not_applicable": "NA",
}
_TYPES = {
    "ED": "elementary_district",
    "HD": "high_school_district",
    "UD": "unified_district",
    "ES": "elementary_school",
    "MS": "middle_school",
    "HS": "high_school",
}
_DECIDED_FROM_LETTERS = 1
_NO_SCHOOL = "0000000"
_LOCATED = "located_in"
_LISTED = ("listed", "reported")
_LOOKED_BACK_ON = "looked_back_on"
_IN_DIRECTORY = "in_directory"
"""A directory holds now or then: of an earlier Dashboard nothing follows from it that the later one does not ask."""
_DASH = " - "
_ADULT = 13
_GRADES = {"P": -1, "K": 0, "Adult": _ADULT, "PostSecondary": _ADULT}
"""Grades that are no numbers: preschool, kindergarten, and what comes after grade 12."""
_FLAG_COLUMNS = ("small_population", "high_school_cut_points", "certified", "type")
"""Columns without which levels or colors cannot be computed anew; a file may lack them."""


def facts_of(record: Record, *, until: int | None = None, only: Collection[str] | None = None) -> Facts:
    """Return the facts of ``record``: those of the status files, then those of the others, county by county.

    Args:
        record: The record.
        until: Take the Dashboards up to this year alone. A determination rests on no later one.
        only: Take these CDS codes or county codes (two digits) alone. Other counties are not even read.

    What CDE concluded itself (statuses, the flags of EC 52072 and 52071(f)) are facts that settle what is open and
    overrule nothing; Method 1 is none: it is decided from the letters.
    """
    facts: Facts = {}
    listed: dict[str, dict[int, Cell]] = {}
    # The status file of each Dashboard and county, as the publication and column of one of its rows.
    status_files: dict[str, dict[int, Cell]] = {}
    for (year, cds), one in sorted(record.lea_years.items()):
        if until is not None and year > until:
            continue
        status_files.setdefault(cds[:2], {}).setdefault(year, one.cds)
        if only is not None and cds not in only and cds[:2] not in only:
            continue
        lea = quote(cds)
        listed.setdefault(cds, {})[year] = one.cds
        facts["listed", lea, year] = one.cds
        facts["name", lea, year, quote(one.name.value)] = one.name
        _code_parts(facts, one.cds)
        if one.grades is not None and (span := _span(one.grades.value)) is not None:
            facts["grades_offered", lea, year, *span] = one.grades
        if one.letters_at_hand:
            facts["letters_at_hand", lea, year] = one.cds
        for group, letter in one.letters.items():
            facts["published_letter", lea, year, group.lower(), letter.value.lower()] = letter
        for method, answer in one.methods.items():
            # Method 1 is decided from the letters; CDE's own answer is only compared.
            if method != _DECIDED_FROM_LETTERS:
                facts["published_method", lea, year, method, _ANSWERS[answer.value]] = answer
    _add_published(facts, record, listed)
    wanted = None if only is None else {code[:2] for code in only}
    codes = {cds[:2] for cds in listed} | set(record.counties) if wanted is None else wanted
    # A status file of the whole state says of an LEA that it leaves out that it is not there; a part of one does not.
    whole = {year for year, places in _by_year(status_files).items() if places == set(counties())}
    for code in sorted(codes):
        county = _County(record, code, until, only, listed)
        county.add_to(facts)
        of_county = status_files.get(code, {})
        complete = of_county if county.vouched_for else {year: of_county[year] for year in of_county if year in whole}
        county.add_not_listed(facts, listed, complete)
    return facts


def _by_year(status_files: Mapping[str, Mapping[int, Cell]]) -> dict[int, set[str]]:
    """The counties of which each year's status file has rows."""
    found: dict[int, set[str]] = {}
    for code, years in status_files.items():
        for year in years:
            found.setdefault(year, set()).add(code)
    return found


def _add_published(facts: Facts, record: Record, listed: Mapping[str, Mapping[int, Cell]]) -> None:
    """What CDE concluded of the LEAs that are ``listed``."""
    for cds, years in listed.items():
        for year in years:
            one = record.published.get((year, cds))
            if one is None:
                continue
            lea = quote(cds)
            if one.status is not None:
                facts["published_status", lea, year, quote(one.status.value)] = one.status
            for predicate, cell in (("published_52072", one.ec_52072), ("published_52071f", one.ec_52071f)):
                if cell is not None:
                    facts[predicate, lea, year, _ANSWERS[cell.value]] = cell


def _span(grades: str) -> tuple[int, int] | None:
    """The first and the last grade of a span such as ``K-8`` or ``P-Adult``, as numbers; ``None`` if it is none."""
    found = re.fullmatch(r"(P|K|[0-9]{1,2})-(K|[0-9]{1,2}|Adult|PostSecondary)", "".join(grades.split()))
    return (_grade(found[1]), _grade(found[2])) if found else None


def _grade(word: str) -> int:
    return _GRADES[word] if word in _GRADES else min(int(word), _ADULT)


def facts_with_case(
    record: Record, case: Facts, *, until: int | None = None, only: Collection[str] | None = None
) -> Facts:
    """Return the facts of ``record`` and of ``case`` about ``only``; the other arguments are those of ``facts_of``.

    A charter school that ``case`` locates in a county is one of that county's LEAs, as well as of its code's.
    """
    about = with_located(only, case)
    return _with_case(facts_of(record, until=until, only=about), case, about)


def with_located(only: Collection[str] | None, case: Iterable[Atom]) -> set[str] | None:
    """``only`` (CDS codes or county codes; all if ``None``) with the LEAs that ``case`` locates in its counties."""
    if only is None:
        return None
    located = ((unquote(atom[1]), unquote(atom[2])) for atom in case if atom[0] == _LOCATED)
    return {*only, *(cds for cds, county in located if county in only)}


def _with_case(facts: Facts, case: Facts, only: Collection[str] | None) -> Facts:
    """Return ``facts`` and those of ``case`` about ``only`` (CDS codes or county codes; all if ``None``).

    What is so for every LEA is stated of each that the facts know. What begins with a number is about no LEA.
    """
    found = dict(facts)
    leas = dict.fromkeys(atom[1] for atom in facts if atom[0] == "code_parts")
    for atom, cell in case.items():
        if atom[1] == EVERY_LEA:
            found.update({(atom[0], lea, *atom[2:]): cell for lea in leas})
            continue
        cds = unquote(atom[1])
        if only is None or isinstance(atom[1], int) or cds in only or cds[:2] in only:
            found[atom] = cell
    return found


def _head(year: int, code: Cell) -> Cell:
    """The head of the column of the codes in the status file of a year, as the layout of that sheet says."""
    of_year = [one for one in layouts() if one.dashboard_year == year]
    layout = next((one for one in of_year if one.sheet == code.publication.sheet), of_year[0])
    return Cell(layout.columns["cds"], code.publication, code.column, layout.header_row)


def facts_for_year(
    facts: Facts,
    year: int,
    rests_on: Mapping[object, Collection[object]],
    arguments: Mapping[str, tuple[str, ...]],
) -> Facts:
    """Return what conclusions of one Dashboard year rest on: the facts of some Dashboards, and those of none.

    Args:
        facts: All facts.
        year: The Dashboard year of the conclusions.
        rests_on: For each Dashboard year, the Dashboard years that its conclusions rest on.
        arguments: For each predicate the names of its arguments, in order.

    The earlier years are marked by ``looked_back_on``: their own past is not among the facts. Facts of a year without
    a Dashboard, such as a finding about a school year, stay.
    """
    others = rests_on.keys() - set(rests_on.get(year, ()))
    # The place of the year in an atom, looked up once a predicate: this passes over every fact.
    place = {name: names.index("Year") + 1 for name, names in arguments.items() if "Year" in names}

    def rested_on(atom: Atom) -> bool:
        name = str(atom[0])
        if name not in place:
            return True
        of = atom[place[name]]
        return of not in others and (name != _IN_DIRECTORY or of == year)

    resting = {atom: cell for atom, cell in facts.items() if rested_on(atom)}
    for atom, cell in list(resting.items()):
        name = str(atom[0])
        if name in _LISTED and atom[place[name]] != year:
            row = row_type(name, arguments[name])._make(atom[1:])
            earlier = row_type(_LOOKED_BACK_ON, arguments[_LOOKED_BACK_ON])(lea=row.lea, year=row.year)
            resting.setdefault((_LOOKED_BACK_ON, *earlier), cell)
    return resting


def _code_parts(facts: Facts, code: Cell) -> None:
    cds = code.value
    facts.setdefault(("code_parts", quote(cds), quote(cds[2:4]), quote(cds[7:])), code)


class _County:
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
        self.sources = [one for one in record.sources if self._in_time(one)]
        self.vouched_for = code in record.complete
        self.years = [year for year in record.years if until is None or year <= until]
        # The years of each LEA, with a cell in which it stands.
        self.known = {cds: dict(years) for cds, years in listed.items() if cds[:2] == code}
        # The charter schools in the directory, by their names.
        self.directory: dict[str, Cell] = {}

    def _in_time(self, publication: Publication) -> bool:
        return self.until is None or publication.dashboard_year <= self.until

    def _taken(self, cds: str) -> bool:
        return self.whole or cds in self.only

    def add_to(self, facts: Facts) -> None:
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
            if not cds.endswith(_NO_SCHOOL):
                continue
            for year, cell in status_files.items():
                if year not in listed.get(cds, {}):
                    facts["not_listed", quote(cds), year] = _head(year, cell)

    def _charters(self, facts: Facts) -> None:
        """The directory holds now or then; it is not bound to a Dashboard."""
        for publication, charters in self.evidence.charters.items():
            for one in charters:
                if not self._taken(one.cds):
                    continue
                code = Cell(one.cds, publication, publication.columns["cds"], one.row)
                facts["charter", quote(one.cds)] = code
                _code_parts(facts, code)
                for year in self.years:
                    facts[_IN_DIRECTORY, quote(one.cds), year] = code
                self.directory[one.cds] = Cell(one.name, publication, publication.columns["name"], one.row)
                if one.dass == "Y":
                    facts["dass", quote(one.cds)] = Cell("Yes", publication, publication.columns["dass"], one.row)
                # Of a name and a school's name with a dash between, what stands before the dash.
                printed = one.authorizer.partition(_DASH)[0]
                under = one.cds[: -len(_NO_SCHOOL)] + _NO_SCHOOL
                facts["numbered_under", quote(one.cds), quote(under), quote(under[:2])] = code
                for name, word, text in (
                    ("authorizer", printed, one.authorizer),
                    ("funding", one.funding, one.funding),
                ):
                    place = publication.columns[name]
                    facts[f"{name}_printed", quote(one.cds), quote(word)] = Cell(text, publication, place, one.row)

    def _reported(self, facts: Facts) -> None:
        found: list[tuple[int, str, str, Publication, DashboardLea]] = [
            (year, lea.cds, publication.kind, publication, lea)
            for year, publication, lea in self.evidence.reported()
            if self._in_time(publication) and self._taken(lea.cds)
        ]
        for year, cds, _, publication, lea in sorted(found, key=lambda one: one[:3]):
            code = Cell(cds, publication, publication.columns["cds"], lea.row)
            years = self.known.setdefault(cds, {})
            if ("reported", quote(cds), year) in facts:
                continue
            facts["reported", quote(cds), year] = code
            if year not in years:
                years[year] = code
                name = self._name(publication, lea) or code
                facts["name", quote(cds), year, quote(name.value)] = name
            _code_parts(facts, code)
            if lea.charter:
                flag = Cell("Y", publication, publication.columns.get("charter", code.column), lea.row)
                facts.setdefault(("charter", quote(cds)), flag)
            if lea.charter and lea.dass:
                flag = Cell("Y", publication, publication.columns["dass"], lea.row)
                facts.setdefault(("dass", quote(cds)), flag)

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
                    facts["name", quote(cds), year, quote(name.value)] = name

    def _figures(self, facts: Facts) -> None:
        for publication, figures in sorted(self.evidence.figures.items(), key=lambda one: one[0].id):
            if not self._in_time(publication):
                continue
            year, indicator, columns = publication.dashboard_year, publication.kind, publication.columns
            shown = columns.get("color") or columns.get("status_level") or columns["denominator"]
            not_printed = [name for name in _FLAG_COLUMNS if name not in columns]
            for one in figures:
                if not self._taken(one.cds):
                    continue
                self._not_printed(facts, publication, one, not_printed)
                lea, group = quote(one.cds), one.group.lower()
                cell = Cell(_printed(one, columns), publication, shown, one.row)
                atom = (
                    "dashboard_row",
                    lea,
                    year,
                    group,
                    indicator,
                    _number(one.denominator),
                    one.size,
                    _number(one.status),
                    _number(one.change),
                    _number(one.status_level),
                    _number(one.change_level),
                    _COLORS[one.color],
                )
                facts[atom] = cell
                if one.small_population:
                    flag = Cell("Y", publication, columns["small_population"], one.row)
                    facts["small_population", lea, year, group, indicator] = flag
                if one.high_school_cut_points:
                    flag = Cell("Y", publication, columns["high_school_cut_points"], one.row)
                    facts["high_school_cut_points", lea, year, group, indicator] = flag
                if indicator == _SUSPENSION and one.certified == "Y":
                    flag = Cell("Y", publication, columns["certified"], one.row)
                    facts["certification_flag", lea, year, group] = flag
                if indicator == _SUSPENSION and one.type:
                    kind = Cell(one.type, publication, columns["type"], one.row)
                    facts.setdefault(("suspension_type", lea, year, _TYPES[one.type]), kind)

    @staticmethod
    def _not_printed(facts: Facts, publication: Publication, figure: Figure, names: list[str]) -> None:
        """State once for an LEA and a file which flags the file does not print; the cell is the row's code."""
        for name in names:
            atom = ("not_printed", quote(figure.cds), publication.dashboard_year, publication.kind, name)
            if atom not in facts:
                facts[atom] = Cell(figure.cds, publication, publication.columns["cds"], figure.row)

    def _low_performance(self, facts: Facts) -> None:
        for publication, rows in self.evidence.low_performance.items():
            if not self._in_time(publication):
                continue
            year = publication.dashboard_year
            for one in rows:
                if not self._taken(one.cds):
                    continue
                code = Cell(one.cds, publication, publication.columns["cds"], one.row)
                self.known.setdefault(one.cds, {}).setdefault(year, code)
                for indicator in one.indicators:
                    cell = Cell("Y", publication, publication.columns[indicator], one.row)
                    facts["low_performing", quote(one.cds), year, one.group.lower(), indicator] = cell

    def _local_ratings(self, facts: Facts) -> None:
        for publication, ratings in sorted(self.evidence.local_ratings.items(), key=lambda one: one[0].id):
            if not self._in_time(publication):
                continue
            for one in ratings:
                if self._taken(one.cds):
                    cell = Cell(_RATINGS[one.rating], publication, publication.columns["rating"], one.row)
                    atom = ("local_rating", quote(one.cds), publication.dashboard_year, one.priority, one.rating)
                    facts[atom] = cell

    def _at_hand(self, facts: Facts) -> None:
        """Of which LEAs, known in any year, a file has all rows: what has no row in it has no figures.

        That is so of CDE's own file of the whole state, or where the user vouches for the county. CDE's list of Red
        groups names only the LEAs that have one: it counts for those that are known in its year. The cell is the
        LEA's first in the file; where it has none there, the head of the column of the codes. Of the red list it is
        the cell in which the LEA stands at all.
        """
        for publication in sorted(self.sources, key=lambda one: one.id):
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
                    facts.setdefault(("red_list_at_hand", quote(cds), year), self.known[cds][year])
                    continue
                code = cds if cds in rows else "cds"
                cell = Cell(code, publication, publication.columns["cds"], rows.get(cds, 1))
                facts.setdefault(("all_rows_at_hand", quote(cds), year, publication.kind), cell)

    def _in_a_part(self, kind: str, year: int) -> set[str]:
        """The LEAs whose rows come from a file of that indicator and year that is not complete: it speaks for them."""
        if self.vouched_for:
            return set()
        parts = (one for one in self.evidence.leas if (one.kind, one.dashboard_year) == (kind, year))
        return {lea.cds for one in parts if not one.complete for lea in self.evidence.leas[one]}


def _number(value: int | None) -> int | str:
    return "none" if value is None else value


def _tenths(value: int | None) -> str:
    return "blank" if value is None else f"{'-' if value < 0 else ''}{abs(value) // 10}.{abs(value) % 10}"


def _printed(figure: Figure, columns: Collection[str]) -> str:
    """What the row says, by the names of CDE's columns."""
    level, step, color = (0 if one is None else one for one in (figure.status_level, figure.change_level, figure.color))
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
