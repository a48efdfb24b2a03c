"""Accept-Query (RFC 10008 §3)."""
from __future__ import annotations

from httplint.grammar.common import TOKEN
from httplint.grammar.structured import Item, Token, member_starts, structured_list
from httplint.grammar.syntax import Malformed
from httplint.model.pattern import lazily

_range = lazily(rf"\*/\*|({TOKEN})/(?:\*|{TOKEN})")


def accept_query(value: str) -> tuple[Item, ...]:
    """A List of media ranges, Tokens or Strings; what parameters they have are of the same types."""
    found = structured_list(value)
    out = []
    for number, one in enumerate(found):
        if not isinstance(one, Item) or not isinstance(one.value, (Token, str)) or one.type == "display string":
            raise Malformed(value, member_starts(value)[number], "a media range as a token or a string")
        match = _range.fullmatch(str(one.value))
        if match is None or match.group(1) == "*":
            hint = "parameters are put behind the string" if ";" in str(one.value) else None
            raise Malformed(value, member_starts(value)[number], "a media range: type/subtype, type/* or */*", hint)
        for name, text in one.parameters:
            if not isinstance(text, str):
                raise Malformed(value, member_starts(value)[number], "parameters that are tokens or strings",
                                f"{name} is neither")
        out.append(one)
    return tuple(out)
