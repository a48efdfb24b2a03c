"""Ids that are no more: they go on to work, and whoever names them is told what to use in their place."""
from __future__ import annotations

from pathlib import Path

import pytest

from httplint import Exchange, Linter, Response
from httplint.cli.main import run
from httplint.engine.errors import RuleError
from httplint.selection import SelectionError

RULE = """\
[[rule]]
id = "{id}"
title = "A title"
level = "MUST"
stage = "{stage}"
spec = "RFC 9110 \u00a71"
require = "response.status == 200"
message = "saw {{response.status}}"
why = "Why."
fix = "Fix."
bad = ["< HTTP/1.1 404"]
good = ["< HTTP/1.1 200"]
"""
PACK = "".join(RULE.format(id=id, stage=stage) for id, stage in (
    ("acme.one", "stable"), ("acme.two", "stable"), ("acme.three", "stable"), ("acme.late", "deprecated"))) + """\
[[obsolete]]
id = "old.name"
now = "acme.one"
since = "2.1"
why = "The topic was wrong."

[[obsolete]]
id = "old.both"
now = ["acme.two", "acme.three"]
since = "2.0"
why = "They were two flaws."

[[obsolete]]
id = "old.gone"
since = "1.9"
why = "It forbade what is legal."

[[obsolete]]
id = "acme.late"
now = "acme.one"
since = "2.2"
why = "It says less than that one."
"""
NAME = "old.name is now acme.one, since 2.1: The topic was wrong."
BOTH = "old.both is split into acme.two and acme.three, since 2.0: They were two flaws."
GONE = "old.gone is no rule any more, since 1.9: It forbade what is legal."
LATE = "acme.late is deprecated since 2.2; use acme.one: It says less than that one."
BAD = Exchange(Response(404))


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    path = tmp_path / "pack.toml"
    path.write_text(PACK, "utf-8")
    return path


def found(linter: Linter) -> list[str]:
    return [finding.rule_id for finding in linter.lint(BAD).findings if finding.rule_id.startswith("acme.")]


@pytest.mark.parametrize(("select", "on", "notes"), [
    ("old.name", ["acme.one"], [NAME]),
    ("old.both,old.name,old.both", ["acme.one", "acme.two", "acme.three"], [BOTH, NAME]),
    ("old.gone,acme.two", ["acme.two"], [GONE]),
    ("old", ["acme.one", "acme.two", "acme.three"], [NAME, BOTH, GONE]),
    ("acme.late", ["acme.late"], [LATE]),
    ("acme", ["acme.one", "acme.two", "acme.three", "acme.late"], []),
    ("all", ["acme.one", "acme.two", "acme.three"], []),
])
def test_to_select_and_to_ignore(select: str, on: list[str], notes: list[str], pack: Path) -> None:
    linter = Linter(select=select, rules=pack)
    assert (found(linter), linter.notes()) == (on, notes)
    if select not in ("acme.late", "all"):
        without = Linter(ignore=select, rules=pack)
        assert found(without) == [name for name in ("acme.one", "acme.two", "acme.three") if name not in on]
        assert without.notes() == notes


@pytest.mark.parametrize(("profile", "on"), [("default", False), ("strict", False), ("api", False)])
def test_a_deprecated_rule_runs_only_where_it_is_named(profile: str, on: bool, pack: Path) -> None:
    assert ("acme.late" in found(Linter(profile=profile, rules=pack))) is on


def test_a_configuration_names_them_anywhere(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = pack.parent / "httplint.toml"
    config.write_text("""\
rules = ["pack.toml"]
select = ["old.name", "acme.two"]
level = {"old.both" = "info"}
[[override]]
status = "4xx"
select = ["acme.late"]
[[waiver]]
rule = "old.gone"
reason = "r"
""", "utf-8")
    capture = pack.parent / "a.txt"
    capture.write_text("HTTP/1.1 404 Not Found\nContent-Length: 0\n\n", "utf-8")
    run(["check", "--config", str(config), str(capture), "--output-format", "concise"])
    told = capsys.readouterr()
    assert [line.split(": ")[1].split()[0] for line in told.out.split("\n")[:3]] == [
        "error[acme.one]", "info[acme.two]", "error[acme.late]"]
    for note in (NAME, BOTH, GONE, LATE):
        assert told.err.count(note) == 1
    assert run(["config", "show", "--config", str(config)]) == 0
    assert NAME in capsys.readouterr().err


def test_a_baseline_goes_on_to_count(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capture, baseline = pack.parent / "a.txt", pack.parent / "baseline.json"
    capture.write_text("HTTP/1.1 404 Not Found\nContent-Length: 0\n\n", "utf-8")
    options = ["--isolated", "--rules", str(pack), "--select", "acme", "--baseline", str(baseline)]
    assert run(["baseline", "create", *options, str(capture)]) == 0
    baseline.write_text(baseline.read_text("utf-8").replace("acme.one", "old.name"), "utf-8")
    capsys.readouterr()
    assert run(["check", *options, str(capture)]) == 0
    assert capsys.readouterr().err.count(NAME) == 1
    assert run(["baseline", "check", *options, str(capture)]) == 0
    assert capsys.readouterr().err.count(NAME) == 1
    assert run(["baseline", "update", *options, str(capture)]) == 0
    assert "old.name" not in baseline.read_text("utf-8"), "an update takes the ids of today"
    assert "acme.one" in baseline.read_text("utf-8")
    capsys.readouterr()
    assert run(["check", *options, str(capture)]) == 0
    assert NAME not in capsys.readouterr().err


@pytest.mark.parametrize(("name", "code", "out", "note"), [
    ("old.name", 0, "acme.one", NAME), ("old.both", 0, "acme.three", BOTH), ("old.gone", 2, "", GONE),
    ("acme.late", 0, "acme.late", LATE),
])
def test_explain_and_list(name: str, code: int, out: str, note: str, pack: Path,
                          capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", name, "--isolated", "--rules", str(pack)]) == code
    told = capsys.readouterr()
    assert out in told.out
    assert told.err == f"httplint: {note}\n"
    assert run(["rules", "list", "--isolated", "--rules", str(pack), "--select", name]) == (0 if out else 3)
    assert capsys.readouterr().err == f"httplint: {note}\n"


def test_an_id_that_never_was_is_an_error(pack: Path) -> None:
    with pytest.raises(SelectionError, match=r"old\.nam2"):
        Linter(select="old.nam2", rules=pack)


@pytest.mark.parametrize(("text", "why"), [
    (PACK + '[[obsolete]]\nid = "old.name"\nsince = "3"\nwhy = "Why."\n', "pack.toml:49 already"),
    (PACK + '[[obsolete]]\nid = "acme.two"\nsince = "3"\nwhy = "Why."\n', "pack.toml:13, which is not deprecated"),
    ('[[obsolete]]\nid = "a.b"\nwhy = "Why."\n', "the key 'since' is missing"),
    ('[[obsolete]]\nid = "a.b"\nsince = "1"\nwhy = ["x"]\n', "why: a text is wanted"),
    ('[[obsolete]]\nid = "a.b"\nsince = "1"\nwhy = "x"\nnow = [1]\n', "now: texts are wanted"),
    ('[[obsolete]]\nid = "a.b"\nsince = "1"\nwhy = "x"\nnow = ["b"]\n', "'b' is no id"),
    ('[[obsolete]]\nid = "a.b"\nsince = "1"\nwhy = "x"\nnew = "a.c"\n', "unknown key 'new'; did you mean 'now'?"),
    ('[[obsolete]]\nid = "internal.b"\nsince = "1"\nwhy = "x"\n', "the linter's own"),
    ('obsolete = "a.b"\n', "write each obsolete as a [[obsolete]] table"),
])
def test_what_a_table_may_not_say(text: str, why: str, pack: Path) -> None:
    pack.write_text(text, "utf-8")
    with pytest.raises(RuleError) as caught:
        Linter(rules=pack)
    assert why in str(caught.value)
    assert "pack.toml:" in str(caught.value)
