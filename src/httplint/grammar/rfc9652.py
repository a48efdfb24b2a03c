"""Link-Template (RFC 9652 §2)."""
from __future__ import annotations

from httplint.grammar.structured import DisplayString, Item, Token, member_starts, structured_list
from httplint.grammar.syntax import Malformed


def link_template(value: str) -> tuple[Item, ...]:
    """A List of Strings, URI templates each; parameters are Strings too, or Display Strings if they are not ASCII."""
    out = []
    for one, start in zip(structured_list(value), member_starts(value), strict=False):
        if not isinstance(one, Item) or one.type != "string":
            raise Malformed(value, start, "a URI template in double quotes")
        for name, text in one.parameters:
            plain = isinstance(text, str) and not isinstance(text, (Token, DisplayString))
            shown = isinstance(text, DisplayString) and name not in ("anchor", "rel", "var-base")
            if not plain and not shown:
                raise Malformed(value, start, f"the parameter {name} in double quotes")
        out.append(one)
    return tuple(out)
