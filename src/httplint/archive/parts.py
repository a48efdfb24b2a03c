"""A part of an archive: a directory with a file for each table, of the rows of whole captures.

Rows become columns as soon as there are some, since rows take many times the memory, and are written in large groups.
A part is written where nobody reads it, and gets its place by one rename of its directory.
"""
from __future__ import annotations

import errno
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from operator import itemgetter
from typing import TYPE_CHECKING, BinaryIO

from httplint.archive.tables import CAPTURE, TABLES, Row
from httplint.model.files import cause
from httplint.model.unfinished import OutputError

if TYPE_CHECKING:
    from pyarrow import RecordBatch
    from pyarrow.parquet import ParquetFile, ParquetWriter

BATCH = 1 << 11
"""Rows of a table that are held as rows, which take many times the memory of columns."""
BATCH_TEXT = 1 << 20
"""Characters of their texts, beyond which there are fewer."""
GROUP = 1 << 16
"""Rows of a table, as columns, that are written together."""
GROUP_OCTETS = 32 << 20
"""Octets of these, beyond which there are fewer."""
_TEXTS = {name: itemgetter(*(number for number, column in enumerate(table.columns) if column.type == "text"))
          for name, table in TABLES.items()}
"""Table -> what takes the texts out of a row."""


class TableFiles:
    """Files that rows are written to: one for each table that has any. `create` opens that of a table."""

    def __init__(self, create: Callable[[str], BinaryIO]) -> None:
        self._create = create
        self._rows: dict[str, list[Row]] = {}
        self._texts: Counter[str] = Counter()
        """Table -> characters of its rows that are no columns yet."""
        self._batches: dict[str, list[RecordBatch]] = {}
        """Table -> columns that are not written yet."""
        self._writers: dict[str, tuple[BinaryIO, ParquetWriter]] = {}

    def add(self, table: str, row: Row) -> None:
        """One more row."""
        rows = self._rows.get(table)
        if rows is None:
            rows = self._rows[table] = []
        rows.append(row)
        self._texts[table] += len("".join(filter(None, _TEXTS[table](row))))
        if len(rows) >= BATCH or self._texts[table] >= BATCH_TEXT:
            self._turn(table)

    def _turn(self, table: str) -> None:
        """Makes columns of the rows that are held; writes them, if there are many."""
        from httplint.archive.arrow import batch
        rows, self._rows[table], self._texts[table] = self._rows[table], [], 0
        batches = self._batches.setdefault(table, [])
        if rows:
            batches.append(batch(table, rows))
        if sum(one.num_rows for one in batches) >= GROUP or sum(one.nbytes for one in batches) >= GROUP_OCTETS:
            self._write(table)

    def _write(self, table: str) -> None:
        if batches := self._batches.pop(table, None):
            import pyarrow
            self._writer(table).write_table(pyarrow.Table.from_batches(batches))

    def _writer(self, table: str) -> ParquetWriter:
        if table not in self._writers:
            from pyarrow.parquet import ParquetWriter

            from httplint.archive.arrow import SCHEMAS
            file = self._create(table)
            self._writers[table] = file, ParquetWriter(file, SCHEMAS[table], compression="zstd")
        return self._writers[table][1]

    def finish(self) -> dict[str, BinaryIO]:
        """All rows are there: table -> its file, which is whole when it was closed."""
        for table in self._rows:
            self._turn(table)
            self._write(table)
        for _, writer in self._writers.values():
            writer.close()
        return {table: file for table, (file, _) in self._writers.items()}

    def drop(self) -> None:
        """Closes the files, whatever is in them."""
        for file, writer in self._writers.values():
            writer.is_open = False                         # or it would write once more when it is gone
            with suppress(OSError):
                file.close()
        self._writers.clear()


class UnfinishedPart:
    """The tables of some captures, below a directory, until they are all there. Raises OutputError, also later."""

    def __init__(self, directory: str, name: str) -> None:
        self._path = os.path.join(directory, "unfinished", f"{name}.{os.urandom(4).hex()}")
        self._target = os.path.join(directory, "parts", name)
        self._files = TableFiles(self._create)
        try:
            os.mkdir(self._path)
        except OSError as error:
            raise failed(self._path, error) from None

    def _create(self, table: str) -> BinaryIO:
        return open(os.path.join(self._path, f"{table}.parquet"), "xb")

    def add(self, table: str, row: Row) -> None:
        """One more row."""
        try:
            self._files.add(table, row)
        except OSError as error:
            raise failed(self._path, error) from None

    def commit(self) -> None:
        """All rows are there: the part gets its place."""
        try:
            for file in self._files.finish().values():
                file.flush()
                os.fsync(file.fileno())
                file.close()
            settle(self._path)
            os.rename(self._path, self._target)
            settle(os.path.dirname(self._target))
        except OSError as error:
            raise failed(self._target, error) from None

    def drop(self) -> None:
        """Takes away what has no place."""
        self._files.drop()
        shutil.rmtree(self._path, ignore_errors=True)


def part_name(captures: Iterable[str], key: bytes) -> str:
    """The name of the part that has these captures."""
    names = blake2b(digest_size=16, key=key)
    for capture in captures:
        names.update(capture.encode("utf-8", "surrogatepass") + b"\0")
    return names.hexdigest()


def has_part(directory: str, name: str) -> bool:
    """Whether a part has its place below a directory."""
    return os.path.isdir(os.path.join(directory, "parts", name))


def tables_of(part: str, table: str = "") -> Iterator[str]:
    """The files of a part, whoever wrote it; those of one table, or all."""
    if os.path.isdir(part):
        for name in sorted(os.listdir(part)):
            if name.startswith(table) and name.endswith(".parquet"):
                yield os.path.join(part, name)


def captures_in(path: str, source: BinaryIO | None = None) -> Iterator[str]:
    """The names of the captures in a file of `captures`, as `reading` takes it. Raises OutputError."""
    with reading(path, source) as file:
        for some in file.iter_batches(columns=[CAPTURE.name], use_threads=False):
            yield from some.column(0).to_pylist()


@contextmanager
def reading(path: str, source: BinaryIO | None = None) -> Iterator[ParquetFile]:
    """A file of a part, to be read, or the `source` that has its octets. Raises OutputError, also within."""
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile
    try:
        if source is None and not os.path.isfile(path):    # a pipe would be waited for
            raise OSError(errno.EINVAL, "it is no file")
        with ParquetFile(source or path) as file:
            yield file
    except (OSError, ArrowException, LookupError) as error:
        raise OutputError(
            f"{path} cannot be read: {' '.join(cause(error).split()):.200}; remove the directory that it is in, and "
            "its captures are linted anew", "a part is broken") from None


def settle(directory: str) -> None:
    """Has the disk know the names in a directory."""
    if hasattr(os, "O_DIRECTORY"):
        number = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            with suppress(OSError):                        # a file system that does so by itself
                os.fsync(number)
        finally:
            os.close(number)


def failed(path: str, error: Exception) -> OutputError:
    """What is raised where something cannot be written."""
    why = cause(error)
    return OutputError(f"{path} cannot be written: {why}", why)
