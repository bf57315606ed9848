"""The record: small tables that are read back as they were written, or refused."""

from __future__ import annotations

import shutil
import string
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pyreport.evidence.findings import EvidenceError
from pyreport.evidence.model import Cell, LeaYear, Publication, Published
from pyreport.evidence.readers.files import read_evidence as read_status_files
from pyreport.evidence.record import Record
from pyreport.evidence.record_columns import TABLES
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.evidence.record_writing import fingerprint, write_record
from pyreport.evidence.stored_tables import SUMS

from .readers.status_files import GROUPS, lea, leas, save_workbook, values
from .test_stored_tables import sealed

FIELDS = ("cds", "name", "status", "ec_52072", "method_1", "method_2", "method_3", "method_4", *GROUPS)


def publication(year: int, file: str = "made-up.xlsx") -> Publication:
    columns = {name: string.ascii_uppercase[place] for place, name in enumerate(FIELDS)}
    return Publication(year, f"Status, “{year}”", "today", file, "Sheet", "0" * 64, columns)


def made_up(
    source: Publication,
    row: int,
    cds: str,
    name: str = "Plain Valley",
    letters: dict[str, str] | None = None,
    methods: dict[int, str] | None = None,
    status: str | None = None,
    flag: str | None = None,
) -> tuple[LeaYear, Published]:
    def cell(value: str, field: str) -> Cell:
        return Cell(value, source, source.columns[field], row)

    return LeaYear(
        source.dashboard_year,
        cell(cds, "cds"),
        cell(name, "name"),
        {group: cell(letter, group) for group, letter in (letters or {}).items()},
        {number: cell(answer, f"method_{number}") for number, answer in (methods or {}).items()},
    ), Published(
        None if status is None else cell(status, "status"),
        None if flag is None else cell(flag, "ec_52072"),
    )


def record_of(*leas: tuple[LeaYear, Published]) -> Record:
    published = {(one.year, one.cds.value): conclusions for one, conclusions in leas if conclusions.cells()}
    return Record({(one.year, one.cds.value): one for one, _ in leas}, published=published)


def tables(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.csv")}


@pytest.fixture
def two_years(tmp_path: Path) -> Record:
    return read_status_files(
        [
            save_workbook(tmp_path / "assistancestatus22.xlsx", leas(2022), year=2022),
            save_workbook(tmp_path / "assistancestatus23.xlsx", leas()),
        ]
    )


@pytest.fixture
def folder(tmp_path: Path, two_years: Record) -> Path:
    write_record(two_years, tmp_path / "record")
    return tmp_path / "record"


class TestRoundTrip:
    def test_what_was_written_is_read_back_with_every_cell(self, folder, two_years):
        assert read_record(folder) == two_years

    def test_the_record_of_the_package_is_read_back_as_its_own_bytes(self, tmp_path):
        write_record(read_record(record_folder()), tmp_path)
        assert tables(tmp_path) == tables(record_folder())

    def test_the_paths_of_all_tables_are_returned_and_nothing_else_is_left(self, tmp_path, two_years):
        paths = write_record(two_years, tmp_path / "new" / "record")
        assert [path.name for path in paths] == [f"{name}.csv" for name in TABLES]
        assert {*paths, tmp_path / "new" / "record" / SUMS} == set((tmp_path / "new" / "record").iterdir())

    def test_the_order_of_the_lea_years_changes_no_byte(self, tmp_path, two_years):
        write_record(two_years, tmp_path / "one")
        published = dict(reversed(two_years.published.items()))
        backwards = Record(dict(reversed(two_years.lea_years.items())), published=published)
        write_record(backwards, tmp_path / "other")
        assert tables(tmp_path / "one") == tables(tmp_path / "other")
        assert fingerprint(two_years) == fingerprint(backwards)

    def test_the_fingerprint_changes_with_one_letter(self, two_years):
        source = publication(2023)
        one, other = (record_of(made_up(source, 7, "27660500000000", letters={"FOS": at})) for at in "AB")
        assert fingerprint(one) != fingerprint(other)

    @given(
        st.lists(
            st.tuples(
                st.text(min_size=1).filter(lambda name: "\0" not in name),
                st.dictionaries(st.sampled_from(GROUPS), st.sampled_from("ABCDEFGHIJK")),
                st.dictionaries(st.sampled_from([1, 2, 3, 4]), st.sampled_from("YN")),
                st.none() | st.sampled_from(["General Assistance", "Differentiated Assistance, Year 1"]),
                st.none() | st.sampled_from("YN"),
            ),
            max_size=4,
        )
    )
    @example([('Carriage\r"return", comma\nand line feed', {}, {}, None, None)])
    @settings(max_examples=60, deadline=None)
    def test_any_record_is_read_back_as_it_was(self, drawn):
        source = publication(2023)
        record = record_of(*(made_up(source, row, f"27{row:05}0000000", *parts) for row, parts in enumerate(drawn, 7)))
        with tempfile.TemporaryDirectory() as place:
            write_record(record, Path(place))
            assert values(read_record(Path(place))) == values(record)
            assert read_record(Path(place)) == record


class TestDamage:
    """What is told of tables that were written as they are, as by another version."""

    @pytest.mark.parametrize("table", TABLES)
    def test_a_missing_table_is_named(self, folder, table):
        (folder / f"{table}.csv").unlink()
        sealed(folder)
        with pytest.raises(EvidenceError, match="ingest") as caught:
            read_record(folder)
        assert [one.file for one in caught.value.findings] == [str(folder / f"{table}.csv")]

    @pytest.mark.parametrize("table", TABLES)
    def test_a_table_with_other_columns_is_named_with_those_that_it_must_have(self, folder, table):
        path = folder / f"{table}.csv"
        path.write_text(path.read_text(encoding="utf-8").replace(TABLES[table][-1], "other", 1), encoding="utf-8")
        sealed(folder)
        with pytest.raises(EvidenceError) as caught:
            read_record(folder)
        (found,) = caught.value.findings
        assert (found.file, found.row) == (str(path), 1)
        assert ",".join(TABLES[table]) in found.message

    @pytest.mark.parametrize("table", TABLES)
    def test_an_empty_table_is_named(self, folder, table):
        (folder / f"{table}.csv").write_bytes(b"")
        sealed(folder)
        with pytest.raises(EvidenceError) as caught:
            read_record(folder)
        assert [one.file for one in caught.value.findings] == [str(folder / f"{table}.csv")]

    @pytest.mark.parametrize("table", TABLES)
    def test_a_row_that_is_cut_is_named(self, folder, table):
        path = folder / f"{table}.csv"
        *rows, last = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join([*rows, last.rpartition(",")[0]]), encoding="utf-8")
        sealed(folder)
        with pytest.raises(EvidenceError) as caught:
            read_record(folder)
        (found,) = caught.value.findings
        assert (found.file, found.row) == (str(path), len(rows) + 1)

    @pytest.mark.parametrize("table", ["publication_column", "lea"])
    def test_a_year_without_publication_is_named(self, folder, table):
        path = folder / f"{table}.csv"
        path.write_text(path.read_text(encoding="utf-8").replace("2022,", "2031,", 1), encoding="utf-8")
        sealed(folder)
        with pytest.raises(EvidenceError, match="2031") as caught:
            read_record(folder)
        assert [one.file for one in caught.value.findings] == [str(path)]

    @pytest.mark.parametrize(
        ("table", "old", "new"),
        [
            ("lea", ",7\n", ",seven\n"),
            ("publication", "status,2022,", "status,two thousand,"),
            ("publication_column", "2023,FOS,", "2023,FOX,"),
        ],
    )
    def test_tables_that_do_not_fit_together_are_refused(self, folder, table, old, new):
        path = folder / f"{table}.csv"
        before = path.read_text(encoding="utf-8")
        path.write_text(before.replace(old, new), encoding="utf-8")
        assert path.read_text(encoding="utf-8") != before
        sealed(folder)
        with pytest.raises(EvidenceError, match="ingest all files anew"):
            read_record(folder)


class TestFailure:
    def test_in_a_new_folder_it_leaves_no_table(self, tmp_path, two_years, monkeypatch):
        def failing(path: Path, target: Path) -> Path:
            raise OSError("no space left on device")

        monkeypatch.setattr(Path, "replace", failing)
        with pytest.raises(OSError, match="no space left"):
            write_record(two_years, tmp_path / "fresh")
        assert list((tmp_path / "fresh").iterdir()) == []

    def test_a_record_of_two_files_of_one_year_is_not_written(self, folder, two_years):
        before = tables(folder)
        answers = made_up(publication(2023, "other.xlsx"), 7, "27660500000000")
        with pytest.raises(ValueError, match="2023 come from more than one file"):
            write_record(two_years.updated(record_of(answers)), folder)
        assert tables(folder) == before


class TestUpdated:
    older = record_of(
        made_up(
            publication(2023, "old.xlsx"),
            7,
            "27660500000000",
            "Old Name",
            {"FOS": "A", "HOM": "B"},
            {1: "Y", 2: "Y", 3: "N"},
            "General Assistance",
            "N",
        ),
        made_up(publication(2023, "old.xlsx"), 8, "27660680000000", letters={"EL": "C"}),
        made_up(publication(2022, "older.xlsx"), 9, "27660500000000", letters={"WH": "D"}),
    )

    def test_the_letters_are_those_of_the_newer_file_alone(self):
        newer = record_of(made_up(publication(2023, "new.xlsx"), 20, "27660500000000", "New Name", {"HOM": "C"}))
        one = self.older.updated(newer).lea_years[2023, "27660500000000"]
        assert {group: (cell.value, cell.publication.file) for group, cell in one.letters.items()} == {
            "HOM": ("C", "new.xlsx")
        }
        assert (one.name.value, one.cds.row) == ("New Name", 20)

    def test_a_newer_file_without_letters_takes_the_letters_away(self):
        newer = record_of(made_up(publication(2023, "new.xlsx"), 20, "27660500000000"))
        assert self.older.updated(newer).lea_years[2023, "27660500000000"].letters == {}

    def test_methods_status_and_flag_that_it_does_not_carry_stay_with_their_old_cells(self):
        newer = record_of(made_up(publication(2023, "new.xlsx"), 20, "27660500000000", methods={2: "N"}))
        updated = self.older.updated(newer)
        one, printed = (table[2023, "27660500000000"] for table in (updated.lea_years, updated.published))
        assert {number: (cell.value, cell.publication.file) for number, cell in one.methods.items()} == {
            1: ("Y", "old.xlsx"),
            2: ("N", "new.xlsx"),
            3: ("N", "old.xlsx"),
        }
        status, flag = printed.status, printed.ec_52072
        assert (status.value, status.publication.file, status.row) == ("General Assistance", "old.xlsx", 7)
        assert (flag.value, flag.publication.file) == ("N", "old.xlsx")

    def test_a_status_and_a_flag_that_it_carries_replace_the_old_ones(self):
        newer = record_of(
            made_up(publication(2023, "new.xlsx"), 20, "27660500000000", status="Differentiated Assistance", flag="Y")
        )
        one = self.older.updated(newer).published[2023, "27660500000000"]
        assert (one.status.value, one.ec_52072.value) == ("Differentiated Assistance", "Y")

    def test_other_leas_and_years_stay_and_new_ones_come(self):
        added = made_up(publication(2024, "new.xlsx"), 20, "27660500000000")
        updated = self.older.updated(record_of(added))
        assert updated.lea_years == {**self.older.lea_years, (2024, "27660500000000"): added[0]}

    def test_every_source_of_a_cell_is_among_the_publications(self):
        newer = record_of(made_up(publication(2023, "new.xlsx"), 20, "27660680000000"))
        only = record_of(made_up(publication(2023, "old.xlsx"), 8, "27660680000000", status="General Assistance"))
        assert [one.file for one in only.updated(newer).publications()] == ["new.xlsx", "old.xlsx"]


class TestReplaced:
    def test_the_years_of_the_newer_record_are_wholly_its_own(self, two_years):
        newer = record_of(made_up(publication(2023), 7, "01611190000000"))
        replaced = two_years.replaced(newer)
        assert replaced.years == [2022, 2023]
        assert [cds for year, cds in replaced.lea_years if year == 2023] == ["01611190000000"]
        assert [cds for year, cds in replaced.lea_years if year == 2022] == [row["CDS"] for row in leas()]


def test_a_file_added_to_the_folder_of_another_year_gives_the_record_of_both(tmp_path, two_years):
    first = read_status_files([tmp_path / "assistancestatus22.xlsx"])
    write_record(first, tmp_path / "record")
    second = read_status_files([tmp_path / "assistancestatus23.xlsx"])
    write_record(read_record(tmp_path / "record").replaced(second), tmp_path / "record")
    assert read_record(tmp_path / "record") == two_years


def test_the_folder_of_the_package_is_the_one_that_holds_its_tables():
    assert {path.name for path in record_folder().glob("*.csv")} == {f"{name}.csv" for name in TABLES}


def test_a_copied_folder_is_read_like_the_original(tmp_path):
    shutil.copytree(record_folder(), tmp_path / "copy")
    assert read_record(tmp_path / "copy") == read_record(record_folder())


def test_a_row_of_one_lea_alone_is_a_record_too(tmp_path):
    rows = [lea("27660500000000", "Alone", "Monterey")]
    record = read_status_files([save_workbook(tmp_path / "assistancestatus23.xlsx", rows)])
    write_record(record, tmp_path / "record")
    assert read_record(tmp_path / "record") == record
