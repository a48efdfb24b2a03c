"""What fuzzing found stays found: each harness runs what was stored of its inputs, and whatever once fell out of it."""
from __future__ import annotations

import random

import pytest
from fuzzing import corpus, mutation, one
from fuzzing.harnesses import HARNESSES

FALLEN: tuple[tuple[str, str, bytes], ...] = (
    ("flows", "the type of a flow is shown, which may be anything", b"20:4:type;6:\xe2\x80\xae\xe2\x80\xae;}"),
    ("secrets", "a name of a field, where a finding points at it",
     b"< HTTP/1.1 200 OK\n< trannsfer-encodingq7Zk93LmVx81RtBn20PsWd4F: chunked"),
    ("secrets", "the end of a value, shown apart",
     b"< HTTP/1.1 200 OK\n< Content-Digest: sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPEq7Zk93LmVx81RtBn20Ps"
     b"Wd4F=:;x=y"),
    ("secrets", "the begin of one, where a content is cut off",
     b"octets: GET / HTTP/1.1\\r\\nHost: a.example\\r\\n\\r\\nHTTP/1.1 200 OK\\r\\nContent-Encoding: deflate\\r\\n"
     b"Content-Length: 16\\r\\n\\r\\nx\\x9cq7Zk93LmVx81RtBn20PsWd4F"),
    ("growth", "empty lines at the end of the notation took quadratic time",
     b"lint\n> GET /f HTTP/1.1\n< HTTP/\0\x01\0\t\r\n\0\x01\0"),
)
"""(harness, what was wrong, input)."""
SEEDS = 25
"""Of each harness, that are run here; tools/fuzz begins with all."""


@pytest.mark.parametrize(("name", "data"), [(name, data) for name, _, data in FALLEN],
                         ids=[f"{name}: {what}" for name, what, _ in FALLEN])
def test_what_fell_out_once(name: str, data: bytes) -> None:
    HARNESSES[name].run(data)


@pytest.mark.parametrize("name", HARNESSES)
def test_what_is_stored_and_what_is_begun_with(name: str) -> None:
    seeds = list(HARNESSES[name].seeds())
    for data in [*corpus.stored(name), *random.Random(1).sample(seeds, min(SEEDS, len(seeds)))]:
        HARNESSES[name].run(data)


@pytest.mark.parametrize("name", HARNESSES)
def test_inputs_are_mutated(name: str) -> None:
    """Structure is kept often enough to be of use: what is made differs, and is seldom made by octets alone."""
    harness, chosen = HARNESSES[name], random.Random(1)
    seeds = list(harness.seeds())[:5]
    made = [mutation.mutated(harness.mutate, data, chosen, lambda given: mutation.octets(given, chosen), seeds)
            for data in seeds for _ in range(10)]
    assert len(set(made)) > len(made) // 2


def test_the_stored_corpus_is_small() -> None:
    sizes = [path.stat().st_size for path in corpus.CORPUS.glob("*.jsonl")]
    assert sum(sizes) <= 1 << 20
    assert {path.stem for path in corpus.CORPUS.glob("*.jsonl")} <= HARNESSES.keys()


def test_a_fault_is_told_and_made_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(data: bytes) -> None:
        if b"x" in data and b"y" in data:
            raise KeyError(data)

    monkeypatch.setitem(HARNESSES, "field", HARNESSES["field"]._replace(run=broken))
    found = one.fault("field", b"aaaxbbbyccc")
    assert found is not None
    assert found[:2] == ("raised", "KeyError in the harness")
    assert one.minimised("field", b"aaaxbbbyccc", 10) == b"xy"
    assert one.fault("field", b"x") is None
