"""The coverage table's reader, its judgement and its print-out, on small tables."""
from __future__ import annotations

from pathlib import Path

import pytest

from httplint import coverage as module
from httplint.capture.kinds import CaptureKind
from httplint.coverage import (
    BY_GET,
    BY_OTHERS,
    BY_PROBE,
    COLUMNS,
    Requirement,
    codes,
    coverage,
    print_coverage,
    reasons,
    rows,
)
from httplint.engine.catalogue import make
from httplint.engine.rule import Rule
from httplint.model.evidence import ALL, bits

HEAD = ",".join(COLUMNS) + "\n"
TABLE = HEAD + """\
9110-1-1,9110,1,MUST,server,response,response,definite,405,405 carries Allow,
9110-1-2,9110,1,MUST,origin,response,response,definite,405,Allow beside 405,same: 9110-1-1
9110-1-3,9110,1,SHOULD,server,exchange,response,heuristic,4xx,errors explain themselves,
9110-1-4,9110,1,MUST,client,no,,,403,"asks, then stops",client
9110-1-5,9110,1,MUST,client,exchange,request,definite,403,no second try,client
9110-1-6,9110,1,MUST,server,wire,response,definite,,no bare CR,wire: no reader yet
9999-2-1,9999,2,MUST,server,response,response,definite,,no bare CR at all,same: 9110-1-6
9999-2-2,9999,2,MUST,server,response,response,definite,404,somewhere else,open
"""
REASONS = "reason,meaning\nclient,It binds the client.\nwire,Needs octets.\nopen,To do.\nsame,Said before.\n"


def rule(*requirement: str, status: int | str = 405, name: str = "405.allow-missing") -> Rule:
    return make({"id": name, "title": "t", "level": "MUST", "spec": "RFC 9110 §1", "require": "'Allow' in response",
                 "status": status, "message": "m", "why": "w", "fix": "f", "bad": ["< HTTP/1.1 405 No"],
                 "good": ["< HTTP/1.1 405 No\n< Allow:"], "requirement": list(requirement)})


@pytest.fixture
def table(tmp_path: Path) -> Path:
    (tmp_path / "all.csv").write_text(TABLE, "utf-8")
    (tmp_path / "reasons.csv").write_text(REASONS, "utf-8")
    return tmp_path


def printed(table: Path, *rules: Rule, **options: object) -> list[str]:
    lines: list[str] = []
    print_coverage(rules, lines.append, directory=table, **options)  # type: ignore[arg-type]
    return lines


def test_a_row_is_read_whole(table: Path) -> None:
    assert rows(table)[3] == Requirement("9110-1-4", "9110", "1", "MUST", "client", "no", "", "", ("403",),
                                         "asks, then stops", "client", "")
    assert rows(table)[5].words == "no reader yet"
    assert rows(table)[1].same == ("9110-1-1",)
    assert reasons(table)["wire"] == "Needs octets."


@pytest.mark.parametrize(("text", "where"), [
    ("id,subject\n", ":1: the columns are id, document"),
    (HEAD + "9110-1-1,9110\n", ":2: 2 cells"),
    (HEAD + '"unclosed', ":2: "),
])
def test_a_table_with_the_wrong_form_is_named_with_file_and_line(tmp_path: Path, text: str, where: str) -> None:
    (tmp_path / "bad.csv").write_text(text, "utf-8")
    with pytest.raises(ValueError) as caught:
        rows(tmp_path)
    assert f"bad.csv{where}" in str(caught.value)


def test_a_directory_without_tables_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        rows(tmp_path)


def test_core_documents_come_first_and_others_last(tmp_path: Path) -> None:
    for name in ("others", "2295", "9112", "9110", "reasons"):
        (tmp_path / f"{name}.csv").write_text(HEAD, "utf-8")
    assert [path.stem for path in module.tables(tmp_path)] == ["9110", "9112", "2295", "others"]


def test_rules_count_also_for_what_says_the_same(table: Path) -> None:
    entries = coverage([rule("9110-1-1")], rows(table), reasons(table)).entries
    assert entries["9110-1-1"].rules == entries["9110-1-2"].rules == ("405.allow-missing",)
    assert str(entries["9110-1-2"]).partition(" [")[0] == "405.allow-missing (same as 9110-1-1)"


def test_what_repeats_several_needs_them_all(table: Path) -> None:
    (table / "more.csv").write_text(HEAD + "x-1,x,1,MUST,server,wire,response,definite,,a,same: 9110-1-1 9110-1-6\n"
                                    "x-2,x,1,MUST,server,wire,response,definite,,b,same: 9110-1-1 9999-2-2\n", "utf-8")
    entries = coverage([rule("9110-1-1")], rows(table)).entries
    assert str(entries["x-1"]).partition(" [")[0] == "405.allow-missing (same as 9110-1-1, 9110-1-6)"
    assert entries["x-2"].outcome == "open"
    assert coverage([], rows(table)).entries["x-1"].outcome == "open"
    assert coverage([rule("x-2")], rows(table)).entries["x-2"].outcome == "rules"


@pytest.mark.parametrize(("without", "told"), [
    ("", ""), ("b", " [not in: b]"), ("bc", " [seen in: a, d]"), ("bcd", " [seen in: a]")])
def test_the_fewer_kinds_of_capture_are_told(table: Path, monkeypatch: pytest.MonkeyPatch, without: str,
                                             told: str) -> None:
    monkeypatch.setattr("httplint.coverage.KINDS", tuple(
        CaptureKind(name, ALL & ~bits("response_fields") if name in without else ALL) for name in "abcd"))
    assert str(coverage([rule("9110-1-1")], rows(table)).entries["9110-1-1"]) == f"405.allow-missing{told}"


@pytest.mark.parametrize(("ways", "told", "more"), [
    ({"405.allow-missing": BY_GET, "405.other": BY_PROBE}, "", "0 of 0 statements more than the 1"),
    ({"405.allow-missing": BY_OTHERS, "405.other": BY_PROBE}, " [by: httplint probe]",
     "1 of 1 statements more than the 0"),
])
def test_what_it_takes_to_see_a_statement_broken_is_told(
        table: Path, monkeypatch: pytest.MonkeyPatch, ways: dict[str, str], told: str, more: str) -> None:
    monkeypatch.setattr("httplint.coverage.KINDS", (CaptureKind("all", ALL),))
    rules = [rule("9110-1-1"), rule("9110-1-1", name="405.other")]
    standing = coverage(rules, rows(table), reach=lambda one: ways[one.id]).entries["9110-1-1"]
    assert str(standing) == f"405.allow-missing, 405.other{told}"
    (table / "all.csv").write_text("\n".join(TABLE.split("\n")[:2]) + "\n", "utf-8")
    lines = printed(table, *rules, reach=lambda one: ways[one.id])
    assert [line for line in lines if line.startswith("With probe")] == [
        f"With probe: {more} that a plain GET can show broken."]
    assert lines[1].split()[-1] == ("+1" if told else "+0")
    assert not [line for line in printed(table, *rules) if "probe" in line], "nobody has asked"


def test_a_rule_may_name_both(table: Path) -> None:
    judged = coverage([rule("9110-1-1", "9110-1-2")], rows(table), reasons(table))
    assert judged.problems == []
    assert judged.entries["9110-1-2"].rules == ("405.allow-missing",)


def test_without_a_rule_the_reason_or_open(table: Path) -> None:
    entries = coverage([], rows(table)).entries
    assert [entry.outcome for entry in entries.values()] == [
        "open", "open", "open", "reason", "reason", "reason", "reason", "open"]
    assert str(entries["9110-1-6"]) == "wire: no reader yet"
    assert str(entries["9999-2-1"]) == "wire: no reader yet (same as 9110-1-6)"
    assert str(entries["9110-1-2"]) == "open (same as 9110-1-1)"


@pytest.mark.parametrize(("line", "problem"), [
    ("x-1,x,1,MUST,server,no,,,,,nonsense", "x-1: the reason 'nonsense' is not one of reasons.csv"),
    ("x-1,x,1,MUST,server,no,,,,,same: y-1", "x-1: same as y-1, which the table does not have"),
    ("x-1,x,1,MUST,server,no,,,,,same: x-1", "x-1: same as x-1, which is itself the same as something"),
    ("x-1,x,1,MUST,server,no,,,,,same: 9110-1-2", "x-1: same as 9110-1-2, which is itself the same as something"),
    ("x-1,x,1,MUST,server,no,,,,,same", "x-1: same as what?"),
    ("9110-1-3,x,1,MUST,server,no,,,,,wire", "9110-1-3: the id stands 2 times"),
])
def test_what_is_wrong_with_a_line_is_a_problem(table: Path, line: str, problem: str) -> None:
    (table / "more.csv").write_text(f"{HEAD}{line}\n", "utf-8")
    assert problem in coverage([], rows(table), reasons(table)).problems


def test_what_is_wrong_with_a_rule_is_a_problem(table: Path) -> None:
    judged = coverage([rule("9110-9-9", "9999-2-2", "9110-1-4")], rows(table), reasons(table))
    assert judged.problems == [
        "405.allow-missing: names the requirement 9110-9-9, which the table does not have",
        "9110-1-4: has the rule 405.allow-missing and the reason 'client'",
        "9999-2-2: has the rule 405.allow-missing and the reason 'open'"]
    assert printed(table, rule("9999-2-2"))[-1].startswith("problem: 9999-2-2: has the rule")


def test_the_table_of_documents_counts_what_a_capture_can_show(table: Path) -> None:
    lines = printed(table, rule("9110-1-1"))
    assert lines[1].split() == ["9110", "6", "4", "2", "1", "1", "3", "2", "1", "0", "66", "%", "100", "%"]
    assert lines[2].split() == ["9999", "2", "2", "0", "1", "1", "2", "0", "1", "1", "0", "%", "50", "%"]
    assert lines[3].split() == ["all", "8", "6", "2", "2", "2", "5", "2", "2", "1", "40", "%", "80", "%"]
    assert len({len(line) for line in lines[:4]}) == 1


def test_every_code_of_the_list_is_there_though_nothing_can_be_checked(table: Path) -> None:
    lines = printed(table)
    for code in module.CODES:
        assert any(line.split()[:1] == [code] for line in lines), code
    assert ("403  no checkable requirement of its own beside those of the class: "
            "9110-1-4 (client), 9110-1-5 (client)") in lines
    assert "500  no checkable requirement of its own beside those of the class" in lines


def test_classes_come_before_their_codes(table: Path) -> None:
    found = codes(coverage([], rows(table)).entries.values())
    assert found == sorted(found, key=lambda code: (code[0], "xx" not in code, code))


def test_one_status_code(table: Path) -> None:
    lines = printed(table, rule("9110-1-1"), rule(name="405.extra"), status=405)
    assert lines[0] == "405"
    assert lines[1].partition(" [")[0].split() == ["9110-1-1", "MUST", "405", "carries", "Allow", "->",
                                                   "405.allow-missing"]
    assert lines[-1] == "  further rules: 405.extra"
    assert printed(table, status="299") == ["299  no checkable requirement of its own beside those of the class"]


def test_rules_of_a_class_stand_beside_the_class_only(table: Path) -> None:
    wide = rule(name="4xx.extra", status="4xx")
    assert printed(table, wide, status="4xx")[-1] == "  further rules: 4xx.extra"
    assert "4xx.extra" not in "".join(printed(table, wide, status=405))


def test_one_document(table: Path) -> None:
    lines = printed(table, document="RFC 9110")
    assert [line.split()[0] for line in lines if line.startswith("  9")] == [
        "9110-1-1", "9110-1-2", "9110-1-3", "9110-1-6"]
    assert lines[-1] == "  not to be seen in responses: 2 client"
    assert not any(line.startswith("all") for line in lines)


def test_a_document_that_is_not_there_says_which_are(table: Path) -> None:
    with pytest.raises(LookupError, match="it has 9110, 9999"):
        printed(table, document="1234")


def test_only_what_is_open(table: Path) -> None:
    lines = printed(table, rule("9110-1-1"), show_open=True)
    assert [line.split()[0] for line in lines] == ["9110-1-3", "9999-2-2", "2"]
    assert lines[-1] == "2 open, 1 of them definite"
    assert printed(table, show_open=True, status=404)[-1] == "1 open, 1 of them definite"
    assert printed(table, show_open=True, document="9999")[-1] == "1 open, 1 of them definite"


def test_the_packaged_table_is_used_without_a_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "checkout", lambda: None)
    monkeypatch.setattr(module, "PACKAGE", str(tmp_path))
    assert module.table_directory() == tmp_path / "coverage_data"


def test_a_checkout_comes_first() -> None:
    assert module.table_directory().parts[-2:] == ("rules", "coverage")
