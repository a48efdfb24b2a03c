"""`httplint report --merge`: the results of several jobs as one."""
from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from har_maker import entry, har_of, write
from hypothesis import given, settings
from hypothesis import strategies as st

from httplint.cli.main import run
from httplint.report.formats import FORMATS
from httplint.report.paths import shortest

KINDS = [entry(("Content-Type", "text/plain"), text="no", request={"method": method, "url": url},
               response={"status": status})
         for method, url, status in (
             ("PATCH", "https://shop.example/items/1", 405), ("PUT", "https://shop.example/items/2", 405),
             ("GET", "https://api.example/a?token=abcdefgh", 401), ("GET", "https://api.example/b", 503),
             ("GET", "https://shop.example/fine", 200), ("GET", "https://shop.example/", 0))]
"""Entries with findings, with none, with a secret, and one that is skipped."""

Judged = Callable[..., str]


@pytest.fixture
def judged(tmp_path: Path) -> Judged:
    """Checks captures, each a list of entries, and returns the path of their result."""
    def result(name: str, *arguments: str, **captures: list[Any]) -> str:
        paths = [str(write(tmp_path / f"{one}.har", har_of(*entries))) for one, entries in captures.items()]
        run(["check", *paths, "--isolated", "--fail-on", "never", "--output-format", "concise",
             "--output", f"json:{tmp_path / name}", *arguments])
        return str(tmp_path / name)

    return result


def changed(path: str, change: Callable[[Any], object]) -> str:
    data = json.loads(Path(path).read_text("utf-8"))
    change(data)
    Path(path).write_text(json.dumps(data), "utf-8")
    return path


def merged(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    assert run(["report", "--merge", *arguments, "--output-format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


@given(captures=st.lists(st.lists(st.sampled_from(KINDS), min_size=1, max_size=4), min_size=2, max_size=4),
       cut=st.integers(1, 3))
@settings(max_examples=8)
def test_results_of_a_split_set_of_captures_are_as_that_of_all(
        captures: list[list[Any]], cut: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    directory = tmp_path_factory.mktemp("split")
    paths = [str(write(directory / f"{number}.har", har_of(*entries))) for number, entries in enumerate(captures)]
    cut = min(cut, len(paths) - 1)
    for name, some in (("all", paths), ("one", paths[:cut]), ("two", paths[cut:])):
        run(["check", *some, "--isolated", "--fail-on", "never", "--output-format", "concise",
             "--output", f"json:{directory / name}"])
    run(["report", "--merge", str(directory / "one"), str(directory / "two"), "--output-format", "concise",
         "--output", f"json:{directory / 'merged'}"])
    whole, again = (json.loads(re.sub(r"\[masked \d+\]", "[masked]", (directory / name).read_text("utf-8")))
                    for name in ("all", "merged"))
    commands = [told["summary"].pop("command", "") for told in (whole, again)]
    assert commands[0] != commands[1]                       # that of the one, and those of both
    assert again == whole


def test_one_result_is_as_it_was(judged: Judged, tmp_path: Path) -> None:
    result = judged("one.json", a=KINDS)
    for way in ("--from", "--merge"):
        assert run(["report", way, result, *(f"--output={name}:{tmp_path / way[2:]}.{name}" for name in FORMATS)]) == 0
    for name in FORMATS:
        assert (tmp_path / f"from.{name}").read_bytes() == (tmp_path / f"merge.{name}").read_bytes()


def test_every_format_is_made_of_several(judged: Judged, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = judged("one.json", a=KINDS[:2]), judged("two.json", b=KINDS[2:])
    assert run(["report", "--merge", *results, *(f"--output={name}:{tmp_path}/out.{name}" for name in FORMATS)]) == 0
    assert "in 5 of 6 entries from 2 files" in capsys.readouterr().out
    assert all((tmp_path / f"out.{name}").stat().st_size for name in FORMATS)


def test_secrets_of_two_results_are_not_told_to_be_equal(judged: Judged, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = judged("one.json", a=[KINDS[2]]), judged("two.json", b=[KINDS[2], KINDS[2]])
    assert all("[masked 1]" in Path(path).read_text("utf-8") for path in (one, two))
    exchanges = merged(capsys, one, two)["exchanges"]
    assert [exchange["request"]["uri"].partition("token=")[2] for exchange in exchanges] == [
        "[masked 1]", "[masked 2]", "[masked 2]"]


def test_pseudonyms_that_a_stranger_wrote_stand_for_no_secret_of_others(judged: Judged,
                                                                       capsys: pytest.CaptureFixture[str]) -> None:
    one, two, three = (judged(f"{name}.json", **{name: [KINDS[2]]}) for name in "abc")
    text = Path(two).read_text("utf-8")
    Path(two).write_text(text.replace("[masked 1]", "\\u005bmasked 0\\u005d"), "utf-8")
    exchanges = merged(capsys, one, two, three)["exchanges"]
    assert len({exchange["request"]["uri"] for exchange in exchanges}) == 3


def test_what_was_shown_is_masked_anew(judged: Judged, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = judged("one.json", a=[KINDS[2]]), judged("two.json", "--show-secrets", b=[KINDS[2]])
    assert "abcdefgh" in Path(two).read_text("utf-8")
    data = merged(capsys, one, two)
    assert "abcdefgh" not in json.dumps(data)
    assert len({exchange["request"]["uri"] for exchange in data["exchanges"]}) == 2


def test_captures_of_one_path_are_kept_apart(judged: Judged, tmp_path: Path,
                                             capsys: pytest.CaptureFixture[str]) -> None:
    for job in ("linux", "mac"):
        (tmp_path / job).mkdir()
    results = judged("linux/r.json", a=[KINDS[0]]), judged("mac/r.json", a=[KINDS[0]], b=[KINDS[0]])
    data = merged(capsys, *results)
    path = str(tmp_path / "a.har")
    assert [one["source"]["path"] for one in data["exchanges"]] == [
        path, f"{path} (of mac/r.json)", str(tmp_path / "b.har")]
    assert [finding["location"]["path"] for finding in data["findings"] if finding["rule"] == "405.allow-missing"] == [
        path, f"{path} (of mac/r.json)", str(tmp_path / "b.har")]
    assert run(["report", "--merge", *results, "--output-format", "sarif"]) == 0
    assert "(of" not in capsys.readouterr().out            # code scanning asks for files
    assert run(["report", "--merge", *results]) == 0
    assert f"{path} (of mac/r.json):" in capsys.readouterr().out


def test_what_differs_is_said(judged: Judged, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = judged("one.json", a=[KINDS[0]]), judged("two.json", "--select", "405", b=[KINDS[0], KINDS[1]])

    def older(data: Any) -> None:
        data["httplint"] = "0.0.1"
        data["rules"]["405.allow-missing"]["fix"] = "Do not."
        data["summary"]["notes"] = ["a waiver has expired"]
        del data["rules"]["405.allow-missing"]["order"]     # as results were
        del data["summary"]["places"]

    notes = merged(capsys, one, changed(two, older))["summary"]["notes"]
    assert notes[0] == "two.json: a waiver has expired"
    assert re.fullmatch(r"the results are of different versions of httplint: \S+ \(one\.json\), 0\.0\.1 \(two\.json\)",
                        notes[1])
    assert re.fullmatch(r"the results are of different numbers of rules: \d+ \(one\.json\), \d+ \(two\.json\)",
                        notes[2])
    assert notes[3:] == ["the results describe these rules differently, and the first description is shown: "
                         "405.allow-missing"]
    data = merged(capsys, two, one)
    assert data["httplint"].startswith("0.0.1, ")
    assert data["rules"]["405.allow-missing"]["fix"] == "Do not."
    assert "places" not in data["summary"]                 # of which some are not known


def test_a_note_of_all_is_said_once(judged: Judged, capsys: pytest.CaptureFixture[str]) -> None:
    results = [changed(judged(f"{name}.json", **{name: [KINDS[0]]}),
                       lambda data: data["summary"].update(notes=["the same"])) for name in "ab"]
    assert merged(capsys, *results)["summary"]["notes"] == ["the same"]


def test_a_gate_is_one_where_it_is_asked_for(judged: Judged, capsys: pytest.CaptureFixture[str]) -> None:
    bad, fine = judged("bad.json", a=[KINDS[0]]), judged("fine.json", "--select", "405", b=[KINDS[4]])
    nothing = judged("nothing.json", c=[KINDS[5]])
    for arguments, code in (([bad, fine], 0), ([bad, fine, "--fail-on", "error"], 1), ([fine, "--fail-on", "error"], 0),
                            ([bad, "--fail-on", "never"], 0), ([nothing, "--fail-on", "error"], 3)):
        assert run(["report", "--merge", *arguments]) == code
    capsys.readouterr()
    assert run(["report", "--from", bad, "--fail-on", "error"]) == 1


def test_a_result_that_is_named_twice_is_refused(judged: Judged, tmp_path: Path,
                                                 capsys: pytest.CaptureFixture[str]) -> None:
    result = judged("one.json", a=[KINDS[0]])
    for again in (result, str(tmp_path / "." / "one.json"), f"{tmp_path}/../{tmp_path.name}/one.json"):
        capsys.readouterr()
        assert run(["report", "--merge", result, again]) == 2
        captured = capsys.readouterr()
        assert (captured.out, captured.err) == (
            "", f"httplint: {again}: this result is named twice: its findings would count twice\n")


@pytest.mark.parametrize(("change", "said"), [
    (lambda text: text[:-40], "two.json: Input data was truncated"),
    (lambda text: text.replace('"format": 1', '"format": 2'), "two.json: the result has format 2, expected 1"),
    (lambda text: "", "two.json: Input data was truncated"),
    (lambda text: text.replace('"exchange":0', '"exchange":1'), "two.json: findings[0]: its exchange is not there"),
])
def test_a_result_that_cannot_be_read_spoils_no_output(
        change: Callable[[str], str], said: str, judged: Judged, tmp_path: Path,
        capsys: pytest.CaptureFixture[str]) -> None:
    one, two = judged("one.json", a=[KINDS[0]]), judged("two.json", b=[KINDS[0]])
    Path(two).write_text(change(Path(two).read_text("utf-8")), "utf-8")
    capsys.readouterr()
    assert run(["report", "--merge", one, two, "--output", f"sarif:{tmp_path}/out.sarif"]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out.sarif").exists()


def test_operations_are_documented_once_and_seen_by_all(judged: Judged, capsys: pytest.CaptureFixture[str]) -> None:
    def documented(path: str, seen: dict[str, int]) -> dict[str, Any]:
        return {"id": None, "method": "GET", "path": path, "statuses": ["200"], "group": None, "seen": seen}

    def result(name: str, seen: dict[str, int]) -> str:
        return changed(judged(f"{name}.json", **{name: [KINDS[0]]}), lambda data: data["summary"].update(
            operations=[documented("/a", seen), documented(f"/{name}", {})]))

    operations = merged(capsys, result("x", {"200": 2}), result("y", {"200": 1, "404": 5}))["summary"]["operations"]
    assert [(one["path"], one["seen"]) for one in operations] == [("/a", {"200": 3, "404": 5}), ("/x", {}), ("/y", {})]


@given(paths=st.lists(st.text("ab/", min_size=1, max_size=6), min_size=1, max_size=6))
def test_results_have_different_names(paths: list[str]) -> None:
    names = shortest(paths)
    assert len(set(names)) == len(paths)


def test_the_place_that_a_stranger_gives_an_exchange_has_no_secrets(
        judged: Judged, capsys: pytest.CaptureFixture[str]) -> None:
    secret = "ghp_" + "aB3dE6gH9j" * 4

    def place(data: Any) -> None:
        data["exchanges"][0]["place"] = {
            "host": f"https://a:{secret}@h.example", "method": "GET", "path": f"/a/{secret}"}

    path, before = judged("new.json", a=KINDS[:1]), judged("old.json", a=KINDS[1:2])
    changed(path, place)
    for way in (["--from", path], ["--merge", before, path], ["--diff", before, path], ["--trend", before, path]):
        for form in ("text", "json", "markdown", "html"):
            run(["report", *way, "--output-format", form])
            told = capsys.readouterr().out
            assert "{id}" in told or form in ("text", "markdown") or way[0] == "--trend"
            assert secret not in told
