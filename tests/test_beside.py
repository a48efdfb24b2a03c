"""The process that judges beside mitmproxy: it says what is said within, and nothing is lost whatever becomes of it."""
from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

for part in ("addons", "test.taddons"):    # this way, their deprecations are not our errors
    pytest.importorskip(f"mitmproxy.{part}", reason="mitmproxy is not installed")

from mitmproxy import http  # noqa: E402
from mitmproxy.addons import save  # noqa: E402
from mitmproxy.test import taddons, tflow, tutils  # noqa: E402
from processes import children  # noqa: E402

from httplint.addon import HttpLint  # noqa: E402
from httplint.mitm import beside  # noqa: E402
from httplint.report.formats import FORMATS  # noqa: E402

pytestmark = [pytest.mark.filterwarnings("ignore::DeprecationWarning"),   # those of mitmproxy about its parts
              pytest.mark.skipif(os.name == "nt", reason="there is no such process on Windows")]
NOW = 1751371200.0                                         # 2025-07-01T12:00:00Z
DATE = (b"Date", b"Tue, 01 Jul 2025 12:00:00 GMT")
DEADLY = Path(__file__).with_name("programs") / "deadly_judge.py"


def flow(path: str, status: int = 405, method: bytes = b"GET", content: bytes | None = b"no",
         *lines: tuple[bytes, bytes], asked: tuple[tuple[bytes, bytes], ...] = ()) -> http.HTTPFlow:
    made = tflow.tflow(
        req=tutils.treq(method=method, path=path.encode(), host="shop.example", port=80,
                        headers=http.Headers(((b"Host", b"shop.example"), *asked))),
        resp=tutils.tresp(status_code=status, headers=http.Headers((DATE, *lines)), content=content, reason=b""))
    made.live = True
    made.request.timestamp_start = NOW
    return made


PLAIN = (b"Content-Type", b"text/plain")


def traffic() -> list[http.HTTPFlow]:
    """Of each kind that is told apart."""
    etag, vary = (b"ETag", b'"a"'), (b"Vary", b"Accept")
    connect, refused, made, broken, replayed = (flow(f"/{number}") for number in range(5))
    connect.request.method = "CONNECT"
    refused.response, refused.error = None, tflow.terr("Cannot parse HTTP response: nonsense")
    made.metadata["httplint_made"] = True
    broken.error = tflow.terr("Client disconnected.")
    replayed.is_replay = "response"
    marked = flow("/marked")
    marked.marked, marked.comment = ":grapes:", "look here"
    secret = (b"Set-Cookie", b"sid=Zq3kX9vLm3Tr7WpA; Expires=tomorrow Zq3kX9vLm3Tr7WpA")
    return [
        *(flow(f"/items/{number}", 200, b"GET", b"%d" % number, PLAIN) for number in range(40)),
        flow("/a"), flow("/old/1"), flow("/reset?token=Zq3kX9vLm3Tr7WpA", 200, b"GET", b"ok", secret), marked,
        flow("/a", 200, b"GET", b"a", PLAIN, etag, vary, asked=((b"Accept", b"*/*"),)),
        flow("/a", 304, b"GET", b"", asked=((b"If-None-Match", b'"a"'), (b"Accept", b"*/*"))),
        flow("/j", 200, b"GET", b'{"a": 1,}', (b"Content-Type", b"application/json")),
        flow("/large", 200, b"GET", b'{"a": 1,}' * 400_000, (b"Content-Type", b"application/json")),
        flow("/streamed", 200, b"GET", None, PLAIN), flow("/head", 200, b"HEAD", b"", PLAIN, etag),
        flow("/\x1b[2J", 99, b"\x00\xff", b"no", (b"\x1b", b"\xff" * 300)), flow("/hints", 103, b"GET", b""),
        connect, refused, made, broken, replayed, flow("/off/1"), flow("/a"), flow("/a")]


def pass_by(addon: HttpLint, one: http.HTTPFlow) -> Awaitable[None] | None:
    return addon.response(one) if one.error is None else addon.error(one)


Program = Callable[[taddons.context, HttpLint], Awaitable[None]]


def run(program: Program, process: str = "beside", **options: Any) -> HttpLint:
    """The addon, after mitmproxy has run it through a program."""
    async def main() -> HttpLint:
        with taddons.context() as context:
            made = HttpLint()
            context.master.addons.add(made)
            context.configure(made, httplint_process=process, **options)
            made.running()
            await program(context, made)
            made.done()
            return made

    return asyncio.run(main())


def rules(made: http.HTTPFlow) -> list[str]:
    return [finding["rule"] for finding in made.metadata.get("httplint", {}).get("findings", [])]


def judges() -> list[int]:
    """The judges that this process has started."""
    return children(os.getpid(), "judge")


def only(found: list[int]) -> int:
    (one,) = found
    return one


def is_alive(process: int) -> bool:
    """Whether it runs, or has ended and nobody has asked for it."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def stopped(process: int) -> Iterator[None]:
    """While a process is stopped."""
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        if is_alive(process):
            os.kill(process, signal.SIGCONT)


CONFIGURATION = """
[[waiver]]
rule = "405"
path = "/old/*"
reason = "x"
[[override]]
path = ["/off/*"]
ignore = ["405"]
"""


@pytest.mark.parametrize("configuration", ["", CONFIGURATION])
def test_beside_is_said_what_is_said_within(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                            configuration: str) -> None:
    """Marks, comments, details, files in each format, the terminal and the exit status."""
    path = tmp_path / "httplint.toml"
    path.write_text(configuration, "utf-8")
    said = []
    for process in ("within", "beside"):
        directory = tmp_path / process
        directory.mkdir()
        flows = traffic()

        async def program(context: taddons.context, addon: HttpLint, flows: list[http.HTTPFlow] = flows) -> None:
            for one in flows:
                await (pass_by(addon, one) or asyncio.sleep(0))

        ended = run(program, process, httplint_show_not_evaluated=True, httplint_config=str(path),
                    httplint_output=[f"{kind}:{directory / kind}" for kind in FORMATS])
        said.append(([(one.marked, one.comment, one.metadata) for one in flows], ended.exit_code(),
                     capsys.readouterr().out,
                     {kind: (directory / kind).read_bytes() for kind in FORMATS}))
    assert said[0] == said[1]
    flows, code, shown, files = said[0]
    assert code == 1
    assert "error[405.allow-missing]" in shown
    assert sum(bool(mark) for mark, *_ in flows) > 8
    assert json.loads(files["json"])["summary"]["entries"]["linted"] > 50


def test_marks_are_told_to_the_views() -> None:
    bad, good = flow("/bad"), flow("/good", 200, b"GET", b"ok", PLAIN)
    told = []

    class View:
        def update(self, flows: list[http.HTTPFlow]) -> None:
            told.extend((one, one.marked) for one in flows)

    async def program(context: taddons.context, addon: HttpLint) -> None:
        context.master.addons.add(View())
        pass_by(addon, good)
        pass_by(addon, bad)
        assert not bad.marked
        while not told:                                    # by mitmproxy's loop, and nobody asks
            await asyncio.sleep(0.01)

    run(program)
    assert told == [(bad, ":red_circle:")]


def test_a_command_knows_of_all_that_has_passed() -> None:
    async def program(context: taddons.context, addon: HttpLint) -> None:
        for _ in range(3):
            pass_by(addon, flow("/a"))
        assert "3 of 3 entries" in "\n".join(context.master.commands.execute("httplint.report"))
        pass_by(addon, flow("/a"))
        context.master.commands.execute("httplint.clear")
        assert "nothing checked in 0 of 0 entries" in "\n".join(context.master.commands.execute("httplint.report"))

    assert run(program).exit_code() == 3


def test_options_hold_for_what_comes_after() -> None:
    flows = [flow(f"/{number}") for number in range(40)]

    async def program(context: taddons.context, addon: HttpLint) -> None:
        for number, one in enumerate(flows):
            if number % 10 == 0:
                context.configure(addon, httplint_select=["content-type"] if number % 20 else ["405"])
            pass_by(addon, one)

    run(program)
    assert [rules(one) for one in flows] == [
        ["content-type.missing"] if number // 10 % 2 else ["405.allow-missing"] for number in range(40)]


def test_it_goes_and_comes_with_the_options() -> None:
    async def program(context: taddons.context, addon: HttpLint) -> None:
        context.master.addons.add(save.Save())
        first = only(judges())
        for wanted, there in (("within", False), ("beside", True), ("within", False), ("auto", True)):
            context.configure(addon, httplint_process=wanted)
            assert bool(judges()) is there
        assert not is_alive(first)
        pass_by(addon, late := flow("/late"))
        context.options.save_stream_file = os.devnull      # which would miss what comes later
        addon.configure({"save_stream_file"})
        assert rules(late)
        assert not judges()
        pass_by(addon, now := flow("/now"))
        assert rules(now)
        context.options.save_stream_file = None
        addon.configure({"save_stream_file"})
        assert judges()
        context.master.addons.remove(addon)                # as where another version of the script is loaded
        assert not judges()

    run(program)


def test_another_one_judges_what_the_first_had_not(caplog: pytest.LogCaptureFixture) -> None:
    flows = [flow(f"/{number}") for number in range(20)]

    async def program(context: taddons.context, addon: HttpLint) -> None:
        pass_by(addon, flows[0])
        addon.report_command()
        first = only(judges())
        with stopped(first):
            for one in flows[1:]:
                pass_by(addon, one)
            os.kill(first, signal.SIGKILL)
        addon.report_command()
        assert only(judges()) != first

    assert run(program).exit_code() == 1
    assert all(map(rules, flows))
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == [
        "httplint: the process that judges has ended with status -9; another one judges again what waits, 19 flows"]


def started_as(monkeypatch: pytest.MonkeyPatch, *command: str) -> list[int]:
    """Has another program started as the process; grows by its id each time."""
    made = subprocess.Popen
    known: list[int] = []

    def start(arguments: list[str], **options: Any) -> subprocess.Popen[bytes]:
        process = made([sys.executable, *command, arguments[-1]], **options)
        known.append(process.pid)
        return process

    monkeypatch.setattr(beside.subprocess, "Popen", start)
    return known


def test_a_flow_that_ends_it_twice_is_given_up(monkeypatch: pytest.MonkeyPatch,
                                               caplog: pytest.LogCaptureFixture) -> None:
    known = started_as(monkeypatch, str(DEADLY))
    flows = [flow("/deadly" if number == 7 else f"/{number}", *((200, b"GET", b"x", PLAIN) if number < 5 else ()))
             for number in range(20)]

    async def program(context: taddons.context, addon: HttpLint) -> None:
        for one in flows:
            pass_by(addon, one)
        said = "\n".join(addon.report_command())
        assert "skipped 1: judging it ended the process that judges, twice" in said
        assert "in 19 of 20 entries" in said

    assert run(program).exit_code() == 2
    assert [bool(rules(one)) for one in flows] == [number >= 5 and number != 7 for number in range(20)]
    assert len(known) == 3
    assert sum("has ended with status 9" in record.message for record in caplog.records) == 2


def test_what_ends_it_again_and_again_is_no_endless_loop(monkeypatch: pytest.MonkeyPatch,
                                                         caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(beside, "ENDS", 2)
    known = started_as(monkeypatch, str(DEADLY))

    async def program(context: taddons.context, addon: HttpLint) -> None:
        for _ in range(5):
            pass_by(addon, flow("/deadly"))
        addon.report_command()
        pass_by(addon, flow("/later"))

    ended = run(program)
    assert ended.exit_code() == 2
    assert (ended._run.summary.entries, ended._run.summary.linted) == (6, 0)
    assert len(known) <= 3
    assert any("nothing is judged any more" in record.message for record in caplog.records)


@pytest.mark.parametrize("frozen", [False, True])
def test_where_it_cannot_be_mitmproxy_judges(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
                                             frozen: bool) -> None:
    """In programs that are no Python, and where it does not come up."""
    if frozen:
        monkeypatch.setattr(sys, "frozen", True, raising=False)
    else:
        started_as(monkeypatch, "-c", "raise SystemExit(5)")
    flows = [flow(f"/{number}") for number in range(5)]

    async def program(context: taddons.context, addon: HttpLint) -> None:
        for one in flows:
            pass_by(addon, one)

    ended = run(program)
    assert ended.exit_code() == 1
    assert ended._run.summary.linted == 5
    assert all(map(rules, flows))
    (said,) = [record.message for record in caplog.records if "which judges by itself" in record.message]
    assert said.endswith("no Python here that could be started for it" if frozen else "it ended with status 5")


@pytest.mark.parametrize(("limit", "value"), [("FLOWS", 4), ("OCTETS", 1 << 20)])
def test_too_many_wait_and_responses_are_held_back(monkeypatch: pytest.MonkeyPatch, limit: str, value: int) -> None:
    monkeypatch.setattr(beside, limit, value)
    flows = [flow(f"/{number}", 405, b"GET", b"x" * (300_000 if limit == "OCTETS" else 1)) for number in range(12)]

    async def program(context: taddons.context, addon: HttpLint) -> None:
        with stopped(only(judges())):
            held = [pass_by(addon, one) for one in flows]
            await asyncio.sleep(0.05)
            assert [one is None or one.done() for one in held] == [number < 3 for number in range(12)]  # type: ignore[attr-defined]
        for one in held:
            await (one or asyncio.sleep(0))

    assert run(program)._run.summary.linted == 12
    assert all(map(rules, flows))


def test_one_that_says_nothing_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    flows = [flow(f"/{number}") for number in range(8)]
    monkeypatch.setattr(beside, "FLOWS", 4)

    async def program(context: taddons.context, addon: HttpLint) -> None:
        pass_by(addon, flows[0])
        addon.report_command()
        monkeypatch.setattr(beside, "PATIENCE", 0.2)
        first = only(judges())
        os.kill(first, signal.SIGSTOP)
        held = [pass_by(addon, one) for one in flows[1:]]
        monkeypatch.setattr(beside, "PATIENCE", 60)
        for one in held:
            await (one or asyncio.sleep(0))
        assert not is_alive(first)

    run(program)
    assert all(map(rules, flows))


def test_a_fault_there_is_told_here(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    odd, good = flow("/odd"), flow("/good")
    odd.request.data.port = "80"  # type: ignore[assignment]
    odd.request.data.authority = b""
    odd.request.data.headers = http.Headers()
    odd.request.data.host = 80  # type: ignore[assignment]

    async def program(context: taddons.context, addon: HttpLint) -> None:
        pass_by(addon, odd)
        pass_by(addon, good)

    ended = run(program)
    assert ended.exit_code() == 2
    assert rules(good)
    assert ended._run.summary.skipped == {"a fault of httplint, see the log": 1}
    assert sum("httplint failed on a flow: a fault of httplint itself: TypeError" in record.message
               for record in caplog.records) == 1
