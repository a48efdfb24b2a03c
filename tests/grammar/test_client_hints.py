"""Accept-CH is a list of tokens (RFC 8942 §3.1; lists: RFC 9651 §3.1)."""
from __future__ import annotations

import pytest

from httplint.grammar.client_hints import hints
from httplint.grammar.syntax import Malformed


@pytest.mark.parametrize(("value", "position", "hint"), [
    (";DPR", 0, "the names are separated by commas"), ("DPR; Width", 5, "the names are separated by commas"),
    ("DPR;Width", 4, "the names are separated by commas"), ("DPR;a,b c", 8, "the names are separated by commas"),
    ("DPR Width", 4, "the names are separated by commas, and not put in quotes"),
    ("DPR A;", 4, "the names are separated by commas, and not put in quotes"),
    ("DPR Width, A", 4, "the names are separated by commas, and not put in quotes"),
    ("'DPR'", 0, "strings are put in double quotes"), ("DPR,", 4, "no trailing comma"),
    ("DPR,,A", 4, "no item begins like that"),
    ('"DPR"', 0, "the names are not put in quotes"), ('DPR, "Width"', 5, "the names are not put in quotes"),
    ("5", 0, None), ("(DPR)", 0, None), ("DPR, 5", 5, None),
])
def test_flaws(value: str, position: int, hint: str | None) -> None:
    with pytest.raises(Malformed) as error:
        hints(value)
    assert (error.value.position, error.value.hint) == (position, hint)
