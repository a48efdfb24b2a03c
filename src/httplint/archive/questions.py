"""The questions to an archive: the files in `queries/`, which can be taken along, and the views that they ask.

A file begins with comments: a title; sentences that say what is asked and what is left out; an empty one; a line for
each column of its answer. The rest is one statement.
"""
from __future__ import annotations

from collections.abc import Iterator

from httplint.archive.tables import TABLES, Table
from httplint.model.files import packaged
from httplint.model.named import NamedTuple

OVERVIEW = "overview"
"""The question whose answer is one row."""
QUESTIONS = (OVERVIEW, "rules", "hosts", "servers", "rules_by_server", "periods", "rules_by_period", "not_evaluated",
             "silent", "captures", "skipped", "dead_letters")
"""In the order in which they are told."""
PLACES = "places"
"""The question for the captures behind a row, which is asked by itself."""
FEW = 30
"""Below so many responses, a share says little, unless another number is asked for."""
TYPES = {"text": "VARCHAR", "code": "INTEGER", "count": "BIGINT", "seconds": "DOUBLE",
         "time": "TIMESTAMP WITH TIME ZONE", "day": "DATE"}
"""A type of columns -> that of DuckDB."""


class ArchiveQuestion(NamedTuple):
    """A file of `queries/`. `about`: column -> what it means; `statement`: SQL, without the semicolon."""

    name: str
    title: str
    question: str
    about: dict[str, str]
    statement: str


def question(name: str) -> ArchiveQuestion:
    """The question of that name."""
    text = _text(name)
    comments = [line[2:].strip() for line in text.split("\n") if line.startswith("--")]
    end = comments.index("")
    about = dict(line.split(maxsplit=1) for line in comments[end + 1:])
    statement = text[text.rindex("\n--"):].partition("\n")[2].partition("\n")[2].strip().removesuffix(";")
    return ArchiveQuestion(name, comments[0], " ".join(comments[1:end]), about, statement)


def _text(name: str) -> str:
    return packaged("httplint.archive", f"queries/{name}.sql").decode("utf-8")


def files() -> Iterator[tuple[str, str]]:
    """(name, text) of the files to take along: first the one that makes the views."""
    yield "tables.sql", TABLES_HEAD + "".join(f"\n{found(table)}{view(table)}" for table in TABLES.values()) + (
        "\n" + views())
    for name in (*QUESTIONS, PLACES):
        yield f"{name}.sql", _text(name)


TABLES_HEAD = """\
-- The tables of an archive, as views, which have to be made in its directory before a question is asked:
-- cd DIR && cat QUERIES/tables.sql QUERIES/rules.sql | duckdb
SET TimeZone = 'UTC';
"""


def found(table: Table) -> str:
    """SQL that puts the files of a table below this directory into the variable of its name."""
    pattern = f"parts/*/{table.name}*.parquet"
    return f"SET VARIABLE {table.name} = (SELECT list(file ORDER BY file) FROM glob('{pattern}'));\n"  # noqa: S608


def view(table: Table) -> str:
    """SQL that makes the view of a table, of the files in the variable of its name. Without files, it has no rows; a
    column that a file has not is null.
    """
    width = max(len(column.name) for column in table.columns)
    about = "".join(f"--   {column.name:{width}}  {column.about}\n" for column in table.columns)
    nulls = ", ".join(f'CAST(NULL AS {TYPES[column.type]}) AS "{column.name}"' for column in table.columns)
    return (f"-- {table.name}: a row is {table.about}\n{about}"
            f"CREATE OR REPLACE TEMP VIEW {table.name} AS\n"
            f"SELECT {nulls} WHERE false\nUNION ALL BY NAME\n"
            f"FROM query(CASE WHEN len(getvariable('{table.name}')) > 0 THEN\n"
            f"    'FROM read_parquet(getvariable(''{table.name}''), union_by_name = true, hive_partitioning = false)'\n"
            f"    ELSE 'SELECT CAST(NULL AS VARCHAR) AS capture WHERE false' END);\n")


def views() -> str:
    """SQL that makes what several questions ask."""
    return _text("views")
