"""The hash of a file, and one over many files, by which pages and manifests name a version of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

__all__ = ["fingerprint_of", "sha256_of"]


def sha256_of(path: Path) -> str:
    """The SHA-256 (hexadecimal) of a file.

    Raises:
        OSError: It cannot be read.
    """
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fingerprint_of(hashes: Mapping[str, str]) -> str:
    """The SHA-256 (hexadecimal) of a list as ``sha256sum`` prints it, by path; ``hashes`` are SHA-256 by path."""
    lines = "".join(f"{digest}  {path}\n" for path, digest in sorted(hashes.items()))
    return hashlib.sha256(lines.encode()).hexdigest()
