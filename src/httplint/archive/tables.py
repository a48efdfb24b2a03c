"""The tables that an archive becomes, as data: what a row is, its columns, their types and what they mean.

Texts are without secrets unless those were asked for, and have no lone surrogates, which no UTF-8 has.
"""
from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from httplint.model.named import NamedTuple

FORMAT = 1
"""Version of the tables: raised when a column goes, or changes its type or meaning. New columns do not raise it."""

Type = Literal["text", "code", "count", "seconds", "time", "day"]
"""`code` has 32 bits, `count` 64, both with a sign; `seconds` are a floating-point number of 64 bits, `time` has
milliseconds since 1970 in UTC, `day` days in UTC."""
Value = str | int | float | datetime | date | None
Row = tuple[Value, ...]
"""The values of the columns of a table, in their order."""


class TableColumn(NamedTuple):
    """A column of a table. `about`: what it means; `optional`: whether the value may be missing (null)."""

    name: str
    type: Type
    about: str
    optional: bool = False


class Table(NamedTuple):
    """A table. `about`: what one row is."""

    name: str
    about: str
    columns: tuple[TableColumn, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns, in their order."""
        return tuple(column.name for column in self.columns)


CAPTURE = TableColumn("capture", "text", "the URI or path of the capture, as it was named or found")
MEMBER = TableColumn("member", "text", "member of a packed capture that it stands in, such as a HAR in a zip", True)
PLACE = (
    TableColumn("origin", "text", "scheme, host and port that were asked, or the configuration's name for them", True),
    TableColumn("host", "text", "the host alone", True),
    TableColumn("method", "text", "request method", True),
    TableColumn("path", "text", "path template: ids, numbers and secrets in it are {id}", True),
    TableColumn("status", "code", "status code", True),
    TableColumn("server", "text", "product of the Server field, such as nginx, without version", True),
    TableColumn("version", "text", "version of HTTP, such as 1.1 or 2, as far as the capture proves it", True),
    TableColumn("media_type", "text", "media type of Content-Type, in lower case, without parameters", True),
)
"""What is known of a response: the columns by which findings and responses are joined. Missing: not captured, or not
there."""

FINDINGS = Table("findings", "a finding", (
    CAPTURE,
    MEMBER,
    TableColumn("entry", "count", "number of the entry in the capture, or in its member, from 0", True),
    TableColumn("pointer", "text", "JSON pointer of the entry", True),
    TableColumn("line", "count", "line of the entry, from 1", True),
    TableColumn("column", "count", "column of the entry, from 1", True),
    TableColumn("started", "time", "when the exchange began", True),
    TableColumn("rule", "text", "id of the rule"),
    TableColumn("severity", "text", "error, warning or info"),
    TableColumn("level", "text", "word of the specification (MUST, MUST NOT, SHOULD, SHOULD NOT), or defect or advice"),
    TableColumn("confidence", "text", "high, medium or low"),
    TableColumn("basis", "text", "explicit or implied"),
    TableColumn("message", "text", "what was seen and expected"),
    *PLACE,
    TableColumn("at_message", "text", "response, interim response or request"),
    TableColumn("at_part", "text", "status, field, content or trailer"),
    TableColumn("at_field", "text", "name of the field line that is at fault", True),
    TableColumn("at_index", "count", "number of that field line, from 0", True),
    TableColumn("at_offset", "count", "octet of its value, from 0; missing also where that is masked", True),
    TableColumn("suppressed", "text", "why it does not count: waiver or third-party", True),
))
RESPONSES = Table("responses", "alike responses of a capture on one day: sum the counts", (
    CAPTURE,
    TableColumn("day", "day", "day on which the exchanges began", True),
    *PLACE,
    TableColumn("count", "count", "responses that were linted"),
    TableColumn("with_errors", "count", "of these, how many have an error"),
    TableColumn("with_warnings", "count", "of these, how many have a warning"),
    TableColumn("with_findings", "count", "of these, how many have any finding that counts"),
))
CAPTURES = Table("captures", "a capture", (
    CAPTURE,
    TableColumn("outcome", "text", "whole; partial, if not all of it could be read or judged; unreadable, if nothing "
                                   "could"),
    TableColumn("octets", "count", "its size in octets, as it is stored", True),
    TableColumn("entries", "count", "entries that were read"),
    TableColumn("linted", "count", "of these, exchanges that were judged"),
    TableColumn("skipped_no_response", "count", "no response was captured"),
    TableColumn("skipped_not_http", "count", "the entry is not an HTTP exchange"),
    TableColumn("skipped_synthetic", "count", "the client made the response up"),
    TableColumn("skipped_repeated", "count", "the capture has the exchange once more"),
    TableColumn("skipped_unreadable", "count", "the entry does not have the shape of an exchange"),
    TableColumn("skipped_fault", "count", "judging it failed, by a fault of httplint"),
    TableColumn("errors", "count", "findings of that severity, without suppressed ones"),
    TableColumn("warnings", "count", "the same"),
    TableColumn("infos", "count", "the same"),
    TableColumn("suppressed", "count", "findings that do not count"),
    TableColumn("not_evaluated", "count", "how often a rule could not be evaluated on an exchange"),
    TableColumn("cpu", "seconds", "CPU time that it took"),
    TableColumn("httplint", "text", "version of httplint"),
))
NOT_EVALUATED = Table("not_evaluated", "a rule that could not be evaluated on exchanges of a capture: sum the counts", (
    CAPTURE,
    TableColumn("rule", "text", "id of the rule"),
    TableColumn("reason", "text", "what the capture did not show"),
    TableColumn("count", "count", "on how many exchanges"),
))
DEAD_KINDS = {
    "unreadable": "nothing of the capture could be read",
    "broken": "a stretch of it, or what follows, could not",
    "limit": "there was more than a limit allows",
    "fault": "httplint failed",
    "lost": "its process died of it",
}
"""Kinds of dead letters -> when it is one."""
DEAD_LETTERS = Table("dead_letters", "what could not be read or judged", (
    CAPTURE,
    TableColumn("kind", "text", "; ".join(f"{kind}, if {about}" for kind, about in DEAD_KINDS.items())),
    MEMBER,
    TableColumn("line", "count", "line at which it is broken, from 1", True),
    TableColumn("column", "count", "column, from 1", True),
    TableColumn("cause", "text", "what was wrong, in words"),
    TableColumn("after", "count", "entries of the capture before it"),
))

TABLES: dict[str, Table] = {table.name: table for table in (FINDINGS, RESPONSES, CAPTURES, NOT_EVALUATED, DEAD_LETTERS)}
"""Every table by its name."""
