"""Run pieces of Python in kernels: a warm kernel for each worker, a clean namespace for each run.

nbclient runs the cells. One kernel serves all runs of a worker, and before each run its namespace is emptied: kernels
are started and libraries imported once a worker. The workers are tasks of one event loop, which ends them all when one
fails or a signal comes; the kernels, which do the work, are processes of their own.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import signal
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode

from pyreport.errors import PyreportError
from pyreport.files.locks import SCRATCH, scratch_folder
from pyreport.files.places import import_folder

__all__ = ["Executed", "Run", "Stopped", "execute_all"]

TIMEOUT = 300
"""Seconds that one cell, or the start of a kernel, may take."""

TRIES = 2
"""How often a run is started, each time in a new kernel, before it counts as failed because its kernel was lost."""

CLEAN = "%reset -f\n__import__('gc').disable()\n__import__('gc').freeze()"
"""Empties a kernel's namespace and collects the garbage of the run before.

What remains, mostly the policy and the record, serves every later run. It is frozen, so that the collector does not
pass over it again, and no run is interrupted by a collection: this saved a quarter of the processor time of all pages.
"""

START = """
import os, sys, threading
threading.Thread(target=lambda: (os.read(0, 1), os._exit(1)), daemon=True).start()
sys.path.insert(0, sys.argv.pop(1))
import pyreport
del sys.path[0]
from ipykernel.kernelapp import launch_new_instance
launch_new_instance()
"""
"""The program of a kernel's process.

It ends when the process that started it ends, which holds the other end of its standard input: ipykernel itself checks
once a second, and only after its imports. It imports ``pyreport``, and so the policy, from the folder of the process
that started it, and nothing else from there.
"""

SOCKET_PATH = 90
"""The most bytes in the path of a socket's folder: systems allow 104 or 108 for folder and name together."""

_ENDING = (signal.SIGINT, signal.SIGTERM)
"""The signals that end a run early."""

OWN_SETTINGS = ("PYTHON", "IPYTHON", "JUPYTER", "JPY_")
"""Prefixes of the environment variables by which Python and Jupyter load the user's own code and settings."""


class Stopped(PyreportError):
    """A signal ended the run early; all kernels have ended. There is no message: its sender knows.

    Attributes:
        signum: The number of the signal.
        exit_status: As shells have it after a signal.
    """

    def __init__(self, signum: int) -> None:
        super().__init__()
        self.signum = signum
        self.exit_status = 128 + signum


class _NotStarted(Exception):
    """A kernel's process ended before it was ready."""


@dataclass(frozen=True)
class Run:
    """A piece of Python to be run, with a name for messages."""

    name: str
    source: str


@dataclass(frozen=True)
class Executed:
    """A run and its result: the reason why it failed in ``error``, which is empty if it did not."""

    run: Run
    error: str


def execute_all(batches: Sequence[Sequence[Run]], jobs: int, done: Callable[[Executed], None]) -> None:
    """Execute all runs with ``jobs`` workers, each a batch at a time, and hand each result to ``done``.

    Batches are started in their order; results come in any order. A run that fails does not stop the others; one whose
    kernel is lost is tried once more in a new kernel before it counts as failed.

    Args:
        batches: The runs; those of one batch are executed one after the other by one worker.
        jobs: The most workers.
        done: Called with each result, in threads.

    Raises:
        Stopped: SIGINT or SIGTERM came while the runs were executed in the main thread.
        OSError: No kernel could be started; or whatever ``done`` raises.
    """
    # Errors are returned and raised; the libraries' logs would repeat them.
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    with _restored_signal_handlers():
        asyncio.run(_execute_all(deque(batches), min(jobs, len(batches)), done))


@contextlib.contextmanager
def _restored_signal_handlers() -> Iterator[None]:
    """Restore the signal handlers after the block: the event loop replaces them and leaves the defaults behind."""
    before = {signum: signal.getsignal(signum) for signum in _ENDING}
    try:
        yield
    finally:
        for signum, handler in before.items():
            with contextlib.suppress(ValueError):  # Not in the main thread; nothing was changed then.
                signal.signal(signum, handler)


async def _execute_all(waiting: deque[Sequence[Run]], workers: int, done: Callable[[Executed], None]) -> None:
    received: list[int] = []
    whole = asyncio.current_task()
    loop = asyncio.get_running_loop()
    # The libraries' own tasks fail when their kernel ends; that is no error.
    loop.set_exception_handler(lambda *_: None)

    def stop(signum: int) -> None:
        if not received and whole is not None:
            whole.cancel()
        received.append(signum)

    for signum in _ENDING:
        # Neither on Windows nor outside the main thread.
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(signum, stop, signum)
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(workers):
                group.create_task(_work(waiting, done))
    except (asyncio.CancelledError, ExceptionGroup) as fault:
        if received:
            raise Stopped(received[0]) from None
        if isinstance(fault, ExceptionGroup):
            raise fault.exceptions[0] from None
        raise


async def _work(waiting: deque[Sequence[Run]], done: Callable[[Executed], None]) -> None:
    async with _Kernel() as kernel:
        while waiting:
            for run in waiting.popleft():
                await asyncio.to_thread(done, await _tried(kernel, run))


async def _tried(kernel: _Kernel, run: Run) -> Executed:
    """Execute a run; if its kernel is lost, once more in a new one."""
    words = []
    for _ in range(TRIES):
        try:
            return await _execute(await kernel.started(), run)
        except (DeadKernelError, _NotStarted):
            words.append(await kernel.last_words())
            await kernel.stop()
    reasons = " and ".join(dict.fromkeys(words))
    return Executed(
        run, f"the process that made it was lost {TRIES} times ({reasons}); if memory is short, try --jobs 1"
    )


class _OwnKernel(KernelSpecManager):  # type: ignore[misc, unused-ignore]
    """Offers one kernel, this interpreter, and none that the user has installed or configured."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        root = import_folder()
        # -P: no folder is on the path for being the current one. -B: no bytecode is kept where this process keeps none.
        options = ["-P", "-B"] if sys.dont_write_bytecode else ["-P"]
        argv = [sys.executable, *options, "-c", START, str(root), "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name=kernel_name, language="python")


class _Kernel:
    """At most one kernel at a time, isolated from the user: with settings and a working folder of its own."""

    def __init__(self) -> None:
        self._client: NotebookClient | None = None
        self._manager: AsyncKernelManager | None = None
        self._messages = Path()
        self._resources = contextlib.ExitStack()

    async def __aenter__(self) -> _Kernel:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def started(self) -> NotebookClient:
        """The kernel's client; if there is no kernel, one is started.

        Raises:
            _NotStarted: Its process ended before it was ready.
            OSError: There is no room for its files or its process.
        """
        if self._client is not None:
            return self._client
        folder = self._resources.enter_context(scratch_folder(_place_for_sockets()))
        home = folder / "home"
        home.mkdir()
        self._messages = folder / "messages.txt"
        self._manager = AsyncKernelManager(
            kernel_spec_manager=_OwnKernel(), connection_file=str(folder / "connection.json")
        )
        if os.name == "posix":
            # Sockets in a folder of one's own: nobody else on the machine or network can listen in.
            self._manager.transport, self._manager.ip = "ipc", str(folder / "kernel")
        client = NotebookClient(
            nbformat.v4.new_notebook(),
            km=self._manager,
            timeout=TIMEOUT,
            startup_timeout=TIMEOUT,
            kernel_name="python3",
        )
        # Open as long as this process lives; see START.
        its_end, our_end = os.pipe()
        self._resources.callback(os.close, our_end)
        try:
            with self._messages.open("wb") as messages:
                await client.async_start_new_kernel(
                    cwd=str(home), env=_environment(home), stdin=its_end, stdout=messages, stderr=messages
                )
        finally:
            os.close(its_end)
        try:
            await client.async_start_new_kernel_client()
        except RuntimeError as error:
            raise _NotStarted(str(error)) from None
        self._client = client
        return client

    async def last_words(self) -> str:
        """How the kernel's process ended."""
        provisioner = None if self._manager is None else self._manager.provisioner
        status = None if provisioner is None else await provisioner.poll()
        if status is not None and status < 0:
            return f"ended by {signal.Signals(-status).name}"
        lines = self._messages.read_text(encoding="utf-8", errors="replace").split("\n") if self._messages.name else []
        messages = [line.strip() for line in lines if line.strip()]
        return messages[-1] if messages else f"ended with status {status}"

    async def stop(self) -> None:
        """End the kernel at once, with all that belongs to it."""
        client, manager = self._client, self._manager
        self._client = self._manager = None
        with self._resources:
            if client is not None and client.kc is not None:
                client.kc.stop_channels()
            if manager is not None:
                if manager.provisioner is not None and manager.provisioner.has_process:
                    await manager.provisioner.kill()
                    await manager.provisioner.wait()
                await manager.cleanup_resources()


def _environment(home: Path) -> dict[str, str]:
    """This process's environment without what makes Python or Jupyter load code and settings of the user's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OWN_SETTINGS)}
    folders = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    return {**kept, **{name: str(home / name.lower()) for name in folders}, "JUPYTER_NO_CONFIG": "1"}


def _place_for_sockets() -> Path:
    """The folder for temporary files, or another where its path is too long for those of sockets.

    Raises:
        OSError: There is none.
    """
    places = [Path(tempfile.gettempdir()), *map(Path, ("/tmp", "/var/tmp"))] if os.name == "posix" else []
    for place in places:
        path = str(place / f"{SCRATCH}12345678").encode("utf-8", "surrogateescape")
        if len(path) <= SOCKET_PATH and path.isascii() and os.access(place, os.W_OK | os.X_OK):
            return place
    if not places:
        return Path(tempfile.gettempdir())
    raise OSError(
        errno.ENAMETOOLONG, f"too long a path for sockets (at most {SOCKET_PATH} bytes); set TMPDIR", str(places[0])
    )


async def _execute(client: NotebookClient, run: Run) -> Executed:
    try:
        cells = [nbformat.v4.new_code_cell(source) for source in (CLEAN, run.source)]
        await _execute_cells(client, nbformat.v4.new_notebook(cells=cells))
    except DeadKernelError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            # nbclient takes every cancellation for the end of the kernel.
            raise asyncio.CancelledError from None
        raise
    except CellExecutionError as error:
        if error.ename == KeyboardInterrupt.__name__:
            # A signal from outside interrupted the kernel.
            raise DeadKernelError from None
        return Executed(run, f"{error.ename}: {error.evalue}")
    except Exception as error:
        return Executed(run, f"{type(error).__name__}: {error}")
    return Executed(run, "")


async def _execute_cells(client: NotebookClient, notebook: NotebookNode) -> None:
    client.reset_execution_trackers()
    client.nb = notebook
    for place, cell in enumerate(notebook.cells):
        await client.async_execute_cell(cell, place)
