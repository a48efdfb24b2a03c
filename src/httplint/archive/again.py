"""Captures are forgotten of which something could not be read or judged, so that the next run lints them anew."""
from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from httplint.archive.parts import failed, reading, settle, tables_of
from httplint.archive.tables import CAPTURE, CAPTURES, DEAD_KINDS, DEAD_LETTERS

if TYPE_CHECKING:
    import pyarrow as pa

KINDS = DEAD_KINDS.keys() - {"limit"}
"""Kinds of dead letters that may be otherwise at the next time: a network or a disk that failed, too little memory."""


def forget(directory: str) -> int:
    """Takes the rows of such captures out of the parts of an archive, which the caller has locked; how many there were.

    A part is written anew without them, and takes the place of the other. Where that is interrupted, its captures have
    no rows, and are linted anew. Raises OutputError.
    """
    top = os.path.join(directory, "parts")
    return sum(_forget(directory, part) for part in sorted(os.listdir(top)) if os.path.isdir(os.path.join(top, part)))


def _forget(directory: str, part: str) -> int:
    place = os.path.join(directory, "parts", part)
    names = {name for path in tables_of(place, DEAD_LETTERS.name) for name in _dead(path)}
    if not names:
        return 0
    anew, old = (os.path.join(directory, "unfinished", f"{part}.{end}") for end in ("anew", "old"))
    try:
        os.mkdir(anew)
        for path in tables_of(place):
            _without(names, path, os.path.join(anew, os.path.basename(path)))
        settle(anew)
        os.rename(place, old)
        if any(True for _ in tables_of(anew, CAPTURES.name)):
            os.rename(anew, place)
        settle(os.path.dirname(place))
    except OSError as error:
        raise failed(place, error) from None
    for path in (anew, old):
        shutil.rmtree(path, ignore_errors=True)
    return len(names)


def _dead(path: str) -> Iterator[str]:
    """The captures that a file of dead letters is about."""
    for some in _batches(path, [CAPTURE.name, "kind"]):
        yield from (row[CAPTURE.name] for row in some.to_pylist() if row["kind"] in KINDS)


def _batches(path: str, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
    with reading(path) as file:
        yield from file.iter_batches(columns=columns, use_threads=False)


def _without(names: set[str], path: str, target: str) -> None:
    """Writes the rows of a file that are not about these captures, if there are any."""
    import pyarrow as pa
    from pyarrow import compute
    from pyarrow.parquet import ParquetWriter
    writer = None
    with open(target, "xb") as file:
        for some in _batches(path):
            kept = some.filter(compute.invert(compute.is_in(some.column(CAPTURE.name), pa.array(names))))
            if kept.num_rows:
                writer = writer or ParquetWriter(file, some.schema, compression="zstd")
                writer.write_batch(kept)
        if writer is not None:
            writer.close()
            file.flush()
            os.fsync(file.fileno())
    if writer is None:
        with suppress(OSError):
            os.unlink(target)
