"""What the language would have itself, Python's own functions among it (the rule language)."""
from __future__ import annotations

from httplint.model.message import Message
from httplint.vocabulary import _FUNCTIONS, Function, function

for _builtin in (len, any, all):
    _FUNCTIONS[_builtin.__name__] = Function(_builtin, (), ())


@function(reads=("message.{name}?",))
def has(message: Message, name: str) -> bool:
    """Whether the message carries a field of that name (the rule language)."""
    return name.lower() in message.fields.index if message.fields is not None else False


@function()
def begins(text: str, start: str) -> bool:
    """Whether a text begins with another (the rule language)."""
    return text.startswith(start)


@function()
def is_ascii(text: str) -> bool:
    """Whether a text has ASCII characters only (the rule language)."""
    return text.isascii()


@function()
def all_digits(text: str) -> bool:
    """Whether a text is a number in decimal digits, without sign (the rule language)."""
    return text.isascii() and text.isdigit()


@function()
def days(seconds: float) -> str:
    """A time in words, as a message may show it (the rule language)."""
    count = int(seconds // 86400)
    return "1 day" if count == 1 else f"{count} days"
