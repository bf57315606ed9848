"""Fetching, from a server on this machine that fails in every ordinary way."""

from __future__ import annotations

import contextlib
import hashlib
import http.server
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pooch.core
import pytest
from click.testing import CliRunner

from pyreport.cli import main
from pyreport.evidence import fetch as module
from pyreport.evidence.fetch import RECORD, addresses, fetch, known_years

YEAR = 2024
WORKBOOK = b"PK\x03\x04" + bytes(range(256)) * 64
TEXT = b"cds\trtype\n" + b"27660500000000\tD\n" * 3000
FILE = "/researchfiles/cadashboard/eladownload2024.txt"


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers as the test has told the server, once or always; else with the whole file."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Range", "")))
        special = self.server.special.get(self.path, [])
        if special:
            answer = special[0] if len(special) == 1 and self.server.always else special.pop(0)
            answer(self)
        else:
            self.whole()

    def body(self) -> bytes:
        return WORKBOOK if self.path.endswith(".xlsx") else TEXT

    def whole(self, kind: str = "text/plain", body: bytes | None = None, **headers: str) -> None:
        body = self.body() if body is None else body
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def status(self, code: int, **headers: str) -> None:
        self.send_response(code)
        self.send_header("Content-Length", "0")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def cut(self, after: int, etag: str | None = '"one"') -> None:
        """Promise the whole file and close the connection before its end."""
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(self.body())))
        if etag:
            self.send_header("ETag", etag)
        self.end_headers()
        self.wfile.write(self.body()[:after])
        self.wfile.flush()
        self.close_connection = True

    def rest(self, etag: str = '"one"') -> None:
        """Send what is asked for, if it is asked of the version that the server has."""
        if not self.headers.get("Range") or self.headers.get("If-Range") != etag:
            return self.whole(ETag=etag)
        start = int(self.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        body = self.body()[start:]
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {start}-{len(self.body()) - 1}/{len(self.body())}")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", etag)
        self.end_headers()
        self.wfile.write(body)
        return None

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def hang(self) -> None:
        time.sleep(1.5)
        self.close_connection = True

    def finish(self) -> None:
        # After a reset there is nothing left to flush.
        with contextlib.suppress(OSError, ValueError):
            super().finish()

    def log_message(self, *_: object) -> None:
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.special: dict[str, list[Callable[[Handler], object]]] = {}
        self.asked: list[tuple[str, str]] = []
        self.always = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as one:
        thread = threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield one
        one.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def no_waiting_between_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock:
        sleep = staticmethod(lambda _: None)

    monkeypatch.setattr(pooch.core, "time", Clock)


def only_that_file(monkeypatch: pytest.MonkeyPatch, name: str = "eladownload2024.txt") -> None:
    every = addresses(YEAR)
    monkeypatch.setattr(module, "addresses", lambda year: {name: every[name]})


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_addresses_are_those_where_cde_publishes():
    assert addresses(2024)["eladownload2024.txt"] == (
        "https://www3.cde.ca.gov/researchfiles/cadashboard/eladownload2024.txt"
    )
    assert "https://www3.cde.ca.gov/researchfiles/cadashboard/graddownload2017f.txt" in addresses(2017).values()
    documents = "https://www.cde.ca.gov/fg/aa/lc/documents/"
    assert addresses(2023)["assistancestatus23.xlsx"] == f"{documents}assistancestatus23.xlsx"
    assert addresses(2023)["charterassistance23.xlsx"] == f"{documents}charterassistance23.xlsx"
    assert "charterassistance19.xlsx" not in addresses(2019)
    assert "ccidownload2022.txt" not in addresses(2022)
    assert len(addresses(2024)) == 9
    assert addresses(2020) == addresses(2021) == addresses(known_years()[-1] + 1) == {}


def test_all_files_of_a_year_come_with_their_hashes(server, tmp_path):
    result = fetch(YEAR, tmp_path / "files", server=server.url)
    assert result.failed == {}
    assert result.fetched == list(addresses(YEAR))
    assert names(tmp_path / "files") == {*addresses(YEAR), RECORD}
    record = json.loads((tmp_path / "files" / RECORD).read_text(encoding="utf-8"))
    assert record["eladownload2024.txt"] == {
        "url": server.url + FILE,
        "bytes": len(TEXT),
        "sha256": hashlib.sha256(TEXT).hexdigest(),
    }
    assert list(record) == sorted(addresses(YEAR))


def test_files_that_are_there_are_not_asked_for_again_and_a_changed_one_is(server, tmp_path):
    fetch(YEAR, tmp_path, server=server.url)
    server.asked.clear()
    (tmp_path / "mathdownload2024.txt").write_bytes(TEXT[:500])
    result = fetch(YEAR, tmp_path, server=server.url)
    assert result.fetched == ["mathdownload2024.txt"]
    assert len(result.present) == len(addresses(YEAR)) - 1
    assert [path for path, _ in server.asked] == ["/researchfiles/cadashboard/mathdownload2024.txt"]
    assert (tmp_path / "mathdownload2024.txt").read_bytes() == TEXT


def page(handler: Handler) -> None:
    handler.whole("text/html; charset=utf-8", b"<!DOCTYPE html><title>Not found</title>")


def page_in_disguise(handler: Handler) -> None:
    handler.whole("text/plain", b"\r\n<!DOCTYPE html><title>Request rejected</title>")


# How the server fails, and how often it is asked before that is the end.
FAILURES: dict[str, tuple[Callable[[Handler], object], str, int]] = {
    "404": (lambda handler: handler.status(404), "the server answers 404", 1),
    "403": (lambda handler: handler.status(403), "the server answers 403", 1),
    "500": (lambda handler: handler.status(500), "the server answers 500", 3),
    "503": (lambda handler: handler.status(503), "the server answers 503", 3),
    "429": (lambda handler: handler.status(429), "the server answers 429", 3),
    "a reset": (Handler.reset, "the connection failed", 3),
    "a truncated body": (lambda handler: handler.cut(100, None), "the connection failed", 3),
    "no answer": (Handler.hang, "no answer within 0.2 seconds", 3),
    "a page": (page, "sends a page (text/html; charset=utf-8)", 1),
    "a page that says it is text": (page_in_disguise, "what came is a page", 1),
    "an empty file": (lambda handler: handler.whole(body=b""), "the file is empty", 1),
    "redirects without end": (lambda handler: handler.status(302, Location=handler.path), "TooManyRedirects", 31 * 3),
}


@pytest.mark.parametrize(("fails", "reason", "asked"), FAILURES.values(), ids=FAILURES)
def test_a_file_that_cannot_be_had_is_named_and_leaves_nothing_of_its_name(
    server, tmp_path, monkeypatch, fails, reason, asked
):
    only_that_file(monkeypatch)
    server.special[FILE] = [fails]
    server.always = True
    result = fetch(YEAR, tmp_path, server=server.url, attempts=3, timeout=0.2)
    assert list(result.failed) == ["eladownload2024.txt"]
    assert reason in result.failed["eladownload2024.txt"]
    assert server.url + FILE in result.failed["eladownload2024.txt"]
    assert len(server.asked) == asked
    assert not (tmp_path / "eladownload2024.txt").exists()
    assert names(tmp_path) <= {"eladownload2024.txt.part"}


TEMPORARY = ["500", "503", "429", "a reset", "a truncated body", "no answer"]


@pytest.mark.parametrize("failure", TEMPORARY)
def test_what_passes_is_tried_again(server, tmp_path, monkeypatch, failure):
    only_that_file(monkeypatch)
    server.special[FILE] = [FAILURES[failure][0]] * 2
    result = fetch(YEAR, tmp_path, server=server.url, attempts=3, timeout=0.2)
    assert result.failed == {}
    assert (tmp_path / "eladownload2024.txt").read_bytes() == TEXT
    assert names(tmp_path) == {"eladownload2024.txt", RECORD}


def test_one_file_that_fails_does_not_keep_the_others(server, tmp_path):
    server.special[FILE] = [lambda handler: handler.status(404)]
    result = fetch(YEAR, tmp_path, server=server.url)
    assert list(result.failed) == ["eladownload2024.txt"]
    assert len(result.fetched) == len(addresses(YEAR)) - 1


def test_the_old_file_stays_if_the_new_one_cannot_be_had(server, tmp_path, monkeypatch):
    only_that_file(monkeypatch)
    (tmp_path / "eladownload2024.txt").write_bytes(b"old")
    server.special[FILE] = [page_in_disguise]
    assert fetch(YEAR, tmp_path, server=server.url).fetched == []
    assert (tmp_path / "eladownload2024.txt").read_bytes() == b"old"


def test_a_workbook_must_be_one(server, tmp_path, monkeypatch):
    only_that_file(monkeypatch, "assistancestatus24.xlsx")
    path = "/fg/aa/lc/documents/assistancestatus24.xlsx"
    server.special[path] = [lambda handler: handler.whole("application/octet-stream", b"an error")]
    result = fetch(YEAR, tmp_path, server=server.url)
    assert "no workbook" in result.failed["assistancestatus24.xlsx"]
    assert names(tmp_path) == set()


def test_redirects_are_followed(server, tmp_path, monkeypatch):
    only_that_file(monkeypatch)
    server.special[FILE] = [lambda handler: handler.status(301, Location="/moved/eladownload2024.txt")]
    assert fetch(YEAR, tmp_path, server=server.url).failed == {}
    assert (tmp_path / "eladownload2024.txt").read_bytes() == TEXT


class TestGoingOn:
    def test_the_next_attempt_asks_for_the_rest(self, server, tmp_path, monkeypatch):
        only_that_file(monkeypatch)
        server.special[FILE] = [lambda handler: handler.cut(40_000), Handler.rest]
        assert fetch(YEAR, tmp_path, server=server.url).failed == {}
        assert (tmp_path / "eladownload2024.txt").read_bytes() == TEXT
        assert server.asked == [(FILE, ""), (FILE, f"bytes={2 << 14}-")]
        assert names(tmp_path) == {"eladownload2024.txt", RECORD}

    def test_so_does_the_next_call(self, server, tmp_path, monkeypatch):
        only_that_file(monkeypatch)
        server.special[FILE] = [lambda handler: handler.cut(40_000)]
        assert fetch(YEAR, tmp_path, server=server.url, attempts=1).failed
        server.special[FILE] = [Handler.rest]
        assert fetch(YEAR, tmp_path, server=server.url, attempts=1).failed == {}
        assert (tmp_path / "eladownload2024.txt").read_bytes() == TEXT
        assert server.asked[-1] == (FILE, f"bytes={2 << 14}-")

    def test_a_file_that_changed_meanwhile_comes_from_the_start(self, server, tmp_path, monkeypatch):
        only_that_file(monkeypatch)
        server.special[FILE] = [lambda handler: handler.cut(40_000), lambda handler: handler.rest('"two"')]
        assert fetch(YEAR, tmp_path, server=server.url).failed == {}
        assert (tmp_path / "eladownload2024.txt").read_bytes() == TEXT

    def test_a_server_that_cannot_send_a_rest_sends_all(self, server, tmp_path, monkeypatch):
        only_that_file(monkeypatch)
        server.special[FILE] = [lambda handler: handler.cut(40_000), Handler.whole]
        assert fetch(YEAR, tmp_path, server=server.url).failed == {}
        assert (tmp_path / "eladownload2024.txt").read_bytes() == TEXT

    def test_a_rest_that_the_server_no_longer_has_is_fetched_anew(self, server, tmp_path, monkeypatch):
        only_that_file(monkeypatch)
        server.special[FILE] = [lambda handler: handler.cut(40_000), lambda handler: handler.status(416)]
        assert fetch(YEAR, tmp_path, server=server.url).failed == {}
        assert (tmp_path / "eladownload2024.txt").read_bytes() == TEXT


class TestCommand:
    def test_it_fetches_and_says_how_many(self, server, tmp_path):
        arguments = ["fetch", "--year", str(YEAR), "--into", str(tmp_path), "--base-url", server.url]
        result = CliRunner().invoke(main, arguments)
        assert (result.exit_code, result.stdout) == (0, "")
        assert "9 files fetched" in result.stderr
        again = CliRunner().invoke(main, arguments)
        assert "0 files fetched" in again.stderr
        assert "9 were there" in again.stderr

    def test_a_failure_is_told_and_ends_with_3(self, server, tmp_path):
        server.special[FILE] = [lambda handler: handler.status(404)]
        arguments = ["fetch", "--year", str(YEAR), "--into", str(tmp_path), "--base-url", server.url]
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 3
        assert "Not fetched: eladownload2024.txt" in result.stderr
        assert "8 files fetched" in result.stderr

    def test_a_year_without_addresses_is_refused(self, tmp_path):
        result = CliRunner().invoke(main, ["fetch", "--year", "2020", "--into", str(tmp_path)])
        assert result.exit_code == 2
        assert ", ".join(map(str, known_years())) in result.stderr
