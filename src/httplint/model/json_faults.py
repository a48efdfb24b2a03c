"""What is wrong with JSON: in the same words and at the same place, whichever Python decodes it."""
from __future__ import annotations

import json

_TRAILING = {("Expecting value", "]"): "Illegal trailing comma before end of array",
             ("Expecting property name enclosed in double quotes", "}"): "Illegal trailing comma before end of object"}
"""What Python before 3.13 says, and the character at which: what Python says since then, at the comma."""


def alike(error: json.JSONDecodeError) -> json.JSONDecodeError:
    """The error as the newest Python has it: of a comma behind the last value, it names the comma."""
    text = error.doc
    told = _TRAILING.get((error.msg, text[error.pos:error.pos + 1]))
    before = error.pos - 1
    while told and before >= 0 and text[before] in " \t\n\r":
        before -= 1
    return json.JSONDecodeError(told, text, before) if told and before >= 0 and text[before] == "," else error
