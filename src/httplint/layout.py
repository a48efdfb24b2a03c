"""The layout of rule files, which `httplint rules format` gives them: one for all.

The keys stand in the order of ORDER, their values in one column, no line is longer than WIDTH where TOML can help it:

- Examples are literal blocks, a line for each line of the message; where all of a key are of one line, they are a list.
- What a literal block cannot hold, or not visibly (control characters, tabs, a space before the end of a line, three
  single quotes, long lines), is a basic block with escapes, its long lines continued behind a backslash.
- Prose, whose whitespace says nothing, goes on in the next line; so do conditions, behind a backslash.
- Comments stay: those of the head, those above a rule or a key, and those behind a value, if they fit.

A value never changes; that is tried on each result.
"""
from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import Any

from httplint.engine import obsolete
from httplint.engine.catalogue import parsed
from httplint.engine.errors import RuleError
from httplint.engine.rule import KEYS
from httplint.model import toml
from httplint.model.named import NamedTuple

WIDTH = 120
"""Characters of a line, at most."""
VALUES = 14
"""The column of values, from 0."""
ASIDES = 35
"""The column of comments behind values."""

_FIRST = ("malformed", "id", "title", "level", "basis", "confidence", "party", "once", "stage", "profiles", "tags",
          "spec", "requirement", "status", "method", "version", "host", "path", "when", "foreach", "require", "message",
          "why", "fix")
_LAST = ("bad", "good")
ORDER = {"rule": (*_FIRST, *(key for key in KEYS if key not in _FIRST + _LAST), *_LAST),
         "obsolete": obsolete.KEYS}
"""The kinds of tables, and the order in which their keys stand."""
_HIDDEN = "\x00-\x1f\x7f-\xa0\xad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
"""What does not show, or not as what it is: it is escaped."""
_special = re.compile(rf'[\\"{_HIDDEN}]|[\U000e0000-\U000fffff]')
_unshown = re.compile(rf"[{_HIDDEN}\U000e0000-\U000fffff]")
_ESCAPES = {"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"}
_unit = re.compile(r"\\u.{4}|\\U.{8}|\\.|.")
_prose = re.compile(r"# \w")
_joint = re.compile(r"(?:and|or|if|else|for) ")


class _Key(NamedTuple):
    """A key of the file, with the comments above it and behind its value."""

    name: str
    above: list[str]
    behind: str
    line: int


class _Table(NamedTuple):
    """The keys of a rule or the like, and the comments above it; in the last one, those at the end of the file."""

    kind: str
    above: list[str]
    keys: list[_Key]


def formatted(octets: bytes, path: str) -> str:
    """A rule file in the layout. Raises RuleError, with file and line, for what is no rule file or has no layout."""
    parsed(octets, path)
    data, text = toml.read(octets)
    head, *tables, end = _tables(text.rstrip("\n") + "\n", path)
    said = {kind: iter(data.get(kind, [])) for kind in ORDER}
    lines = [*_keys(head, data, path)]
    for table in tables:
        lines += ["", *_comments(table.above), f"[[{table.kind}]]", *_keys(table, next(said[table.kind]), path)]
    lines += ["", *_comments(end.above)] if end.above else []
    out = "\n".join(lines).strip("\n") + "\n"
    try:
        same = _values(toml.read(out.encode())[0]) == _values(data)
    except toml.TomlError:
        same = False
    if not same:
        raise RuleError("this has no layout that would keep all values", path, 1)
    return out


def _values(data: dict[str, Any]) -> dict[str, Any]:
    """What a document says, in whatever layout."""
    return {key: [{name: KEYS[name].plain(said) if name in KEYS else said for name, said in one.items()}
                  for one in value] if key in ORDER else value for key, value in data.items()}


def _tables(text: str, path: str) -> list[_Table]:
    """What stands before the first table, the tables, and what stands behind all keys."""
    tables = [_Table("", [], [])]
    above: list[str] = []
    statement: list[str] = []
    behind, line, start, depth, blank = "", 1, 1, 0, True
    for found in toml.PIECE.finditer(text):
        piece = found[0]
        if piece == "\n" and not depth:
            if "=" in statement:
                tables[-1].keys.append(_Key(toml.unquoted(statement[0]), above, behind, start))
            elif statement:
                if len(statement) != 5 or statement[2] not in ORDER:
                    raise RuleError("this has no layout; only [[rule]] and [[obsolete]] tables have one", path, start)
                tables.append(_Table(statement[2], above + [behind] * bool(behind), []))
            if statement:
                above, statement, behind = [], [], ""
            elif blank and above and above[-1]:
                above.append("")
            blank, start = True, line + 1
        elif piece[0] == "#":
            if depth:
                raise RuleError("a comment within a value has no place; write it above the key", path, line)
            if statement:
                behind = piece.rstrip()
            else:
                above.append(piece.rstrip())
            blank = False
        elif not piece.isspace():
            if "=" not in statement:
                statement.append(piece)
            else:
                depth += (piece in "[{") - (piece in "]}")
            blank = False
        line += piece.count("\n")
    return [*tables, _Table("", above, [])]


def _comments(lines: list[str]) -> Iterator[str]:
    """Comments, the long ones with another line for their end; or at the begin of the next one, where that is prose."""
    carried = ""
    for line, after in zip(lines, [*lines[1:], ""], strict=False):
        line = f"# {carried} {line[2:]}" if carried else line
        carried = ""
        if len(line) > WIDTH:
            *full, last = textwrap.wrap(line[1:].strip(), WIDTH - 2, break_long_words=False, break_on_hyphens=False)
            yield from (f"# {part}" for part in full)
            if full and _prose.match(after):
                carried = last
                continue
            line = f"# {last}"
        yield line


def _keys(table: _Table, data: dict[str, Any], path: str) -> Iterator[str]:
    if [key.name for key in table.keys] != [name for name in data if name not in ORDER]:
        raise RuleError("only [[rule]] and [[obsolete]] tables with a key in a line have a layout", path, 1)
    order = ORDER.get(table.kind, ("language", "functions"))
    for key in sorted(table.keys, key=lambda key: order.index(key.name)):
        line = f"{key.name:{VALUES - 2}}= {_value(key.name, data[key.name])}"
        aside = f"{line:{ASIDES - 1}} {key.behind}" if key.behind else line
        fits = "\n" not in aside and len(aside) <= WIDTH
        yield from _comments([text for text in (*key.above, "" if fits else key.behind) if text])
        yield aside if fits else line


def _value(key: str, value: Any) -> str:
    row = KEYS.get(key)                                    # none for those of the file
    if row is not None and row.examples:
        return _examples(row.plain(value))
    if isinstance(value, list):
        return _list([_scalar(one) for one in value])
    text: int | str = row.plain(value) if row is not None else value
    line = _scalar(text)
    if isinstance(text, int) or (VALUES + len(line) <= WIDTH and "\n" not in text):
        return line
    if row is not None and row.prose:
        lines = textwrap.wrap(_escaped(text, '"') + '"""', WIDTH - VALUES, initial_indent='"""',
                              break_long_words=False, break_on_hyphens=False)
        if all(VALUES + len(line) <= WIDTH for line in lines):
            return f"\n{'':{VALUES}}".join(lines)
    return '"""' + "\n" * text.startswith("\n") + _continued(text, VALUES, 3) + '"""'


def _scalar(value: int | str) -> str:
    if isinstance(value, int):
        return str(value)
    if ("\\" in value or '"' in value) and "'" not in value and not _unshown.search(value):
        return f"'{value}'"
    return f'"{_escaped(value)}"'


def _escaped(text: str, kept: str = "") -> str:
    """The text within a basic string; of the double quotes that are `kept`, never three stand in a row."""
    def escape(found: re.Match[str]) -> str:
        char = found[0]
        code = ord(char)
        if char in kept:
            return char
        return _ESCAPES.get(char) or (f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}")

    return _special.sub(escape, text).replace('"""', r'""\"')


def _list(items: list[str]) -> str:
    lines = [""]
    for number, item in enumerate(items, 1):
        end = "]" if number == len(items) else ","
        if lines[-1] and VALUES + 1 + len(f"{lines[-1]} {item}{end}") > WIDTH:
            lines.append("")
        lines[-1] += f"{' ' if lines[-1] else ''}{item}{end}"
    return "[" + (f"\n{'':{VALUES + 1}}".join(lines) if items else "]")


def _examples(texts: list[str]) -> str:
    short = [_scalar(text) for text in texts]
    if all("\n" not in text and VALUES + len(f"[{one}]") <= WIDTH for text, one in zip(texts, short, strict=True)):
        return _list(short)
    return f"[{', '.join(map(_block, texts))}]"


def _block(text: str) -> str:
    """An example as a block. The line end before the closing quotes is none of the example."""
    lines = text.split("\n")
    if ("'''" in text or _unshown.search(text.replace("\n", ""))
            or any(len(line) > WIDTH or line.endswith(" ") for line in lines)):
        return f'"""\n{_continued(text)}\n"""'
    return f"'''\n{text}\n'''"


def _continued(text: str, indent: int = 0, taken: int = 0) -> str:
    """The text within a basic block, its long lines continued; `taken` are columns of the first line besides."""
    out = []
    for number, line in enumerate(text.split("\n")):
        shown = _escaped(line, '"')
        if shown.endswith(" "):
            shown = shown[:-1] + r"\u0020"
        out.append(f"\\\n{'':{indent}}".join(_pieces(shown, indent, 0 if number else indent + taken)))
    return "\n".join(out)


def _pieces(line: str, indent: int, taken: int) -> Iterator[str]:
    """Parts of an escaped line that fit behind `indent` columns, the first behind `taken`; none begins with a space."""
    units = _unit.findall(line)
    begin = 0
    while True:
        end, room = begin, WIDTH - taken - 5               # for the backslash, or the closing quotes
        while end < len(units) and (room := room - len(units[end])) >= 0:
            end += 1
        if end == len(units):
            yield "".join(units[begin:])
            return
        cuts = [at for at in range((begin + end) // 2 + 1, end + 1) if units[at - 1] == " " != units[at]]
        joints = [at for at in cuts if indent and _joint.match("".join(units[at:at + 5]))]
        cut = (joints or cuts or [end])[-1]
        yield "".join(units[begin:cut])
        if units[cut] == " ":
            units[cut] = r"\u0020"
        begin, taken = cut, indent
