"""Inputs that coverage-guided fuzzing found, small ones that run what the seeds do not: a file for a harness.

Each line is a JSON text whose characters are octets.
"""
from __future__ import annotations

import json
from pathlib import Path

CORPUS = Path(__file__).with_name("corpus")
ROOM = 32_000
"""Octets that the inputs of a harness have in all, at most."""


def stored(name: str) -> list[bytes]:
    """The inputs of a harness."""
    path = CORPUS / f"{name}.jsonl"
    if not path.exists():
        return []
    return [json.loads(line).encode("latin-1") for line in path.read_text("ascii").splitlines()]


def store(name: str, inputs: list[bytes]) -> int:
    """Replaces the inputs of a harness by the smallest of these; returns how many have room."""
    CORPUS.mkdir(exist_ok=True)
    kept: list[bytes] = []
    room = ROOM
    for data in sorted(set(inputs), key=lambda data: (len(data), data)):
        room -= len(json.dumps(data.decode("latin-1"))) + 1
        if room < 0:
            break
        kept.append(data)
    lines = "".join(json.dumps(data.decode("latin-1")) + "\n" for data in kept)
    (CORPUS / f"{name}.jsonl").write_text(lines, "ascii")
    return len(kept)
