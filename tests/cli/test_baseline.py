"""`httplint baseline`, and check with a baseline, as their users call them."""
from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from har_maker import entry, har_of, write

from httplint.cli.main import run

FILE = ".httplint-baseline.json"
NONCES = itertools.count(0x5eed_0000)


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(item: object, method: str = "PATCH", path: str = "items", status: int = 405, **more: Any) -> Any:
    """A 405 without Allow."""
    url = f"https://shop.example/{path}/{item}?nonce={next(NONCES):08x}"
    return entry(("Date", "Sun, 01 Mar 2026 12:00:00 GMT"), ("Content-Type", "text/plain"), text="no",
                 request={"method": method, "url": url}, response={"status": status}, **more)


def har(*entries: Any, name: str = "a.har") -> str:
    return str(write(Path(name), har_of(*entries)))


SELECT = ("--select", "405.allow-missing")


def counts() -> dict[str, int]:
    document = json.loads(Path(FILE).read_text("utf-8"))
    return {f"{one['method']} {one['path']}": one["count"] for one in document["findings"]}


def test_what_was_there_is_known_and_what_is_new_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    first = har(*(refused(item) for item in range(12)))
    assert run(["check", first, *SELECT]) == 1
    assert run(["baseline", "create", first, *SELECT]) == 0
    capsys.readouterr()
    again = har(*(refused(f"{item:08x}-1111-4222-8333-abcdefabcdef", startedDateTime=f"2026-04-{item:02}T12:00:00Z")
                  for item in range(12, 0, -1)), name="again.har")
    assert run(["check", again, *SELECT, "--baseline", FILE]) == 0
    out = capsys.readouterr().out
    assert "no findings in 12 of 12 entries" in out
    assert "12 in the baseline" in out
    more = har(*(refused(item) for item in range(15)), refused(1, "PUT"), name="more.har")
    assert run(["check", more, *SELECT, "--baseline", FILE]) == 1
    out, err = capsys.readouterr()
    assert "×4 " in out
    assert "4 errors in 16 of 16 entries" in out
    assert "405.allow-missing PATCH https://shop.example/items/{id}: 12 in the baseline, 3 new" in out + err


def test_the_configuration_names_the_baseline(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (directory / "httplint.toml").write_text('baseline = "known/here.json"\nselect = ["405.allow-missing"]\n', "utf-8")
    path = har(refused(1))
    assert run(["check", path]) == 2
    assert "here.json: there is no baseline; make one with: httplint baseline create" in capsys.readouterr().err
    assert run(["baseline", "create", path]) == 2
    assert "cannot be written" in capsys.readouterr().err
    (directory / "known").mkdir()
    assert run(["baseline", "create", path]) == 0
    assert capsys.readouterr().out == f"Wrote {Path('known', 'here.json')}: 1 finding of 1 kind.\n"
    assert run(["check", path]) == 0
    assert run(["check", path, "--isolated"]) == 1
    assert run(["baseline", "check", path]) == 0


def test_what_is_waived_or_a_third_partys_is_not_in_the_baseline(directory: Path) -> None:
    (directory / "httplint.toml").write_text(
        'select = ["405.allow-missing"]\nfirst-party = ["shop.example"]\n'
        '[[waiver]]\nrule = "405"\nmethod = "PUT"\nreason = "known"\n', "utf-8")
    other = refused(1, "DELETE")
    other["request"]["url"] = "https://other.example/"
    assert run(["baseline", "create", har(refused(1), refused(2, "PUT"), other)]) == 0
    assert counts() == {"PATCH /items/{id}": 1}


@pytest.mark.parametrize("made", ["json", "jsonl"])
def test_a_baseline_from_results_is_that_from_the_captures(made: str, capsys: pytest.CaptureFixture[str]) -> None:
    first = har(*(refused(item) for item in range(12)), refused(1, "PUT"))
    second = har(refused(7), name="b.har")
    run(["baseline", "create", first, second])
    expected = Path(FILE).read_text("utf-8")
    for name, path in (("one", first), ("two", second)):
        assert run(["check", path, "--output", f"{made}:{name}"]) == 1
    assert run(["baseline", "create", "--from", "one", "--from", "two", "--force"]) == 0
    assert Path(FILE).read_text("utf-8") == expected
    assert run(["check", first, "--baseline", FILE, "--output", f"{made}:one"]) == 0
    capsys.readouterr()
    assert run(["baseline", "check", "--from", "one", "--from", "two"]) == 0
    assert "up to date" in capsys.readouterr().out
    assert run(["baseline", "check", "--from", "one"]) == 1
    assert run(["baseline", "update", "--from", "two"]) == 0
    assert {kind: times for kind, times in counts().items() if "PUT" in kind} == {}


def test_a_result_that_makes_no_baseline(capsys: pytest.CaptureFixture[str]) -> None:
    path = har(refused(1))
    run(["check", path, "--output", "json:whole"])
    document = json.loads(Path("whole").read_text("utf-8"))
    document["summary"]["findings"]["error"] += 1
    Path("part").write_text(json.dumps(document), "utf-8")
    assert run(["check", path, "--severity", "error", "--output", "json:hiding"]) == 1
    capsys.readouterr()
    for arguments, message in ((["--from", "part"], "part: the result does not hold all the findings"),
                               (["--from", path], "a.har: "), (["--from", "missing"], "missing: cannot be read"),
                               (["--from", "whole", path], "and not both"), ([], "Name captures, or results")):
        assert run(["baseline", "create", *arguments]) == 2
        assert message in capsys.readouterr().err
    assert not Path(FILE).exists()
    assert run(["baseline", "create", "--from", "hiding"]) == 0


def test_an_existing_file_is_not_overwritten(capsys: pytest.CaptureFixture[str]) -> None:
    path = har(refused(1))
    Path(FILE).write_text("mine", "utf-8")
    assert run(["baseline", "create", path]) == 2
    assert "is there already" in capsys.readouterr().err
    assert Path(FILE).read_text("utf-8") == "mine"
    assert run(["baseline", "create", path, "--force", *SELECT]) == 0
    assert counts() == {"PATCH /items/{id}": 1}


def test_update_prunes_and_takes_in_only_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    run(["baseline", "create", har(*(refused(item) for item in range(5)), refused(1, "PUT")), *SELECT])
    now = har(refused(1), refused(2), refused(1, "DELETE"), refused(2, "DELETE"), name="now.har")
    capsys.readouterr()
    assert run(["baseline", "update", now, *SELECT]) == 0
    assert counts() == {"PATCH /items/{id}": 2}
    assert capsys.readouterr().out == (
        f"{FILE}: took 4 findings of 2 kinds out.\n"
        "New since the baseline: 2 findings of 1 kind; --add takes them in, httplint check shows them.\n")
    assert run(["baseline", "update", now, "--add", *SELECT]) == 0
    assert counts() == {"PATCH /items/{id}": 2, "DELETE /items/{id}": 2}
    before = Path(FILE).stat().st_mtime_ns
    assert run(["baseline", "update", now, "--add", *SELECT]) == 0
    assert Path(FILE).stat().st_mtime_ns == before
    assert "nothing to change" in capsys.readouterr().out


def test_ids_of_former_days_are_told_of_once_and_go_with_an_update(capsys: pytest.CaptureFixture[str]) -> None:
    pack = Path("pack", "a.toml")
    pack.parent.mkdir()
    assert run(["rules", "new", "test.one"]) == 0
    pack.write_text(capsys.readouterr().out + '\n[[obsolete]]\nid = "test.old"\nnow = "test.one"\nsince = "2"\n'
                    'why = "It was renamed."\n', "utf-8")
    path, told = har(refused(1)), "httplint: test.old is now test.one, since 2: It was renamed.\n"
    options = [path, "--rules", "pack", "--select", "test.old"]
    assert run(["baseline", "create", *options]) == 0
    file = Path(".httplint-baseline.json")
    today = file.read_text("utf-8")
    file.write_text(today.replace("test.one", "test.old"), "utf-8")
    capsys.readouterr()
    assert run(["baseline", "check", *options]) == 0
    assert capsys.readouterr().err == told
    assert run(["baseline", "update", *options]) == 0
    assert capsys.readouterr() == (".httplint-baseline.json: took the ids of today.\n", told)
    assert file.read_text("utf-8") == today


def test_update_leaves_rules_alone_that_did_not_run() -> None:
    path = har(refused(1))
    run(["baseline", "create", path, *SELECT])
    assert run(["baseline", "update", path, "--select", "503"]) == 0
    assert run(["baseline", "check", path, "--select", "503"]) == 0
    assert counts() == {"PATCH /items/{id}": 1}


def test_check_tells_what_is_new_and_what_is_gone(capsys: pytest.CaptureFixture[str]) -> None:
    path = har(refused(1), refused(2))
    run(["baseline", "create", path, *SELECT])
    capsys.readouterr()
    assert run(["baseline", "check", path, *SELECT]) == 0
    assert capsys.readouterr().out == f"{FILE}: up to date, 2 findings of 1 kind.\n"
    assert run(["baseline", "check", har(refused(1), refused(1, "PUT"), name="b.har"), *SELECT]) == 1
    assert capsys.readouterr().out == (
        "new       ×1  405.allow-missing PUT https://shop.example/items/{id}\n"
        "gone      ×1  405.allow-missing PATCH https://shop.example/items/{id}\n"
        f"{FILE}: 1 finding of 1 kind new, 1 finding of 1 kind gone.\n"
        "httplint baseline update takes out what is gone.\n")


def test_the_file_does_not_depend_on_the_order_of_the_input() -> None:
    one = [refused(item, method) for item in range(3) for method in ("PUT", "PATCH", "DELETE")]
    a, b = har(*one, name="a.har"), har(refused("x", path="other"), name="b.har")
    run(["baseline", "create", a, b, *SELECT])
    first = Path(FILE).read_bytes()
    run(["baseline", "create", "--force", b, har(*one[::-1], name="a.har"), *SELECT])
    assert Path(FILE).read_bytes() == first


@pytest.mark.parametrize("action", ["create", "update", "check"])
def test_what_cannot_be_read_changes_nothing(action: str, capsys: pytest.CaptureFixture[str]) -> None:
    if action != "create":
        run(["baseline", "create", har(refused(1)), *SELECT])
    before = Path(FILE).read_bytes() if action != "create" else None
    for path, code in ((str(write(Path("broken.har"), "{")), 2), ("none.har", 2), (har(name="empty.har"), 3)):
        assert run(["baseline", action, path, *SELECT]) == code
        assert "the baseline is as it was" in capsys.readouterr().err
        assert (Path(FILE).read_bytes() if Path(FILE).exists() else None) == before


@pytest.mark.parametrize("action", ["update", "check"])
def test_a_missing_or_broken_baseline_is_an_error(action: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = har(refused(1))
    assert run(["baseline", action, path]) == 2
    assert "make one with: httplint baseline create PATH…" in capsys.readouterr().err
    Path(FILE).write_text('{"httplint-baseline": 1, "findings": [{}]}', "utf-8")
    assert run(["baseline", action, path]) == 2
    assert run(["check", path, "--baseline", FILE]) == 2
    assert "entry 1 of the baseline" in capsys.readouterr().err


def test_a_baseline_with_a_name_of_its_own() -> None:
    path = har(refused(1))
    assert run(["baseline", "create", path, *SELECT, "--baseline", "b.json"]) == 0
    assert not Path(FILE).exists()
    assert run(["check", path, *SELECT, "--baseline", "b.json"]) == 0


def test_a_rule_that_does_not_exist_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["baseline", "create", har(refused(1)), "--select", "4o5"]) == 2
    assert "no rule's id begins with '4o5'" in capsys.readouterr().err
