"""Use-As-Dictionary, and how content coded with a dictionary begins (RFC 9842)."""
from __future__ import annotations

import re
from typing import TYPE_CHECKING

from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily

if TYPE_CHECKING:
    from httplint.grammar.structured import Dictionary

LONGEST_ID = 1024
"""Characters of an id (§2.1.3)."""

_TYPES = {"match": "string", "id": "string", "type": "token"}
_HEADERS = {"dcb": b"\xff\x44\x43\x42", "dcz": b"\x5e\x2a\x4d\x18\x20\x00\x00\x00"}
"""Content coding -> the octets in front of the hash of the dictionary (§4, §5)."""

_group = lazily(r"\\.|\((?!\.\*\))", re.DOTALL)


class UseAsDictionary(NamedTuple):
    """For which requests a response may be used as a dictionary (§2.1); what is of another type counts as absent."""

    match: str | None
    destinations: tuple[str, ...]
    id: str
    type: str
    wrong: tuple[str, ...]
    """The values that are not of the type that they have to be, in words."""

    @property
    def regular_expression(self) -> bool:
        """Whether the pattern has a regular expression, which it must not (§2.1.1). `(.*)` is a wildcard."""
        return self.match is not None and any(found.group() == "(" for found in _group.finditer(self.match))


def use_as_dictionary(value: str) -> UseAsDictionary:
    """A structured Dictionary with `match`, `match-dest`, `id` and `type` (§2.1)."""
    from httplint.grammar.structured import InnerList, structured_dictionary
    found = structured_dictionary(value)
    wrong = []
    texts = {}
    for name, wanted in _TYPES.items():
        member = found.member(name)
        if isinstance(member, InnerList):
            wrong.append(f"{name} has an inner list, not a {wanted}")
        elif member is not None and member.type != wanted:
            wrong.append(f"{name} has a value of type {member.type}, not {wanted}")
        elif member is not None:
            texts[name] = member.text or ""
    return UseAsDictionary(texts.get("match"), _destinations(found, wrong), texts.get("id", ""),
                           texts.get("type", "raw"), tuple(wrong))


def _destinations(found: Dictionary, wrong: list[str]) -> tuple[str, ...]:
    from httplint.grammar.structured import InnerList
    member = found.member("match-dest")
    if member is None:
        return ()
    if not isinstance(member, InnerList):
        wrong.append(f"match-dest has a value of type {member.type}, not an inner list of strings")
        return ()
    wrong += [f"match-dest has a member of type {one.type}, not string" for one in member.items
              if one.type != "string"]
    return tuple([one.text or "" for one in member.items if one.type == "string"])


def dictionary_hash(coding: str, content: bytes) -> bytes | None:
    """The hash of the dictionary in the header of content in that coding; None if the content has no such header."""
    header = _HEADERS[coding]
    if not content.startswith(header) or len(content) < len(header) + 32:
        return None
    return content[len(header):len(header) + 32]
