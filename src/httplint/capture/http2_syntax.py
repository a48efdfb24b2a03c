"""The syntax of field sections in HTTP/2 and HTTP/3 (RFC 9113 §8.2.1, §8.3, RFC 9114 §4.2, §4.3).

Nothing is refused: what breaks the syntax is noted as an Irregularity. Odd names, control characters, outer whitespace,
capital letters and fields of the connection are not noted: they can be told from the field lines themselves.
"""
from __future__ import annotations

from collections.abc import Iterable

from httplint.capture.http1_syntax import NOTED, TEXT
from httplint.model.message import Irregularity

Lines = tuple[tuple[str, str], ...]


def response_section(lines: Iterable[tuple[str, str]]) -> tuple[Lines, tuple[Irregularity, ...]]:
    """The field lines of a header section without pseudo-fields, and what is irregular about these.

    Names and values have one character for each octet.
    """
    fields: list[tuple[str, str]] = []
    found: list[Irregularity] = []
    pseudo: set[str] = set()
    for name, value in lines:
        if name.startswith(":"):
            found += [Irregularity(kind, None, name[:TEXT]) for kind, holds in (
                ("pseudo-field", name != ":status"), ("repeated-pseudo-field", name in pseudo),
                ("late-pseudo-field", bool(fields))) if holds]
            pseudo.add(name)
            continue
        fields.append((name, value))
    if ":status" not in pseudo:
        found.append(Irregularity("no-status", None, ""))
    return tuple(fields), tuple(found[:NOTED])
