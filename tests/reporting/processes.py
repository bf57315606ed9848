"""Runs of ``pyreport`` in processes of their own, each with folders of its own, and what is left of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

PYREPORT = [str(Path(sys.executable).with_name("pyreport"))]
MARK = "PYREPORT_TEST_RUN"
"""An environment variable that all processes of a run have, and no others."""


def short_folder() -> Path:
    """A new folder with a path short enough for sockets."""
    return Path(tempfile.mkdtemp(prefix="killed-"))


@dataclass
class Process:
    """A run, with the time at which a signal was sent."""

    arguments: Sequence[object]
    scratch: Path
    cwd: Path
    environment: dict[str, str] = field(default_factory=dict)
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)

    def start(self) -> Process:
        environment = {**os.environ, "TMPDIR": str(self.scratch), MARK: self.mark, **self.environment}
        self.popen = subprocess.Popen(
            [*PYREPORT, *map(str, self.arguments)],
            cwd=self.cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        return self

    def alive(self) -> list[int]:
        """The processes of the run that live, the first of them last."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if f"{MARK}={self.mark}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
            except OSError:
                continue
        return sorted(found, key=lambda pid: pid == self.popen.pid)

    def workers(self, patience: float = 60) -> list[int]:
        """The workers, as soon as there are any; none if the run ends before."""
        end = time.monotonic() + patience
        while time.monotonic() < end and self.popen.poll() is None:
            found = [pid for pid in self.alive() if pid != self.popen.pid]
            if found:
                return found
            time.sleep(0.02)
        return []

    def ended(self, patience: float = 300) -> tuple[int, str, str]:
        """Exit status, standard output and messages."""
        out, messages = self.popen.communicate(timeout=patience)
        return self.popen.returncode, out.decode(), messages.decode()

    def orphans(self, patience: float = 2) -> list[int]:
        """What still lives when the run ended and a little time has passed."""
        end = time.monotonic() + patience
        while (found := self.alive()) and time.monotonic() < end:
            time.sleep(0.02)
        for pid in found:
            os.kill(pid, signal.SIGKILL)
        return found
