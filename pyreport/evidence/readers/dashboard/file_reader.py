"""Read an indicator's file, a workbook or a text in any of the encodings in which it comes."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

from pyreport.evidence.findings import Finding, Findings, UnknownFile
from pyreport.evidence.garbage_collection import without_garbage_collection
from pyreport.evidence.readers.dashboard.block_reader import BlockReader, NotUtf8, Seen
from pyreport.evidence.readers.dashboard.layouts import dashboard_file_name
from pyreport.evidence.readers.dashboard.line_blocks import BLOCK, UnreadableError, line_blocks
from pyreport.evidence.readers.dashboard.row_reader import DashboardFile
from pyreport.evidence.readers.reading import (
    UTF_16,
    WORKBOOK_STARTS,
    plain_name,
    sheet_rows,
    text_rows,
)

__all__ = ["HEADER", "read_dashboard_file"]

HEADER = ("rtype", "reportingyear")
"""Columns by which the header is found in workbooks and in texts that are not as CDE writes them."""


def read_dashboard_file(path: Path) -> DashboardFile:
    """Read an indicator's file, text or workbook. Its name tells indicator and year; the content must agree.

    Raises:
        EvidenceError: With every problem of the file.
    """
    with without_garbage_collection():
        return FileReader(path, _named(path)).read()


def _named(path: Path) -> tuple[str, int]:
    named = dashboard_file_name(path.name)
    if named is None:
        message = "the name is not that of an indicator's file, such as eladownload2024.txt"
        raise UnknownFile([Finding(path.name, "", 0, "", message)])
    return named


class FileReader(BlockReader):
    """Reads one file, workbook or text; a text as CDE writes it in blocks whose rows are looked at all at once."""

    def read(self) -> DashboardFile:
        self.check_size()
        with self.path.open("rb") as file:
            start = file.read(8)
            if not start:
                raise self.stop("the file is empty; expected an indicator's file of CDE")
            if start.startswith(WORKBOOK_STARTS):
                content = self.content()
                return self.read_rows(sheet_rows(self, content, HEADER), hashlib.sha256(content).hexdigest())
            if start.startswith(UTF_16) or not self._is_as_cde_writes(file):
                content = self.content()
                return self.read_rows(text_rows(self, content, HEADER), hashlib.sha256(content).hexdigest())
            for encoding in ("utf-8", "cp1252"):
                file.seek(0)
                self.findings = Findings()
                try:
                    return self._read_text(file, encoding)
                except NotUtf8:
                    continue
        raise AssertionError("Windows-1252 is the last encoding tried")

    @staticmethod
    def _is_as_cde_writes(file: BinaryIO) -> bool:
        """Whether the first line names columns with tabs between them, as CDE writes, and no cell says NA as in R."""
        file.seek(0)
        names = file.readline(BLOCK).decode("cp1252", "replace").split("\t")
        return {plain_name(name) for name in names} >= {*HEADER} and b"\tNA\t" not in file.read(BLOCK)

    def _read_text(self, file: BinaryIO, encoding: str) -> DashboardFile:
        digest = hashlib.sha256()
        blocks = line_blocks(file, digest)
        number = 2
        try:
            header = next(blocks, b"")
            self._prepare([name.strip() for name in self._decoded(header, encoding, 1).rstrip("\n").split("\t")], 1)
            for block, seen in self._looked_at(blocks):
                number += self._block(block, seen, number, encoding)
        except UnreadableError as problem:
            raise self.stop(problem.message, problem.line) from None
        return self._result(digest.hexdigest(), number - 2)

    def _looked_at(self, blocks: Iterator[bytes]) -> Iterator[tuple[bytes, Future[Seen | None]]]:
        """Each block and what a look at its bytes tells; the next one is looked at while this one is taken.

        For most of that time numpy does not hold the interpreter. One thread is enough: two wait for each other.
        What is wrong with the reading of the next block is said only after what is wrong with this one.
        """
        ahead: deque[tuple[bytes, Future[Seen | None]]] = deque()
        problem: UnreadableError | None = None
        with ThreadPoolExecutor(1) as beside:
            try:
                for block in blocks:
                    ahead.append((block, beside.submit(self._look, block)))
                    if len(ahead) > 1:
                        yield ahead.popleft()
            except UnreadableError as error:
                problem = error
            yield from ahead
        if problem:
            raise problem
