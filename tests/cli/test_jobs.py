"""What several processes judge comes out as one would have judged it, to the octet, and whatever becomes of them."""
from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from processes import children, runs

from httplint import Exchange
from httplint.capture import har_stretch
from httplint.cli import check
from httplint.cli.main import run
from httplint.engine import linter
from httplint.jobs import workers
from httplint.jobs.judging import Judging
from httplint.jobs.workers import Lost, Workers
from httplint.report.formats import FORMATS

FIXTURES = Path(__file__).parents[2] / "fixtures" / "har"
SECRET = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"
START = ',\n  {"startedDateTime": "'


pytestmark = [pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are copies of this one"),
              pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of few kilobytes are big; processes are copies of this one, with what a test has changed in it, and with
    all rules compiled, though pytest-xdist has a thread beside."""
    monkeypatch.setattr(workers, "_may_fork", lambda: True)
    monkeypatch.setattr(har_stretch, "WORTH", 4000)
    monkeypatch.setattr(har_stretch, "SIZE", 3000)
    monkeypatch.setattr(har_stretch, "LOOKED_AT", 500)


def entry(number: int) -> dict[str, Any]:
    """Every kind of exchange that has to do with others: one with itself, a redirect, a validator, an error again."""
    kinds: list[tuple[int, dict[str, str]]] = [
        (200, {"ETag": f'"{number % 2}"', "Set-Cookie": "a=b"}), (304, {"ETag": '"0"', "Content-Length": "9"}),
        (405, {}), (302, {"Location": f"/{(number + 1) % 7}?token={SECRET}"}), (403, {}),
        (206, {"ETag": '"0"', "Content-Range": "bytes 0-3/9"}), (0, {})]
    status, fields = kinds[(number // 7 + number) % 7]
    lines = [{"name": name, "value": value} for name, value in
             {"Date": "Tue, 01 Jul 2025 12:00:00 GMT", "Content-Type": "text/plain", **fields}.items()]
    if number == 41:
        lines.append({"name": "Set-Cookie", "value": "c=d"})
    method = "PUT" if number % 11 == 10 else "HEAD" if number % 11 == 9 else "GET"
    text = START * (number % 3) + "é" * (number % 5)
    return {"startedDateTime": f"2025-07-01T12:00:{number % 60:02}Z",
            "request": {"method": method, "url": f"https://shop.example/{number % 7}?token={SECRET}", "bodySize": 0,
                        "httpVersion": "HTTP/1.1", "headers": [{"name": "Host", "value": "shop.example"}]},
            "response": {"status": status, "statusText": "", "httpVersion": "HTTP/1.1", "headers": lines,
                         "content": {"size": len(text), "mimeType": "text/plain", "text": text}, "bodySize": 4}}


def har(count: int, creator: str = "mitmproxy", indent: int | None = 1, first: int = 0) -> str:
    entries = [entry(number) for number in range(first, first + count)]
    return json.dumps({"log": {"version": "1.2", "creator": {"name": creator, "version": "12"}, "entries": entries}},
                      indent=indent)


@pytest.fixture(scope="module")
def captures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Captures of many kinds, whole and broken, in one directory."""
    directory = tmp_path_factory.mktemp("captures")
    whole = har(60)
    for name, text in {
            "a.har": whole, "b-one-line.har": har(60, "WebInspector", None), "c-cut-off.har": whole[:-9000],
            "d-bom.har": "\ufeff" + har(50, "Firefox", 2, 7), "e-small.har": har(3), "f-broken.har":
            whole.replace('"https://shop.example/3', '"https://shop.example/3"', 2), "g-empty.har": "",
            "h-nothing.har": '{"log": {}}', f"i-{SECRET}.har": har(20), "j-behind.har": whole + "]"}.items():
        (directory / name).write_text(text, "utf-8")
    (directory / "k.har.gz").write_bytes(gzip.compress(whole.encode("utf-8"), mtime=0))
    os.mkfifo(directory / "l.har")
    (directory / "n-long.har.gz").write_bytes(gzip.compress(whole.encode("utf-8"), 0, mtime=0))
    (directory / "m.har").symlink_to(FIXTURES / "chromium-apache-conforming.har")
    return directory


Said = dict[str, bytes]


@pytest.fixture
def said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Any:
    def told(jobs: int, *arguments: str, formats: tuple[str, ...] = tuple(FORMATS)) -> Said:
        outputs = [f"--output={name}:{tmp_path / name}" for name in formats]
        code = run(["check", *arguments, *outputs, f"--jobs={jobs}"])
        out, err = capfd.readouterr()
        files = {name: (tmp_path / name).read_bytes() for name in formats}
        return {**files, "out": out.encode(), "err": err.encode(), "code": str(code).encode()}
    return told


@pytest.mark.parametrize("jobs", [2, 3])
def test_every_output_is_the_same(jobs: int, captures: Path, said: Any) -> None:
    arguments = str(captures), "--isolated", "--statistics"
    assert said(jobs, *arguments) == said(1, *arguments)


@pytest.mark.parametrize("options", [
    ("--show=not-evaluated",), ("--severity=warning", "--fail-on=warning"), ("--select=304,206,etag",),
    ("--profile=strict", "--show-secrets")])
def test_with_options_too(options: tuple[str, ...], captures: Path, said: Any) -> None:
    paths = [str(captures / "a.har"), str(captures / "b-one-line.har"), str(captures / "c-cut-off.har")]
    wanted = said(1, *paths, "--isolated", *options, formats=("json", "html", "text"))
    assert said(2, *paths, "--isolated", *options, formats=("json", "html", "text")) == wanted


CONFIGURATION = """
first-party = ["shop.example"]
[level]
"date" = "warning"
[[override]]
path = ["/3", "/4"]
ignore = ["304", "405"]
[[override]]
path = ["/1"]
level = { "etag" = "off", "304.unconditional" = "info" }
[[waiver]]
rule = "206.unasked"
path = ["/*"]
reason = "known"
[[waiver]]
rule = "410"
reason = "not needed"
"""


def test_with_a_configuration_and_a_baseline(captures: Path, tmp_path: Path, said: Any, monkeypatch: pytest.MonkeyPatch,
                                             capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "httplint.toml").write_text(CONFIGURATION, "utf-8")
    run(["baseline", "create", str(captures / "e-small.har"), "--baseline", "known.json"])
    capfd.readouterr()
    arguments = [str(captures / "a.har"), str(captures / "b-one-line.har"), str(captures / "e-small.har"),
                 "--baseline=known.json"]
    wanted = said(1, *arguments)
    assert b"in the baseline" in wanted["text"]
    assert b"waived" in wanted["text"]
    assert said(2, *arguments) == wanted


def test_what_earlier_stretches_tell_is_known(captures: Path, said: Any) -> None:
    found = json.loads(said(2, str(captures / "a.har"), "--isolated", formats=("json",))["json"])
    rules = {one["rule"] for one in found["findings"]}
    assert "304.content-length-differs" in rules, "the 200 stands in an earlier stretch"


def test_a_fault_of_a_rule_costs_that_exchange(captures: Path, said: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    complete = linter.complete

    def failing(exchange: Exchange) -> Exchange:
        if exchange.response.status == 405:
            raise LookupError("of a test")
        return complete(exchange)

    monkeypatch.setattr(linter, "complete", failing)
    wanted = said(1, str(captures / "a.har"), str(captures / "e-small.har"), "--isolated")
    assert b"LookupError" in wanted["err"]
    assert said(2, str(captures / "a.har"), str(captures / "e-small.har"), "--isolated") == wanted


def dying(monkeypatch: pytest.MonkeyPatch, flag: Path, path: str, times: int) -> None:
    """The processes that do a task of that path are killed, so many of them."""
    work = Judging.__call__

    def killed(self: Judging, task: Any) -> Iterator[Any]:
        died = len(flag.read_text("ascii")) if flag.exists() else 0
        if str(task).endswith(path) and died < times:
            flag.write_text("x" * (died + 1), "ascii")
            os.kill(os.getpid(), signal.SIGKILL)
        return work(self, task)

    monkeypatch.setattr(Judging, "__call__", killed)


@pytest.mark.parametrize("path", ["a.har", "e-small.har"])
def test_another_process_does_what_a_killed_one_left(path: str, captures: Path, said: Any, tmp_path: Path,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = [str(captures / name) for name in ("a.har", "d-bom.har", "e-small.har", "k.har.gz")]
    wanted = said(1, *arguments, "--isolated")
    dying(monkeypatch, tmp_path / "died", path, 1)
    found = said(2, *arguments, "--isolated")
    told = found.pop("err").decode()
    assert f"{captures / path}: the process " in told
    assert "was ended by SIGKILL; another one judges it anew" in told
    wanted.pop("err")
    assert found == wanted


@pytest.mark.parametrize("path", ["a.har", "e-small.har"])
def test_what_kills_two_is_told_and_the_rest_is_judged(path: str, captures: Path, said: Any, tmp_path: Path,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = [str(captures / name) for name in ("a.har", "d-bom.har", "e-small.har", "k.har.gz")]
    dying(monkeypatch, tmp_path / "died", path, 99)
    found = said(2, *arguments, "--isolated", formats=("json",))
    summary = json.loads(found["json"])["summary"]
    assert found["code"] == b"2"
    assert summary["files"] == 4
    problem, = summary["problems"]
    assert problem["path"] == str(captures / path)
    assert "was ended by SIGKILL, as one did before" in problem["cause"]
    others = [str(captures / name) for name in ("a.har", "d-bom.har", "e-small.har", "k.har.gz") if name != path]
    alone = json.loads(said(1, *others, "--isolated", formats=("json",))["json"])["summary"]
    assert alone["entries"]["linted"] <= summary["entries"]["linted"] <= alone["entries"]["linted"] + 10


def test_where_no_process_can_be_had_this_one_judges(captures: Path, said: Any,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = said(1, str(captures / "a.har"), "--isolated")

    def refused(*_: object) -> Any:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(Workers, "_started", refused)
    assert said(2, str(captures / "a.har"), "--isolated") == wanted


@pytest.mark.parametrize("names", [("e-small.har",), ("k.har.gz",), ("n-long.har.gz",), ("g-empty.har", "e-small.har")])
def test_where_there_is_nothing_to_share_out_no_process_is_started(names: tuple[str, ...], captures: Path, said: Any,
                                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [str(captures / name) for name in names]
    wanted = said(1, *paths, "--isolated", formats=("json",))
    monkeypatch.delattr(Workers, "_started")
    assert said(2, *paths, "--isolated", formats=("json",)) == wanted
    assert wanted["code"] in (b"1", b"2")


def echo(task: int) -> Iterator[int]:
    yield from range(task)
    if task == 7:
        raise LookupError("seven")


def test_results_come_in_the_order_of_the_tasks() -> None:
    with Workers[int, int](3, echo, lambda *_: None) as some:
        assert [list(order) for order in some.ordered([30, 0, 1, 2, 30])] == [list(range(n)) for n in (30, 0, 1, 2, 30)]
        orders = some.ordered(iter([5] * 50))
        assert next(iter(next(orders))) == 0
        orders.close()                                     # the rest is not wanted
        for order in some.ordered([7, 3]):
            if order.task == 3:
                assert list(order) == [0, 1, 2]
                continue
            with pytest.raises(Lost, match="LookupError: seven"):
                list(order)


def test_what_comes_of_a_task_that_takes_long_holds_nothing_back(tmp_path: Path) -> None:
    def work(task: int) -> Iterator[int]:
        if task == 0:
            assert until((tmp_path / "go").exists)
        yield from range(3 * workers.HELD)

    with Workers[int, int](2, work, lambda *_: None, at_once=1) as some:
        came = []
        for task, result in some.coming(range(30)):
            came.append(task)
            if isinstance(result, workers.Ended):
                assert result == (3 * workers.HELD, None)
                if len(set(came)) == 29:
                    (tmp_path / "go").touch()
    assert came.index(0) > len(came) - 3 * workers.HELD - 2
    assert sorted(came) == sorted(number for number in range(30) for _ in range(3 * workers.HELD + 1))


def test_a_task_of_which_a_process_died_is_not_done_anew_where_that_is_not_wanted() -> None:
    def work(task: int) -> Iterator[int]:
        yield task
        if task == 3:
            os.kill(os.getpid(), signal.SIGKILL)

    with Workers[int, int](2, work, lambda *_: None, tries=1) as some:
        ended = {task: result for task, result in some.coming(range(6)) if isinstance(result, workers.Ended)}
        assert some.left == 2
    assert {task: one.received for task, one in ended.items()} == dict.fromkeys(range(6), 1)
    assert [task for task, one in ended.items() if one.lost] == [3]
    assert "ended by SIGKILL" in str(ended[3].lost)


def until(what: Any, seconds: float = 60) -> Any:
    end = time.monotonic() + seconds
    while not (found := what()) and time.monotonic() < end:
        time.sleep(0.01)
    return found


def interruptible() -> None:
    """Whoever runs these tests in the background of a shell may have it ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.usefixtures("packaged")
@pytest.mark.parametrize("signs", [signal.SIGINT, signal.SIGKILL])
def test_processes_end_with_this_one(signs: signal.Signals, tmp_path: Path) -> None:
    for name in ("a.har", "b.har"):
        (tmp_path / name).write_text(har(30), "utf-8")
    os.mkfifo(tmp_path / "c")                              # for which it waits
    process = subprocess.Popen(
        [sys.executable, "-m", "httplint", "check", *(str(tmp_path / name) for name in ("a.har", "b.har", "c")),
         "--isolated", "--jobs=2"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        preexec_fn=interruptible)
    workers = until(lambda: len(found := children(process.pid)) == 2 and found)
    os.killpg(process.pid, signs) if signs is signal.SIGINT else process.kill()
    out, err = process.communicate(timeout=60)
    assert until(lambda: not any(map(runs, workers)))
    if signs is signal.SIGINT:
        assert (process.returncode, out, err) == (130, b"", b"httplint: interrupted\n")


@pytest.mark.usefixtures("packaged")
def test_processes_may_be_started_anew(tmp_path: Path) -> None:
    (tmp_path / "a.har").write_text(har(30), "utf-8")
    (tmp_path / "b.har").write_text(har(5), "utf-8")
    program = tmp_path / "program.py"
    program.write_text("import sys\nfrom httplint.jobs import workers\nfrom httplint.capture import har_stretch\n"
                       "from httplint.cli.main import run\n\nif __name__ == '__main__':\n"
                       "    workers._may_fork = lambda: False\n    har_stretch.SIZE = har_stretch.WORTH = 3000\n"
                       "    sys.exit(run(sys.argv[1:]))\n", "utf-8")
    said = [subprocess.run([sys.executable, str(program), "check", str(tmp_path), "--isolated", f"--jobs={jobs}",
                            "--output-format=json"], capture_output=True, check=False) for jobs in (1, 2)]
    assert said[0].returncode == said[1].returncode == 1
    assert (said[0].stdout, said[0].stderr) == (said[1].stdout, said[1].stderr)


def test_small_captures_are_judged_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(4)), raising=False)
    assert check.processes(None, 20 * 100_000) <= 1
    assert check.processes(None, 20 << 20) == 2
    assert check.processes(None, 20 * (5 << 20)) == 4
    assert check.processes(3, 1) == 3
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    assert check.processes(None, 1 << 30) == 1


@pytest.mark.parametrize("number", ["0", "-1", "two"])
def test_a_number_of_processes_is_wanted(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(["check", "x.har", f"--jobs={number}"])
    assert "--jobs" in capsys.readouterr().err
    assert workers.AT_ONCE > 1
