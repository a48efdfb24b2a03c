"""The mitmproxy addon, with the test tools that mitmproxy ships."""
from __future__ import annotations

import asyncio
import gc
import importlib.util
import io
import json
import logging
import re
import shutil
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

for part in ("addons", "test.taddons"):    # this way, their deprecations are not our errors
    pytest.importorskip(f"mitmproxy.{part}", reason="mitmproxy is not installed")

from mitmproxy import contentviews, exceptions, http, types  # noqa: E402
from mitmproxy.addons import script, view  # noqa: E402
from mitmproxy.flow import Error as mitmproxy_error  # noqa: E402
from mitmproxy.io import FlowReader, FlowWriter  # noqa: E402
from mitmproxy.test import taddons, tflow, tutils  # noqa: E402

from httplint import addon as module  # noqa: E402
from httplint.addon import HttpLint  # noqa: E402
from httplint.cli.addon_path import addon_path  # noqa: E402
from httplint.mitm import console, terminal, web  # noqa: E402
from httplint.mitm.marks import COMMENTED, MARKS  # noqa: E402
from httplint.model import installation  # noqa: E402
from httplint.report.formats import FORMATS  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")   # those of mitmproxy about its parts
NOW = 1751371200.0                                         # 2025-07-01T12:00:00Z
MALFORMED = ((b"Content-Length", b"2"), (b"Date", b"Tue, 01 Jul 2025 12:00:00 GMT"), (b"Content-Type", b"text"))


@pytest.fixture
def context() -> Iterator[taddons.context]:
    with taddons.context() as made:
        yield made
    made.master.event_loop.close()                         # mitmproxy 11 leaves it open


@pytest.fixture
def addon(context: taddons.context) -> HttpLint:
    return load(context)


def load(context: taddons.context, **options: Any) -> HttpLint:
    made = HttpLint()
    context.master.addons.add(made)
    context.configure(made, **options)
    made.running()
    return made


def flow(status: int = 405, *, method: bytes = b"PATCH", path: bytes = b"/items/12", content: bytes | None = b"no",
         headers: tuple[tuple[bytes, bytes], ...] = MALFORMED[:2], live: bool = True, **more: Any) -> http.HTTPFlow:
    made = tflow.tflow(
        req=tutils.treq(method=method, path=path, host="shop.example", port=80,
                        headers=http.Headers(((b"Host", b"shop.example"),))),
        resp=tutils.tresp(status_code=status, headers=http.Headers(headers), content=content,
                           **{"reason": b"", **more}))
    made.live = live
    made.request.timestamp_start = NOW
    return made


def rules(made: http.HTTPFlow) -> list[str]:
    return [finding["rule"] for finding in made.metadata.get("httplint", {}).get("findings", [])]


def test_findings_are_marks_comments_and_metadata(addon: HttpLint) -> None:
    bad, good = flow(), flow(headers=(*MALFORMED[:2], (b"Allow", b"GET"), (b"Content-Type", b"text/plain")))
    addon.response(bad)
    addon.response(good)
    assert bad.marked == MARKS["error"]
    assert bad.comment.startswith("405.allow-missing (error): 405, but no Allow")
    assert "405.allow-missing" in rules(bad)
    assert (good.marked, good.comment, good.metadata) == ("", "", {})


def test_the_mark_is_a_glyph_that_mitmproxy_knows() -> None:
    from mitmproxy.utils import emoji
    assert set(MARKS.values()) <= set(emoji.emoji)


def test_what_the_addon_adds_can_be_saved(addon: HttpLint, tmp_path: Path) -> None:
    bad = flow()
    addon.response(bad)
    with (tmp_path / "a.mitm").open("wb") as stream:
        FlowWriter(stream).add(bad)
    with (tmp_path / "a.mitm").open("rb") as stream:
        (again,) = FlowReader(stream).stream()
    assert again.metadata == bad.metadata
    assert (again.marked, again.comment) == (bad.marked, bad.comment)


def test_what_users_wrote_stays(addon: HttpLint) -> None:
    bad = flow()
    bad.marked, bad.comment = ":grapes:", "look here"
    addon.response(bad)
    assert bad.marked == ":grapes:"
    assert bad.comment.startswith("look here\n405.allow-missing (error): ")
    first = bad.comment
    bad.response = flow().response                         # replayed
    addon.response(bad)
    assert bad.comment == first
    assert bad.response is not None
    bad.response = flow(200, headers=(*MALFORMED[:2], (b"Content-Type", b"text/plain"))).response
    bad.request.method = "GET"
    addon.response(bad)
    assert (bad.marked, bad.comment) == (":grapes:", "look here")


def test_a_comment_has_a_line_for_each_finding_the_worst_first(addon: HttpLint) -> None:
    bad = flow(headers=(*MALFORMED[:2], (b"Cache-Control", b"no-cahe"), *((b"Set-Cookie", b"a\nb=1; Path=%d" % number)
                                                                        for number in range(5)), (b"ETag", b"x")))
    addon.response(bad)
    found = bad.metadata["httplint"]["findings"]
    severities = [finding["severity"] for finding in found]
    assert {"error", "warning"} <= set(severities)
    assert severities == sorted(severities, key=["error", "warning", "info"].index)
    *lines, rest = bad.comment.split(";\n")
    assert len(lines) == COMMENTED < len(found)
    assert [line.partition(": ")[0] for line in lines] == [
        f"{finding['rule']} ({finding['severity']})" for finding in found[:COMMENTED]]
    assert rest == f"and {len(found) - COMMENTED} more findings of httplint"
    assert len(bad.comment) < COMMENTED * 250


@pytest.mark.parametrize("stored", ["x", {"comment": 7, "findings": 7}, {"comment": ["look"]}, None, 12])
def test_what_a_file_of_flows_says_in_our_name_is_no_matter(addon: HttpLint, stored: object) -> None:
    bad = flow()
    bad.comment, bad.metadata["httplint"] = "look here", stored
    addon.response(bad)
    assert bad.comment.startswith("look here\n405.allow-missing (error): ")
    assert not addon._faults


def test_no_marks_if_not_wanted(context: taddons.context) -> None:
    addon = load(context, httplint_mark=False)
    bad = flow()
    addon.response(bad)
    assert (bad.marked, bad.comment) == ("", "")
    assert "405.allow-missing" in rules(bad)


def test_options_choose_rules(context: taddons.context) -> None:
    addon = load(context, httplint_select=["405"])
    bad = flow(headers=MALFORMED)
    addon.response(bad)
    assert rules(bad) == ["405.allow-missing"]
    context.configure(addon, httplint_select=[], httplint_ignore=["405", "content-type"])
    bad = flow(headers=MALFORMED)
    addon.response(bad)
    assert not {rule for rule in rules(bad) if rule.startswith(("405", "content-type"))}
    context.configure(addon, httplint_ignore=[], httplint_severity="error")
    bad = flow(headers=MALFORMED)
    addon.response(bad)
    assert {finding["severity"] for finding in bad.metadata["httplint"]["findings"]} == {"error"}


def test_rules_of_your_own(context: taddons.context, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("""
[[rule]]
id = "own.server"
title = "Server is told"
level = "advice"
spec = "house style"
require = "'Server' not in response"
message = "Server is there"
why = "-"
fix = "-"
bad = ["< HTTP/1.1 200 OK\\n< Server: x"]
good = ["< HTTP/1.1 200 OK"]
""", "utf-8")
    addon = load(context, httplint_rules=[str(tmp_path)], httplint_select=["own"])
    bad = flow(200, method=b"GET", headers=((b"Server", b"x"),))
    addon.response(bad)
    assert rules(bad) == ["own.server"]
    assert bad.marked == MARKS["info"]


def configure(tmp_path: Path, text: str) -> str:
    path = tmp_path / "httplint.toml"
    path.write_text(text, "utf-8")
    return str(path)


def test_the_configuration_holds(context: taddons.context, tmp_path: Path) -> None:
    path = configure(tmp_path, 'select = ["405.allow-missing"]\nfail-on = "warning"\n'
                     '[level]\n405 = "warning"\n[[waiver]]\nrule = "405"\npath = "/old/*"\nreason = "x"\n'
                     '[[waiver]]\nrule = "405"\npath = "/never"\nreason = "y"\n')
    addon = load(context, httplint_config=path, httplint_output=[f"json:{tmp_path / 'out.json'}"])
    waived = flow(path=b"/old/1")
    addon.response(waived)
    assert (rules(waived), waived.marked) == ([], "")
    assert addon.exit_code() == 0
    bad = flow()
    addon.response(bad)
    assert bad.marked == MARKS["warning"]
    assert addon.exit_code() == 1
    context.configure(addon, httplint_fail_on="error")
    assert addon.exit_code() == 0
    addon.done()
    summary = json.loads((tmp_path / "out.json").read_text("utf-8"))["summary"]
    assert summary["suppressed"] == {"waiver": 1}
    assert len(summary["notes"]) == 1
    assert "/never" in summary["notes"][0]


def test_the_configuration_of_the_working_directory(context: taddons.context, tmp_path: Path,
                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    configure(tmp_path, 'ignore = ["405.allow-missing"]\n')
    monkeypatch.chdir(tmp_path)
    addon = load(context)
    bad = flow()
    addon.response(bad)
    assert "405.allow-missing" not in rules(bad)
    context.configure(addon, httplint_config="")
    addon.response(bad := flow())
    assert "405.allow-missing" in rules(bad)
    context.configure(addon, httplint_config="auto", httplint_select=["405"])
    addon.response(bad := flow())
    assert "405.allow-missing" not in rules(bad)           # the longer prefix, which the configuration ignores


def test_profiles(context: taddons.context) -> None:
    addon = load(context, httplint_profile=["strict"])
    with pytest.raises(exceptions.OptionsError, match="there is no profile 'nonsense'"):
        context.configure(addon, httplint_profile=["nonsense"])


@pytest.mark.parametrize(("option", "message"), [
    ({"httplint_select": ["nonsense"]}, "no rule's id begins with 'nonsense'"),
    ({"httplint_rules": ["/nowhere"]}, "/nowhere"),
    ({"httplint_config": "/nowhere/httplint.toml"}, "cannot be read"),
    ({"httplint_output": ["xml:/tmp/x"]}, "there is no format 'xml'"),
    ({"httplint_output": ["json"]}, "expected FORMAT:FILE"),
    ({"httplint_output": ["json:/nowhere/x"]}, "No such file"),
    ({"httplint_fail_on": "sometimes"}, "expected one of error, warning, info, never"),
    ({"httplint_live": "loud"}, "expected one of new, all, off"),
])
def test_wrong_options_are_refused(context: taddons.context, option: dict[str, Any], message: str) -> None:
    addon = load(context)
    with pytest.raises(exceptions.OptionsError, match=message):
        context.configure(addon, **option)
    bad = flow()
    addon.response(bad)                                    # what held before still holds
    assert "405.allow-missing" in rules(bad)


def test_at_the_start_a_wrong_option_is_told_in_a_sentence(context: taddons.context,
                                                           caplog: pytest.LogCaptureFixture) -> None:
    addon = load(context)
    for option in {"httplint_profile": ["nonsense"]}, {"httplint_output": ["json"]}, {"httplint_live": "loud"}:
        with pytest.raises(exceptions.OptionsError) as wrong:
            context.configure(addon, **option)
        script.script_error_handler("mitmproxy_script.py", wrong.value)
        assert caplog.messages[-1] == str(wrong.value)
        assert caplog.records[-1].exc_info is None
        context.options.reset()
    script.script_error_handler("another.py", exceptions.OptionsError("not ours"))
    assert caplog.messages[-1] == "error in script another.py"
    assert caplog.records[-1].exc_info is not None


def test_every_option_is_typed_and_explained(context: taddons.context) -> None:
    load(context)
    options = {name: option for name, option in context.options.items() if name.startswith("httplint_")}
    assert set(options) >= {"httplint_select", "httplint_ignore", "httplint_rules", "httplint_severity",
                            "httplint_fail_on", "httplint_output", "httplint_live", "httplint_show_secrets"}
    for option in options.values():
        assert len(option.help) > 20
        assert "\n" not in option.help


def test_files_are_written_as_it_goes(context: taddons.context, tmp_path: Path) -> None:
    paths = {kind: tmp_path / f"out.{kind}" for kind in FORMATS}
    addon = load(context, httplint_output=[f"{kind}:{path}" for kind, path in paths.items()],
                 httplint_select=["405"])
    addon.response(flow())
    assert "error[405.allow-missing]" in paths["concise"].read_text("utf-8")
    addon.response(flow(headers=(*MALFORMED[:2], (b"Allow", b"GET"))))
    addon.done()
    found = json.loads(paths["json"].read_text("utf-8"))
    assert [one["rule"] for one in found["findings"]] == ["405.allow-missing"]
    assert found["summary"]["entries"] == {"read": 2, "linted": 2, "skipped": 0}
    assert "1 error in 2 of 2 entries, by" in paths["text"].read_text("utf-8")
    assert all("405.allow-missing" in path.read_text("utf-8") for path in paths.values())


def test_a_file_that_cannot_be_written_any_more(context: taddons.context, caplog: pytest.LogCaptureFixture) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    addon = load(context, httplint_output=["concise:/dev/full"])
    for _ in range(3):
        addon.response(flow())
    addon.done()
    assert [record.message for record in caplog.records if "cannot be written" in record.message] == [
        "httplint: concise:/dev/full cannot be written: No space left on device"]
    assert addon.exit_code() == 2


def test_live_text_shows_each_kind_once_and_escapes(context: taddons.context,
                                                    capsys: pytest.CaptureFixture[str]) -> None:
    addon = load(context, httplint_select=["405"])
    for number in range(3):
        addon.response(flow(path=b"/items/%d?token=secret\x1b[31m" % number))
    out = capsys.readouterr().out
    assert out.count("error[405.allow-missing]") == 1
    assert "--> PATCH http://shop.example/items/0?token=[masked 1]" in out
    assert "fix: " in out
    assert "\x1b" not in out
    context.configure(addon, httplint_live="all", httplint_show_secrets=True)
    addon.response(flow(path=b"/items/9?token=secret\x1b[31m"))
    out = capsys.readouterr().out
    assert "token=secret\\x1b[31m" in out
    assert "\x1b" not in out
    addon.done()
    out = capsys.readouterr().out
    assert "error[405.allow-missing] ×4 405, but no Allow" in out
    assert "4 errors in 4 of 4 entries, by" in out
    assert "mitmproxy does not show" in out
    assert "\x1b" not in out


def test_live_text_has_each_fix_once(context: taddons.context, capsys: pytest.CaptureFixture[str]) -> None:
    addon = load(context, httplint_select=["405"])
    for path in b"/a", b"/b":
        addon.response(flow(path=path))
    assert [text.split()[0] for text in capsys.readouterr().out.splitlines()] == [
        "-->", "error[405.allow-missing]", "fix:", "-->", "error[405.allow-missing]"]
    context.configure(addon, httplint_live="all")
    addon.response(flow(path=b"/a"))
    assert capsys.readouterr().out.count("fix: ") == 1, "all is all"


def test_no_secret_is_shown(context: taddons.context, tmp_path: Path, capsys: pytest.CaptureFixture[str],
                            caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    addon = load(context, httplint_live="all", httplint_show_not_evaluated=True,
                 httplint_output=[f"{name}:{tmp_path / name}" for name in ("text", "concise", "jsonl")])
    secrets = "Zq3kX9vLm3Tr7WpA", "tR5yHq2WnB8vKc4M", "Lm8pQ4sXv7Tz2RkB", "b7Nd2Gh9Jw4Fx6Vy"
    query, cookie, password, name = (one.encode() for one in secrets)
    bad = flow(path=b"/reset/%b?token=%b" % (query, query), content=b"password=" + password, headers=(
        *MALFORMED, (b"Set-Cookie", b"sid=%b; Expires=%b" % (cookie, cookie)), (b"Location", b"/x?code=%b x" % query),
        (b"X-" + name, b"\x01"), (name, b"a"), (b"Age", password)))
    bad.request.headers["Authorization"] = b"Basic " + password  # type: ignore[assignment]
    refused = flow()
    refused.response, refused.error = None, mitmproxy_error(f"Invalid HTTP header: token={secrets[1]}")
    broken = flow(path=b"/x?token=" + query)
    with caplog.at_level(logging.DEBUG):
        addon.response(bad)
        addon.response(flow(headers=(*MALFORMED, (b"Set-Cookie", b"sid=" + cookie)), path=b"/reset/" + query))
        addon.error(refused)
        with monkeypatch.context() as patch:
            patch.setattr(addon._flows, "exchange", lambda *_: 1 / int(f"token={secrets[0]}"))
            addon.response(broken)
        told = "\n".join(addon.report_command())
        addon.export_command("json", types.Path(str(tmp_path / "exported")))
        addon.done()
    assert bad.marked == MARKS["error"]
    seen = {"metadata": repr([one.metadata for one in (bad, refused)]), "comments": bad.comment + refused.comment,
            "terminal": "".join(capsys.readouterr()), "report": told, "log": caplog.text,
            **{path.name: path.read_text("utf-8") for path in tmp_path.iterdir()}}
    assert "[masked" in seen["comments"]
    assert {where: secret for where, text in seen.items() for secret in secrets if secret[:8].lower() in text.lower()
            } == {}


def test_nothing_on_the_terminal_if_not_wanted(context: taddons.context, capsys: pytest.CaptureFixture[str]) -> None:
    addon = load(context, httplint_live="off")
    addon.response(flow())
    addon.done()
    assert capsys.readouterr().out == ""


def test_exit_codes(context: taddons.context) -> None:
    addon = load(context, httplint_select=["405"])
    assert addon.exit_code() == 3
    addon.response(flow(headers=(*MALFORMED[:2], (b"Allow", b"GET"))))
    assert addon.exit_code() == 0
    addon.response(flow())
    assert addon.exit_code() == 1
    context.configure(addon, httplint_fail_on="never")
    assert addon.exit_code() == 0


def test_the_process_exits_with_the_code_once_mitmproxy_has_ended() -> None:
    ended = []

    class Last:
        def done(self) -> None:
            ended.append(True)

    async def run() -> None:
        with taddons.context() as context:
            made = HttpLint(exits=True)
            context.master.addons.add(made, Last())
            context.configure(made, httplint_live="off")
            made.response(flow())
            context.master.should_exit.set()
            await context.master.done()

    with pytest.raises(SystemExit) as caught:
        asyncio.run(run())
    assert caught.value.code == 1
    assert ended == [True]


# -- commands

def test_the_report(context: taddons.context, addon: HttpLint) -> None:
    addon.response(flow())
    lines = context.master.commands.execute("httplint.report")
    assert any(line.startswith("error[405.allow-missing]") for line in lines)
    assert any("in 1 of 1 entry, by" in line for line in lines)
    assert lines == context.master.commands.execute("httplint.report")


@pytest.mark.parametrize("kind", FORMATS)
def test_exports(context: taddons.context, addon: HttpLint, tmp_path: Path, kind: str) -> None:
    addon.response(flow(content=b"no" * 1000))
    path = tmp_path / "out"
    context.master.commands.execute(f"httplint.export {kind} {path}")
    text = path.read_text("utf-8")
    assert "405.allow-missing" in text
    if kind == "json":
        assert json.loads(text)["summary"]["entries"]["linted"] == 1
    with pytest.raises(exceptions.CommandError):
        context.master.commands.execute(f"httplint.export xml {path}")
    with pytest.raises(exceptions.CommandError):
        context.master.commands.execute(f"httplint.export {kind} /nowhere/x")


def test_explanations(context: taddons.context, addon: HttpLint) -> None:
    execute = context.master.commands.execute
    page = execute("httplint.explain 405.allow-missing")
    assert page[0] == "405.allow-missing  MUST"
    assert any(line.startswith("fix     ") for line in page)
    assert len(execute("httplint.explain 405")) > 1
    listed = execute("httplint.explain www-authenticate")
    assert max(map(len, listed)) <= 96
    assert " or the reverse" in " ".join(listed), "words stay whole"
    with pytest.raises(exceptions.CommandError, match=r"did you mean 405\.allow-missing"):
        execute("httplint.explain 405.alow-missing")
    note, head, *_ = execute("httplint.explain json.malformed")
    assert note.startswith("json.malformed is now json.invalid, since 0.1: ")
    assert head == "json.invalid  MUST"


@pytest.fixture
def shown(context: taddons.context) -> view.View:
    """The list of flows that mitmproxy shows."""
    made = view.View()
    context.master.addons.add(made)
    return made


def test_the_findings_of_a_flow(context: taddons.context, addon: HttpLint, shown: view.View) -> None:
    bad, good = flow(), flow(200, method=b"GET", headers=(*MALFORMED[:2], (b"Content-Type", b"text/plain")))
    shown.add([bad, good])
    for one in (bad, good):
        addon.response(one)
    execute = context.master.commands.execute
    told = execute("httplint.show @focus")
    assert any(line.startswith("error[405.allow-missing] 405, but no Allow") for line in told)
    assert any("fix: Send Allow with the methods that the resource supports" in line for line in told)
    assert any("MUST: RFC 9110 §15.5.6" in line and "https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6" in line
               for line in told)
    shown.focus.flow = good
    assert execute("httplint.show @focus") == ["no findings"]
    assert execute("httplint.show @all") == told
    bad.response = flow(200, headers=(*MALFORMED[:2], (b"Content-Type", b"text/plain"))).response    # replayed
    bad.request.method = "GET"
    addon.response(bad)
    assert execute("httplint.show @all") == ["no findings"]


def test_why_a_flow_has_no_findings(context: taddons.context, addon: HttpLint, shown: view.View) -> None:
    def told(one: http.HTTPFlow) -> list[str]:
        shown.clear()
        shown.add([one])
        lines: list[str] = context.master.commands.execute("httplint.show @focus")
        return lines

    refused, made, new = flow(), flow(), flow()
    refused.response = None
    refused.error = tflow.terr("Cannot parse HTTP response: invalid content-length header: '2\x1b[31m'")
    addon.error(refused)
    made.response = http.Response.make(405, b"made up")
    addon.responseheaders(made)
    addon.response(made)
    assert told(refused) == [
        "not judged: mitmproxy refused the response: Cannot parse HTTP response: invalid content-length header: …"]
    assert told(made) == ["not judged: the response does not come from the server, but from mitmproxy"]
    assert told(new) == ["httplint knows nothing of this flow; replayed, it is judged"]
    shown.clear()
    for spec in ("@focus", "~marked"):
        with pytest.raises(exceptions.CommandError, match="there is no such flow"):
            context.master.commands.execute(f"httplint.show {spec}")


def test_what_is_shown_of_a_flow_is_escaped_and_masked(context: taddons.context, addon: HttpLint,
                                                       shown: view.View) -> None:
    bad = flow(path=b"/x?token=Zq3kX9vLm3Tr7WpA&\x1b]8;;http://evil\x07", headers=(
        *MALFORMED, (b"Set-Cookie", b"sid=Zq3kX9vLm3Tr7WpA; Expires=\x1b[31m"), (b"Age", b"\x9b2J\r\n::error::x")))
    shown.add([bad])
    addon.response(bad)
    told = context.master.commands.execute("httplint.show @focus")
    assert any("Set-Cookie: sid=[masked 1]" in line for line in told)
    assert all(line.isprintable() for line in told)
    assert "Zq3kX9vLm3Tr7WpA" not in "".join(told)


def test_from_one_flow_with_findings_to_the_next(context: taddons.context, shown: view.View) -> None:
    addon = load(context)
    good = {"method": b"GET", "headers": (*MALFORMED[:2], (b"Content-Type", b"text/plain"))}
    advised = flow(503, method=b"GET", headers=(*MALFORMED[:2], (b"Content-Type", b"text/plain")))
    passing = [flow(200, **good), flow(), flow(200, **good), advised, flow()]
    shown.add(passing)
    for one in passing:
        addon.response(one)
    execute = context.master.commands.execute
    with pytest.raises(exceptions.CommandError, match="look for ~marked"):
        execute("httplint.next")                           # nobody would see it

    class Console:
        name = "consoleaddon"

    context.master.addons.add(Console())

    def places(*commands: str) -> list[int | None]:
        out = []
        for one in commands:
            execute(one)
            out.append(shown.focus.index)
        return out

    assert places("httplint.next", "httplint.next", "httplint.next", "httplint.next") == [1, 3, 4, 1]
    assert places("httplint.next error", "httplint.next error", "httplint.prev error") == [4, 1, 4]
    assert places("httplint.prev", "httplint.prev") == [3, 1]
    assert execute("httplint.severities") == ["error", "warning", "info"]
    with pytest.raises(exceptions.CommandError):
        execute("httplint.next fatal")
    shown.set_filter_cmd("~c 200")
    with pytest.raises(exceptions.CommandError, match="no other flow"):
        execute("httplint.next")
    shown.clear()
    with pytest.raises(exceptions.CommandError, match="no other flow"):
        execute("httplint.next")


def test_the_console_shows_the_worst_first_in_lines_that_fit(context: taddons.context, shown: view.View) -> None:
    class Console:
        name = "consoleaddon"

    addon = load(context)
    context.master.addons.add(Console())
    context.master.ui = SimpleNamespace(get_cols_rows=lambda: (80, 20))
    bad = flow(headers=(*MALFORMED[:2], (b"Cache-Control", b"no-cahe"), (b"ETag", b"unquoted")))
    shown.add([bad])
    addon.response(bad)
    for command in ("httplint.show @focus", "httplint.report"):
        told = context.master.commands.execute(command)
        severities = [found[1] for one in told if (found := re.match(r"(error|warning|info)\[", one))]
        assert {"error", "warning"} <= set(severities), command
        assert severities == sorted(severities, key=["error", "warning", "info"].index)
    for command in ("httplint.show @focus", "httplint.report", "httplint.explain 405.allow-missing"):
        long = [one for one in context.master.commands.execute(command) if len(one) > 62]
        assert [one for one in long if " " in one.strip()] == [], command    # an address stays whole


def test_keys_are_bound_where_nobody_has_bound_them(context: taddons.context,
                                                    caplog: pytest.LogCaptureFixture) -> None:
    pytest.importorskip("mitmproxy.tools.console.master")
    from mitmproxy.tools.console import defaultkeys, keymap
    keys = context.master.keymap = keymap.Keymap(context.master)
    defaultkeys.map(keys)
    taken = {(context, key): binding.command for context, bindings in keys.keys.items()
             for key, binding in bindings.items()}
    keys.add("R", "console.exit", ["global"])              # as keys.yaml does
    with caplog.at_level(logging.INFO):
        console.bind()
        console.bind()                                     # as when the script is loaded again
    assert caplog.messages == ["httplint: J: next flow with findings, s: findings of this flow"]
    bound = {(place, key): binding.command for place, bindings in keys.keys.items()
             for key, binding in bindings.items()}
    for place in ("flowlist", "flowview"):
        assert bound.pop((place, "s")) == "httplint.show @focus"
        assert bound.pop((place, "J")) == "httplint.next"
    assert bound.pop(("global", "R")) == "console.exit"
    assert bound == taken


@pytest.mark.parametrize(("options", "columns"), [
    ({}, ["tls", "icon", "path", "method", "status", "size", "time", "comment"]),
    ({"web_columns": ["path", "status"]}, ["path", "status"]),
    ({"web_columns": ["comment"]}, ["comment"]),
    ({"httplint_mark": False}, ["tls", "icon", "path", "method", "status", "size", "time"]),
])
def test_mitmweb_shows_comments_unless_columns_are_chosen(context: taddons.context, options: dict[str, Any],
                                                          columns: list[str]) -> None:
    from mitmproxy.tools.web import webaddons
    context.master.addons.add(webaddons.WebAddon())
    addon = load(context, **options)
    assert context.options.web_columns == columns
    addon.done()


def test_mitmweb_shows_findings_as_a_view_of_a_content(context: taddons.context) -> None:
    from mitmproxy.tools.web import webaddons
    context.master.addons.add(webaddons.WebAddon())
    addon = load(context)
    bad, good = flow(path=b"/\x1b[31m"), flow(200, method=b"GET",
                                             headers=(*MALFORMED[:2], (b"Content-Type", b"text/plain")))
    try:
        for one in (bad, good):
            addon.response(one)
        assert "error[405.allow-missing] 405, but no Allow" in content_as("httplint", bad)
        assert "\x1b" not in content_as("httplint", bad)
        assert max(map(len, content_as("httplint", bad).splitlines())) <= web.WIDTH
        assert content_as("httplint", good) == "no findings"
        assert content_as("auto", bad) == "no"
        context.configure(addon, httplint_view=True)
        assert content_as("auto", bad).startswith("error[405.allow-missing] ")
        assert content_as("raw", bad) == "no"
        assert content_as("auto", good) == "no"
    finally:
        context.master.addons.remove(addon)
    context.master.addons.remove(load(context))            # as when the script is loaded again


def content_as(name: str, of: http.HTTPFlow) -> str:
    """The content of a response in one of the views, as mitmproxy 11 and 12 make it."""
    assert of.response is not None
    if hasattr(contentviews, "prettify_message"):
        text: str = contentviews.prettify_message(of.response, of, name).text
        return text
    _, lines, error = contentviews.get_message_content_view(name, of.response, of)
    assert not error
    return "\n".join("".join(text for _, text in parts) for parts in lines)


def test_the_terminal_tells_of_connections_or_not(context: taddons.context) -> None:
    from mitmproxy.addons.termlog import TermLog
    out = io.StringIO()
    terminal = TermLog(out)
    context.master.addons.add(terminal)
    try:
        addon = load(context, httplint_connections=False)
        log, other = (logging.getLogger(f"mitmproxy.{name}") for name in ("proxy.server", "addons.x"))
        for one in (log, other):
            one.setLevel(logging.INFO)

        def said() -> list[str]:
            begin = out.tell()
            for text in ("client connect", "server connect a.example:443", "server disconnect a.example:443",
                         "client disconnect", "client kill connection", "error establishing server connection: no"):
                log.info(text)
            log.warning("client connection refused")
            other.info("client connect")
            return [line.partition("] ")[2] for line in out.getvalue()[begin:].splitlines()]

        rest = ["client kill connection", "error establishing server connection: no", "client connection refused",
                "client connect"]
        assert said() == rest
        context.configure(addon, httplint_connections=True)
        assert len(said()) == 8
        context.configure(addon, httplint_connections=False)
        assert said() == rest
        addon.done()
        assert len(said()) == 8
    finally:
        terminal.uninstall()


def test_clearing(context: taddons.context, addon: HttpLint) -> None:
    shown = view.View()
    context.master.addons.add(shown)
    bad = flow()
    shown.add([bad])
    addon.response(bad)
    assert bad.marked
    context.master.commands.execute("httplint.clear")
    assert (bad.marked, bad.comment, bad.metadata) == ("", "", {})
    lines = context.master.commands.execute("httplint.report")
    assert any("nothing checked in 0 of 0 entries" in line for line in lines)
    assert addon.exit_code() == 3


# -- what mitmproxy hides

def test_an_error_with_a_response_is_linted_without_its_content(addon: HttpLint) -> None:
    bad = flow(headers=MALFORMED, content=None)
    bad.error = tflow.terr("Received invalid header name from server, refusing to prevent request smuggling attacks.")
    addon.error(bad)
    assert {"405.allow-missing", "content-type.malformed"} <= set(rules(bad))


def test_a_refused_response_is_counted(context: taddons.context, addon: HttpLint) -> None:
    for value in ("2, 2", "3, 4"):
        refused = flow()
        refused.response = None
        refused.error = tflow.terr(f"Cannot parse HTTP response: invalid content-length header: '{value}\x1b'")
        addon.error(refused)
        assert refused.comment.startswith("httplint: not evaluated, mitmproxy refused the response: ")
        assert "\x1b" not in refused.comment
        assert refused.marked == ""
    nobody = flow()
    nobody.response = None
    nobody.error = tflow.terr("[Errno 111] Connect call failed")
    addon.error(nobody)
    assert nobody.comment == ""
    lines = context.master.commands.execute("httplint.report")
    assert ("  skipped 3: mitmproxy refused the response: Cannot parse HTTP response: invalid content-length header: … "
            "(2), no response: [Errno …] Connect call failed (1)") in lines


def test_a_response_that_brings_both_hooks_about_counts_once(addon: HttpLint) -> None:
    gone = flow(content=None)
    gone.error = tflow.terr("Client disconnected.")
    addon.error(gone)
    addon.response(gone)
    assert addon._run.summary.entries == 1


def test_responses_of_mitmproxy_itself_are_not_linted(addon: HttpLint) -> None:
    made = flow()
    assert made.response is not None
    made.response = http.Response.make(405, b"made up")    # by map_local, another addon …
    addon.responseheaders(made)
    addon.response(made)
    assert rules(made) == []
    loaded = flow(live=False)                              # whose response has long come to its end
    addon.responseheaders(loaded)
    addon.response(loaded)
    assert "405.allow-missing" in rules(loaded)
    assert addon.exit_code() == 1


def test_server_sent_events_pass(context: taddons.context) -> None:
    def arriving(kind: bytes) -> Any:
        made = flow(200, method=b"GET", headers=((b"content-type", kind),), content=None, timestamp_end=None)
        addon.responseheaders(made)
        assert made.response is not None
        return made.response.stream

    addon = load(context)
    assert arriving(b"text/event-stream; charset=utf-8") is True
    assert arriving(b"text/html") is False
    context.configure(addon, httplint_stream_events=False)
    assert arriving(b"text/event-stream") is False


def test_a_streamed_content_is_not_judged(addon: HttpLint) -> None:
    made = flow(200, method=b"GET", headers=((b"Content-Length", b"99"), *MALFORMED[1:2]), content=None)
    addon.response(made)
    assert not [rule for rule in rules(made) if rule.startswith("content-length")]


def test_the_log_tells_of_what_is_lost(context: taddons.context, addon: HttpLint) -> None:
    log = logging.getLogger("mitmproxy.proxy.server")
    log.setLevel(logging.INFO)
    log.info("Swallowing HTTP/2 informational response: 103 Early Hints")
    try:
        raise NotImplementedError("HTTP trailers are not implemented yet.")
    except NotImplementedError as error:
        log.error("mitmproxy has crashed!", exc_info=error)
    lines = context.master.commands.execute("httplint.report")
    assert any("swallowed 1 interim responses" in line for line in lines)
    assert any("dropped 1 responses of HTTP/1.1 because of their trailers" in line for line in lines)
    addon.done()
    log.info("Swallowing HTTP/2 informational response: 103 Early Hints")
    assert addon._log.swallowed == 1


# -- whatever happens

def test_a_fault_never_breaks_a_flow(addon: HttpLint, monkeypatch: pytest.MonkeyPatch,
                                     caplog: pytest.LogCaptureFixture) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(addon._flows, "answer", lambda *_: 1 / 0)
        for _ in range(30):
            addon.response(flow())
    assert sum("httplint failed" in record.message for record in caplog.records) == module.FAULTS_LOGGED
    good = flow()
    addon.response(good)
    assert "405.allow-missing" in rules(good)
    assert addon.exit_code() == 2


def test_a_fault_while_judging_does_not_end_the_judging(addon: HttpLint, monkeypatch: pytest.MonkeyPatch) -> None:
    from httplint.engine import history
    with monkeypatch.context() as patched:
        patched.setattr(history.History, "remember", lambda *_: 1 / 0)
        for _ in range(3):
            addon.response(flow())
    good = flow()
    addon.response(good)
    assert "405.allow-missing" in rules(good)


def test_hostile_flows(addon: HttpLint, capsys: pytest.CaptureFixture[str]) -> None:
    odd = flow(99, method=b"\x00\xff", path=b"\x1b]0;owned\x07" + b"/" * 5000,
               headers=tuple((b"\x1b%d" % number, b"\xff" * 100) for number in range(300)), http_version=b"HTTP/9.9",
               reason=b"\x1b[2J")
    addon.response(odd)
    addon.error(odd)
    addon.done()
    assert "\x1b" not in capsys.readouterr().out
    assert "\x1b" not in odd.comment
    assert not addon._faults


def test_what_came_before_counts(addon: HttpLint) -> None:
    asked = flow(200, method=b"GET", headers=(*MALFORMED[:2], (b"Content-Type", b"text/plain"), (b"ETag", b'"a"'),
                                              (b"Vary", b"Accept")))
    addon.response(asked)
    again = flow(304, method=b"GET", headers=(MALFORMED[1],), content=b"")
    again.request.headers["If-None-Match"] = '"a"'
    addon.response(again)
    assert [rule for rule in rules(again) if rule.startswith("304.")]


def test_the_content_is_not_copied_and_not_kept(addon: HttpLint) -> None:
    content = b"x" * (8 << 20)
    addon.response(flow())
    gc.collect()
    tracemalloc.start()
    try:
        for number in range(5):
            addon.response(flow(headers=MALFORMED, path=b"/%d" % number, content=content + b"%d" % number))
        addon.response(flow())
        gc.collect()
        current, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert current < len(content)


def test_memory_stays_flat(context: taddons.context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 200)
    monkeypatch.setattr(terminal, "SHOWN_ONCE", 200)
    addon = load(context, httplint_live="off", httplint_select=["405", "304", "200"])

    def pass_by(numbers: range) -> None:
        for number in numbers:
            addon.response(flow(path=b"/items/%d" % number, content=b"%d" % number))

    pass_by(range(6_000))                                  # until what is bounded is full
    gc.collect()
    tracemalloc.start()
    try:
        pass_by(range(6_000, 12_000))                      # until all of it is new
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        pass_by(range(12_000, 20_000))
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 1_000_000


def test_what_a_mitmproxy_without_httplint_is_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same that pip was given for the httplint whose script it is."""
    path = tmp_path / "lib" / "httplint" / "mitmproxy_script.py"
    (path.parent / "model").mkdir(parents=True)
    shutil.copy(addon_path(), path)
    shutil.copy(installation.__file__, path.parent / "model")
    spec = importlib.util.spec_from_file_location("script", path)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    monkeypatch.setattr(sys, "executable", "/opt/my proxy/bin/python")
    assert "Install it there: '/opt/my proxy/bin/python' -m pip install ./httplint (" in script.remedy()
    note = tmp_path / "lib" / "http_conformance_lint-0.1.0.dist-info" / "direct_url.json"
    note.parent.mkdir()
    note.write_text('{"url": "file:///dist/a.whl", "archive_info": {}}', "utf-8")
    assert "pipx inject mitmproxy 'http-conformance-lint @ file:///dist/a.whl'" in script.remedy()
    monkeypatch.setattr(sys, "frozen", True, raising=False)    # as in the binaries of mitmproxy
    assert script.remedy().endswith("pip install 'http-conformance-lint[mitmproxy] @ file:///dist/a.whl'")
    (tmp_path / "pyproject.toml").touch()                  # a checkout
    assert script.remedy().endswith(f"pip install 'http-conformance-lint[mitmproxy] @ {tmp_path.as_uri()}'")


def test_the_script_is_what_addon_path_names(context: taddons.context) -> None:
    loaded = context.script(str(addon_path()))
    assert loaded is not None
    assert "httplint.report" in context.master.commands.commands


def test_flows_belong_to_the_operations_of_an_api(context: taddons.context, tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps({"openapi": "3.0.0", "paths": {
        "/fruits/{name}": {"get": {"responses": {"200": {}}}, "put": {"responses": {"204": {}}}}}}), "utf-8")
    addon = load(context, httplint_live="off")
    for path in (b"/fruits/apple", b"/fruits/pear"):
        addon.response(flow(200, method=b"GET", path=path, headers=()))
    context.configure(addon, httplint_api=[str(tmp_path / "openapi.json")])
    assert [dict(one.seen) for one in addon._run.summary.operations] == [{}, {}], "those had places of their own"
    for path in (b"/fruits/apple", b"/fruits/pear"):
        addon.response(flow(200, method=b"GET", path=path, headers=()))
    addon._drain()
    assert [dict(one.seen) for one in addon._run.summary.operations] == [{200: 2}, {}]
    lines = context.master.commands.execute("httplint.report")
    assert "1 of 2 documented operations exercised" in str(lines)
    with pytest.raises(exceptions.OptionsError, match="cannot be read"):
        context.configure(addon, httplint_api=["/nowhere.yaml"])
