"""The rooms of the package: which may import which, as ``pyproject.toml`` states it, and how large one may be."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "pyreport"
LARGEST_SHARE = 0.2


def test_each_room_imports_only_rooms_below_it_and_nothing_imports_itself_in_a_circle():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_room_holds_more_than_a_fifth_of_the_code():
    """A room is a folder with the modules that stand in it; a folder within it is a room of its own."""
    lines: Counter[str] = Counter()
    for path in PACKAGE.rglob("*.py"):
        lines[path.parent.relative_to(ROOT).as_posix()] += len(path.read_text(encoding="utf-8").splitlines())
    whole = lines.total()
    assert {room: count for room, count in lines.items() if count > LARGEST_SHARE * whole} == {}
