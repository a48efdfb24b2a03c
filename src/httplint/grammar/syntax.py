"""What all parsers share: the error that says where a value breaks its grammar, and what was expected there.

What a parser promises (`tests/grammar/test_all_parsers.py` tries all of them):

* It takes a whole field value: octets as ISO-8859-1 text, lines combined, without whitespace around it. It gives a
  typed value, or raises `Malformed`; nothing else, whatever the octets.
* It judges the grammar and no more. A last position before the first, a day of the week that is another's: these
  parse, and a rule says what is wrong, since of a malformed value no rule but that of its grammar can say anything.
* It never changes the value before it reads it: `position` is a place on the wire, which reports point at.
* Its values never change, and hold nothing of their message: the table hands the same one out again and again.
* It takes linear time: scanners go forward only, and a pattern is possessive (`*+`, `++`) wherever it could go back.
"""
from __future__ import annotations


class Malformed(ValueError):
    """A value breaks its grammar.

    `position` is the offset of the first wrong octet (the length of the value if it ends too early), `expected` says
    in plain words what the grammar wants there, `hint` what was probably meant, if that can be told.
    """

    def __init__(self, value: str, position: int, expected: str, hint: str | None = None) -> None:
        super().__init__(f"at octet {position}: expected {expected}")
        self.value = value
        self.position = position
        self.expected = expected
        self.hint = hint
