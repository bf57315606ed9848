"""Execute a parameterised notebook many times: a warm kernel for each worker, a clean namespace for each run.

nbclient runs the cells, one kernel serves all runs of a worker, and before each run the kernel's namespace
is emptied. So starting kernels and importing libraries is paid once a worker.
"""

from __future__ import annotations

import os
import queue
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

__all__ = ["Executed", "Run", "execute_all", "with_parameters"]

TIMEOUT = 300
"""Seconds that one cell may take."""

CLEAN = "%reset -f\n__import__('gc').disable()\n__import__('gc').freeze()"
"""Empties a kernel's namespace, and with it collects what the run before left behind.

What remains after that, the policy and the record above all, serves every run to come. Frozen, it is not looked through
again and again, and no run collects in its midst: this saved a quarter of the processor time of all pages.
"""


@dataclass(frozen=True)
class Run:
    """One execution of a notebook: a name for messages, the notebook's path and its parameters."""

    name: str
    notebook: Path
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Executed:
    """A run and what came of it: the executed notebook, or what went wrong."""

    run: Run
    notebook: NotebookNode | None
    error: str


def with_parameters(notebook: NotebookNode, parameters: Mapping[str, Any]) -> NotebookNode:
    """Insert a cell with ``parameters`` after the cell tagged ``parameters``, as papermill does.

    Raises:
        ValueError: There is not exactly one such cell, or it does not name a parameter.
    """
    tagged = [place for place, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", [])]
    if len(tagged) != 1:
        raise ValueError(f"the notebook has {len(tagged)} cells tagged 'parameters'; it needs one")
    scope: dict[str, Any] = {}
    exec(notebook.cells[tagged[0]].source, scope)
    unknown = sorted(parameters.keys() - scope.keys())
    if unknown:
        raise ValueError(f"the notebook has no parameter {', '.join(unknown)}")
    source = "# Parameters\n" + "\n".join(f"{name} = {value!r}" for name, value in sorted(parameters.items()))
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": ["injected-parameters"]}, id="injected-parameters")
    notebook.cells.insert(tagged[0] + 1, cell)
    return notebook


def execute_all(batches: Sequence[Sequence[Run]], jobs: int, done: Callable[[Executed], None]) -> None:
    """Execute all runs with ``jobs`` workers, each a batch at a time, and hand each result to ``done``.

    Batches are taken in their order; results come in no settled one. ``done`` is called from the workers' threads.
    A run that fails does not stop the others.
    """
    waiting: queue.SimpleQueue[Sequence[Run]] = queue.SimpleQueue()
    for batch in batches:
        waiting.put(batch)
    faults: list[BaseException] = []

    def work() -> None:
        try:
            with _kernel() as client:
                while True:
                    try:
                        batch = waiting.get_nowait()
                    except queue.Empty:
                        return
                    for run in batch:
                        done(_execute(client, run))
        except BaseException as fault:
            faults.append(fault)

    workers = [threading.Thread(target=work) for _ in range(min(jobs, len(batches)))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if faults:
        raise faults[0]


@contextmanager
def _kernel() -> Iterator[NotebookClient]:
    with tempfile.TemporaryDirectory(prefix="pyreport-") as folder:
        manager = KernelManager(kernel_name="python3")
        if os.name == "posix":
            # Sockets in a folder of one's own: nobody else on the machine or network can listen in.
            manager.transport, manager.ip = "ipc", str(Path(folder) / "kernel")
        client = NotebookClient(nbformat.v4.new_notebook(), km=manager, timeout=TIMEOUT, kernel_name="python3")
        with client.setup_kernel():
            try:
                yield client
            finally:
                # The manager is ours: nbclient leaves the kernel and the sockets to it alone.
                if client.kc is not None:
                    client.kc.stop_channels()
                manager.shutdown_kernel(now=True)


def _execute(client: NotebookClient, run: Run) -> Executed:
    if not isinstance(client.kc, BlockingKernelClient):
        raise TypeError("the kernel has no blocking client")
    try:
        source = nbformat.read(run.notebook, as_version=4)
        notebook = with_parameters(source, run.parameters)
        client.kc.execute_interactive(CLEAN, silent=True, timeout=TIMEOUT)
        client.reset_execution_trackers()
        client.nb = notebook
        language = dict(notebook.metadata.get("language_info", {}))
        for place, cell in enumerate(notebook.cells):
            client.execute_cell(cell, place)
        _settle(notebook, language)
    except CellExecutionError as error:
        return Executed(run, None, f"{error.ename}: {error.evalue}")
    except Exception as error:
        return Executed(run, None, f"{type(error).__name__}: {error}")
    return Executed(run, notebook, "")


def _settle(notebook: NotebookNode, language: Mapping[str, Any]) -> None:
    """Remove what differs from run to run: counts that go on from the run before, and times."""
    notebook.metadata["language_info"] = dict(language)
    count = 0
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type != "code":
            continue
        count += 1
        cell.execution_count = count
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = count
