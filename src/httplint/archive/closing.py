"""What a run says in the end, whatever has done it: what came of the captures, and what to type next."""
from __future__ import annotations

import shlex
from collections.abc import Iterator


def closing(captures: int, linted: int, found: int, before: int, dead: str, directory: str,
            severities: str = "") -> Iterator[str]:
    """The lines. `captures`, `linted`, `found`: captures that were opened, their responses, their findings; `before`:
    captures that had their rows; `dead`: how many dead letters, in words, empty for none; `severities`: of the
    findings, in words.
    """
    if captures or not before:
        yield (f"{_many(captures, 'capture')}: {_many(linted, 'response')} linted, {_many(found, 'finding')}"
               + (f" ({severities})" if severities else ""))
    if before:
        yield f"passed over, for their rows are there: {_many(before, 'capture')}"
    if dead:
        yield f"could not be read or judged: {dead} (the table dead_letters says why)"
    yield (f"the tables are there; copy {directory} to this machine, and ask them with httplint archive report"
           if "://" in directory else
           f"the tables are there; next: httplint archive report {shlex.quote(directory)}")


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' if number != 1 else ''}"
