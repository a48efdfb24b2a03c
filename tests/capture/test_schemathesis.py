"""Reports of Schemathesis: what each proves, and what is broken, hostile or masked in them."""
from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.capture import reading, schemathesis
from httplint.capture.outcome import Problem, Skipped
from httplint.library import Linter
from httplint.model.evidence import REASONS
from httplint.model.exchange import Exchange

pytestmark = pytest.mark.usefixtures("packaged")

FIXTURES = Path(__file__).parents[2] / "fixtures" / "captures"
CASSETTE, EVENTS, ARCHIVE, OLD = ((FIXTURES / f"schemathesis{name}").read_bytes()
                                  for name in (".yaml", ".ndjson", ".har", "-3.yaml"))
SHORT = [b"\n- id:".join(CASSETTE.split(b"\n- id:")[:13]), b"\n- id:".join(OLD.split(b"\n- id:")[:13]),
         b"\n".join(line for line in EVENTS.splitlines() if b"Initialize" in line or b"interactions" in line)]
"""The first interactions of each."""
NEVER = {"wire", "interim", "trailers", "target", "name_case"}
HEAD = "command: 'st run a.json'\nrecorded_with: 'Schemathesis 4.32.5'\nseed: 1\nhttp_interactions:"
ONE = """
- id: 'a'
  status: 'SUCCESS'
  recorded_at: '2026-03-01T12:00:01.500000+00:00'
  checks: []
  request:
    uri: 'http://a.example/b'
    method: 'GET'
    headers:
      "Accept":
      - "*/*"
  response:
    status:
      code: '200'
      message: "OK"
    elapsed: '0.5'
    headers:
      "date":
      - "Sun, 01 Mar 2026 12:00:01 GMT"
      "vary":
      - "Accept"
      - "Origin"

    body:
      encoding: 'utf-8'
      string: "gr\\xFCn"
    http_version: '1.1'"""


def outcomes(octets: bytes | str) -> list[Any]:
    return list(reading.read(io.BytesIO(octets.encode() if isinstance(octets, str) else octets), path="a"))


def one(text: str = ONE, head: str = HEAD) -> Exchange:
    found, = outcomes(head + text)
    assert isinstance(found, Exchange), found
    return found


def event(interaction: Any, name: str = "ScenarioFinished") -> str:
    begun = {"Initialize": {"command": "st run", "schemathesis_version": "4.32.5", "seed": 1}}
    return f'{json.dumps(begun)}\n{json.dumps({name: {"recorder": {"interactions": {"a/b": interaction}}}})}\n'


def knows(found: Exchange) -> set[str]:
    return {fact for fact in REASONS if found.evidence.knows(fact)}


def test_what_the_vcr_report_proves() -> None:
    found = one()
    assert knows(found) == set(REASONS) - NEVER
    assert found.response.fields is not None
    assert found.response.fields.lines == (("date", "Sun, 01 Mar 2026 12:00:01 GMT"), ("vary", "Accept"),
                                           ("vary", "Origin"))
    assert (found.response.version, found.response.reason, found.response.content) == ("1.1", "OK", "grün".encode())
    assert found.started == 1772366401.0, "it was recorded when the response was there"
    assert found.request is not None
    assert (found.request.method, found.request.uri, found.request.content) == ("GET", "http://a.example/b", b"")
    assert {"host", "connection", "user-agent"} <= found.evidence.request_gaps
    assert not found.evidence.response_gaps
    assert found.source is not None
    assert (found.source.line, found.source.entry) == (5, 0)


def test_what_the_ndjson_report_proves() -> None:
    answered = {"status_code": 200, "headers": {"vary": ["Accept", "Origin"]}, "content": {"$base64": "YWI="},
                "elapsed": 0.5}
    asked = {"method": "GET", "uri": "http://u:p@a.example/b", "headers": {"X-A": ["1"]}}
    found, = outcomes(event({"request": asked, "response": answered, "timestamp": 1772366401.5}))
    assert knows(found) == set(REASONS) - NEVER - {"version", "reason"}
    assert found.evidence.response_gaps == {"date"}
    assert {"accept", "user-agent", "content-length"} <= found.evidence.request_gaps
    assert (found.response.content, found.started, found.request.uri) == (b"ab", 1772366401.0, "http://a.example/b")
    assert found.source.pointer == "/ScenarioFinished/recorder/interactions/a/b"
    assert found.source.line == 2
    for silent in ({"request": asked, "response": None}, {"request": asked}):
        skipped, = outcomes(event(silent, "FuzzScenarioFinished"))
        assert skipped.category == "no-response"


def test_the_reports_of_one_run_are_judged_alike() -> None:
    """But for what is not known of one of them."""
    def judged(octets: bytes) -> dict[str, Any]:
        found = [one for one in outcomes(octets) if isinstance(one, Exchange)]
        return {f"{report.exchange.request.method} {report.exchange.request.uri}": report  # type: ignore[union-attr]
                for report in Linter().lint_all(found)}

    cassette = judged(CASSETTE)
    assert len(cassette) > 45
    for other in (judged(EVENTS), judged(ARCHIVE)):
        assert other.keys() == cassette.keys()
        for asked, report in other.items():
            ours, theirs = ({finding.rule_id for finding in each.findings} for each in (cassette[asked], report))
            assert not ours & set(report.held), asked
            assert not theirs & set(cassette[asked].held), asked


@pytest.mark.parametrize(("old", "new", "lacks"), [
    ("encoding: 'utf-8'", "encoding: 'windows-1252'", {"content", "octets", "size"}),
    ("encoding: 'utf-8'", "encoding: 'None'", {"content", "octets", "size"}),
    ("gr\\xFCn", "gr\\uFFFDn", {"content", "octets", "size"}),
    ("string: \"gr\\xFCn\"", "base64_string: 'YWI'", {"content", "octets", "size"}),
    ("    http_version", "    truncated_from: 9000000\n    http_version", {"content", "octets", "size"}),
    ("      \"vary\":\n", "      \"content-type\":\n      - \"text/event-stream\"\n      \"vary\":\n",
     {"content", "octets", "size"}),
    ("      \"vary\":\n", "      \"content-encoding\":\n      - \"gzip\"\n      \"vary\":\n", {"octets", "size"}),
    ("      \"vary\":\n", "      \"content-encoding\":\n      - \"br\"\n      \"vary\":\n",
     {"content", "octets", "size"}),
    ("http_version: '1.1'", "http_version: '2'", {"version", "reason", "lines", "request_version"}),
    ("'GET'", "'HEAD'", {"content", "octets", "size"}),
    ("recorded_at: '2026", "recorded_at: 'x2026", {"time"}),
    ("uri: 'http", "uri: 'ftp", {"request", "request_fields", "request_content", "request_version"}),
])
def test_what_an_interaction_does_not_prove(old: str, new: str, lacks: set[str]) -> None:
    assert old in ONE
    assert knows(one(ONE.replace(old, new))) == set(REASONS) - NEVER - lacks


def test_contents() -> None:
    assert one(ONE.replace("string: \"gr\\xFCn\"", "base64_string: '/w=='")).response.content == b"\xff"
    assert one(ONE.replace("encoding: 'utf-8'", "encoding: 'ISO-8859-1'")).response.content == b"gr\xfcn"
    nothing = one(ONE.replace("    body:\n      encoding: 'utf-8'\n      string: \"gr\\xFCn\"\n", ""))
    assert nothing.response.content == b"", "octets that are none are not written down"


@pytest.mark.parametrize(("command", "server"), [
    ("st run a.json", True), ("python -m schemathesis run a.json", True), ("st run --app=a:app a.json", False),
    ("pytest tests", False), ("python -m pytest", False), ("<unknown entrypoint>", False),
])
def test_an_application_in_the_same_process_has_no_server(command: str, server: bool) -> None:
    """Nothing shows it but Date, which servers add; so it was recorded of WSGI and ASGI within pytest."""
    head = HEAD.replace("st run a.json", command)
    dated, undated = one(head=head), one(ONE.replace('"date"', '"x-date"'), head)
    assert not dated.evidence.response_gaps
    assert "version" in knows(dated)
    assert ("date" in undated.evidence.response_gaps) != server
    assert bool(knows(undated) & {"version", "reason"}) == server


def test_what_is_masked_is_not_known() -> None:
    found = one(ONE.replace('- "Origin"', '- "Origin"\n      "www-authenticate":\n      - "[Filtered]"').replace(
        '- "*/*"', '- "*/*"\n      "Authorization":\n      - "[Filtered]"').replace("//a.ex", "//[Filtered]@a.ex"))
    assert found.evidence.response_gaps == {"www-authenticate"}
    assert "authorization" in found.evidence.request_gaps
    assert found.request is not None
    assert found.request.uri == "http://a.example/b"
    assert "[Filtered]" not in repr(found.response.fields and found.response.fields.lines)


def test_what_http_client_took_for_the_final_response_is_skipped() -> None:
    skipped, = outcomes(HEAD + ONE.replace("'200'", "'103'"))
    assert skipped.category == "no-response"


@pytest.mark.parametrize("uri", ["'http://a.example/it''s'", "'http://a.example/it's'"])
def test_what_version_3_does_not_escape_breaks_one_interaction(uri: str) -> None:
    found = outcomes(HEAD + ONE + ONE.replace("'http://a.example/b'", uri) + ONE)
    assert [type(each) for each in found] == [Exchange, Exchange if "''" in uri else Problem, Exchange]
    if isinstance(found[1], Problem):
        assert found[1].line == 4 + 26 + 6
        assert "not YAML" in found[1].cause
    assert [each.source.entry for each in found if isinstance(each, Exchange)][-1] == 2


def test_a_report_that_was_written_anew() -> None:
    """Keys sorted, items indented, something behind the list."""
    yaml = pytest.importorskip("yaml")
    again = yaml.safe_dump(yaml.safe_load(HEAD + ONE + ONE), sort_keys=True)
    assert again.index("recorded_with") > again.index("http_interactions")
    assert [type(each) for each in outcomes(again)] == [Exchange, Exchange]
    indented = HEAD + (ONE + ONE).replace("\n", "\n  ") + "\n"
    assert [type(each) for each in outcomes(indented.replace("\n", "\r\n"))] == [Exchange, Exchange]
    assert [type(each) for each in outcomes(gzip.compress((HEAD + ONE).encode()))] == [Exchange]


def test_a_run_without_requests() -> None:
    assert outcomes(HEAD) == outcomes(HEAD + "\n") == outcomes(HEAD + " []\n") == []
    problem, = outcomes(HEAD.replace("http_interactions:", "http_interactions: {}\n- id: 'a'"))
    assert isinstance(problem, Problem)


@pytest.mark.parametrize("text", [
    "\n- id: &a 'x'\n  request: *b", "\n- id: !!python/object/apply:os.system ['true']", "\n- []", "\n- ",
    "\n- request: {}\n  response: {status: {code: [200]}}", "\n- request: {}\n  response: {status: 200}",
    "\n- request: []\n  response: []", "\n- request: {uri: [], method: {}, headers: x}\n  response: x",
    "\n- " + "[" * 5000, "\n- request: {headers: {}}\n  response: {status: {code: '099'}}",
    "\n- " + "{a: " * 700, "\n- &a [" + "x, " * 200_000, "\n- \x00", "\n- \ud800".encode("utf-8", "surrogatepass"),
])
def test_broken_and_hostile_interactions_cost_themselves_alone(text: str | bytes) -> None:
    octets = HEAD.encode() + (text.encode() if isinstance(text, str) else text) + ONE.encode()
    first, second = outcomes(octets)
    assert isinstance(first, Skipped | Problem), first
    assert isinstance(second, Exchange)


@pytest.mark.parametrize("line", [
    "{", "[]", "5", "null", '"a"', "[" * 100_000, '{"A": {"recorder": {"interactions": []}}}', '{"A": {"recorder": 1}}',
    "9" * 10_000, '{"A": {"recorder": {"interactions": {"x": 5}}}}', "\ud800", '{"A": "\\ud800"}',
    '{"A": {"recorder": {"interactions": {"x": {"request": {"uri": 1}, "response": {"status_code": 1e99}}}}}}',
    '{"A": {"recorder": {"interactions": {"x": {"request": {}, "response": {"status_code": 200, "headers": {"a": '
    '["\\ud800", 5], "b": [], "c": "d", "e": ["\\u20ac"]}, "content": {"$base64": "\\u00e9"}, "elapsed": "nan"},'
    '"timestamp": NaN}}}}}',
])
def test_broken_and_hostile_events(line: str) -> None:
    begun, last = event({"request": {}, "response": {"status_code": 200}}).encode().splitlines(True)
    *others, final = outcomes(begun + line.encode("utf-8", "surrogatepass") + b"\n" + last)
    assert isinstance(final, Exchange)
    assert len(others) <= 1


def test_many_interactions_in_one_line() -> None:
    each = {"request": {}, "response": {"status_code": 200, "headers": {"a": ["b"]}}}
    line = {"ScenarioFinished": {"recorder": {"interactions": {str(number): each for number in range(5000)}}}}
    found = outcomes(event(each).splitlines()[0] + "\n" + json.dumps(line))
    assert [one.source.entry for one in found] == list(range(5000))


@given(st.sampled_from(SHORT), st.data())
def test_whatever_is_changed_later_interactions_are_read(octets: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(octets) // 2))
    change = data.draw(st.binary(max_size=5) | st.sampled_from([b"'", b'"', b"\n", b"\n  ", b"\n- ", b"{", b"&a *a"]))
    changed = octets[:at] + change + octets[at + data.draw(st.integers(0, 40)):]
    found = list(schemathesis.read(io.BytesIO(changed), path="a"))
    if changed.startswith((b"command:", b'{"Init')) and at > 400:
        assert len([one for one in found if isinstance(one, Exchange)]) >= 5
