"""Asks the tables of an archive, with DuckDB: the questions of `queries/`, over `DIR/parts/*/TABLE*.parquet`.

The directory may be a stranger's. DuckDB reads the files that are listed here and no others, has no network, loads no
extension, and puts what does not fit into its memory into a directory of its own.
"""
from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from httplint.archive.answers import Answer, AnswerColumn, Answers, AnswerValue, ValueKind
from httplint.archive.parts import tables_of
from httplint.archive.questions import FEW, QUESTIONS, ArchiveQuestion, question, view, views
from httplint.archive.tables import FORMAT, TABLES
from httplint.model import installation
from httplint.model.errors import HttplintError
from httplint.model.files import cause
from httplint.report.escape import sound

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY = 1 << 30
"""Octets that DuckDB takes; beyond, it writes to a temporary directory."""
MOST_ROWS, LONGEST = 10_000, 4000
"""Rows of an answer, and characters of a text in it."""

ONCE = "CREATE TEMP TABLE once AS FROM broken; CREATE OR REPLACE TEMP VIEW broken AS FROM once"
"""SQL by which what several questions ask is found once."""
KINDS: dict[str, ValueKind] = {"BOOLEAN": "flag", "DATE": "day", "DOUBLE": "share", "VARCHAR": "text"}
"""A type of DuckDB -> the kind of a column; other types are counts."""
NAMED: dict[str, ValueKind] = {"rule": "rule", "severity": "severity", "period": "period"}
"""The names of columns that have a kind of their own."""


class ArchiveError(HttplintError):
    """A directory is not what httplint archive writes, or cannot be read; the message says why."""


class Filters:
    """What is asked for: rows of the question `places` alone, but for `severity`."""

    def __init__(self, severity: str = "info", rule: str | None = None, host: str | None = None,
                 server: str | None = None) -> None:
        """`severity`: findings of this severity and above."""
        self.severity = severity
        self.rule = rule
        self.host = host
        self.server = server


def ask(directory: str, names: Iterable[str] = QUESTIONS, filters: Filters | None = None, least: int = FEW) -> Answers:
    """The answers to these questions. `least`: from so many responses on, a share is taken to say something.

    Raises ArchiveError.
    """
    filters = filters or Filters()
    tables = _tables(directory)
    paths = [path for paths in tables.values() for path in paths]
    with _connection(paths) as connection:
        try:
            _look_at_format(connection, directory, paths)
            for name, files in tables.items():
                connection.execute(f"SET VARIABLE {name} = (SELECT $1)", [files])
                connection.execute(view(TABLES[name]))
            for statement in connection.extract_statements(views()):
                connection.execute(statement)
            for name, value in (("least", least), *vars(filters).items()):
                connection.execute(f"SET VARIABLE {name} = (SELECT $1)", [value])
            questions = [question(name) for name in names]
            if any("FROM broken" in one.statement for one in questions):
                connection.execute(ONCE)
            answers = tuple(_answer(connection, one) for one in questions)
        except Exception as error:
            raise _told(connection, directory, paths, error) from None
    return Answers(directory, least, answers)


def _tables(directory: str) -> dict[str, list[str]]:
    """Table -> its files. Raises ArchiveError."""
    if "://" in directory:
        raise ArchiveError(f"{directory:.200} is not on this machine: copy it, and name the copy")
    top = os.path.join(directory, "parts")
    out: dict[str, list[str]] = {name: [] for name in TABLES}
    try:
        if not os.path.isdir(top):
            os.listdir(directory)                          # raises what is wrong with it
            raise ArchiveError(f"{directory} has no directory parts, and is not what httplint archive writes")
        for part in sorted(os.listdir(top)):
            for name, paths in out.items():
                paths += filter(os.path.isfile, tables_of(os.path.join(top, part), name))
        for path in (path for paths in out.values() for path in paths):
            _look_at_place(directory, path)
    except (OSError, ValueError) as error:
        raise ArchiveError(f"{directory} cannot be read: {cause(error)}") from None
    return out


def _look_at_place(directory: str, path: str) -> None:
    """Raises ArchiveError for a link that leads elsewhere, and for a name that DuckDB does not take."""
    if sound(path) != path:
        raise ArchiveError(f"{path} has a name that is no UTF-8, which DuckDB wants: rename it")
    if os.path.commonpath((os.path.realpath(directory), os.path.realpath(path))) != os.path.realpath(directory):
        raise ArchiveError(f"{path} is a link that leads out of {directory}, and is not followed")


@contextmanager
def _connection(paths: Iterable[str]) -> Iterator[DuckDBPyConnection]:
    """A database in memory that may read these files only. Raises ArchiveError."""
    try:
        import duckdb
    except ImportError:
        raise ArchiveError(f"tables of archives are read with DuckDB: {installation.command('archive')}") from None
    with tempfile.TemporaryDirectory(prefix="httplint-") as room, duckdb.connect(":memory:", config={
            "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
            "allow_community_extensions": "false", "memory_limit": f"{MEMORY >> 20}MiB",
            "temp_directory": room}) as connection:
        allowed = ", ".join(_literal(os.path.abspath(path)) for path in paths)
        for setting in ("TimeZone = 'UTC'", f"allowed_paths = [{allowed}]", "enable_external_access = false",
                        "lock_configuration = true"):
            connection.execute(f"SET {setting}")
        yield connection


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _answer(connection: DuckDBPyConnection, asked: ArchiveQuestion) -> Answer:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE answer AS {asked.statement}")
    described = _fetched(connection, "SELECT column_name, column_type FROM (DESCRIBE answer)")
    columns = tuple(AnswerColumn(name, NAMED.get(name) or KINDS.get(kind, "count"), asked.about[name])
                    for name, kind in described)
    shown = ", ".join(f'left("{name}", {LONGEST})' if kind == "VARCHAR" else f'"{name}"' for name, kind in described)
    (count,) = _fetched(connection, "SELECT count(*) FROM answer")[0]
    rows = [tuple(map(_value, row)) for row in _fetched(connection, f"FROM answer SELECT {shown} LIMIT {MOST_ROWS}")]
    return Answer(asked.name, asked.title, asked.question, columns, rows, count - len(rows))


def _fetched(connection: DuckDBPyConnection, statement: str) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = connection.execute(statement).fetchall()
    return rows


def _value(value: object) -> AnswerValue:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, (str, int, date)) else str(value)


def _look_at_format(connection: DuckDBPyConnection, directory: str, paths: list[str]) -> None:
    """Raises ArchiveError for tables of another format."""
    found = connection.execute("SELECT DISTINCT CAST(value AS VARCHAR) FROM parquet_kv_metadata($1) "
                               "WHERE key = 'httplint.format'::BLOB", [paths]).fetchall() if paths else ()
    for (number,) in found:
        if number != str(FORMAT):
            raise ArchiveError(f"{directory} has tables of format {number:.20}, and this one reads format {FORMAT}; "
                               "use the httplint that wrote them, or a newer one")


def _told(connection: DuckDBPyConnection, directory: str, paths: Iterable[str], error: Exception) -> BaseException:
    """What is raised for an error; of DuckDB's, with the file that is at fault, if it is one."""
    if isinstance(error, RuntimeError) and "interrupted" in str(error):
        return KeyboardInterrupt()                         # which DuckDB makes that of
    if not _of_duckdb(error):
        return error
    said = f"{str(error).partition(chr(10))[0]:.300}"
    if type(error).__name__ != "OutOfMemoryException":
        for path in (path for path in paths if not _whole(connection, path)):
            return ArchiveError(f"{path} is broken: {said}; take its directory away, and run httplint archive again")
    return ArchiveError(f"the tables of {directory} cannot be asked: {said}")


def _of_duckdb(error: Exception) -> bool:
    return type(error).__module__.startswith(("duckdb", "_duckdb"))


def _whole(connection: DuckDBPyConnection, path: str) -> bool:
    """Whether a file can be read to its end."""
    try:
        connection.execute("SELECT count(COLUMNS(*)) FROM read_parquet($1)", [path]).fetchall()
    except Exception as error:
        return not _of_duckdb(error)
    return True
