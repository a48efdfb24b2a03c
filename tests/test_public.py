"""The public face: exactly these names, and what a caller may rely on."""
from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from email.message import Message
from pathlib import Path

import pytest

import httplint
from httplint import (
    Exchange,
    Linter,
    Report,
    Request,
    Response,
    lint,
    lint_har,
    read,
    read_har_entries,
    read_har_entry,
)
from httplint.model.fields import Fields


def test_all_is_the_public_face() -> None:
    for name in httplint.__all__:
        assert getattr(httplint, name) is not None
    assert [name for name in dir(httplint) if not name.startswith("_")] == sorted(httplint.__all__)
    with pytest.raises(AttributeError):
        httplint.nothing  # noqa: B018


def test_headers_may_be_pairs_or_a_mapping_of_str_or_bytes() -> None:
    wanted = Fields((("Allow", "GET"), ("allow", "HEAD")))
    assert Response(405, headers=[("Allow", "GET"), ("allow", "HEAD")]).fields == wanted
    assert Response(405, headers=[(b"Allow", b"GET"), ("allow", b"HEAD")]).fields == wanted
    assert Response(405, headers={"Allow": ["GET", "HEAD"]}).fields == Fields((("Allow", "GET"), ("Allow", "HEAD")))
    assert Response(405, headers={b"X": b"caf\xe9"}).fields == Fields((("X", "caf\u00e9"),))
    assert Response(405, headers=None).fields is None
    assert Response(405).fields == Fields(())


@pytest.mark.parametrize("headers", [[("A", 1)], [("A", None)], ["AB"], [("A", "b", "c")], {"A": 1}])
def test_other_types_are_refused(headers: object) -> None:
    with pytest.raises(TypeError):
        Response(200, headers=headers)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", ["200", None, 200.0, True])
def test_a_status_is_an_int(status: object) -> None:
    with pytest.raises(TypeError):
        Response(status)  # type: ignore[arg-type]


OK = Response(200)
GET = Request("GET", "/")


@pytest.mark.parametrize(("clumsy", "said"), [
    (lambda: Response("200"), "status: expected int, got str; write 200"),
    (lambda: Response("fine"), "status: expected int, got str"),
    (lambda: Response(200, {"Allow": "GET"}), "'2', '3' or None (unknown), got dict; fields are named: headers=…"),
    (lambda: Response(200, version=1.1), "version: expected one of '1.0', '1.1', '2', '3' or None (unknown), got f"),
    (lambda: Response(200, headers="Allow: GET"), "headers: expected pairs of name and value, or a mapping, got str"),
    (lambda: Response(200, headers=b"Allow"), "headers: expected pairs of name and value, or a mapping, got bytes"),
    (lambda: Response(200, headers=5), "headers: expected pairs of name and value, or a mapping, got int"),
    (lambda: Response(200, headers=[("a",)]), "headers: expected pairs of name and value, got ('a',)"),
    (lambda: Response(200, headers=[5]), "headers: expected pairs of name and value, got 5"),
    (lambda: Response(200, headers={"Content-Length": 5}), "headers: a value is int, expected str or bytes"),
    (lambda: Response(200, headers={5: "x"}), "headers: a name is int, expected str or bytes"),
    (lambda: Response(200, trailers="a"), "trailers: expected pairs of name and value, or a mapping, got str"),
    (lambda: Response(200, content={"a": 1}), "content: expected bytes or str, got dict"),
    (lambda: Response(200, reason=b"OK"), "reason: expected str, got bytes"),
    (lambda: Response(200, size="5"), "size: expected int, got str"),
    (lambda: Request(b"GET", "/"), "method: expected str, got bytes"),
    (lambda: Request("GET", None), "target: expected str, got NoneType"),
    (lambda: Request("GET", "/", scheme=True), "scheme: expected str, got bool"),
    (lambda: Request("GET", "/", [("a", "b")]), "or None (unknown), got list; fields are named: headers=…"),
    (lambda: Exchange(GET, OK), "response: expected Response, got Request; the response comes first, or name both: "
                                "Exchange(response=…, request=…)"),
    (lambda: Exchange(200), "response: expected Response, got int"),
    (lambda: Exchange(OK, "GET /"), "request: expected Request, got str"),
    (lambda: Exchange(OK, interim=Response(103)), "interim: expected responses, such as [Response(103)]"),
    (lambda: Exchange(OK, interim=["103"]), "interim: expected responses, such as [Response(103)]"),
    (lambda: Exchange(OK, started="2026-01-01"), "started: expected datetime or number, got str"),
    (lambda: Exchange(OK, duration="2s"), "duration: expected number, got str"),
    (lambda: Exchange(OK, evidence={"wire"}), "evidence: expected Evidence, got set"),
    (lambda: Exchange(OK, source="site.har"), "source: expected Source, got str"),
    (lambda: Fields({"a": "b"}), "Fields: expected a tuple of pairs, name and value as str"),
    (lambda: Fields((("a",),)), "Fields: expected a tuple of pairs, name and value as str"),
    (lambda: lint(42), "got int"),
    (lambda: lint(None), "got NoneType"),
    (lambda: lint("site.har"), "got str; httplint.read has the exchanges of a file, or of its octets"),
    (lambda: lint([Exchange(OK)]), "got list; lint_all takes several"),
    (lambda: lint(OK), "; write Exchange(response=…), with request=… if it is known"),
    (lambda: Linter(select=5), "select: expected str, got int"),
    (lambda: Linter(ignore=[304]), "ignore: expected str, got int"),
    (lambda: Linter(ignore=b"304"), "ignore: expected str, got bytes"),
    (lambda: Linter(profile=5), "profile: expected str, got int"),
    (lambda: Linter(profiles=5), "unexpected keyword argument 'profiles'"),
    (lambda: Linter(rules=5), "rules: expected str or PathLike, got int"),
    (lambda: Linter(config={"select": "304"}), "config: expected str or PathLike or Settings, got dict"),
    (lambda: Linter().lint_all(Exchange(OK)), "expected several exchanges, got Exchange; lint takes one"),
    (lambda: lint_har(5), "path: expected str or PathLike, got int"),
    (lambda: lint_har("site.har", "304"), "linter: expected Linter, got str"),
    (lambda: read(5), "expected a path, bytes or a binary stream, got int"),
    (lambda: read_har_entries({}, creator=None), "expected several HAR entries, got dict; read_har_entry takes one"),
    (lambda: read_har_entries("[]", creator=None), "expected several HAR entries, got str; read_har_entry takes one"),
    (lambda: read_har_entries(5, creator=None), "expected several HAR entries, got int"),
    (lambda: read_har_entries([], creator=5), "creator: expected str or Mapping, got int"),
    (lambda: read_har_entries([], creator="x", browser=[]), "browser: expected str or Mapping, got list"),
    (lambda: read_har_entries([]), "required keyword-only argument: 'creator'"),
    (lambda: list(read_har_entries([object()], creator=None)), "expected a HAR entry, as a mapping or as JSON text, g"),
    (lambda: read_har_entry(Exchange(OK), creator=None), "as a mapping or as JSON text, got Exchange"),
    (lambda: read_har_entry({}, creator=None, source="x"), "source: expected Source, got str"),
])
def test_wrong_types_are_told_in_a_sentence(clumsy: Callable[[], object], said: str) -> None:
    with pytest.raises(TypeError) as caught:
        clumsy()
    assert said in str(caught.value)


def test_what_has_items_is_a_mapping() -> None:
    class Joined(dict[str, str]):
        def multi_items(self) -> list[tuple[str, str]]:
            return [("Set-Cookie", "a=b"), ("Set-Cookie", "c=d")]

    message = Message()
    message["Set-Cookie"] = "a=b"
    message["Set-Cookie"] = "c=d"
    for headers in (message, Joined({"Set-Cookie": "a=b, c=d"})):
        assert Response(200, headers=headers).fields == Fields((("Set-Cookie", "a=b"), ("Set-Cookie", "c=d")))


def test_what_frameworks_have_for_fields() -> None:
    lines = [("Set-Cookie", "a=b"), ("Set-Cookie", "c=d"), ("X", "y")]
    wanted = [(name.lower(), value) for name, value in lines]
    httpx, starlette = pytest.importorskip("httpx"), pytest.importorskip("starlette.datastructures")
    werkzeug, multidict = pytest.importorskip("werkzeug.datastructures"), pytest.importorskip("multidict")
    urllib3 = pytest.importorskip("urllib3").HTTPHeaderDict()
    for name, value in lines:
        urllib3.add(name, value)
    raw = [(name.lower().encode(), value.encode()) for name, value in lines]
    for headers in (httpx.Headers(lines), starlette.Headers(raw=raw), werkzeug.Headers(lines),
                    multidict.CIMultiDict(lines), urllib3):
        fields = Response(200, headers=headers).fields
        assert fields is not None
        assert [(name.lower(), value) for name, value in fields] == wanted, type(headers)


def test_octets_of_any_kind_are_a_content() -> None:
    for content in (b"caf\xc3\xa9", bytearray(b"caf\xc3\xa9"), memoryview(b"caf\xc3\xa9"), "caf\u00e9"):
        response = Response(200, content=content)
        assert (response.content, response.size) == (b"caf\xc3\xa9", 5)
        assert type(response.content) is bytes


def test_a_type_checker_agrees_with_a_user(tmp_path: Path) -> None:
    """The program is one of a user: mypy finds what is wrong in it, and nothing else."""
    program = Path(__file__).parent / "programs" / "typed.py"
    wanted = {number for number, line in enumerate(program.read_text("utf-8").splitlines(), 1) if "# wrong" in line}
    package = Path(httplint.__file__).parent
    assert (package / "py.typed").exists()
    done = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--follow-imports=silent",
                           "--config-file=", f"--cache-dir={tmp_path}", str(program)], capture_output=True, check=False,
                          cwd=tmp_path, env={**os.environ, "MYPYPATH": str(package.parent)}, encoding="utf-8")
    assert done.stderr == ""
    found = {int(number) for number in re.findall(r"^[^\n]*typed\.py:(\d+): error: ", done.stdout, re.M)}
    assert found == wanted, done.stdout
    assert done.stdout.count(": error: ") == len(wanted) + 1, done.stdout  # a pair the wrong way round is wrong twice


def test_a_version_is_one_of_five() -> None:
    assert Response(200, version=None).version is None
    with pytest.raises(ValueError, match=r"1\.0, 1\.1, 2, 3"):
        Response(200, version="HTTP/1.1")


def test_fields_are_ordered_and_case_blind_and_raw() -> None:
    fields = Fields((("ETag", ' "a" '), ("x", "1"), ("X", "2")))
    assert list(fields) == [("ETag", ' "a" '), ("x", "1"), ("X", "2")]
    assert fields.values("etag") == ['"a"']
    assert fields.combined("X") == "1, 2"
    assert fields.combined("Y") is None
    assert "eTAG" in fields
    assert "Y" not in fields
    assert 1 not in fields


def test_none_is_not_captured_and_empty_is_empty() -> None:
    bad = Exchange(response=Response(405))
    assert [finding.rule_id for finding in lint(bad).findings if finding.rule_id.startswith("405.")] == [
        "405.allow-missing"]
    unknown = lint(Exchange(response=Response(405, headers=None)))
    assert [finding for finding in unknown.findings if finding.rule_id == "405.allow-missing"] == []
    assert ("405.allow-missing", "the capture may leave out response fields") in unknown.not_evaluated


def test_the_three_outcomes() -> None:
    exchange = Exchange(Response(405, headers=[("Allow", "GET")]), Request("PATCH", "/x"))
    report = lint(exchange)
    assert report.exchange is exchange
    assert "405.allow-missing" in report.held
    assert "405.allow-missing" not in {one.rule_id for one in report.not_evaluated}
    assert all(one.reason for one in report.not_evaluated)
    assert not set(report.held) & {one.rule_id for one in report.not_evaluated}


def test_a_finding_says_everything() -> None:
    exchange = Exchange(Response(204, headers=[("Date", "Tue, 01 Jul 2025 00:00:00 GMT"), ("content-LENGTH", "0")]),
                        Request("GET", "http://example.com/"))
    finding, = (one for one in lint(exchange).findings if one.rule_id == "204.content-length")
    assert (finding.level, finding.severity, finding.confidence) == ("MUST NOT", "error", "high")
    assert finding.spec == "RFC 9110 §8.6"
    assert finding.fix
    assert "Content-Length" in finding.message
    location = finding.location
    assert (location.message, location.part, location.index, location.name) == ("response", "field", 1,
                                                                               "content-LENGTH")
    assert location.entry is location.pointer is location.line is location.column is None


def without_vary() -> list[Exchange]:
    """A 304 that lacks the Vary of the 200 before."""
    get = Request("GET", "http://example.com/a", headers=[])
    again = Request("GET", "http://example.com/a", headers=[("If-None-Match", '"1"')])
    date = ("Date", "Tue, 01 Jul 2025 00:00:00 GMT")
    return [Exchange(Response(200, headers=[date, ("ETag", '"1"'), ("Vary", "Accept")]), get),
            Exchange(Response(304, headers=[date, ("ETag", '"1"')]), again)]


def test_a_stream_remembers_until_a_judgement_fails() -> None:
    def says_vary(report: Report) -> bool:
        return any("Vary" in finding.message for finding in report.findings)

    linter = Linter(select="304")
    first, second = without_vary()
    one, other = linter.stream(), linter.stream()
    assert one(first).findings == []
    assert not says_vary(other(second))                    # each has a memory of its own
    with pytest.raises(TypeError):
        one("no response")                                 # which never came to be judged
    assert says_vary(one(second))
    broken = Exchange(Response(200, headers=[]))
    broken.response = None  # type: ignore[assignment]
    with pytest.raises(AttributeError):
        one(broken)
    assert not says_vary(one(second))                      # with a new memory
    one(first)
    assert says_vary(one(second))


def test_lint_all_remembers_and_lint_does_not() -> None:
    linter = Linter(select="304")
    first, second = linter.lint_all(without_vary())
    assert first.findings == []
    assert any("Vary" in finding.message for finding in second.findings)
    alone = linter.lint(without_vary()[1])
    assert not any("Vary" in finding.message for finding in alone.findings)
    assert any(one.reason == "no earlier exchanges were given" for one in alone.not_evaluated)


def test_select_and_ignore_by_prefix_the_longest_wins() -> None:
    def ids(**keys: str) -> set[str]:
        return {rule.id for rule in Linter(**keys).rules}  # type: ignore[arg-type]

    assert ids(select="405") == {name for name in ids() if name.startswith("405")}
    assert ids(ignore="405") == {name for name in ids() if not name.startswith("405")}
    assert ids(select="304,405.allow-missing", ignore="40") == ids(select="304") | {"405.allow-missing"}
    assert ids(select="4", ignore="405") == {name for name in ids(select="4") if not name.startswith("405")}
    assert ids(select="all", ignore="4") == ids(ignore="4")
    with pytest.raises(httplint.SelectionError, match="did you mean"):
        Linter(select="450.allow")
    with pytest.raises(httplint.SelectionError, match="both"):
        Linter(select="405", ignore="405")


def test_a_time_may_be_a_datetime_or_seconds() -> None:
    moment = datetime(2025, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    assert Exchange(Response(200), started=moment).started == 1751364000.0
    assert Exchange(Response(200), started=1751364000.0).started == 1751364000.0
    assert Exchange(Response(200), started=datetime(2025, 7, 1, 10)).started == 1751364000.0
