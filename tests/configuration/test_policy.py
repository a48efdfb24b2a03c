"""What settings make of reports, through the library."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from httplint import ConfigurationError, Exchange, Linter, Report, Request, Response, SelectionError
from httplint.report.summary import Summary


def exchange(status: int = 405, target: str = "http://shop.example/items/1", method: str = "PATCH",
             **fields: str) -> Exchange:
    headers = [(name.replace("_", "-"), value) for name, value in fields.items()]
    return Exchange(Response(status, headers=headers, content=b""), Request(method, target))


@pytest.fixture
def linter(tmp_path: Path) -> Any:
    def make(text: str, **options: Any) -> Linter:
        path = tmp_path / "httplint.toml"
        path.write_text(text, "utf-8")
        return Linter(config=path, **options)
    return make


def found(report: Report) -> dict[str, str]:
    return {finding.rule_id: finding.severity for finding in report.findings}


BOTH = {"405.allow-missing": "error", "date.missing": "error"}
HERE = 'select = ["405.allow-missing", "date.missing"]\n'


def test_select_and_ignore(linter: Any) -> None:
    assert found(linter(HERE).lint(exchange())) == BOTH
    one = linter('select = ["405"]\nignore = ["405.allow"]')
    assert one.rules
    assert all(rule.id.startswith("405.") and not rule.id.startswith("405.allow") for rule in one.rules)


def test_the_call_wins_over_the_file(linter: Any) -> None:
    assert found(linter(HERE, select="date.missing").lint(exchange())) == {"date.missing": "error"}
    assert found(linter(HERE, ignore="date").lint(exchange())) == {"405.allow-missing": "error"}


def test_profiles(linter: Any) -> None:
    assert len(linter("profile = 'strict'").rules) >= len(linter("").rules)
    assert [rule.id for rule in linter("").rules] == [rule.id for rule in Linter().rules]
    assert [rule.id for rule in linter("profile = 'api'").rules] == [rule.id for rule in Linter(profile="api").rules]


def test_levels(linter: Any) -> None:
    one = linter(HERE + '[level]\nall = "info"\n405 = "warning"\ndate = "off"')
    assert found(one.lint(exchange())) == {"405.allow-missing": "warning"}
    assert "date.missing" not in [rule.id for rule in one.rules]
    assert Linter(select="405.allow-missing").lint(exchange()).findings[0].severity == "error"


def test_a_level_switches_nothing_on(linter: Any) -> None:
    assert found(linter('select = ["date.missing"]\n[level]\n405.allow-missing = "error"').lint(exchange())) == {
        "date.missing": "error"}


def test_overrides_switch_off(linter: Any) -> None:
    one = linter(HERE + '[[override]]\nhost = "*.test"\nignore = "date"\n'
                 '[[override]]\npath = "/legacy/**"\nlevel = { all = "off" }')
    assert found(one.lint(exchange())) == BOTH
    assert found(one.lint(exchange(target="http://a.test/"))) == {"405.allow-missing": "error"}
    assert found(one.lint(exchange(target="http://shop.example/legacy/x"))) == {}
    assert found(one.lint(exchange(target="http://a.test/legacy"))) == {}


def test_overrides_switch_on(linter: Any) -> None:
    one = linter('select = ["date.missing"]\n[[override]]\nhost = "a.test"\nselect = "405.allow-missing"')
    assert [rule.id for rule in one.rules] == [rule.id for rule in Linter("405.allow-missing,date.missing").rules]
    assert found(one.lint(exchange())) == {"date.missing": "error"}
    assert found(one.lint(exchange(target="http://a.test/"))) == BOTH
    held = one.lint(exchange(Allow="GET", Date="Tue, 01 Jul 2025 12:00:00 GMT"))
    assert held.held == ["date.missing"]


def test_what_lacks_evidence_is_not_told_of_rules_that_are_off(linter: Any) -> None:
    one = linter('select = "405.allow-missing"\n[[override]]\nstatus = "4xx"\nignore = "all"')
    blind = exchange()
    blind = Exchange(Response(405, headers=None), Request("PATCH", "http://shop.example/"))
    assert [lacking.rule_id for lacking in Linter("405.allow-missing").lint(blind).not_evaluated] == [
        "405.allow-missing"]
    report = one.lint(blind)
    assert (report.not_evaluated, report.groups) == ([], [])


def test_later_overrides_win(linter: Any) -> None:
    text = HERE + ('[[override]]\nhost = "*"\nignore = "all"\nlevel = { 405 = "info" }\n'
                   '[[override]]\nhost = "shop.example"\nselect = "405"\n'
                   '[[override]]\nmethod = "PATCH"\nlevel = { 405.allow-missing = "warning" }')
    one = linter(text)
    assert found(one.lint(exchange())) == {"405.allow-missing": "warning"}
    assert found(one.lint(exchange(method="PUT"))) == {"405.allow-missing": "info"}
    assert found(one.lint(exchange(target="http://a.test/"))) == {}


def test_the_longest_prefix_wins_within_an_override(linter: Any) -> None:
    one = linter(HERE + '[[override]]\nhost = "*"\nignore = "all"\nselect = "405.allow"')
    assert found(one.lint(exchange())) == {"405.allow-missing": "error"}


def test_an_override_brings_back_what_is_off_by_level(linter: Any) -> None:
    one = linter(HERE + '[level]\nall = "off"\n[[override]]\nhost = "a.test"\nselect = "405"\n'
                 '[[override]]\nhost = "b.test"\nlevel = { date = "warning" }')
    assert found(one.lint(exchange())) == {}
    assert found(one.lint(exchange(target="http://a.test/"))) == {"405.allow-missing": "error"}
    assert found(one.lint(exchange(target="http://b.test/"))) == {"date.missing": "warning"}


def test_first_party(linter: Any) -> None:
    one = linter(HERE + 'first-party = ["shop.example", "*.shop.example"]')
    assert found(one.lint(exchange(target="https://www.shop.example:8443/"))) == BOTH
    report = one.lint(exchange(target="https://shop.example.ads.test/"))
    assert report.findings == []
    assert {(finding.rule_id, why.kind) for finding, why in report.suppressed} == {
        (rule, "third-party") for rule in BOTH}
    assert report.held == []
    unknown = one.lint(Exchange(Response(405)))
    assert "405.allow-missing" in found(unknown)
    assert list(unknown.suppressed) == []


def test_waivers_and_the_order_of_reasons(linter: Any) -> None:
    one = linter(HERE + 'first-party = ["shop.example"]\n[[waiver]]\nrule = "405"\nreason = "for now"\n'
                 'path = "/items/*"\n[[waiver]]\nrule = "date"\nreason = "later"\nhost = "a.test"')
    report = one.lint(exchange())
    assert found(report) == {"date.missing": "error"}
    (finding, why), = report.suppressed
    assert (finding.rule_id, why.kind, why.reason) == ("405.allow-missing", "waiver", "for now")
    summary = Summary(2)
    for report in one.lint_all([exchange(), exchange(target="http://a.test/items/1")]):
        summary.count(report)
    assert summary.suppressed == {"waiver": 1, "third-party": 2}
    assert summary.findings == {"error": 1}
    assert len(one.policy.notes()) == 1
    assert "date" in one.policy.notes()[0]


def test_the_baseline(linter: Any, tmp_path: Path) -> None:
    from httplint.configuration.baseline import Census, write
    census = Census()
    census.report(linter(HERE).lint(exchange()))
    write(str(tmp_path / "known.json"), census.counts)
    one = linter(HERE + 'baseline = "known.json"')
    reports = list(one.lint_all([exchange(target="http://shop.example/items/2"), exchange(target="http://x.test/")]))
    assert [why.kind for _, why in reports[0].suppressed] == ["baseline"] * 2
    assert found(reports[1]) == BOTH
    with pytest.raises(ConfigurationError, match="there is no baseline"):
        linter(HERE + 'baseline = "missing.json"')


def test_traffic_silences_only_where_it_may(linter: Any) -> None:
    loud = exchange(X_Lint="405.allow-missing, nonsense")
    assert found(linter(HERE).lint(loud)) == BOTH
    one = linter(HERE + 'allow-silencing-field = "x-lint"')
    report = one.lint(loud)
    assert found(report) == {"date.missing": "error"}
    assert [(why.kind, why.reason) for _, why in report.suppressed] == [("waiver", "the response says so in x-lint")]
    assert found(one.lint(exchange())) == BOTH
    assert found(one.lint(exchange(X_Lint=" "))) == BOTH
    assert found(one.lint(exchange(X_Lint="all"))) == {}
    assert found(one.lint(exchange(X_Lint="x," * 1000 + "all"))) == BOTH


def test_names_of_ones_own(linter: Any) -> None:
    frob = exchange(method="FROB", Allow="GET")
    assert found(Linter("405.unknown-method").lint(frob)) == {"405.unknown-method": "info"}
    one = linter('select = "405.unknown-method"\nmethods = ["FROB"]')
    assert found(one.lint(frob)) == {}
    assert found(one.lint(exchange(method="frob", Allow="GET"))) == {"405.unknown-method": "info"}
    assert found(Linter("405.unknown-method").lint(frob)) == {"405.unknown-method": "info"}


def test_rules_of_ones_own(linter: Any, tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "a.toml").write_text(
        '[[rule]]\nid = "house.id-missing"\ntitle = "t"\nlevel = "advice"\nspec = "House §1"\n'
        'require = "\'X-Id\' in response"\nmessage = "m"\nwhy = "w"\nfix = "f"\nbad = ["< HTTP/1.1 200 OK"]\n'
        'good = ["< HTTP/1.1 200 OK\\n< X-Id: 1"]\n', "utf-8")
    assert found(linter('rules = ["house"]\nselect = "house"').lint(exchange())) == {"house.id-missing": "info"}


@pytest.mark.parametrize(("text", "message"), [
    ('\nselect = ["406", "405x"]', "httplint.toml:2: no rule's id begins with '405x'"),
    ('select = ["405"]\nignore = ["405"]', "httplint.toml:2: '405' is both selected and ignored"),
    ('[level]\n405.alow-missing = "off"',
     "httplint.toml:1: no rule's id begins with '405.alow-missing'; did you mean '405.allow-missing'?"),
    ('[[override]]\nhost = "a"\nignore = "datte"', "httplint.toml:1: no rule's id begins with 'datte'"),
    ('[[override]]\nhost = "a"\nignore = "all"\nselect = "all"', "httplint.toml:1: 'all' is both selected and ignored"),
    ('[[waiver]]\nrule = "999"\nreason = "x"', "httplint.toml:1: no rule's id begins with '999'"),
])
def test_rules_that_there_are_not(text: str, message: str, linter: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        linter(text)
    assert message in str(caught.value)


def test_a_wrong_call_is_no_fault_of_the_file(linter: Any) -> None:
    with pytest.raises(SelectionError):
        linter("select = '405'", select="nonsense")
    with pytest.raises(SelectionError):
        linter("select = '405'", profile="nonsense")


def test_which_file_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "httplint.toml").write_text("select = 'date.missing'", "utf-8")
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert [rule.id for rule in Linter(config="auto").rules] == ["date.missing"]
    assert [rule.id for rule in Linter(config="../httplint.toml").rules] == ["date.missing"]
    assert len(Linter().rules) > 100
    one = Linter(config="auto")
    assert one.settings is not None
    assert one.settings.path == str(tmp_path / "httplint.toml")
    assert Linter(config=one.settings, select="405").rules[0].id.startswith("405.")
    (tmp_path / "httplint.toml").unlink()
    assert (Linter(config="auto").settings, Linter(config="auto").policy) == (None, None)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        Linter(config="../httplint.toml")


def test_state_goes_from_process_to_process(linter: Any) -> None:
    text = HERE + '[[waiver]]\nrule = "405"\nreason = "for now"\n'
    here, there = linter(text), linter(text)
    there.lint(exchange())
    assert len(here.policy.notes()) == 1
    here.policy.merge(there.policy.state())
    assert here.policy.notes() == []
    with pytest.raises(ValueError):
        here.policy.merge([])
