"""Python's own, as far as the language has them, and field tests for names that are not constants."""
from __future__ import annotations

from httplint.model.message import Message
from httplint.vocabulary import _FUNCTIONS, Function, function

for _builtin in (len, any, all):
    _FUNCTIONS[_builtin.__name__] = Function(_builtin, (), ())


@function()
def has(message: Message, name: str) -> bool:
    """Whether the message carries a field of that name (the rule language)."""
    return name.lower() in message.fields.index if message.fields is not None else False
