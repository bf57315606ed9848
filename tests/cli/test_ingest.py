import pytest

from pyreport.errors import UNFINISHED
from pyreport.evidence.record_columns import TABLES
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.evidence.stored_tables import SUMS
from pyreport.files.locks import lock

from .command import GROUPS, PUBLISHED, letters_file, needs_shared, refused, run

LEA = ("27660500000000", "Made-up Elementary", "Monterey")


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def ingested(file, record):
    result = run("ingest", file, "--into", record)
    assert result.exit_code == 0, result.output
    return result


def test_a_file_is_read_into_a_new_record(tmp_path):
    result = ingested(letters_file(tmp_path / "letters-2025.csv", *LEA, {"SWD": "C"}), tmp_path / "record")
    assert result.stdout == ""
    assert "2025: 1 LEAs from letters-2025.csv" in result.stderr
    assert set(contents(tmp_path / "record")) == {SUMS, *(f"{name}.csv" for name in TABLES)}
    ((key, one),) = read_record(tmp_path / "record").lea_years.items()
    assert key == (2025, LEA[0])
    assert {group: letter.value for group, letter in one.letters.items()} == {"SWD": "C"}


def test_the_same_file_gives_the_same_bytes(tmp_path):
    file = letters_file(tmp_path / "letters-2025.csv", *LEA, {"SWD": "C"})
    ingested(file, tmp_path / "record")
    first = contents(tmp_path / "record")
    ingested(file, tmp_path / "record")
    assert contents(tmp_path / "record") == first


def test_the_years_of_the_file_replace_those_of_the_record_and_other_years_stay(tmp_path):
    record = tmp_path / "record"
    record.mkdir()
    for name, content in contents(record_folder()).items():
        (record / name).parent.mkdir(parents=True, exist_ok=True)
        (record / name).write_bytes(content)
    before = read_record(record)
    ingested(letters_file(tmp_path / "letters-2025.csv", *LEA, {}), record)
    after = read_record(record)
    assert [key for key in after.lea_years if key[0] == 2025] == [(2025, LEA[0])]
    others = {key: one for key, one in before.lea_years.items() if key[0] != 2025}
    assert {key: one for key, one in after.lea_years.items() if key[0] != 2025} == others


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "",
        lambda text: text.removesuffix("\r\n"),
        lambda text: text.replace("CDS", "Code"),
        lambda text: text.replace(LEA[0], "27660500000001"),
        lambda text: text.replace("Monterey", "Alpine"),
        lambda text: text.replace(",C,", ",Z,"),
        lambda text: "\udc80" + text,
    ],
    ids=["empty", "cut short", "column gone", "a school's code", "other county", "no letter", "not UTF-8"],
)
def test_a_bad_file_is_refused_and_the_record_stays_as_it_was(tmp_path, spoil):
    file = letters_file(tmp_path / "letters-2025.csv", *LEA, dict.fromkeys(GROUPS, "C"))
    ingested(file, tmp_path / "record")
    before = contents(tmp_path / "record")
    text = file.read_bytes().decode("utf-8")
    assert spoil(text) != text
    file.write_bytes(spoil(text).encode("utf-8", "surrogateescape"))
    message = refused("ingest", file, "--into", tmp_path / "record")
    assert "letters-2025.csv" in message
    assert contents(tmp_path / "record") == before


@pytest.mark.parametrize("name", ["nothing.xlsx", "empty folder"])
def test_files_that_are_not_there_are_refused(tmp_path, name):
    (tmp_path / "empty folder").mkdir()
    assert name in refused("ingest", tmp_path / name, "--into", tmp_path / "record")
    assert not (tmp_path / "record").exists()


def test_a_damaged_record_is_refused_and_left_alone(tmp_path):
    file = letters_file(tmp_path / "letters-2025.csv", *LEA, {})
    ingested(file, tmp_path / "record")
    (tmp_path / "record" / "lea.csv").write_text("no,columns\n", encoding="utf-8")
    before = contents(tmp_path / "record")
    assert "lea.csv" in refused("ingest", file, "--into", tmp_path / "record")
    assert contents(tmp_path / "record") == before


def test_a_record_cannot_be_written_into_a_file(tmp_path):
    file = letters_file(tmp_path / "letters-2025.csv", *LEA, {})
    (tmp_path / "record").write_text("a file", encoding="utf-8")
    assert str(tmp_path / "record") in refused("ingest", file, "--into", tmp_path / "record")


def test_a_second_ingest_into_the_same_folder_is_told_to_wait(tmp_path):
    file = letters_file(tmp_path / "letters-2025.csv", *LEA, {})
    (tmp_path / "record").mkdir()
    with lock(tmp_path / "record", "held"):
        result = run("ingest", file, "--into", tmp_path / "record")
    assert result.exit_code == UNFINISHED
    assert "another `pyreport ingest` writes there. Wait until that has ended, or name another folder." in result.stderr
    ingested(file, tmp_path / "record")


def test_a_damaged_record_is_named_and_left_as_it_is(tmp_path):
    file, record = letters_file(tmp_path / "letters-2025.csv", *LEA, {}), tmp_path / "record"
    ingested(file, record)
    (record / "lea.csv").write_bytes(b"")
    before = contents(record)
    assert f"{record / 'lea.csv'}: the table is not the one that was written" in refused(
        "ingest", file, "--into", record
    )
    assert contents(record) == before


def test_what_a_killed_ingest_left_is_removed_by_the_next(tmp_path):
    file, record = letters_file(tmp_path / "letters-2025.csv", *LEA, {}), tmp_path / "record"
    ingested(file, record)
    before = contents(record)
    for name in (".ingest-new", ".ingest-k3x9"):
        (record / name / "dashboard").mkdir(parents=True)
        (record / name / "lea.csv").write_text("half a table", encoding="utf-8")
    ingested(file, record)
    assert contents(record) == before


class TestCDEsFiles:
    pytestmark = needs_shared

    def test_cdes_files_give_the_tables_that_the_project_carries(self, tmp_path):
        data = PUBLISHED.parent
        figures = [data / "dashboard" / "monterey", data / "dashboard" / "lowperfleasnonall23data.xlsx"]
        others = [*figures, data / "local_indicators", data / "directory"]
        # The workbook of 2024 once, whole.
        earlier = [path for path in PUBLISHED.iterdir() if path.name != "assistancestatus24-inputs.xlsx"]
        files = [*earlier, data / "published_conclusions", *others]
        result = run("ingest", *files, "--complete", "Monterey", "--into", tmp_path / "record")
        assert result.exit_code == 0, result.output
        assert "districts-2019.csv passed over" in result.stderr
        carried = {name: content for name, content in contents(record_folder()).items() if name != "README.md"}
        assert contents(tmp_path / "record") == carried
