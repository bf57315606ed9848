"""Fetch CDE's files of a Dashboard year from the addresses in ``layouts/addresses.toml``.

pooch keeps the files: it downloads under another name, moves a file to its place when it is whole, and tries again.
What it lacks is done by the downloader given to it: what a broken connection left is kept as ``<name>.part``, and the
next attempt asks for the rest. A server that cannot do that, or whose file is another by now, sends it from the start.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol
from urllib.parse import urlsplit

from pyreport.evidence.layout_files import layout_file

__all__ = ["RECORD", "Fetched", "Progress", "addresses", "fetch"]

RECORD = "fetched.json"
"""The list of the files in a folder, with address, size and SHA-256."""

_CHUNK = 1 << 14
_WORKBOOK = b"PK\x03\x04"
_NOT_TEXT = re.compile(rb"\s*<(!doctype|html|\?xml)", re.IGNORECASE)


class Progress(Protocol):
    """What is told how many bytes have come."""

    def update(self, n_steps: int) -> None:
        """Note that so many more bytes have come."""


@dataclass
class Fetched:
    """What became of the files of a year: those fetched, those that were there, and what failed and why."""

    fetched: list[str] = field(default_factory=list)
    present: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


class _NoSuchFile(Exception):
    """The server answered, and trying again would not help."""


def _entries() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = layout_file("addresses")["address"]
    return entries


def addresses(year: int) -> dict[str, str]:
    """The names and addresses of the files that CDE publishes for a Dashboard year; empty if for none."""
    urls = {}
    for entry in _entries():
        if year not in entry["years"]:
            continue
        for stem in entry.get("stems", [""]):
            if f"{stem} {year}" in entry.get("except", ()):
                continue
            parts = {
                "stem": stem,
                "year": year,
                "yy": f"{year % 100:02}",
                "fall": entry.get("fall", {}).get(str(year), ""),
            }
            name = entry["name"].format(**parts)
            urls[name] = entry["url"].format(name=name)
    return urls


def known_years() -> list[int]:
    """The Dashboard years for which addresses are known."""
    return sorted({year for entry in _entries() for year in entry["years"]})


def fetch(
    year: int,
    into: Path,
    *,
    server: str | None = None,
    attempts: int = 4,
    timeout: float = 60,
    progress: Any = None,
) -> Fetched:
    """Fetch the files of a Dashboard year that are not yet in the folder, or are not what was fetched.

    Args:
        year: The Dashboard year.
        into: The folder; made if need be. Beside the files, ``fetched.json`` lists them with their SHA-256.
        server: Take the files from this server (scheme and host) instead of CDE's, under the same paths.
        attempts: How often a file is asked for before it counts as failed.
        timeout: Seconds without an answer, or without a further byte, after which an attempt has failed.
        progress: Called with a file's name and size in bytes (``None`` if unknown); gives a context manager of a
            ``Progress``.

    Every file is fetched that can be; one that fails leaves no file of its name, or the old one.
    """
    import pooch  # type: ignore[import-untyped]

    into.mkdir(parents=True, exist_ok=True)
    record = _read_record(into)
    result = Fetched()
    pooch.get_logger().setLevel("ERROR")
    for name, address in addresses(year).items():
        url = f"{server.rstrip('/')}{urlsplit(address).path}" if server else address
        place = into / name
        if place.is_file() and record.get(name, {}).get("sha256") == _digest(place):
            result.present.append(name)
            continue
        keeper = pooch.create(
            path=into / _SCRATCH, base_url="", registry={name: None}, urls={name: url}, retry_if_failed=attempts - 1
        )
        downloader = _Downloader(into / f"{name}.part", timeout, progress)
        try:
            new = Path(keeper.fetch(name, downloader=downloader))
        except Exception as error:
            if not isinstance(error, (_NoSuchFile, OSError, ValueError)):
                raise
            result.failed[name] = f"{url}: {_reason(error, timeout)}"
            continue
        finally:
            _remove_scratch(into, name if name in result.failed else "")
        problem = _problem(new)
        if problem:
            new.unlink()
            result.failed[name] = f"{url}: {problem}"
        else:
            new.replace(place)
            record[name] = {"url": url, "bytes": place.stat().st_size, "sha256": _digest(place)}
            _write_record(into, record)
            result.fetched.append(name)
    with contextlib.suppress(OSError):
        (into / _SCRATCH).rmdir()
    return result


_SCRATCH = ".fetching"


def _remove_scratch(into: Path, name: str) -> None:
    if name:
        (into / _SCRATCH / name).unlink(missing_ok=True)


class _Downloader:
    """Downloads for pooch, going on where an earlier attempt stopped."""

    def __init__(self, part: Path, timeout: float, progress: Any) -> None:
        self.part, self.timeout, self.progress = part, timeout, progress
        self.mark = part.with_name(f"{part.name}.mark")
        """Holds the server's mark of the version that the part is of (its ETag or date)."""

    def __call__(self, url: str, output_file: str, pooch: object) -> None:
        import requests

        headers = {"Accept-Encoding": "identity"}
        have = self.part.stat().st_size if self.part.is_file() and self.mark.is_file() else 0
        if have:
            headers |= {"Range": f"bytes={have}-", "If-Range": self.mark.read_text(encoding="utf-8")}
        with requests.get(url, headers=headers, stream=True, timeout=self.timeout) as answer:
            if answer.status_code == requests.codes.requested_range_not_satisfiable:
                self._forget()
                raise ValueError("the server no longer has the file of which a part was fetched")
            if 400 <= answer.status_code < 500 and answer.status_code not in _WORTH_ANOTHER_TRY:
                raise _NoSuchFile(f"the server answers {answer.status_code} {answer.reason}")
            answer.raise_for_status()
            kind = answer.headers.get("Content-Type", "")
            if "html" in kind.lower():
                raise _NoSuchFile(f"the server sends a page ({kind}) instead of the file")
            goes_on = answer.status_code == requests.codes.partial_content
            have = have if goes_on else 0
            version = answer.headers.get("ETag") or answer.headers.get("Last-Modified") or ""
            if version.startswith("W/") or not version:
                self.mark.unlink(missing_ok=True)
            else:
                self.mark.write_text(version, encoding="utf-8")
            length = answer.headers.get("Content-Length")
            size = have + int(length) if length and length.isdigit() else None
            with self.part.open("ab" if goes_on else "wb") as file, self._progress_of(size) as progress:
                progress.update(have)
                self._receive(answer, file, progress)
            if size is not None and self.part.stat().st_size != size:
                got = self.part.stat().st_size
                raise ValueError(f"only {got:,} of {size:,} bytes came")
        self.part.replace(output_file)
        self._forget()

    def _receive(self, answer: Any, file: IO[bytes], progress: Progress) -> None:
        for chunk in answer.iter_content(_CHUNK):
            file.write(chunk)
            progress.update(len(chunk))

    def _forget(self) -> None:
        self.part.unlink(missing_ok=True)
        self.mark.unlink(missing_ok=True)

    @contextmanager
    def _progress_of(self, size: int | None) -> Iterator[Progress]:
        if self.progress is None:
            yield _Silent()
            return
        with self.progress(self.part.stem, size) as progress:
            yield progress


_WORTH_ANOTHER_TRY = (408, 429)


class _Silent:
    def update(self, n_steps: int) -> None:
        """Say nothing."""


def _problem(path: Path) -> str:
    """Why a file that came whole is not the file that was asked for; empty if it may be."""
    with path.open("rb") as file:
        start = file.read(512)
    if not start:
        return "the file is empty"
    if path.suffix == ".xlsx":
        return "" if start.startswith(_WORKBOOK) else "what came is no workbook"
    return "what came is a page, not the file" if _NOT_TEXT.match(start) else ""


def _reason(error: Exception, timeout: float) -> str:
    import requests

    if isinstance(error, requests.exceptions.HTTPError) and error.response is not None:
        return f"the server answers {error.response.status_code} {error.response.reason}"
    if isinstance(error, requests.exceptions.Timeout):
        return f"no answer within {timeout:g} seconds"
    if isinstance(error, requests.exceptions.RequestException):
        return f"the connection failed ({type(error).__name__})"
    return str(error)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_record(into: Path) -> dict[str, dict[str, Any]]:
    try:
        record = json.loads((into / RECORD).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _write_record(into: Path, record: Mapping[str, object]) -> None:
    text = json.dumps(dict(sorted(record.items())), ensure_ascii=False, indent=1) + "\n"
    new = into / f"{RECORD}.part"
    new.write_text(text, encoding="utf-8")
    new.replace(into / RECORD)
