"""Waivers: what they suppress, until when, and what is told of them."""
from __future__ import annotations

from datetime import date, timedelta

import pytest

from httplint import Exchange, Linter, Request, Response
from httplint.configuration.settings import Origin, Waiver
from httplint.configuration.waivers import Waivers
from httplint.configuration.where import Where
from httplint.engine.report import Report
from httplint.library import built_in_rules

TODAY = date(2026, 3, 31)
LINTER = Linter("405.allow-missing,date.missing")


def waiver(rule: str = "405.allow-missing", expires: date | None = None, line: int = 7, **where: str) -> Waiver:
    keys = {key.replace("_", "-"): (pattern,) for key, pattern in where.items()}
    return Waiver(rule, Where(keys), "the gateway is replaced in May", expires, Origin("httplint.toml", line))


def report(uri: str = "http://shop.example/items/12", method: str = "PATCH", status: int = 405) -> Report:
    exchange = Exchange(Response(status, headers=[("Content-Type", "text/plain")], content=b""),
                        Request(method, uri, headers=[("Host", "shop.example")]))
    return LINTER.lint(exchange)


def waived(waivers: Waivers, one: Report) -> list[str]:
    return [finding.rule_id for finding in one.findings if waivers.suppresses(finding, one)]


@pytest.mark.parametrize(("rule", "where", "fits"), [
    ("405.allow-missing", {}, True),
    ("405", {}, True),
    ("405.allow-missing", {"host": "shop.example"}, True),
    ("405.allow-missing", {"host": "*.shop.example"}, False),
    ("405.allow-missing", {"path": "/items/*"}, True),
    ("405.allow-missing", {"path": "/orders/**"}, False),
    ("405.allow-missing", {"method": "PATCH", "status": "4xx", "content_type": "text/*"}, True),
    ("405.allow-missing", {"method": "GET"}, False),
    ("405.allow-missing", {"status": "404"}, False),
    ("405.allow-missing", {"content_type": "text/html"}, False),
    ("406", {}, False),
])
def test_a_waiver_suppresses_its_rules_where_it_says(rule: str, where: dict[str, str], fits: bool) -> None:
    one = report()
    assert "405.allow-missing" in [finding.rule_id for finding in one.findings]
    assert waived(Waivers([waiver(rule, **where)], today=TODAY), one) == ["405.allow-missing"] * fits


def test_the_reason_is_kept() -> None:
    one = report()
    why = next(filter(None, (Waivers([waiver()], today=TODAY).suppresses(finding, one) for finding in one.findings)))
    assert why == ("waiver", "the gateway is replaced in May")


def test_a_waiver_holds_to_the_end_of_its_last_day() -> None:
    waivers = [waiver(expires=TODAY)]
    assert waived(Waivers(waivers, today=TODAY), report()) == ["405.allow-missing"]
    late = Waivers(waivers, today=TODAY + timedelta(days=1))
    assert waived(late, report()) == []
    assert late.notes() == ["httplint.toml:7: the waiver of 405.allow-missing (everywhere) expired with 2026-03-31: "
                            "1 finding is reported again; renew or remove it"]


def test_an_expired_waiver_does_not_stand_in_the_way_of_one_in_force() -> None:
    waivers = Waivers([waiver(expires=TODAY - timedelta(days=1)), waiver("405", line=12)], today=TODAY)
    assert waived(waivers, report()) == ["405.allow-missing"]
    note, = waivers.notes()
    assert note.startswith("httplint.toml:7: ")


def test_what_was_not_needed_is_told() -> None:
    waivers = Waivers([waiver(), waiver(host="other.example", line=12), waiver(line=20, expires=TODAY - timedelta(9))],
                      today=TODAY)
    assert waived(waivers, report(status=200)) == []
    assert [note.partition(": ")[0] for note in waivers.notes()] == [
        "httplint.toml:7", "httplint.toml:12", "httplint.toml:20"]
    assert "(host other.example) was not needed" in waivers.notes()[1]
    assert "expired with 2026-03-22: no finding fits it" in waivers.notes()[2]
    waived(waivers, report())
    assert [note.partition(": ")[0] for note in waivers.notes()] == ["httplint.toml:12", "httplint.toml:20"]


def test_a_waiver_of_rules_that_did_not_run_is_not_called_unneeded() -> None:
    rules = built_in_rules()
    on = [rule for rule in rules if rule.id.startswith("503")]
    off = [rule for rule in rules if not rule.id.startswith("503")]
    assert Waivers([waiver("405"), waiver("all-that")], on, today=TODAY).notes() == []
    some = [rule for rule in rules if rule.id == "405.allow-missing"]
    others = [rule for rule in rules if rule.id.startswith("405") and rule not in some]
    assert Waivers([waiver("405")], some, others, today=TODAY).notes() == []
    assert len(Waivers([waiver("405")], some, off[:0], today=TODAY).notes()) == 1


def test_notes_hold_nothing_that_a_terminal_would_obey() -> None:
    note, = Waivers([waiver(host="\x1b]0;x\x07.example")], today=TODAY).notes()
    assert note.isprintable()


def test_processes_add_up() -> None:
    one, other = (Waivers([waiver(), waiver("404", line=9)], today=TODAY) for _ in range(2))
    waived(one, report())
    other.merge(one.state())
    assert [note.partition(": ")[0] for note in other.notes()] == ["httplint.toml:9"]
    for state in (None, [1], [1, "2"], {}):
        with pytest.raises(ValueError):
            other.merge(state)
