"""A text file in blocks of whole lines."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from pyreport.evidence.readers import limits

if TYPE_CHECKING:
    pass

__all__ = ["BLOCK", "UnreadableError", "line_blocks"]

BLOCK = 1 << 20
"""Bytes read at a time: small enough that what is made of a block stays in the processor's cache."""


class UnreadableError(Exception):
    """Nothing more can be read from this line on."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message, self.line = message, line


def line_blocks(file: BinaryIO, digest: hashlib._Hash) -> Iterator[bytes]:
    """The header, then blocks of whole lines, each line ended by a line feed alone."""
    rest = b""
    is_first = True
    while read := file.read(BLOCK):
        digest.update(read)
        end = read.rfind(b"\n") + 1
        if not end:
            rest += read
            if len(rest) > limits.LONGEST_LINE:
                message = f"the line has more than {limits.LONGEST_LINE:,} bytes; fetch the file anew"
                raise UnreadableError(message, _line(b"", file))
            continue
        block, rest = rest + read[:end], read[end:]
        block = _line_ends(block, file)
        if is_first:
            block = block.removeprefix(b"\xef\xbb\xbf")
            header, _, block = block.partition(b"\n")
            is_first = False
            yield header + b"\n"
        if block:
            yield block
    if rest:
        raise UnreadableError("the last line does not end; the file seems cut short, fetch it anew", _line(b"", file))


def _line(unread: bytes, file: BinaryIO) -> int:
    """The number of the line in which ``unread`` begins; it was the last that was read."""
    end = file.tell()
    file.seek(0)
    before = 0
    position = end
    while position > 0 and (read := file.read(min(position, BLOCK))):
        position -= len(read)
        before += read.count(b"\n")
    file.seek(end)
    return before - unread.count(b"\n") + 1


def _line_ends(block: bytes, file: BinaryIO) -> bytes:
    if b"\r" in block:
        whole = block
        block = block.replace(b"\r\n", b"\n")
        if b"\r" in block:
            line = _line(whole, file) + block.count(b"\n", 0, block.index(b"\r"))
            raise UnreadableError("a carriage return stands within the line; fetch the file anew", line)
    return block
