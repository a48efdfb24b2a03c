"""Whatever a server does, probe ends within its budget and with bounded memory, and says in plain words what it met."""
from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hostile_server import HostileServer

Probe = Callable[..., Any]
BUDGET = ("--max-requests", "3", "--max-size", "1")
MEMORY = 400 << 10
"""KiB of address space for a process of its own."""


@pytest.fixture
def hostile() -> Iterator[HostileServer]:
    with HostileServer() as made:
        yield made


TOO_LARGE = "the answer was not read to its end: more than 1 MB"
TOO_LONG = "the answer was not read to its end: 0.3 seconds were over"
NO_HEAD = "no header section came that could be read"

SHORT = ("--timeout", "0.3")
WAITING = ("/never-answers", "/octet-by-octet", "/continues-and-stops", "/a-chunk-of-all-memory",
           "/a-length-of-all-memory")
"""Where only the time ends it. Elsewhere there is plenty, as a machine may be busy."""

MET = {
    "/closes-at-once": "no answer: the server closed the connection",
    "/never-answers": "no answer: 0.3 seconds were over",
    "/resets": "no answer: Connection reset by peer",
    "/resets-within": "the answer was not read to its end: Connection reset by peer",
    "/closes-within-fields": NO_HEAD,
    "/octet-by-octet": TOO_LONG,
    "/interim-without-end": "no final response came",
    "/continues-and-stops": TOO_LONG,
    "/a-field-without-end": NO_HEAD,
    "/a-chunk-of-all-memory": TOO_LONG,
    "/a-length-of-all-memory": TOO_LONG,
    "/no-http": NO_HEAD,
    "/zeros": NO_HEAD,
    "/line-ends": NO_HEAD,
    "/content-without-end": TOO_LARGE,
    "/chunk-extensions-without-end": TOO_LARGE,
    "/too-many-requests": "",
    "/unavailable": "",
}
"""Path -> what is said of the plain GET. There, nothing more is asked of most, which deserve no better."""
ASKED_ON = ("/content-without-end", "/chunk-extensions-without-end")


@pytest.mark.parametrize("path", MET)
def test_what_is_met_is_said(hostile: HostileServer, probe: Probe, path: str) -> None:
    made = probe(*BUDGET, *(SHORT if path in WAITING else ()), urls=(f"http://{hostile.host}{path}",))
    assert made.cell("get")[1] == MET[path]
    assert hostile.reached == (3 if path in ASKED_ON else 1)
    if path not in ASKED_ON:
        assert made.cell("head")[0] == "not asked"
    assert "Traceback" not in made.err


@pytest.mark.parametrize(("path", "code", "rules"), [
    ("/octet-by-octet", 2, ()), ("/continues-and-stops", 2, ()), ("/interim-without-end", 2, ()),
    ("/a-field-without-end", 2, ()), ("/a-length-of-all-memory", 2, ()), ("/a-chunk-of-all-memory", 2, ()),
    ("/content-without-end", 0, ()), ("/gzip-bomb", 0, ()), ("/sound", 0, ()), ("/unavailable", 0, ()),
    ("/closes-within-fields", 2, ("http1.truncated",)), ("/closes-within-chunks", 1, ("http1.truncated",)),
    ("/closes-within-content", 1, ("content-length.mismatch",)),
    ("/chunk-extensions-without-end", 1, ("http1.chunk-size",)), ("/no-http", 2, ("http1.no-status-line",)),
    ("/two-answers", 1, ("http1.excess",)),
    ("/names-of-terminals", 1, ("field.control-character", "field.malformed-name")),
])
def test_errors_are_what_is_proven(hostile: HostileServer, probe: Probe, path: str, code: int,
                                   rules: tuple[str, ...]) -> None:
    """What ended because of the budget is no fault of the server's."""
    made = probe(*BUDGET, *(SHORT if path in WAITING else ()), "--check", "get", urls=(f"http://{hostile.host}{path}",))
    assert {finding["rule"] for finding in made.report["findings"] if finding["severity"] == "error"} == set(rules)
    assert made.code == code


def test_an_endless_conversation_ends_with_the_time(hostile: HostileServer, probe: Probe) -> None:
    made = probe("--max-time", "0.7", urls=tuple(f"http://{hostile.host}/slow-but-sound?{n}" for n in range(9)))
    assert made.cell("get", 8) == ("not asked", "0.7 seconds were over, which is --max-time")
    assert 1 <= hostile.reached <= 4


@pytest.mark.parametrize(("path", "why", "reached"), [
    ("/a-redirect-to-itself", "the redirects go round in a circle", 2),
    ("/a-redirect-to-something-that-never-answers", "no answer: 1 seconds were over", 3),
])
def test_redirects_that_lead_nowhere(hostile: HostileServer, probe: Probe, path: str, why: str, reached: int) -> None:
    made = probe(*BUDGET, "--timeout", "1", "--follow", "--check", "redirect,head", urls=(f"http://{hostile.host}{path}",))
    assert made.cell("redirect") == ("not answered", why)
    assert hostile.reached == reached


@pytest.mark.parametrize("path", ["/too-many-requests", "/unavailable"])
def test_who_wants_rest_gets_it_from_all_resources(hostile: HostileServer, probe: Probe, path: str) -> None:
    made = probe(*BUDGET, urls=tuple(f"http://{hostile.host}{path}?{number}" for number in range(20)))
    assert hostile.reached == 1
    assert all(made.cell("get", row)[0] == "not asked" for row in range(1, 20))


@pytest.mark.parametrize(("tls", "why"), [
    ("/no-http", "cannot be asked: TLS failed: "), ("/zeros", "cannot be asked: TLS failed: "),
    ("/closes-at-once", "cannot be asked: "), ("/resets", "cannot be asked: Connection reset by peer"),
    ("/never-answers", "cannot be asked: it took too long")])
def test_something_else_than_tls(hostile: HostileServer, probe: Probe, tls: str, why: str) -> None:
    hostile.tls = tls
    made = probe(*BUDGET, *(SHORT if tls in WAITING else ()), urls=(f"https://{hostile.host}/sound",))
    state, told = made.cell("get")
    assert (state, made.code, hostile.reached) == ("not answered", 2, 1)
    assert told.startswith(why)
    assert "_" not in told
    assert "[" not in told


def test_a_terminal_gets_no_control_characters(hostile: HostileServer, packaged: None) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "httplint", "probe", "--isolated", "--pause", "0", *BUDGET, "--color", "always",
         f"http://{hostile.host}/names-of-terminals"], capture_output=True, timeout=100, check=False)
    assert done.returncode == 1
    assert b"field.control-character" in done.stdout
    told = done.stdout + done.stderr
    assert not any(b"\x1b" + bad in told for bad in (b"]0;", b"[2J", b"[31m: a"))
    assert b"\x07" not in told.replace(b"\x1b]8;;\x07", b"")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its address space")
def test_memory_is_bounded(hostile: HostileServer, packaged: None) -> None:
    """Floods of each kind, met by one process that gets no more than MEMORY."""
    paths = ["/a-million-names", "/fields-without-end", "/interim-without-end", "/content-without-end", "/zeros",
             "/chunks-without-end", "/gzip-bomb", "/sound"]
    done = subprocess.run(
        ["sh", "-c", f'ulimit -v {MEMORY} && exec "$@"', "sh", sys.executable, "-m", "httplint", "probe", "--isolated",
         "--pause", "0", "--timeout", "30", "--max-size", "1", "--check", "get", "--output-format", "json",
         *(f"http://{hostile.host}{path}" for path in paths)],
        capture_output=True, encoding="utf-8", timeout=200, check=False)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "MemoryError" not in done.stderr
    cells = [row["cells"][0] for row in json.loads(done.stdout)["summary"]["matrix"]["rows"]]
    assert [cell["why"] for cell in cells] == [
        NO_HEAD, NO_HEAD, "no final response came", TOO_LARGE, NO_HEAD, TOO_LARGE, "", ""]
    assert cells[-1]["state"] == "kept"
