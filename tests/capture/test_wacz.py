"""Web archives in a zip."""
from __future__ import annotations

import gzip
import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warc_maker import info, record

from httplint.capture import files, reading, wacz
from httplint.capture.outcome import Problem
from httplint.model.exchange import Exchange

pytest.importorskip("fastwarc", reason="fastwarc is not installed")

RECORDED = Path(__file__).parents[2] / "fixtures" / "captures" / "wacz.wacz"
STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED


def answer(content: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content


def warc_of(*contents: bytes) -> bytes:
    return info("wget 1") + b"".join(record("response", answer(content), at) for at, content in enumerate(contents))


def packed(members: dict[str, bytes], method: int = STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, octets in members.items():
            archive.writestr(name, octets)
    return out.getvalue()


def outcomes(octets: bytes) -> list[Any]:
    return list(reading.read(io.BytesIO(octets), path="a.wacz"))


def shown(octets: bytes) -> list[Any]:
    """Contents of exchanges, and where what cannot be read stands."""
    return [each.response.content if isinstance(each, Exchange) else (each.path, each.cause.partition(":")[0])
            for each in outcomes(octets)]


@pytest.mark.parametrize("method", [STORED, DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("wrap", [bytes, gzip.compress])
def test_members_are_read_as_they_come_out(method: int, wrap: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """In order of their names, whatever their packing, and without a copy."""
    monkeypatch.setattr(tempfile, "TemporaryFile", None)
    end = ".gz" if wrap is gzip.compress else ""
    octets = packed({f"archive/b.warc{end}": wrap(warc_of(b"b")), f"ARCHIVE/A.WARC{end}": wrap(warc_of(b"a", b"a2")),
                     "archive/x.txt": b"x", "other/c.warc": warc_of(b"c")}, method)
    assert shown(octets) == [b"a", b"a2", b"b"]
    found = outcomes(octets)
    assert [each.source.entry for each in found] == [0, 1, 2]
    assert [each.source.path for each in found] == [f"a.wacz/ARCHIVE/A.WARC{end}"] * 2 + [f"a.wacz/archive/b.warc{end}"]


def test_what_is_stored_has_no_limit_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "INFLATED_MIN", 1000)
    assert shown(packed({"archive/a.warc": warc_of(b"a" * 100_000, b"b")})) == [b"a" * 100_000, b"b"]


def test_a_bomb_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "INFLATED_MIN", 100_000)
    monkeypatch.setattr(files, "INFLATED_RATIO", 2)
    first, problem = outcomes(packed({"archive/a.warc": warc_of(b"a", b"b" * 10_000_000)}, DEFLATED))
    assert isinstance(first, Exchange)
    assert isinstance(problem, Problem)
    assert "inflates to more than" in problem.cause


def test_what_comes_out_of_all_members_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "INFLATED_MIN", 1000)
    monkeypatch.setattr(files, "INFLATED_RATIO", 5)
    bombs = {f"archive/{at}.warc": warc_of(b"a" * 10_000) for at in range(10)}
    octets = packed({f"{at}.wacz": packed(bombs, DEFLATED) for at in range(10)})
    found = outcomes(octets)
    assert 0 < sum(isinstance(each, Exchange) for each in found) <= 5 * len(octets) / 10_000 < 50
    assert sum(isinstance(each, Problem) for each in found) > 50


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_members_with_the_same_name_the_last_one_is_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for content in (b"a", b"b"):
            archive.writestr("archive/a.warc", warc_of(content))
            archive.writestr("x.wacz", packed({"archive/a.warc": warc_of(content)}))
    assert shown(out.getvalue()) == [b"b", b"b"]


INNER = {"datapackage.json": b"{}", "archive/a.warc.gz": gzip.compress(warc_of(b"a" * 50, b"b"))}


def test_an_archive_of_archives() -> None:
    octets = packed({"datapackage.json": b"{}", "two.wacz": packed({**INNER, "archive/b.warc": warc_of(b"c")}),
                     "one.wacz": packed(INNER, DEFLATED), "archive/own.warc": warc_of(b"own")})
    assert shown(octets) == [b"own", b"a" * 50, b"b", b"a" * 50, b"b", b"c"]
    assert [each.source.path for each in outcomes(octets)][1] == "a.wacz/one.wacz/archive/a.warc.gz"


def test_an_archive_in_an_archive_with_an_extra_field_before_it() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("a.wacz", "b.wacz"):
            head = zipfile.ZipInfo(name)
            head.extra = b"\x99\x99\x04\x00abcd"
            archive.writestr(head, packed(INNER))
    assert shown(out.getvalue()) == [b"a" * 50, b"b"] * 2


@pytest.mark.parametrize(("inner", "cause"), [
    (b"PK\x03\x04 and nothing else", "cannot be read"), (b"", "cannot be read"), (b"x" * 1000, "cannot be read"),
])
def test_a_broken_archive_in_an_archive_is_told(inner: bytes, cause: str) -> None:
    octets = packed({"a.wacz": inner, "b.wacz": packed(INNER)})
    assert shown(octets) == [("a.wacz/a.wacz", cause), b"a" * 50, b"b"]


def test_an_archive_that_is_packed_once_more_is_told() -> None:
    problem, = outcomes(packed({"a.wacz": packed(INNER)}, DEFLATED))
    assert "packed once more" in problem.cause


def test_an_archive_in_an_archive_in_an_archive_is_not_looked_for() -> None:
    octets = packed(INNER)
    for _ in range(50):
        octets = packed({"a.wacz": octets})
    assert shown(octets) == [("a.wacz/a.wacz", "no WARC file is in it")]


def test_a_member_that_is_broken_is_told_and_the_next_is_read() -> None:
    made = bytearray(packed({"archive/a.warc": warc_of(b"a" * 1000), "archive/b.warc": warc_of(b"b")}))
    at = made.index(b"a" * 100)
    made[at:at + 4] = b"bbbb"                              # the checksum is another now
    *_, problem, last = outcomes(bytes(made))
    assert isinstance(problem, Problem)
    assert last.response.content == b"b"


@pytest.mark.parametrize("method", [STORED, DEFLATED])
@pytest.mark.parametrize("size", [0, 1, 700, 0x7fffffff])
@pytest.mark.parametrize("which", [20, 24])
def test_a_size_that_lies_loses_nothing_silently(which: int, size: int, method: int) -> None:
    """The compressed size, and the one before, in the directory of the zip."""
    made = bytearray(packed({"archive/a.warc": warc_of(*[b"a"] * 5)}, method))
    at = made.index(b"PK\x01\x02") + which
    made[at:at + 4] = size.to_bytes(4, "little")
    found = outcomes(bytes(made))
    assert any(isinstance(each, Problem) for each in found) or len(found) == 5


def test_encrypted_members_are_told() -> None:
    made = bytearray(packed({"archive/a.warc": warc_of(b"a"), "b.wacz": packed(INNER)}))
    directory = made.rindex(b"PK\x01\x02", 0, made.rindex(b"PK\x01\x02"))
    for at in (0, made.index(b"PK\x03\x04", 10), directory, made.rindex(b"PK\x01\x02")):
        made[at + (6 if made[at + 2] == 3 else 8)] |= 1
    found = outcomes(bytes(made))
    assert found
    assert all(isinstance(each, Problem) and "encrypted" in each.cause for each in found)


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    octets = packed({"archive/a.warc": warc_of(b"a", b"b"), "b.wacz": packed(INNER)})
    assert len(list(wacz.read(io.BytesIO(octets), path="a", progress=lambda *far: told.append(far)))) == 4
    assert told == sorted(told)
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        assert {total for _, total in told} == {sum(each.file_size for each in archive.infolist())}
    assert 0 < told[0][0] < told[-1][0] <= told[-1][1]


def test_an_archive_that_is_called_zip_is_taken_from_a_directory(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(packed(INNER))
    assert list(reading.captures([tmp_path])) == [str(tmp_path / "a.zip")]


def places(path: Path) -> st.SearchStrategy[int]:
    """Offsets before the directory of a zip."""
    with zipfile.ZipFile(path) as archive:
        return st.integers(0, archive.start_dir - 20)


@given(places(RECORDED), st.binary(min_size=1, max_size=20), st.booleans())
@settings(max_examples=40)
def test_a_mutilated_archive_loses_nothing_silently(at: int, octets: bytes, cut: bool) -> None:
    recorded = RECORDED.read_bytes()
    made = recorded[:at] if cut else recorded[:at] + octets + recorded[at + len(octets):]
    found = outcomes(made)
    if cut:
        assert any(isinstance(each, Problem) for each in found)
    elif not any(isinstance(each, Problem) for each in found):
        assert len(found) == len(outcomes(recorded))
