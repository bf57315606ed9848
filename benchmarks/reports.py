"""All files of a report against papermill and nbconvert, which make one page of one county from the same notebook.

Needs papermill (``pip install -e .[lab]``) and the ``jupyter-nbconvert`` of the environment.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pyreport.evidence.counties import counties
from pyreport.files.places import notebooks_folder

SAMPLE = ("02", "05", "27", "41")
"""Counties of two to two dozen LEAs for the peers, of which one takes several seconds."""


def timed(*words: object) -> float:
    """The seconds of a command."""
    start = time.perf_counter()
    subprocess.run([str(word) for word in words], check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    programs = Path(sys.executable).parent
    with tempfile.TemporaryDirectory() as folder:
        build, executed = Path(folder) / "build", Path(folder) / "executed.ipynb"
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        whole = timed(programs / "pyreport", "report", "--output", build)
        processor = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - used.ru_utime
        again = timed(programs / "pyreport", "report", "--output", build)
        files = [path for path in build.rglob("*") if path.is_file()]
        pages = [path for path in files if path.suffix == ".html"]
        print(f"pyreport report: {whole:.1f} s ({processor:.1f} s of processor time), again {again:.1f} s")
        print(f"  {len(files):,} files, {len(pages):,} pages of {sum(page.stat().st_size for page in pages):,} bytes")
        print(f"  {whole / len(counties()):.2f} s a county, with the pages of its LEAs, its data and its proof")
        peers = []
        for code in SAMPLE:
            notebook = notebooks_folder() / "county.ipynb"
            peers.append(
                timed(programs / "papermill", notebook, executed, "-r", "county", code, "--cwd", folder)
                + timed(programs / "jupyter-nbconvert", "--to", "html", executed)
            )
        peer = statistics.median(peers)
        print(
            f"papermill and jupyter-nbconvert: {peer:.1f} s a county, for its overview alone (median of {len(SAMPLE)})"
        )
        print(f"  {peer / (whole / len(counties())):.0f} times as long")


if __name__ == "__main__":
    main()
