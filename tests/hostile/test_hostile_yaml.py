"""Case files, reports and policies that somebody made to do harm: a message, within time and memory."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from cli.test_charter20 import report
from evidence.readers.test_case_facts import EVERY_FACT, GOOD

from pyreport.files.places import policy_folder

from .changes import changed, changed_bytes, hostile_values
from .peak_memory import PEAK

READING = (
    PEAK
    + """
import sys, time, traceback
from pathlib import Path
from pyreport.evidence.readers.case_facts import read_case_facts
from pyreport.evidence.readers.charter_20_day import read_charter_20_day
from pyreport.evidence.findings import EvidenceError
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.following.case_check import checked_case
from pyreport.proof.citations import read_authorities as read_by_the_checker
from pyreport.proof.policy import policy_texts
from pyreport.proof.reader import PolicyUnreadable
from pyreport.files.places import policy_folder
from pyreport.reasoning.solver import derive
from pyreport.rulebook.authorities import read_authorities
from pyreport.rulebook.names import read_names
from pyreport.rulebook.problems import PolicyError
from pyreport.rulebook.loading import load_rulebook

rulebook, record = load_rulebook(policy_folder()), read_record(record_folder())

def case(path):
    if read_case_facts([path], rulebook, record):
        checked_case([path], rulebook, record)

def policy(path):
    for read in (read_authorities, read_names):
        try:
            read(path)
        except PolicyError as error:
            told.append(str(error))
    texts = policy_texts(path)
    read_by_the_checker(texts["authorities.yaml"])

kinds = {"case": case, "report": read_charter_20_day, "policy": policy}
refused = 0
for name in sys.argv[1:]:
    path, told, began = Path(name), [], time.monotonic()
    try:
        kinds[path.name.split("-")[0]](path)
    except (EvidenceError, PolicyUnreadable) as error:
        told.append(str(error))
    except BaseException:
        print("FAILED", name)
        traceback.print_exc()
    refused += bool(told)
    assert all(told), name
    if time.monotonic() - began > 60:
        print("SLOW", name, time.monotonic() - began)
    for one in told:
        one.encode("utf-8")
        if any(ord(character) < 32 and character not in "\\n\\t" for character in one):
            print("CONTROL", name, repr(one))
print(refused, peak())
"""
)
TWO_GIGABYTES = 2 << 20
"""In units of 1,024 bytes, as the system counts them."""


def hostile(number: int, folder: Path) -> Path:
    """Write one hostile file, or a policy with one, and return its place."""
    source = random.Random(number)
    kind = ("case", "case", "report", "policy")[number % 4]
    if kind == "policy":
        place = folder / f"policy-{number}"
        place.mkdir()
        for name in ("authorities.yaml", "names.yaml"):
            content = (policy_folder() / name).read_bytes()
            (place / name).write_bytes(content)
        chosen = place / source.choice(["authorities.yaml", "names.yaml"])
        # Of a long file the beginning, so that the changes bear on few entries.
        good = b"".join(chosen.read_bytes().splitlines(keepends=True)[: source.choice([60, 10_000])])
    else:
        chosen = place = folder / f"{kind}-{number}.yaml"
        good = (EVERY_FACT + GOOD).encode() if kind == "case" else report(folder).read_bytes()
    if number // 4 % 2:
        chosen.write_bytes(changed_bytes(good, source))
    else:
        document = changed(yaml.safe_load(good), source)
        # As JSON it is YAML too, with every string as it is; what nests too deep is written so alone.
        try:
            text = yaml.safe_dump(document, sort_keys=False) if source.random() < 0.5 else ""
        except RecursionError:
            text = ""
        text = text or json.dumps(document, default=str)
        chosen.write_text(text, encoding="utf-8")
    return place


@pytest.mark.parametrize("count", [24, pytest.param(240, marks=pytest.mark.sweep)])
def test_no_hostile_file_does_harm(tmp_path, count):
    files = [hostile(number, tmp_path) for number in range(count)]
    for start in range(0, count, 60):
        part = files[start : start + 60]
        done = subprocess.run(
            [sys.executable, "-c", READING, *map(str, part)],
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        *failures, last = done.stdout.splitlines()
        assert failures == [], done.stderr[-3000:]
        refused, memory = map(int, last.split())
        assert refused > len(part) // 3
        assert memory < TWO_GIGABYTES


def test_every_field_of_a_case_may_hold_every_hostile_value(tmp_path):
    entries = yaml.load(EVERY_FACT, Loader=yaml.BaseLoader)
    files = []
    for number, value in enumerate(hostile_values()):
        # All entries with the value in one field, another one of each.
        made = [{**one, list(one)[number % len(one)]: value} for one in entries]
        files.append(tmp_path / f"case-{number}.yaml")
        files[-1].write_text(json.dumps(made, default=str), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", READING, *map(str, files)], capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert len(done.stdout.splitlines()) == 1, done.stdout + done.stderr[-3000:]
