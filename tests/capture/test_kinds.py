"""What each kind of capture can prove."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

from httplint.capture.har_quirks import NEVER, ROWS
from httplint.capture.kinds import KINDS
from httplint.capture.reading import PERHAPS, READERS, SUFFIXES, read, recognised
from httplint.model.evidence import ALL, BITS, LACKS, REASONS, Evidence, bits
from httplint.model.exchange import Exchange

PAGE = (Path(__file__).parents[2] / "docs" / "guides" / "captures.md").read_text("utf-8")
HARS, OTHERS = ([[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines()
                 if re.match(r"\| (?!tool)", line)] for part in PAGE.split("\n## All others\n"))
"""The rows of its two tables."""
UNFILED = {"library call", "client library", "fetch", "fetch --http2", "probe"}
"""Kinds that no reader reads."""
FACTS = {kind.name: kind.facts for kind in KINDS}
CURL = {"request_content", "octets", "size", "time", "wire", "exact", "reason", "name_case"}
HELD = {"wire", "interim", "trailers", "target"}
ANY = {"1.0", "1.1", "2", "3"}
TEXT = {"1.0", "1.1"}


def test_kinds() -> None:
    """Kind, what it never proves, and the versions that it can hold."""
    assert [(kind.name, set(Evidence.of(kind.facts).missing(ALL)), kind.versions) for kind in KINDS] == [
        ("HAR", {"interim", "trailers", "target", "wire", "name_case"}, ANY),
        ("Playwright trace", {"size", "interim", "trailers", "target", "wire", "name_case", "request_fields",
                              "request_content"}, ANY),
        ("flows", {"wire", "target"}, ANY),
        ("octets", {"time"}, TEXT),
        ("WARC", set(), TEXT),
        ("Fiddler archive", {"wire", "target", "trailers"}, TEXT),
        ("Burp items", HELD | {"octets", "size"}, ANY),
        ("ZAP messages", HELD, ANY),
        ("Charles session", {"interim", "trailers", "target", "wire", "name_case", "size", "reason"}, ANY),
        ("newman result", HELD | {"version", "request_version", "reason", "time"}, ANY),
        ("Postman collection", HELD | {"version", "request_version", "reason", "time", "response_fields", "lines",
                                       "name_case", "request_fields", "request_content"}, ANY),
        ("cassette", HELD | {"exact", "name_case", "time", "request_content"}, ANY),
        ("Schemathesis report", HELD | {"name_case"}, TEXT),
        ("WireMock", HELD | {"name_case", "version", "request_version", "reason"}, ANY),
        ("Hurl report", HELD | {"request_version", "reason", "request_content"}, ANY),
        ("curl", CURL, ANY),
        ("library call", {"wire", "name_case"}, ANY),
        ("client library", HELD, ANY),
        ("fetch", set(), TEXT),
        ("fetch --http2", {"reason", "target"}, {"2"}),
        ("probe", set(), TEXT | {"2"}),
    ]


def test_each_fact_is_one_bit() -> None:
    assert [BITS[fact] for fact in REASONS] == [2 ** number for number in range(len(REASONS))]
    assert sum(BITS.values()) == ALL
    assert bits() == 0
    assert bits("time", "wire", "time") == BITS["time"] + BITS["wire"]


def test_a_set_of_facts() -> None:
    held = Evidence.of(bits("time", "wire"), frozenset({"date"}), frozenset({"cookie"}))
    assert held.knows("time")
    assert not held.knows("size")
    assert held.missing(bits("time", "size", "lines")) == ["lines", "size"]
    assert held.missing(0) == []
    assert repr(held) == "Evidence(time, wire)"
    less = held.without("wire", "size")
    assert (less.bits, less.response_gaps, less.request_gaps) == (bits("time"), {"date"}, {"cookie"})


def test_equal_evidence_is_the_same_object() -> None:
    gaps = frozenset({"date"})
    assert Evidence.of(1, gaps) is Evidence.of(1, frozenset(["date"]))
    assert len({id(one) for one in (Evidence.of(1, gaps), Evidence.of(1), Evidence.of(2, gaps),
                                    Evidence.of(1, frozenset(), gaps))}) == 4


def test_facts_have_names_that_are_known() -> None:
    with pytest.raises(KeyError):
        Evidence.of(ALL).knows("colour")


# -- the page about captures


def unseen(facts: int) -> set[str]:
    """What reports say of captures that prove no more than these facts, the reasons apart that have a remedy."""
    return {LACKS[fact].unseen for fact in Evidence.of(facts).missing(ALL)} - {""}


def told(cell: str) -> set[str]:
    """What a cell says is never shown; behind a semicolon stand remarks."""
    words = cell.partition(";")[0]
    return set() if words in ("", "nothing") else set(words.split(", "))


def test_each_reader_has_a_kind_and_each_kind_its_readers() -> None:
    assert {reader.kind for reader in READERS} == (FACTS.keys() - UNFILED) | {""}
    assert [reader.name for reader in READERS if not reader.kind] == [
        "requests alone", "packed twice", "something else"]


def test_each_kind_that_is_read_is_on_the_page() -> None:
    assert {row[2] for row in OTHERS} | {"HAR"} == FACTS.keys() - UNFILED
    assert {len(row) for row in OTHERS} == {5}
    assert {len(row) for row in HARS} == {4}


@pytest.mark.parametrize("row", OTHERS, ids=lambda row: row[0])
def test_what_a_kind_never_shows_is_on_the_page(row: list[str]) -> None:
    assert told(row[4]) == unseen(FACTS[row[2]])


def test_what_no_har_shows_is_on_the_page() -> None:
    words = re.search(r"No HAR shows ([^.]*)\.", PAGE)
    assert words
    assert set(re.split(r",\s", words[1].replace("\n", " "))) == unseen(FACTS["HAR"])


@pytest.mark.parametrize("row", HARS, ids=lambda row: row[0])
def test_what_a_har_never_shows_is_on_the_page(row: list[str]) -> None:
    """A row begins with the name of a producer in `har_quirks`."""
    name = re.match("|".join(sorted({re.escape(each.name) for each in ROWS}, key=len, reverse=True)), row[0])
    assert name, row[0]
    facts = 0
    for each in ROWS:
        if each.name == name[0]:
            facts |= each.facts & ~(bits("version", "request_version") if each.version is NEVER else 0)
    assert told(row[3]) == unseen(facts) - unseen(FACTS["HAR"])


def test_what_is_taken_from_directories_is_on_the_page() -> None:
    sentence = re.search(r"taken is what\s+ends with ([^:]*?)\. Name", PAGE)
    assert sentence
    assert set(re.findall(r"`(\.[\w.]+)`", sentence[1])) == set(SUFFIXES)
    perhaps = re.search(r"Much else is called ([^:]*):", PAGE)
    assert perhaps
    assert set(re.findall(r"`(\.[\w.]+)`", perhaps[1])) == set(PERHAPS)


RECORDED = sorted(path for path in (Path(__file__).parents[2] / "fixtures" / "captures").iterdir()
                  if not path.name.endswith((".md", ".mitmproxy.har", "zip", "wacz")))


@pytest.mark.parametrize("capture", RECORDED, ids=lambda path: path.name)
def test_no_exchange_proves_more_than_its_kind(capture: Path) -> None:
    name = recognised(str(capture))
    kind, = (kind for kind in KINDS if kind.name in {reader.kind for reader in READERS if reader.name == name})
    found = [one for one in read(str(capture)) if isinstance(one, Exchange)]
    assert found
    for one in found:
        assert not one.evidence.bits & ~kind.facts
        assert one.response.version is None or one.response.version in kind.versions
