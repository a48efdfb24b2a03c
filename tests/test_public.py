"""The public face: exactly these names, and what a caller may rely on."""
from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

import httplint
from httplint import Exchange, Linter, Report, Request, Response, lint
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
