"""Reading HAR files: forms, faults, places, and one outcome for each entry."""
from __future__ import annotations

import base64
import gzip
import io
import json
import os
import subprocess
import sys
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest
from doubling import growth
from har_maker import entry, exchange, har_of, headers, outcomes, problem, shown, skipped, write

from httplint import Linter, lint_har
from httplint.capture import files, har, har_stream
from httplint.capture.outcome import CATEGORIES, CaptureError, Problem, Skipped
from httplint.model.exchange import Exchange

ONE = json.dumps(har_of(entry()))


def statuses(found: list[Any]) -> list[int]:
    return [item.response.status for item in found if isinstance(item, Exchange)]


def many(count: int = 40, **more: Any) -> dict[str, Any]:
    return har_of(*(entry(("X-Number", str(n)), text=f"é{n}\n" * (n % 7), **more) for n in range(count)))


# -- forms


def test_an_entry_becomes_an_exchange(tmp_path: Path) -> None:
    found = exchange(tmp_path, entry(("Content-Type", "text/plain"), ("Content-Length", "2"), text="ab"))
    assert found.request is not None
    assert (found.request.method, found.request.target) == ("GET", "https://example.org/a")
    assert found.request.version == "1.1"
    assert found.request.fields is not None
    assert found.request.fields.lines == (("Host", "example.org"),)
    assert found.request.content == b""
    assert (found.response.status, found.response.version, found.response.content) == (200, "1.1", b"ab")
    assert found.response.fields is not None
    assert found.response.fields.lines == (("Content-Type", "text/plain"), ("Content-Length", "2"))
    assert found.response.size == 2
    assert found.started == 1772366400.0
    assert not found.interim


def test_the_source_names_file_entry_pointer_and_place(tmp_path: Path) -> None:
    text = '{"log": {"creator": {"name": "x"},\n "comment": "\u20ac", "entries": [\n  null, "\U0001f600",\n\n\t 5]}}'
    found = outcomes(tmp_path, text)
    assert [shown(item)[0] for item in found] == [
        (str(tmp_path / "a.har"), 0, 3, 3, "/log/entries/0"),
        (str(tmp_path / "a.har"), 1, 3, 9, "/log/entries/1"),
        (str(tmp_path / "a.har"), 2, 5, 3, "/log/entries/2"),
    ]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("window", [1, 7, 100, 3000, 1 << 20])
@pytest.mark.parametrize("typed_from", [0, 5000, 1 << 40])
def test_all_windows_and_decoders_read_alike(tmp_path: Path, indent: int | None, window: int, typed_from: int) -> None:
    text = json.dumps(many(), indent=indent, ensure_ascii=False)
    found = outcomes(tmp_path, text, window=window, typed_from=typed_from)
    assert [shown(item) for item in found] == [shown(item) for item in outcomes(tmp_path, text)]
    assert [item.source.entry for item in found if isinstance(item, Exchange)] == list(range(40))
    starts = [line_and_column(text, n) for n in range(40)]
    assert [(item.source.line, item.source.column) for item in found if isinstance(item, Exchange)] == starts


@pytest.mark.parametrize("window", [300, 5000, 1 << 20])
def test_what_looks_like_the_end_of_an_entry_is_none_within_one(tmp_path: Path, window: int) -> None:
    one = entry(url="https://example.org/1")
    nested = json.dumps([one | {"request": {}}, one, one])
    text = json.dumps(har_of(*[one, one, one | {"_comment": "NESTED"}, one] * 5)).replace('"NESTED"', nested)
    found = outcomes(tmp_path, text, window=window, typed_from=0)
    assert [item.source.entry for item in found if isinstance(item, Exchange)] == list(range(20))
    assert [shown(item) for item in found] == [shown(item) for item in outcomes(
        tmp_path, text, window=window, typed_from=1 << 40)]


def line_and_column(text: str, number: int) -> tuple[int, int]:
    at = -1
    for _ in range(number + 1):
        at = text.index('"startedDateTime"', at + 1)
    at = text.rindex("{", 0, at)
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def test_msgspec_reads_nearly_all_of_a_big_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decoded = []
    monkeypatch.setattr(har_stream, "PlacedEntry", lambda *parts: decoded.append(parts[3]) or har_stream_found(*parts))
    assert len(outcomes(tmp_path, many(400), typed_from=0, window=1 << 16)) == 400
    assert decoded.count(True) > 390


har_stream_found = har_stream.PlacedEntry


def test_byte_order_mark(tmp_path: Path) -> None:
    found = outcomes(tmp_path, b"\xef\xbb\xbf" + ONE.encode())
    assert statuses(found) == [200]
    assert shown(found[0])[0][3] == ONE.index('{"startedDateTime') + 1


@pytest.mark.parametrize("name", ["a.har.gz", "a.har", "a"])
def test_gzip_by_content(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, gzip.compress(json.dumps(many()).encode()))
    for typed_from in (0, 1 << 40):
        assert statuses(list(har.read(path, typed_from=typed_from, window=2000))) == [200] * 40


def test_zip_with_contents_beside(tmp_path: Path) -> None:
    path = tmp_path / "a.har.zip"
    one = entry(("Content-Type", "image/png"), response={"content": {"size": 4, "_file": "b.png"}, "bodySize": 4})
    lost = entry(("Content-Type", "image/png"), response={"content": {"size": 4, "_file": "../c.png"}, "bodySize": 4})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("dir/har.har", json.dumps(har_of(one, lost)))
        archive.writestr("dir/b.png", b"\x00\x01\x02\x03")
        archive.writestr("other.har", ONE)
    first, second, third = har.read(path)
    assert isinstance(first, Exchange)
    assert isinstance(second, Exchange)
    assert first.response.content == b"\x00\x01\x02\x03"
    assert first.evidence.knows("octets")
    assert second.response.content is None
    assert shown(first)[0][0] == f"{path}/dir/har.har"
    assert shown(third)[0][0] == f"{path}/other.har"


def test_contents_beside_a_plain_file_but_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "hars").mkdir()
    write(tmp_path / "hars" / "b.txt", b"body")
    write(tmp_path / "secret.txt", b"body")

    def content(name: str) -> bytes | None:
        one = entry(response={"content": {"size": 4, "_file": name}, "bodySize": 4})
        found, = har.read(write(tmp_path / "hars" / "a.har", har_of(one)))
        assert isinstance(found, Exchange)
        return found.response.content

    assert content("b.txt") == b"body"
    for name in ("../secret.txt", str(tmp_path / "secret.txt"), "missing.txt", "", ".", "a\0b"):
        assert content(name) is None


def test_broken_zip_files(tmp_path: Path) -> None:
    assert problem(tmp_path, b"PK\x03\x04" + b"\0" * 100).cause.startswith("the zip file is broken")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("a.txt", "x")
    found, = har.read(tmp_path / "b.zip")
    assert str(found) == f"{tmp_path / 'b.zip'}: the zip file holds no .har file"
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("a.har", json.dumps(many()))
    octets = bytearray((tmp_path / "c.zip").read_bytes())
    octets[200] ^= 1
    write(tmp_path / "c.zip", bytes(octets))
    found = list(har.read(tmp_path / "c.zip"))
    assert isinstance(found[-1], Problem)
    assert "cannot be read" in found[-1].cause


@pytest.mark.parametrize("kind", ["gzip", "zip"])
def test_compression_bombs_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(files, "INFLATED_MIN", 1000)
    text = json.dumps(har_of(entry())).replace('"log":', '"log":' + " " * 3_000_000)
    if kind == "gzip":
        write(tmp_path / "a", gzip.compress(text.encode()))
    else:
        with zipfile.ZipFile(tmp_path / "a", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.har", text)
    found, = har.read(tmp_path / "a", window=10_000)
    assert isinstance(found, Problem)
    assert "inflates to more than" in found.cause


def test_the_largest_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(har_stream, "LIMIT", 10_000)
    found = outcomes(tmp_path, har_of(entry(), entry(text="x" * 50_000), entry()), window=1000)
    assert statuses(found) == [200, 200]
    assert isinstance(found[1], Problem)
    assert found[1].cause.startswith("a single value of more than")


@pytest.mark.parametrize("wrapped", ["onInputData({});", "a.b_c ( {} )", "onInputData({})  ;\n"])
def test_jsonp(tmp_path: Path, wrapped: str) -> None:
    assert statuses(outcomes(tmp_path, wrapped.replace("{}", ONE))) == [200]


@pytest.mark.parametrize("octets", [ONE.encode(), b"\xef\xbb\xbf" + ONE.encode(), gzip.compress(ONE.encode())])
def test_standard_input(octets: bytes) -> None:
    program = "from httplint.capture import har; print([type(item).__name__ for item in har.read('-')])"
    done = subprocess.run([sys.executable, "-c", program], input=octets, capture_output=True, check=True)
    assert done.stdout.decode().strip() == "['Exchange']"


def piped(octets: bytes, **options: Any) -> list[Any]:
    reader, writer = os.pipe()

    def feed() -> None:
        with open(writer, "wb") as stream:
            stream.write(octets)

    thread = threading.Thread(target=feed)
    thread.start()
    with open(reader, "rb") as stream:
        found = list(har.read(stream, path="pipe", **options))
    thread.join()
    return found


def zipped(octets: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.har", octets)
    return stream.getvalue()


@pytest.mark.parametrize("form", [bytes, gzip.compress, zipped])
@pytest.mark.parametrize("creator_last", [False, True])
def test_pipes(form: Any, creator_last: bool) -> None:
    document = many()
    if creator_last:
        document["log"]["creator"] = document["log"].pop("creator")
    octets = form(json.dumps(document).encode())
    for typed_from in (0, 1 << 40):
        found = piped(octets, typed_from=typed_from, window=5000)
        assert statuses(found) == [200] * 40
        assert all(item.evidence.knows("request_fields") for item in found)


@pytest.mark.parametrize("octets", [b"", b"{", b"{}"])
def test_short_pipes(octets: bytes) -> None:
    found, = piped(octets)
    assert isinstance(found, Problem)


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    path = write(tmp_path / "a.har", many())
    assert len(list(har.read(path, window=1000, progress=lambda done, of: told.append((done, of))))) == 40
    size = path.stat().st_size
    assert told[0][0] == 1000
    assert told[-1] == (size, size)
    assert told == sorted(told)


def test_creator_behind_the_entries(tmp_path: Path) -> None:
    document = many()
    document["log"]["creator"] = document["log"].pop("creator")
    found = outcomes(tmp_path, document, window=1000)
    assert statuses(found) == [200] * 40
    assert all(item.evidence.knows("request_fields") for item in found if isinstance(item, Exchange))
    broken = json.dumps(document)[:-50]
    found = outcomes(tmp_path, broken, window=1000)
    assert statuses(found) == [200] * 40
    assert isinstance(found[-1], Problem)
    assert not any(item.evidence.knows("request_fields") for item in found if isinstance(item, Exchange))


@pytest.mark.parametrize(("time", "seconds"), [
    (1500, 1.5), (0.25, 0.00025), (0, 0.0), (-1, None), ("12", None), (None, None), (True, None), (1e300, None)])
def test_how_long_an_exchange_took(tmp_path: Path, time: object, seconds: float | None) -> None:
    assert exchange(tmp_path, entry(time=time)).duration == seconds


def test_unknown_keys_and_missing_parts_are_fine(tmp_path: Path) -> None:
    one = {"request": {"method": "GET", "url": "http://a/"}, "response": {"status": 200, "ok": True}, "_x": [{}]}
    found = exchange(tmp_path, one, creator=None)
    assert found.response.fields is None
    assert found.response.content is None
    assert found.started is None
    assert found.evidence.missing(-1) == [fact for fact in found.evidence.missing(-1) if fact != "request"]


# -- faults


@pytest.mark.parametrize(("text", "place", "cause"), [
    ("", (1, 1), "the file is empty"),
    ("\ufeff \n", (2, 1), "the file is empty"),
    ("[]", (1, 1), "not a HAR: expected a JSON object"),
    ("<html>", (1, 1), "not a HAR: expected a JSON object"),
    ("%PDF", (1, 1), "not a HAR: expected a JSON object"),
    ("{}", (1, 1), "not a HAR: the object has no `log`"),
    ('{"a": 1}', (1, 1), "not a HAR: the object has no `log`"),
    ('{"log": []}', (1, 9), "not a HAR: `log` is not an object"),
    ('{"log": null}', (1, 9), "not a HAR: `log` is not an object"),
    ('{"log": {}}', (1, 1), "not a HAR: `log` has no `entries`"),
    ('{"log": {"creator": {}, "entries": null}}', (1, 36), "not a HAR: `entries` is not a list"),
    ('{"log": {"creator": {}, "entries": {}}}', (1, 36), "not a HAR: `entries` is not a list"),
    ("{log: 1}", (1, 2), "not JSON: expected a key in double quotes"),
    ('{"log" 1}', (1, 8), "not JSON: expected ':' here"),
    ('{\n"a": tru, "log": 1}', (2, 6), "not JSON: Expecting value"),
    ('{"log"', (1, 7), "the text breaks off here"),
    ('{"log": {"entries', (1, 10), "the text breaks off in the string that starts here"),
    ('{"log": {"creator": {}, "entries": [', (1, 37), "the text breaks off here"),
    ('{"log": {"creator": {}, "entries": []}} x', (1, 41), "something follows the end of the HAR"),
    ('f({"log": {"creator": {}, "entries": []}}', None, None),
])
def test_what_is_not_a_har(tmp_path: Path, text: str, place: tuple[int, int] | None, cause: str | None) -> None:
    for window in (1, 3, 1 << 20):
        if cause is None:
            assert outcomes(tmp_path, text, window=window) == []
            continue
        found = problem(tmp_path, text, window=window)
        assert ((found.line, found.column), found.cause) == (place, cause)


def test_no_entries_is_no_problem(tmp_path: Path) -> None:
    assert outcomes(tmp_path, har_of()) == []


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    found, = har.read(tmp_path / "missing.har")
    assert str(found) == f"{tmp_path / 'missing.har'}: cannot be read: No such file or directory"
    found, = har.read(tmp_path)
    assert isinstance(found, Problem)


def test_utf_16_is_read_by_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "wide.har"
    path.write_bytes(ONE.encode("utf-16"))
    assert [type(one) for one in har.read(path)] == [Exchange]


def test_entries_before_the_break_are_read(tmp_path: Path) -> None:
    text = json.dumps(many(), indent=1)
    for typed_from in (0, 1 << 40):
        found = outcomes(tmp_path, text[:-500], typed_from=typed_from, window=4000)
        assert statuses(found) == [200] * 39
        last = found[-1]
        assert isinstance(last, Problem)
        assert last.cause.startswith("the text breaks off")
        assert last.line in (text[:-500].count("\n") + 1, text[:-500].count("\n"))
        found = outcomes(tmp_path, text.replace('"39"', '"39" oops'), typed_from=typed_from, window=4000)
        assert statuses(found) == [200] * 39
        assert shown(found[-1])[2] == "not JSON: Expecting ',' delimiter"


@pytest.mark.parametrize("typed_from", [0, 1 << 40])
@pytest.mark.parametrize(("old", "new"), [
    ('"value": "20"}', '"value": "20" oops}'),
    ('"value": "20"}', '"value": "20}'),
    ('"value": "20"}]', '"value": "20"}'),
    ('"value": "20"}]', '"value": "20"'),
    ('"value": "20"}', '"value": 20, , }'),
    ('"value": "20"}', ""),
])
def test_reading_goes_on_behind_a_break(tmp_path: Path, typed_from: int, old: str, new: str) -> None:
    text = json.dumps(many())
    assert text.count(old) == 1
    broken = text.replace(old, new)
    found = outcomes(tmp_path, broken, typed_from=typed_from, window=4000)
    assert [item.source.entry for item in found if isinstance(item, Exchange)] == [*range(20), *range(21, 40)]
    gap = found[20]
    assert isinstance(gap, Problem)
    assert [isinstance(item, Problem) for item in found].count(True) == 1
    start, following = line_and_column(broken, 20)[1], line_and_column(broken, 21)[1]
    assert start < (gap.column or 0) <= following + 200
    assert gap.cause.endswith(f"; read again from line 1, column {following} on, where the next entry stands")
    assert statuses(list(har.read(io.BytesIO(gzip.compress(broken.encode())), path="x"))) == [200] * 39


@pytest.mark.parametrize("damage", ["pages", "between", "tail"])
def test_breaks_outside_of_entries(tmp_path: Path, damage: str) -> None:
    text = json.dumps(har_of(*[entry()] * 3))
    broken = {"pages": text.replace('"pages": []', '"pages": ['), "between": text.replace("}}, {", "}} {", 1),
              "tail": text[:-2] + "]"}[damage]
    found = outcomes(tmp_path, broken)
    assert statuses(found) == [200] * 3
    assert [isinstance(item, Problem) for item in found].count(True) == 1


def test_hars_one_behind_the_other(tmp_path: Path) -> None:
    for between in ("", "\n", ",", "]"):
        found = outcomes(tmp_path, between.join([json.dumps(har_of(entry(), entry()))] * 3))
        assert statuses(found) == [200] * 6
        assert [item.cause.partition(";")[0] for item in found if isinstance(item, Problem)] == [
            "something follows the end of the HAR"] * 2


def test_a_creator_behind_a_break(tmp_path: Path) -> None:
    text = json.dumps(har_of(entry(), entry(), entry()))
    head = '"creator": {"name": "mitmproxy", "version": "1"}, '
    moved = text.replace(head, "").replace('"GET"', '"GET', 1)[:-2] + ", " + head[:-2] + "}}"
    found = outcomes(tmp_path, moved)
    assert statuses(found) == [200] * 2
    assert all(item.evidence.knows("lines") for item in found if isinstance(item, Exchange))


@pytest.mark.parametrize("piece", ['{"a":[', '{"request":{},', '{"a":"', '[{"a":[{"request":{}},', '{"request":{}}x',
                                   '{"request":{}},{"a":[', '{' + " " * 50, '{"', '{"log":',
                                   '{"log":{"request":{}}', '{"entries":[', '{"request":{},"a":!},'])
def test_hostile_breaks_cost_linear_time(piece: str) -> None:
    def made(count: int, salt: int) -> bytes:
        return (f'{{"log": {{"creator": {{}}, "entries": [{salt}, ' + piece * count).encode()

    assert growth(made, lambda octets: list(har.read(io.BytesIO(octets), path="x")), 1 << 12) == ""


@pytest.mark.parametrize("typed_from", [0, 1 << 40])
def test_octets_that_are_no_text_in_the_first_key(tmp_path: Path, typed_from: int) -> None:
    octets = json.dumps(many()).encode().replace(b'"startedDateTime"', b'"\xff": 1, "startedDateTime"')
    assert statuses(outcomes(tmp_path, octets, typed_from=typed_from, window=2000)) == [200] * 40


@pytest.mark.parametrize("number", ["1.25", "1e+5", "-0.5E-7", "12345", "1E5", "-1"])
def test_a_number_is_cut_at_a_window(tmp_path: Path, number: str) -> None:
    text = f'{{"x": {number}, "log": {{"version": {number}, "creator": {{}}, "entries": [{json.dumps(entry())}]}}}}'
    for window in range(1, 60):
        assert statuses(outcomes(tmp_path, text, window=window)) == [200]


def test_truncated_gzip(tmp_path: Path) -> None:
    octets = gzip.compress(json.dumps(many(200)).encode())
    path = write(tmp_path / "a.har.gz", octets[:-20])
    found = list(har.read(path))
    assert len(found) > 150
    assert isinstance(found[-1], Problem)
    assert found[-1].cause.startswith("cannot be read")
    assert found[-1].line == 1
    whole = write(tmp_path / "b.har.gz", octets[:60] + bytes([octets[60] ^ 255]) + octets[61:])
    assert isinstance(list(har.read(whole))[-1], Problem)


@pytest.mark.parametrize("typed_from", [0, 1 << 40])
def test_what_strict_parsers_refuse(tmp_path: Path, typed_from: int) -> None:
    odd = [
        json.dumps(entry(("X", "1"), text="caf\udce9")),
        json.dumps(entry(("X", "2"), text="\ud800")),
        json.dumps(entry(("X", "3"), time=float("nan"), more=float("inf"))),
        json.dumps(entry(("X", "4"))).replace('"4"', '"4\x01\t"'),
        json.dumps(entry(("X", "5"))).replace('"time": 1', '"time": 1e999'),
        json.dumps(entry(("X", "6"))).replace('"time": 1', '"time": ' + "1" * 5000),
        json.dumps(entry(("X", "7"))).replace('"5"', "5"),
    ]
    text = json.dumps(har_of("here")).replace('"here"', ",\n".join(odd * 5))
    found = outcomes(tmp_path, text, typed_from=typed_from, window=3000)
    assert statuses(found) == [200] * 35
    assert [shown(item) for item in found] == [shown(item) for item in outcomes(tmp_path, text)]
    first, second, _, fourth = found[:4]
    assert isinstance(first, Exchange)
    assert isinstance(second, Exchange)
    assert isinstance(fourth, Exchange)
    assert first.response.content is None  # size counts the octets of a replacement
    assert second.response.content is None
    assert fourth.response.fields is not None
    assert fourth.response.fields.lines == (("X", "4\x01\t"),)


@pytest.mark.parametrize("typed_from", [0, 1 << 40])
def test_octets_that_are_not_utf_8(tmp_path: Path, typed_from: int) -> None:
    text = json.dumps(har_of(entry(("X", "caf?")), entry(("X", "b")))).encode().replace(b"caf?", b"caf\xe9")
    first, second = outcomes(tmp_path, text, typed_from=typed_from)
    assert isinstance(first, Exchange)
    assert first.response.fields is not None
    assert first.response.fields.values("x") == ["caf\xe9"]
    assert isinstance(second, Exchange)


@pytest.mark.parametrize("typed_from", [0, 1 << 40])
@pytest.mark.parametrize("depth", [2_000, 200_000])
def test_deep_nesting(tmp_path: Path, typed_from: int, depth: int) -> None:
    deep = '{"a":"]}\\"' + '","b":' + '{"c":[' * depth + "]}" * depth + "}"
    text = json.dumps(har_of(entry(), entry(), "deep", entry())).replace('"deep"', deep)
    found = outcomes(tmp_path, text, typed_from=typed_from, window=10_000)
    assert statuses(found) == [200] * 3
    assert isinstance(found[2], Skipped)
    deep_enough = depth > 100_000 or sys.version_info < (3, 12)    # later ones go deeper before they give up
    assert found[2].category == "unreadable"
    assert found[2].reason == "the entry is nested too deeply" or (
        not deep_enough and found[2].reason == "the entry has no request")
    found = outcomes(tmp_path, text[:text.index('"c":[]')], typed_from=typed_from)
    assert statuses(found) == [200] * 2
    assert isinstance(found[-1], Problem)
    assert problem(tmp_path, '{"log":' + "[" * depth).cause == "not a HAR: `log` is not an object"
    assert problem(tmp_path, '{"x":' + "[" * depth).cause == "the text breaks off here"


def test_duplicate_keys_lose_no_entry(tmp_path: Path) -> None:
    text = '{"log":{"creator":{},"entries":[null],"entries":[1,2]},"log":{"entries":[3]}}'
    assert [shown(item)[0][1] for item in outcomes(tmp_path, text)] == [0, 1, 2, 3]
    one = json.dumps(entry()).replace('"status": 200', '"status": 404, "status": 200')
    text = json.dumps(har_of("one")).replace('"one"', one)
    assert statuses(outcomes(tmp_path, text)) == statuses(outcomes(tmp_path, text, typed_from=0)) == [200]


def test_names_of_objects_are_plain_names(tmp_path: Path) -> None:
    one = entry(("__proto__", "x"), ("constructor", "y"), ("__class__", "z"), __proto__={"status": 500}, __class__=1)
    found = exchange(tmp_path, one)
    assert found.response.fields is not None
    assert found.response.fields.values("__proto__") == ["x"]
    assert found.response.status == 200


def test_big_values_and_many_lines(tmp_path: Path) -> None:
    one = entry(("X-Big", "x" * 1_000_000), *((f"X-{n}", "v") for n in range(100_000)))
    for typed_from in (0, 1 << 40):
        found = outcomes(tmp_path, har_of(one, one, one), typed_from=typed_from)
        assert len(found) == 3
        for item in found:
            assert isinstance(item, Exchange)
            assert item.response.fields is not None
            assert len(item.response.fields) == 100_001


# -- entries


@pytest.mark.parametrize(("one", "category", "reason"), [
    (None, "unreadable", "the entry is not an object"),
    (5, "unreadable", "the entry is not an object"),
    ([], "unreadable", "the entry is not an object"),
    ({}, "unreadable", "the entry has no request"),
    (entry() | {"request": None}, "unreadable", "the entry has no request"),
    (entry() | {"request": "GET"}, "unreadable", "the entry has no request"),
    (entry(request={"url": None}), "unreadable", "the request has no URL"),
    (entry(request={"url": ""}), "unreadable", "the request has no URL"),
    (entry(request={"url": 5}), "unreadable", "the request has no URL"),
    (entry() | {"response": None}, "no-response", "the entry has no response"),
    (entry() | {"response": []}, "no-response", "the entry has no response"),
    (entry(response={"status": 0}), "no-response", "no response was captured"),
    (entry(response={"status": -1}), "no-response", "no response was captured"),
    (entry(response={"status": -2}), "no-response", "no response was captured"),
    (entry(response={"status": None}), "no-response", "no response was captured"),
    (entry(response={"status": "0"}), "no-response", "no response was captured"),
    (entry(response={"status": 0, "_error": "net::ERR_FAILED"}), "no-response",
     "no response was captured (net::ERR_FAILED)"),
    (entry(response={"status": -1, "_failureText": "net::ERR_ABORTED"}), "no-response",
     "no response was captured (net::ERR_ABORTED)"),
    (entry(response={"status": 0}, _error="\x1b[2J"), "no-response", "no response was captured"),
    (entry(response={"status": 0}, _error="net::ERR_X"), "no-response", "no response was captured (net::ERR_X)"),
    (entry(response={"status": 0}, _error=5), "no-response", "no response was captured"),
    (entry(response={"status": 0, "_error": "net::ERR_A", "_failureText": "B"}, _error="C"), "no-response",
     "no response was captured (net::ERR_A)"),
    (entry(response={"status": "OK"}), "unreadable", "the status is not a number"),
    (entry(response={"status": True}), "unreadable", "the status is not a number"),
    (entry(response={"status": 200.5}), "unreadable", "the status is not a number"),
    (entry(response={"status": 10 ** 30}), "unreadable", "the status is not a status code"),
    (entry(response={"status": 10_000}), "unreadable", "the status is not a status code"),
    (entry(response={"status": [200]}), "no-response", "no response was captured"),
    (entry(request={"url": "data:text/plain,x"}), "not-http", "data: is not HTTP"),
    (entry(request={"url": "about:blank"}), "not-http", "about: is not HTTP"),
    (entry(request={"url": "chrome-extension://x/y.js"}), "not-http", "chrome-extension: is not HTTP"),
    (entry(request={"url": "file:///etc/passwd"}), "not-http", "file: is not HTTP"),
    (entry(request={"url": "tel:112"}), "not-http", "tel: is not HTTP"),
    (entry(request={"url": "news.:80/a"}), "not-http", "news.: is not HTTP"),
    (entry(response={"status": 307, "statusText": "Internal Redirect"}), "synthetic",
     "the client made the response up"),
    (entry(("Location", "https://a/"), ("Non-Authoritative-Reason", "HSTS"), response={"status": 307}), "synthetic",
     "the client made the response up"),
    (entry(_wasFulfilled=True), "synthetic", "the client made the response up"),
])
def test_entries_that_are_skipped(tmp_path: Path, one: Any, category: str, reason: str) -> None:
    assert skipped(tmp_path, one, "WebInspector") == (category, reason)
    assert category in CATEGORIES
    both = outcomes(tmp_path, har_of(one, one, one, one), typed_from=0)
    assert [shown(item)[1:] for item in both] == [(category, reason)] * 4


def test_only_mitmproxy_answers_for_its_page(tmp_path: Path) -> None:
    one = entry(request={"url": "http://mitm.it/cert/pem"})
    assert skipped(tmp_path, one) == ("synthetic", "the client made the response up")
    assert exchange(tmp_path, one, "WebInspector").response.status == 200


@pytest.mark.parametrize(("url", "lines", "target", "uri"), [
    ("/a?b", [("Host", "h.example")], "/a?b", "http://h.example/a?b"),
    ("/a#c", [("host", "h.example:443")], "https://h.example:443/a", None),
    ("/a", [("Host", "h.example:80")], "http://h.example:80/a", None),
    ("a/b", [("Host", "h.example")], "/a/b", "http://h.example/a/b"),
    ("/a", [(":authority", "h.example"), (":scheme", "https")], "https://h.example/a", None),
    ("/a", [(":authority", "h.example")], "https://h.example/a", None),
    ("*", [("Host", "h.example")], "*", "http://h.example*"),
    ("h.example:443/a", [], "https://h.example:443/a", None),
    ("localhost:8080", [], "/", None),
    ("//h.example/a", [(":scheme", "http")], "http://h.example/a", None),
    ("/a", [], "/a", None),
    ("/a", [(":authority", "h.example"), ("Host", "x.example"), (":scheme", "http")], "http://h.example/a", None),
    ("*", [(":authority", "h.example"), (":scheme", "http")], "http://h.example", None),
    ("//h.example/a", [("Host", "x.example:80"), (":authority", "x.example")], "https://h.example/a", None),
    ("h.example:80?q", [], "http://h.example:80/?q", None),
    ("///a", [("Host", "h.example:80")], "http://h.example:80/a", None),
    (".example:80/a", [("Host", "h.example:80")], "http://h.example:80/.example:80/a", None),
    ("/a", [(":scheme", "https")], "/a", None),
    ("/a", [(":scheme", "ftp"), ("Host", "h.example")], "/a", None),
    ("/a", [(5, "b"), ("Host", 5)], "/a", None),
    ("/a", [("Accept", "*/*"), ("Host", "h.example:80"), ("Host", "x.example:80")], "http://h.example:80/a", None),
])
def test_urls_that_are_not_absolute(tmp_path: Path, url: str, lines: list[tuple[object, object]], target: str,
                                    uri: str | None) -> None:
    found = exchange(tmp_path, entry(request={"url": url, "headers": headers(*lines)}), "Akita")
    assert found.request is not None
    assert found.request.target == target
    assert uri is None or found.request.uri == uri


@pytest.mark.parametrize(("status", "read"), [
    (99, 99), (799, 799), (1, 1), (9999, 9999), ("200", 200), (" 404 ", 404), (204.0, 204), (100, 100), (600, 600),
])
def test_status_codes_are_taken_as_they_are(tmp_path: Path, status: object, read: int) -> None:
    assert exchange(tmp_path, entry(response={"status": status})).response.status == read


@pytest.mark.parametrize(("url", "target"), [
    ("https://a/b#c", "https://a/b"),
    ("HTTP://A/", "HTTP://A/"),
    ("HTTPS://A/b#c", "HTTPS://A/b"),
    ("ws://a/socket", "ws://a/socket"),
    ("https://a/ü|{}", "https://a/ü|{}"),
    ("http://[", "http://["),
])
def test_targets(tmp_path: Path, url: str, target: str) -> None:
    found = exchange(tmp_path, entry(request={"url": url}))
    assert found.request is not None
    assert found.request.target == target
    assert not found.evidence.knows("target")


def test_connect_has_no_url(tmp_path: Path) -> None:
    for target in ("example.org:443", "proxy:443"):
        found = exchange(tmp_path, entry(request={"method": "CONNECT", "url": target}))
        assert found.request is not None
        assert found.request.target == target


def test_a_relative_url_without_a_section(tmp_path: Path) -> None:
    found = exchange(tmp_path, entry(request={"url": "/a", "headers": None}))
    assert found.request is not None
    assert found.request.target == "/a"


def test_only_chromes_own_redirect_is_made_up(tmp_path: Path) -> None:
    for status, phrase in ((307, "Temporary Redirect"), (302, "Internal Redirect")):
        one = entry(response={"status": status, "statusText": phrase})
        assert exchange(tmp_path, one, "WebInspector").response.status == status


@pytest.mark.parametrize("method", [None, "", 5])
def test_unknown_method(tmp_path: Path, method: object) -> None:
    found = exchange(tmp_path, entry(("Content-Length", "2"), text="ab", request={"method": method}))
    for fact in ("request", "request_fields", "pair", "content", "octets"):
        assert not found.evidence.knows(fact)
    assert found.response.content is None


# -- field lines


def lines(tmp_path: Path, *pairs: tuple[object, object], creator: str = "mitmproxy") -> tuple[tuple[str, str], ...]:
    found = exchange(tmp_path, entry(*pairs), creator)
    assert found.response.fields is not None
    return found.response.fields.lines


def test_joined_lines_are_split(tmp_path: Path) -> None:
    made = entry(("Set-Cookie", "a=1\nb=2"), ("X", "1\r\n2\n"), ("Y", "a\n b"))
    fields = exchange(tmp_path, made, "WebInspector").response.fields
    assert fields is not None
    assert fields.lines == (
        ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X", "1"), ("X", "2"), ("Y", "a"), ("Y", " b"))


def test_a_folded_line_stays_one(tmp_path: Path) -> None:
    assert lines(tmp_path, ("X", "a\r\n b\r\n\tc"), ("Y", "d")) == (("X", "a\r\n b\r\n\tc"), ("Y", "d"))


def test_odd_values(tmp_path: Path) -> None:
    assert lines(tmp_path, ("X", 5), ("Y", 1.5), ("Z", True), (7, "seven"), ("", "empty"), ("V", "")) == (
        ("X", "5"), ("Y", "1.5"), ("Z", "true"), ("7", "seven"), ("", "empty"), ("V", ""))
    assert lines(tmp_path, ("X", False), ("Y", 10**15 - 1), ("Z", 1 - 10**15)) == (
        ("X", "false"), ("Y", "999999999999999"), ("Z", "-999999999999999"))
    assert lines(tmp_path, ("X: y", "1"), ("caf\xe9", "2"), ("Y", "3")) == (("X: y", "1"), ("caf\xe9", "2"), ("Y", "3"))


def test_values_that_are_not_known_leave_a_gap(tmp_path: Path) -> None:
    found = exchange(tmp_path, entry(("X-None", None), ("X-List", ["a"]), ("X-Huge", 10 ** 15), ("Y", "y")))
    assert found.response.fields is not None
    assert found.response.fields.lines == (("Y", "y"),)
    assert found.evidence.response_gaps == {"x-none", "x-list", "x-huge"}
    assert found.evidence.knows("response_fields")


@pytest.mark.parametrize("torn", [None, "X: y", {}, {"value": "x"}, {"name": None, "value": "x"}, {"name": {}}])
def test_lines_without_a_name_leave_the_section_open(tmp_path: Path, torn: object) -> None:
    found = exchange(tmp_path, entry(response={"headers": [torn, {"name": "Y", "value": "y"}]}))
    assert found.response.fields is not None
    assert found.response.fields.lines == (("Y", "y"),)
    assert not found.evidence.knows("response_fields")
    assert not found.evidence.knows("lines")


@pytest.mark.parametrize("odd", [None, {}, "X: y", 5, {"Content-Type": "text/plain"}])
def test_no_list_of_headers(tmp_path: Path, odd: object) -> None:
    found = exchange(tmp_path, entry(response={"headers": odd}, request={"headers": odd}))
    assert found.request is not None
    assert found.response.fields is None
    assert found.request.fields is None
    for fact in ("response_fields", "lines", "content", "size", "request_fields"):
        assert not found.evidence.knows(fact)


def test_an_empty_list_of_headers(tmp_path: Path) -> None:
    trusted = exchange(tmp_path, entry(response={"headers": []}, request={"headers": []}))
    assert trusted.response.fields is not None
    assert len(trusted.response.fields) == 0
    assert trusted.evidence.knows("response_fields")
    assert trusted.evidence.knows("request_fields")
    browser = exchange(tmp_path, entry(response={"headers": []}, request={"headers": []}), "Firefox")
    assert browser.response.fields is None
    assert not browser.evidence.knows("response_fields")


@pytest.mark.parametrize(("value", "octets"), [
    ("caf\xe9", "caf\xe9"),                       # octets, or UTF-8 that the tool decoded: valid either way
    ("caf\udce9", "caf\xe9"),                     # an octet that the tool could not decode
    ("\u20ac 5", "\xe2\x82\xac 5"),               # UTF-8 that the tool decoded
    ("\udce9\u20ac", "\xe9\xe2\x82\xac"),
    ("\ud800", "\xed\xa0\x80"),
])
def test_values_hold_octets(tmp_path: Path, value: str, octets: str) -> None:
    assert lines(tmp_path, ("X", value)) == (("X", octets),)


# -- contents


def test_base64(tmp_path: Path) -> None:
    octets = bytes(range(256))
    one = entry(("Content-Type", "image/png"))
    one["response"]["content"] = {"size": 256, "text": base64.b64encode(octets).decode(), "encoding": "base64"}
    found = exchange(tmp_path, one, "WebInspector")
    assert found.response.content == octets
    assert found.evidence.knows("octets")
    for bad in ("!!!!", "YWI", "YQ==x", "\u20ac", "[image redacted]"):
        one["response"]["content"] = {"size": 2, "text": bad, "encoding": "base64"}
        found = exchange(tmp_path, one)
        assert found.response.content is None
        assert not found.evidence.knows("content")


def test_unknown_encoding_is_plain_text(tmp_path: Path) -> None:
    one = entry(text="abc")
    one["response"]["content"]["encoding"] = "utf-8"
    assert exchange(tmp_path, one).response.content == b"abc"


@pytest.mark.parametrize("content", [None, {}, [], "x", {"size": 5}, {"text": 5, "size": 1}, {"text": ["a"]},
                                     {"size": "2", "text": "ab"}, {"text": "ab"}, {"size": 3, "text": "ab"}])
def test_contents_that_are_not_known(tmp_path: Path, content: object) -> None:
    found = exchange(tmp_path, entry(response={"content": content}))
    assert found.response.content is None
    assert not found.evidence.knows("content")
    assert not found.evidence.knows("octets")


def test_request_contents(tmp_path: Path) -> None:
    def sent(creator: str = "mitmproxy", size: object = 3, **post: object) -> bytes | None:
        one = entry(request={"method": "POST", "bodySize": size, "postData": post or None})
        found = exchange(tmp_path, one, creator)
        assert found.request is not None
        assert found.evidence.knows("request_content") == (found.request.content is not None)
        return found.request.content

    assert sent(text="a=1") == b"a=1"
    assert sent(text="YT0x", encoding="base64") == b"a=1"
    assert sent(text="a=1", creator="WebInspector") is None
    assert sent(text="a=12") is None
    assert sent(text="[redacted]", size=10) is None
    assert sent(text="\ud800") is None
    assert sent(params="x") is None
    assert sent() is None
    assert sent(size=0) == b""
    assert sent(size=False) is None
    assert sent(text="[redacted]".ljust(199), size=199) is None
    assert sent(text="[redacted]".ljust(200), size=200) == b"[redacted]".ljust(200)


@pytest.mark.parametrize(("creator", "line", "rules"), [
    ("mitmproxy", ("X A", "b"), ["field.malformed-name"]),
    ("WebInspector", ("", "b"), ["field.malformed-name"]),
    ("something new", ("X-A", "b\0"), ["field.control-character"]),
    ("mitmproxy", ("X-A", "b\r\nX: c"), ["field.line-break"]),
    ("mitmproxy", (":status", "200"), []),
    ("WebInspector", ("X-A", "b\nc"), []),                  # two lines that the tool has joined
    ("something new", ("X-A", "b\r\nc"), []),
    ("WebPagetest", ("a=b; expires=Sun, 21-Jan-2018 11", "12:13 GMT"), []),
])
def test_names_and_values_that_cannot_be(tmp_path: Path, creator: str, line: tuple[str, str], rules: list[str]) -> None:
    found = exchange(tmp_path, entry(("Content-Type", "text/plain"), line), creator)
    assert [finding.rule_id for finding in Linter(select="field").lint(found).findings] == rules


def test_lint_har_raises_behind_the_entries_where_a_part_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.har"
    whole = json.dumps({"log": {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": []}})
    path.write_text(whole[:-2] + ' "', "utf-8")
    skipped: list[object] = []
    with pytest.raises(CaptureError):
        list(lint_har(path, on_skip=skipped.append))
    assert skipped == []
