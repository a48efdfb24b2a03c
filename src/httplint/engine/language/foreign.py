"""What people write who know other languages, and what it is in this one."""
from __future__ import annotations

import ast
from collections.abc import Collection

from httplint.engine.language.tree import CLIPPED
from httplint.model.pattern import lazily

_WORDS = {**dict.fromkeys(("true", "TRUE"), "True"), **dict.fromkeys(("false", "FALSE"), "False"),
          **dict.fromkeys(("AND", "And"), "'and'"), **dict.fromkeys(("OR", "Or"), "'or'"),
          **dict.fromkeys(("NOT", "Not"), "'not'"), **dict.fromkeys(("IN", "In"), "'in'"),
          **dict.fromkeys(("null", "NULL", "nil", "none", "NONE", "undefined"),
                          "None, with 'is None' or 'is not None' to ask for it,")}

_SIGNS = {"&&": "'and'", "&": "'and'", "||": "'or'", "|": "'or'", "!": "'not'", "~": "'not'", "===": "'=='",
          "!==": "'!='", "<>": "'!='", "=": "'=='", ";": "'and', or another rule,",
          "=~": "'part' in TEXT or begins(TEXT, 'start'), as there are no regular expressions,",
          "!~": "'part' not in TEXT, as there are no regular expressions,",
          "?": "VALUE if CONDITION else OTHER"}

METHODS = {**dict.fromkeys(("startswith", "startsWith", "starts_with"), "begins(TEXT, 'start')"),
           **dict.fromkeys(("endswith", "endsWith", "ends_with"),
                           "'part' in TEXT; for hosts and paths, the keys host = '*.example.com' and path = '**/*.js'"),
           **dict.fromkeys(("contains", "includes", "has", "indexOf", "find", "match", "search", "test"),
                           "'part' in TEXT, 'Field-Name' in response, or VALUE in a tuple"),
           **dict.fromkeys(("length", "count", "len", "size"), "len(VALUE)"),
           **dict.fromkeys(("get", "getHeader", "get_header", "header", "headers"), "response['Field-Name']"),
           **dict.fromkeys(("status_code", "statusCode", "code"), "response.status"),
           **dict.fromkeys(("body", "data", "text"), "response.content"),
           **dict.fromkeys(("host", "hostname"), "request.uri.host"), "url": "request.uri"}
"""Methods and attributes that are none here, and what to write instead."""

_TOKEN = lazily(r"""(?P<text>'(?:\\.|[^'\\\n])*+'?|"(?:\\.|[^"\\\n])*+"?|\#[^\n]*+)|\.\s*+\w++|(?P<name>[^\W\d]\w*+)"""
                r"|(?P<sign>===|!==|=~|!~|<>|&&?|\|\|?|!(?!=)|~|\?|;)|[=<>!]=|=|\s++|\w++|[^\w\s]")


def foreign(text: str, names: Collection[str], at: int | None = None, assigns: bool = False) -> str | None:
    """What to write instead of the first part of a condition that is of another language; None if none is.

    `names` are known where it stands. `at`: where Python gives up; `assigns`: over a lone equals sign
    somewhere, where one compares.
    """
    for found in _TOKEN.finditer(text):
        word = found[0]
        instead = (_WORDS.get(word) if found["name"] and word not in names else
                   _SIGNS[word] if found["sign"] or (word == "=" and (assigns or at == found.start())) else None)
        if instead:
            return f"{word} is not part of the rule language; write {instead} at {where(text, found.start())}"
    return None


def where(text: str, at: int) -> str:
    """A place in a condition: line and character, and what stands there."""
    line = text.count("\n", 0, at)
    begin = text.rfind("\n", 0, at) + 1
    shown = text[begin:].partition("\n")[0]
    first = max(0, min(at - begin - CLIPPED // 2, len(shown) - CLIPPED))
    cut = f"{'…' if first else ''}{shown[first:first + CLIPPED]}{'…' if len(shown) > first + CLIPPED else ''}"
    lines = f"line {line + 1}, " if "\n" in text else ""
    return f"{lines}character {at - begin + 1}: {cut!r}"


def bound(tree: ast.AST) -> set[str]:
    """The names that comprehensions within a tree give to items."""
    return {part.target.id for part in ast.walk(tree)
            if isinstance(part, ast.comprehension) and isinstance(part.target, ast.Name)}


NODES = {ast.List: "a tuple in place of […]: (200, 204)", ast.Set: "a tuple in place of {…}: ('GET', 'HEAD')",
         **dict.fromkeys((ast.ListComp, ast.SetComp, ast.DictComp), "any(… for NAME in …) or all(… for NAME in …)"),
         ast.JoinedStr: "a plain text, without f"}
"""Nodes of Python that are none here, and what to write instead."""
