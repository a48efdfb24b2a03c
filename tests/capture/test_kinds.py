"""What each kind of capture can prove."""
from __future__ import annotations

import pytest

from httplint.capture.kinds import KINDS
from httplint.model.evidence import ALL, BITS, REASONS, Evidence, bits

CURL = {"request_content", "octets", "size", "time", "wire", "exact", "reason", "name_case"}
ANY = {"1.0", "1.1", "2", "3"}
TEXT = {"1.0", "1.1"}


def test_kinds() -> None:
    """Kind, what it never proves, and the versions that it can hold."""
    assert [(kind.name, set(Evidence.of(kind.facts).missing(ALL)), kind.versions) for kind in KINDS] == [
        ("HAR", {"interim", "trailers", "target", "wire", "name_case"}, ANY),
        ("flows", {"wire", "target"}, ANY),
        ("octets", {"time"}, TEXT),
        ("WARC", set(), TEXT),
        ("Fiddler archive", {"wire", "target", "trailers"}, TEXT),
        ("curl", CURL, ANY),
        ("library call", {"wire", "name_case"}, ANY),
        ("client library", {"wire", "interim", "trailers", "target"}, ANY),
        ("fetch", set(), TEXT),
        ("fetch --http2", {"reason", "target"}, {"2"}),
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
