"""Make hostile and damaged files out of faultless ones of every kind that is read; read each in a process of its own.

Called as a program with a folder of inputs, it reads them one by one and prints how each reading ended.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from . import dashboard_tables, status_files, test_charter_assistance, test_other_files

MEMORY = 2 << 30
SECONDS, LONGEST = 30, 300
"""Of the processor, and on the clock: other processes may be at work."""
REFUSED, SAME, ANY = "refused", "same", "any"
"""What must come of an input: an error; the record of the faultless file; one of these or another record."""
CASE = """\
- what: calpads_not_certified
  lea: "27661420000000"
  dashboard_year: 2024
  date: 2024-08-29
  document: "CDE, certification status report"
- what: requested
  by: lea
  lea: "27661420000000"
  date: 2025-10-01
  section: "52074(g)(3)"
  document: "Letter of the district superintendent"
"""
SHEET = "xl/worksheets/sheet"


@dataclass(frozen=True)
class Input:
    """A file, what was done to it, and what must come of it."""

    number: int
    name: str
    change: str
    expected: str
    content: bytes
    base: str


@dataclass(frozen=True)
class Ending:
    """How a reading ended: the status (negative: the signal), what was printed, the tables of the record written."""

    status: int
    printed: str
    tables: dict[str, str]
    megabytes: int
    seconds: float


@cache
def faultless() -> dict[str, bytes]:
    """A file of each kind, by name."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = dashboard_tables.text_of(dashboard_tables.rows())
        dashboard_tables.save(folder / "suspdownload2024.txt", text)
        dashboard_tables.save(folder / "suspdownload2024 commas.csv", text.replace("\t", ","))
        dashboard_tables.save(folder / "all indicators.txt", text)
        dashboard_tables.save_sheet(folder / "suspdownload2024.xlsx", dashboard_tables.rows())
        status_files.save_workbook(folder / "assistancestatus23.xlsx", status_files.leas())
        status_files.save_csv(folder / "letters-2025.csv", status_files.letters_2025())
        test_other_files.save_local(folder)
        test_other_files.save_red(folder)
        test_other_files.save_charters(folder)
        test_charter_assistance.save(folder)
        one = test_other_files.ONE
        (folder / "Pr12023.txt").write_text(f"cdsCode|lea|priorityNumber|performance|year\n{one}|A|1|Met|2023\n")
        flags = "General Assistance,N,N"
        (folder / "status-2025.csv").write_text(f"cds,leaname,status,ec52072b,ec52071f\n{one},A,{flags}\n")
        (folder / "case.yaml").write_text(CASE)
        found = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    found["suspdownload2024.txt.gz"] = gzip.compress(found["suspdownload2024.txt"], mtime=0)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in ("suspdownload2024.txt", "letters-2025.csv"):
            archive.writestr(member, found[member])
    found["files.zip"] = packed.getvalue()
    return found


def _is_text(name: str) -> bool:
    return name.endswith((".txt", ".csv", ".yaml"))


def _bytes(choose: random.Random, name: str, content: bytes) -> tuple[str, str, bytes]:
    """Damage some bytes, whatever they mean."""
    place, length = choose.randrange(len(content)), choose.choice([1, 2, 7, 100, 4000])
    kind = choose.choice(["flip", "drop", "double", "insert", "cut", "overwrite"])
    piece = content[place : place + length]
    changed = {
        "flip": lambda: content[:place] + bytes([content[place] ^ (1 << choose.randrange(8))]) + content[place + 1 :],
        "drop": lambda: content[:place] + content[place + length :],
        "double": lambda: content[:place] + piece * choose.choice([2, 3, 50]) + content[place:],
        "insert": lambda: content[:place] + choose.randbytes(length) + content[place:],
        "cut": lambda: content[:place],
        "overwrite": lambda: content[:place] + choose.randbytes(len(piece)) + content[place + len(piece) :],
    }[kind]()
    return f"{kind} {length} bytes at {place}", ANY, changed


def _control(choose: random.Random, name: str, content: bytes) -> tuple[str, str, bytes]:
    """Put in a control character: refused wherever it stands."""
    character = choose.choice(
        [*map(chr, [0, 1, 7, 8, 11, 12, 14, 27, 31, 127, 0x85, 0x9B]), *"\u2028\u202e\u2066\u200f"]
    )
    text = content.decode("utf-8")
    place = choose.randrange(len(text))
    expected = ANY if name.endswith(".yaml") else REFUSED
    return f"U+{ord(character):04X} at {place}", expected, (text[:place] + character + text[place:]).encode()


CELLS = [
    *("#N/A", "#REF!", "=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "1e999", "nan", "inf", "1E+12", "9" * 400),
    *(
        "x" * 200_000,
        "'",
        '"',
        '""',
        "\\",
        "{0}",
        "%s",
        "<script>",
        "\N{GRINNING FACE}",
        "\ufeff",
        "\u00a0",
        "Ａ",
        "１",
    ),
    *("101", "-0.1", "100.1", "1,5", "٣", "0", "*", "Y", "N", "NA", "2024", "\ud800"),
]


def _cells(choose: random.Random, name: str, content: bytes) -> tuple[str, str, bytes]:
    """Write something else into a cell."""
    cell = choose.choice(CELLS)
    text = content.decode("utf-8")
    pieces = list(re.finditer(r"[^\t\n\r,|]+", text))
    one = choose.choice(pieces)
    changed = text[: one.start()] + cell + text[one.end() :]
    return f"{cell[:20]!a} for {one[0][:20]!r}", ANY, changed.encode("utf-8", "surrogatepass")


def _encoding(choose: random.Random, name: str, content: bytes) -> tuple[str, str, bytes]:
    text = content.decode("utf-8")
    kind = choose.choice(
        ["utf-16", "utf-8-sig", "cp1252", "utf-32", "utf-7", "utf-16-le", "twice", "crlf", "cr", "shift"]
    )
    if kind == "twice":
        return kind, ANY, text.encode().decode("latin-1").encode()
    if kind in ("crlf", "cr"):
        return kind, ANY, re.sub("\r?\n", {"crlf": "\r\n", "cr": "\r"}[kind], text).encode()
    if kind == "shift":
        return kind, ANY, bytes((byte + 128) % 256 for byte in content)
    # cp1252 has what the faultless files hold. A case file is UTF-8 alone.
    same = kind in ("utf-16", "utf-8-sig", "cp1252") and not name.endswith(".yaml")
    return kind, SAME if same else ANY, text.encode(kind)


def _structure(choose: random.Random, name: str, content: bytes) -> tuple[str, str, bytes]:
    lines = content.decode("utf-8").splitlines(keepends=True)
    place = choose.randrange(len(lines))
    kind = choose.choice(
        ["drop", "double", "swap", "blank", "join", "quote", "column", "long line", "many", "no end", "bidi"]
    )
    if kind == "drop":
        del lines[place]
    elif kind == "double":
        lines.insert(place, lines[place])
    elif kind == "swap":
        choose.shuffle(lines)
    elif kind == "blank":
        lines.insert(place, choose.choice(["\n", " \n", "\t\t\n", ",,,\n"]))
    elif kind == "join":
        lines[place] = lines[place].rstrip("\r\n")
    elif kind == "quote":
        lines[place] = lines[place].replace(choose.choice("\t,|e"), '"', 1)
    elif kind == "column":
        lines = [re.sub(r"^[^\t,|\n]*[\t,|]", "", line) for line in lines]
    elif kind == "long line":
        lines[place] = lines[place].rstrip("\r\n") + choose.choice("\tx,") * 3_000_000 + "\n"
    elif kind == "many":
        lines[place:place] = [lines[place]] * 30_000
    elif kind == "no end":
        lines[-1] = lines[-1].rstrip("\r\n")
    else:
        lines[place] = "\u202e" + lines[place]
    return kind, REFUSED if kind == "bidi" and not name.endswith(".yaml") else ANY, "".join(lines).encode()


def _repacked(content: bytes, change: Callable[[str, bytes], bytes], extra: dict[str, bytes] | None = None) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry)))
        for name, part in (extra or {}).items():
            new.writestr(name, part)
    return packed.getvalue()


def _in_cells(choose: random.Random, part: bytes, change: Callable[[re.Match[bytes]], bytes]) -> bytes:
    """Change one of the cells of a sheet that have a value."""
    cells = list(re.finditer(rb'<c r="([A-Z]+)([0-9]+)"[^>]*>.*?</c>', part))
    if not cells:
        return part
    one = choose.choice(cells)
    return part[: one.start()] + change(one) + part[one.end() :]


_NO_VALUES = [
    *(rb'<c r="\1\2" t="e"><v>#N/A</v></c>', rb'<c r="\1\2" t="e"><v>#REF!</v></c>', rb'<c r="\1\2"><f>A1</f></c>'),
    *(
        rb'<c r="\1\2"><f>A1</f><v/></c>',
        rb"<c r='\1\2'><f>A1</f><v></v></c>",
        rb'<c t = "e" r="\1\2"><v>#DIV/0!</v></c>',
    ),
]
_FAR = [b"XFD1048576", b"GR1048576", b"XFD2000", b"AAAA1", b"A1048577", b"A99999999999999999999", b"1A", b""]
_SHEETS = {
    "far": lambda choose, part: part.replace(
        b"</sheetData>",
        b'<row r="%d"><c r="%s"><v>1</v></c></row></sheetData>'
        % (choose.choice([1048576, 2000, 1048577, 1]), choose.choice(_FAR)),
    ),
    "entities": lambda choose, part: (
        b'<!DOCTYPE a [<!ENTITY b "c">%s]>' % b"".join(b'<!ENTITY c%d "%s">' % (n, b"&b;" * 99) for n in range(9))
        + part.removeprefix(b"<?xml version='1.0' encoding='UTF-8'?>")
    ),
    "shared text": lambda choose, part: _in_cells(
        choose,
        part,
        lambda cell: b'<c r="%s%s" t="s"><v>%d</v></c>' % (cell[1], cell[2], choose.choice([-1, 10**9, 0])),
    ),
    "many rows": lambda choose, part: part.replace(
        b"</sheetData>",
        b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(500, 60_000)) + b"</sheetData>",
    ),
    "blanks": lambda choose, part: part.replace(b"</sheetData>", b" " * 100_000_000 + b"</sheetData>"),
    "dimension": lambda choose, part: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', part),
    "encoding": lambda choose, part: part.decode().encode("utf-16"),
    "prefix": lambda choose, part: re.sub(rb"<(/?)([a-zA-Z])", rb"<\1x:\2", part).replace(b" xmlns=", b" xmlns:x="),
    "escape": lambda choose, part: _in_cells(
        choose, part, lambda cell: b'<c r="%s%s" t="inlineStr"><is><t>a_x001B_b</t></is></c>' % (cell[1], cell[2])
    ),
}


def _workbook(choose: random.Random, name: str, content: bytes) -> tuple[str, str, bytes]:
    if choose.random() < 0.4:
        instead = choose.choice(_NO_VALUES)

        def no_value(part: str, old: bytes) -> bytes:
            return _in_cells(choose, old, lambda cell: cell.expand(instead)) if part == last else old

        last = max(part for part in zipfile.ZipFile(io.BytesIO(content)).namelist() if part.startswith(SHEET))
        return instead.decode(), REFUSED, _repacked(content, no_value)
    kind = choose.choice([*_SHEETS, "xml", "part", "ods", "bin"])
    if kind in _SHEETS:
        changed = _repacked(content, lambda part, old: _SHEETS[kind](choose, old) if part.startswith(SHEET) else old)
        return kind, {"dimension": SAME, "entities": REFUSED, "blanks": REFUSED}.get(kind, ANY), changed
    if kind == "xml":
        return kind, ANY, _repacked(content, lambda part, old: _bytes(choose, part, old)[2])
    if kind == "part":
        left_out = choose.choice(zipfile.ZipFile(io.BytesIO(content)).namelist())
        return f"{kind} {left_out}", ANY, _repacked(content, lambda part, old: b"" if part == left_out else old)
    return (
        kind,
        REFUSED,
        _repacked(
            content, lambda part, old: old, {"ods": {"content.xml": b"<a/>"}, "bin": {"xl/workbook.bin": b"\0"}}[kind]
        ),
    )


def _archive(choose: random.Random, name: str, content: bytes) -> tuple[str, str, bytes]:
    if name.endswith(".gz"):
        if choose.random() < 0.5:
            return "bomb", REFUSED, gzip.compress(choose.choice([b"\t", b"\n", b"a", b"\0"]) * 100_000_000, 9)
        return "twice", REFUSED, gzip.compress(b"\x1b" + gzip.decompress(content))
    kind = choose.choice(["bomb", "name", "nested", "link", "size", "many", "again"])
    member = "eladownload2024.txt"
    if kind == "bomb":
        return kind, REFUSED, _repacked(content, lambda _, old: old, {member: b"\n" * 100_000_000})
    if kind == "name":
        bad = choose.choice(
            ["../../a.txt", "/etc/a.txt", "a\x1b[2J.txt", "a" * 300 + ".txt", "..", "a/../b.csv", "\u202e.txt"]
        )
        return f"{kind} {bad!a}", ANY, _repacked(content, lambda _, old: old, {bad: b"x"})
    if kind == "nested":
        return kind, REFUSED, _repacked(content, lambda _, old: old, {"more.zip": content})
    if kind == "many":
        return kind, REFUSED, _repacked(content, lambda _, old: old, {f"{n}.txt": b"" for n in range(1001)})
    if kind == "again":
        return kind, REFUSED, _repacked(content, lambda _, old: old, {"suspdownload2024 (1).txt": b"cds\n"})
    changed = bytearray(content)
    places = [found.start() for found in re.finditer(b"PK\x01\x02", content)]
    place = choose.choice(places)
    if kind == "link":
        changed[place + 38 : place + 42] = (0o120777 << 16).to_bytes(4, "little")
        return kind, ANY, bytes(changed)
    changed[place + 24 : place + 28] = choose.randrange(1 << 32).to_bytes(4, "little")
    return kind, ANY, bytes(changed)


def inputs(count: int, seed: int = 0) -> Iterator[Input]:
    """Yield so many inputs; the same for the same seed."""
    names = sorted(faultless())
    for number in range(count):
        choose = random.Random(f"{seed}-{number}")
        name = names[number % len(names)]
        content = faultless()[name]
        if _is_text(name):
            ways = [_bytes, _control, _cells, _encoding, _structure]
        elif name.endswith(".xlsx"):
            ways = [_bytes, _workbook, _workbook]
        else:
            ways = [_bytes, _archive]
        change, expected, changed = choose.choice(ways)(choose, name, content)
        if changed == content:
            expected = SAME
        yield Input(number, name, change, expected, changed, name)


def read(some: list[Input]) -> list[Ending]:
    """Read each in a process of its own, no two at a time."""
    with tempfile.TemporaryDirectory(prefix="hostile-") as name:
        folder = Path(name)
        for one in some:
            (folder / f"{one.number:05}").mkdir()
            (folder / f"{one.number:05}" / one.name).write_bytes(one.content)
        command = [sys.executable, "-m", "tests.evidence.readers.hostile_inputs", str(folder)]
        root = Path(__file__).parents[3]
        result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
        return [Ending(**json.loads(line)) for line in result.stdout.splitlines()]


def _read_in_child(path: Path) -> Ending:
    """Read a file with the command that takes it, with little memory and little time."""
    import resource

    printed, into = path.parent / ".printed", path.parent / ".record"
    child = os.fork()
    if not child:
        with printed.open("w") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        signal.alarm(LONGEST)
        os._exit(_command(path, into))
    _, status, used = os.wait4(child, 0)
    tables = {}
    if into.is_dir():
        for table in sorted(into.rglob("*.csv")):
            if not table.name.startswith("publication"):
                tables[table.relative_to(into).as_posix()] = table.read_text(encoding="utf-8")
    code = os.waitstatus_to_exitcode(status)
    return Ending(code, printed.read_text("utf-8", "replace"), tables, used.ru_maxrss >> 10, round(used.ru_utime, 2))


def _command(path: Path, into: Path) -> int:
    from pyreport.cli import main

    arguments = ["case", "check", str(path)] if path.suffix == ".yaml" else ["ingest", str(path), "--into", str(into)]
    try:
        main.main(arguments, prog_name="pyreport")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        import traceback

        traceback.print_exc()
        code = 70
    with contextlib.suppress(Exception):
        sys.stdout.flush()
        sys.stderr.flush()
    return code


def _main(folder: Path) -> None:
    # Imported once, before the processes part.
    import clingo  # noqa: F401
    import numpy  # noqa: F401

    import pyreport.evidence.readers.dashboard.combined
    import pyreport.evidence.readers.files
    import pyreport.evidence.record  # noqa: F401

    for place in sorted(folder.iterdir()):
        (path,) = place.iterdir()
        print(json.dumps(asdict(_read_in_child(path))), flush=True)


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
