"""Runs that are killed or interrupted, as a whole or in part: nothing half-written, nobody left, a documented end."""

import functools
import json
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest

from pyreport.reporting.execute import TRIES, Run, execute_all

from .pages import YEAR
from .processes import Process, short_folder

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are found in /proc")

COUNTIES = ["--county", "Alpine", "--county", "Sierra"]
DECIDED = "decided.csv"
WITHIN = 2
"""Seconds after an interruption within which all must have ended."""
BY_SIGNAL = {signal.SIGINT: {130}, signal.SIGTERM: {143, -signal.SIGTERM}, signal.SIGKILL: {-signal.SIGKILL}}


def arguments(command, place):
    if command == "report":
        return ["report", *COUNTIES, "--jobs", "2", "--output", place]
    return ["decide", "--county", "Alpine", "--output", place / DECIDED]


@functools.cache
def undisturbed():
    """What runs write that nobody disturbs, and the seconds that each takes."""
    place, seconds = short_folder(), {}
    for command in ("report", "decide"):
        before = time.monotonic()
        process = Process(arguments(command, place), short_folder(), place).start()
        assert process.ended()[0] == 0
        seconds[command] = time.monotonic() - before
    return contents(place), seconds


def contents(place):
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()}


def old(name):
    """What stood in a file before."""
    if name == "manifest.json":
        return b'{"old": true}'
    return f"<title>Old – {YEAR} Dashboard – page</title> {name}".encode()


def disturb(process, whom, signum, moment):
    """Send the signal after so many seconds; the time at which it was sent, ``None`` if it was too late."""
    if whom == "worker":
        process.workers()
    time.sleep(moment)
    workers = [pid for pid in process.alive() if pid != process.popen.pid]
    if process.popen.poll() is not None or (whom == "worker" and not workers):
        return None
    if whom == "group":
        os.killpg(process.popen.pid, signum)
    else:
        try:
            os.kill(random.Random(moment).choice(workers) if whom == "worker" else process.popen.pid, signum)
        except ProcessLookupError:
            return None
    return time.monotonic()


def kills(number, count):
    """Made-up kills: the command, whom the signal goes to, which it is, and when, as a part of an undisturbed run."""
    chance = random.Random(number)
    for _ in range(count):
        command = chance.choice(["report", "report", "decide"])
        whom = chance.choice(["parent", "parent", "group", "worker"] if command == "report" else ["parent", "group"])
        yield command, whom, chance.choice([signal.SIGINT, signal.SIGTERM, signal.SIGKILL]), chance.uniform(0.02, 1)


def series(number, count):
    new, seconds = undisturbed()
    place, scratch = short_folder(), short_folder()
    for name in new:
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_bytes(old(name))
    for command, whom, signum, part in kills(number, count):
        told = (command, whom, signum.name, round(part, 2))
        process = Process(arguments(command, place), scratch, place).start()
        sent = disturb(process, whom, signum, part * seconds[command])
        status, out, messages = process.ended()
        took = time.monotonic() - (sent or 0)
        assert process.orphans() == [], told
        assert out == "", told
        assert "Traceback" not in messages, (told, messages)
        if sent is None or status == 0:
            # It had ended, or was in its last moments; or another worker took the work over.
            assert status == 0, (told, status, messages)
        else:
            assert status in BY_SIGNAL[signum], (told, status, messages)
            assert whom != "worker", (told, status, messages)
            assert took < WITHIN, (told, took)
        for name, content in new.items():
            there = (place / name).read_bytes()
            assert there in (old(name), content), (told, name)
        assert {name for name in contents(place) if not name.startswith(".pyreport-")} == set(new), told
    for command in ("report", "decide"):
        assert Process(arguments(command, place), scratch, place).start().ended()[0] == 0
    assert contents(place) == new
    assert list(scratch.iterdir()) == []


@pytest.mark.sweep
def test_killed_runs_leave_old_or_new_files_and_nothing_else():
    series(1, 4)


@pytest.mark.sweep
@pytest.mark.parametrize("number", range(10, 18))
def test_many_killed_runs_leave_old_or_new_files_and_nothing_else(number):
    series(number, 6)


@pytest.mark.sweep
def test_ctrl_c_in_a_terminal_ends_the_report_and_its_workers_at_once():
    place = short_folder()
    process = Process(["report", "--jobs", "2", "--output", place], short_folder(), place).start()
    assert process.workers()
    time.sleep(5)
    before = time.monotonic()
    os.killpg(process.popen.pid, signal.SIGINT)
    status, out, messages = process.ended()
    assert time.monotonic() - before < WITHIN
    assert process.orphans(0) == []
    assert (status, out) == (130, "")
    assert "Stopped: " in messages
    assert "Traceback" not in messages
    assert list(process.scratch.iterdir()) == []


@pytest.mark.sweep
def test_an_interruption_while_the_program_starts_is_no_traceback():
    place = short_folder()
    for step in range(12):
        process = Process(["decide", "--county", "Alpine"], place, place).start()
        # Once the program is the process that runs: an interpreter that only starts has its own ways.
        time.sleep(0.15 + step * 0.05)
        process.popen.send_signal(signal.SIGINT)
        status, _, messages = process.ended()
        assert (status, messages) in [(130, ""), (130, messages if "Checked" in messages else "")]


@pytest.mark.sweep
def test_an_interruption_while_the_solver_works_ends_it_at_once():
    place = short_folder()
    process = Process(["decide"], place, place).start()
    time.sleep(6)
    before = time.monotonic()
    process.popen.send_signal(signal.SIGINT)
    assert process.ended() == (130, "", "")
    assert time.monotonic() - before < WITHIN


@pytest.mark.sweep
def test_a_worker_that_is_killed_is_replaced_and_the_pages_are_the_same():
    place, scratch = short_folder(), short_folder()
    process = Process(arguments("report", place), scratch, place).start()
    first = process.workers()
    for pid in first:
        os.kill(pid, signal.SIGKILL)
    status, _, messages = process.ended()
    assert status == 0, messages
    new, _ = undisturbed()
    assert contents(place) == {name: content for name, content in new.items() if name != DECIDED}
    assert list(scratch.iterdir()) == []


SUICIDE = """
import os, pathlib, signal
place = pathlib.Path({path!r})
left = int(place.read_text())
place.write_text(str(left - 1))
if left > 0:
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_whose_worker_is_lost_is_tried_again_and_then_named_as_failed(tmp_path, jobs):
    results = {}
    runs = []
    for name, times in [("never", 0), ("once", 1), ("always", 9), ("after it", 0)]:
        (tmp_path / name).write_text(str(times), encoding="utf-8")
        runs.append(Run(name, SUICIDE.format(path=str(tmp_path / name))))
    execute_all([runs[:2], runs[2:]], jobs, lambda one: results.update({one.run.name: one}))
    assert results.keys() == {"never", "once", "always", "after it"}
    assert {name for name, one in results.items() if one.error} == {"always"}
    assert f"the process that made it was lost {TRIES} times (ended by SIGKILL)" in results["always"].error
    assert (tmp_path / "always").read_text(encoding="utf-8") == str(9 - TRIES)


def test_a_kernel_that_does_not_start_is_named_with_its_last_words(monkeypatch):
    monkeypatch.setattr("pyreport.reporting.execute.START", "raise SystemExit('there is no kernel today')")
    results = []
    execute_all([[Run("one", "")]], 1, results.append)
    assert "there is no kernel today" in results[0].error


@pytest.mark.sweep
def test_two_runs_do_not_write_into_one_folder_at_once():
    place = short_folder()
    first = Process(arguments("report", place), short_folder(), place).start()
    assert first.workers()
    status, out, messages = Process(arguments("report", place), short_folder(), place).start().ended()
    assert (status, out) == (3, "")
    assert messages.endswith(
        f"{place}: another run of `pyreport report` writes into this folder. Wait until that has ended, or name "
        "another folder.\n"
    )
    assert first.ended()[0] == 0


@pytest.mark.sweep
def test_what_a_killed_run_left_is_removed_by_the_next_and_what_a_living_one_uses_is_not():
    place, scratch = short_folder(), short_folder()
    killed = Process(arguments("report", place), scratch, place).start()
    killed.workers()
    os.kill(killed.popen.pid, signal.SIGKILL)
    killed.ended()
    assert killed.orphans() == []
    left = set(scratch.iterdir())
    assert left
    living = Process(arguments("report", place), scratch, place).start()
    assert living.workers()
    assert Process(arguments("report", short_folder()), scratch, place).start().ended()[0] == 0
    used = set(scratch.iterdir())
    status, _, messages = living.ended()
    assert (status, left & used) == (0, set()), messages
    assert list(scratch.iterdir()) == []


TRAP = "open({log!r}, 'a').write({name!r} + '\\n')\n"


@pytest.mark.sweep
def test_a_report_run_among_traps_is_the_same_and_no_trap_runs():
    place, home, named = short_folder(), short_folder(), short_folder()
    log = place / "trapped.txt"

    def trap(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TRAP.format(log=str(log), name=str(path)), encoding="utf-8")

    modules = ["pyreport", "ipykernel_launcher", "sitecustomize", "usercustomize", "pandas", "clingo", "IPython"]
    for module in [*modules, "debugpy", "ipython_config", "ipython_kernel_config", "jupyter_config"]:
        trap(place / f"{module}.py")
    for module in ["ipykernel_launcher", "debugpy", "appnope"]:
        trap(named / f"{module}.py")
    for folder in [home / ".ipython", named / "ipython"]:
        trap(folder / "profile_default" / "startup" / "00-first.py")
        trap(folder / "profile_default" / "ipython_config.py")
        trap(folder / "profile_default" / "ipython_kernel_config.py")
        trap(folder / "extensions" / "storemagic.py")
    for folder in [home / ".jupyter", named / "jupyter"]:
        trap(folder / "jupyter_config.py")
    trap(named / "startup.py")
    spec = {"argv": [sys.executable, str(named / "startup.py")], "display_name": "trap", "language": "python"}
    for folder in [home / ".local" / "share" / "jupyter", named / "data"]:
        (folder / "kernels" / "python3").mkdir(parents=True)
        (folder / "kernels" / "python3" / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    for name in ["index.html.j2", "page/index.html.j2", "county.html.j2"]:
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text("a trap", encoding="utf-8")
    # Another checkout: its policy must not be the one that is applied.
    (place / "policy").mkdir()
    (place / "policy" / "trap.lp").write_text("trap.", encoding="utf-8")
    (place / "pyproject.toml").write_text('name = "california-system-of-support"\n', encoding="utf-8")
    environment = {
        "HOME": str(home),
        "PYTHONPATH": str(named),
        "PYTHONSTARTUP": str(named / "startup.py"),
        "IPYTHONDIR": str(named / "ipython"),
        "JUPYTER_CONFIG_DIR": str(named / "jupyter"),
        "JUPYTER_DATA_DIR": str(named / "data"),
    }
    before = {path for folder in (place, home, named) for path in folder.rglob("*")}

    process = Process(arguments("report", place / "build"), short_folder(), place, environment).start()
    status, _, messages = process.ended()

    assert not log.exists(), log.read_text(encoding="utf-8")
    assert status == 0, messages
    new, _ = undisturbed()
    assert contents(place / "build") == {name: content for name, content in new.items() if name != DECIDED}
    shutil.rmtree(place / "build")
    assert {path for folder in (place, home, named) for path in folder.rglob("*")} == before
