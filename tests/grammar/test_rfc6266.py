"""Content-Disposition."""
from __future__ import annotations

import pytest

from httplint.grammar.rfc6266 import Disposition, content_disposition
from httplint.grammar.syntax import Malformed


def read(value: str) -> tuple[str, str | None, str | None]:
    found = content_disposition(value)
    return found.type, found.filename, None if found.extended is None else found.extended.text


@pytest.mark.parametrize(("value", "expected"), [
    # RFC 6266 §5
    ("Attachment; filename=example.html", ("attachment", "example.html", None)),
    ('INLINE; FILENAME= "an example.html"', ("inline", "an example.html", None)),
    ("attachment; filename*= UTF-8''%e2%82%ac%20rates", ("attachment", None, "\u20ac rates")),
    ("attachment; filename=\"EURO rates\"; filename*=utf-8''%e2%82%ac%20rates",
     ("attachment", "EURO rates", "\u20ac rates")),
    # forms that the grammar allows
    ("inline", ("inline", None, None)),
    ("x-odd ;\ta=b", ("x-odd", None, None)),
    ('attachment;filename="a;b=\\"c\\""', ("attachment", 'a;b="c"', None)),
    ('attachment; filename=""', ("attachment", "", None)),
    ('attachment; filename="\u00fc\u00ff"', ("attachment", "\u00fc\u00ff", None)),
    ("attachment; filename=%41.txt", ("attachment", "%41.txt", None)),
    ("attachment; filename=a; filename=b", ("attachment", "a", None)),
    ("attachment; filename*=iso-8859-1''%A3 ; filename=a", ("attachment", "a", "\u00a3")),
    ("attachment; filename=UTF-8''a.txt", ("attachment", "UTF-8''a.txt", None)),
    ('attachment; x*="y"; z*=UTF-8\'\'a; w*=b', ("attachment", None, None)),
])
def test_values(value: str, expected: tuple[str, str | None, str | None]) -> None:
    assert read(value) == expected


def test_parameters() -> None:
    found = content_disposition("attachment; A=\"b\"; c=d; e*=UTF-8''%C3%BC; f*=g")
    assert isinstance(found, Disposition)
    assert [(one.name, one.value, one.quoted) for one in found.parameters] == [
        ("a", "b", True), ("c", "d", False), ("e*", None, False), ("f*", "g", False)]
    assert found.parameters[2].extended is not None
    assert found.parameters[2].extended.text == "\u00fc"
    assert found.names == ("a", "c", "e*", "f*")
    (extended,) = content_disposition("attachment; FileName*=utf-8'en'%41 ").parameters
    assert (extended.name, extended.value, extended.quoted) == ("filename*", None, False)


@pytest.mark.parametrize(("value", "position", "hint"), [
    ("", 0, None), ('"attachment"', 0, "quotes"), ("filename=a", 8, "type comes first"),
    ("attachment;", 11, "no semicolon"),
    ("attachment; filename=a;", 23, "no semicolon"), ("attachment;; filename=a", 11, "one semicolon"),
    ("attachment; filename=my report.pdf", 24, "double quotes"), ("attachment; filename=a(1).pdf", 22, "double quotes"),
    ("attachment; filename=\u00fc.pdf", 21, "filename*"), ("attachment; filename=a\u00fc.pdf", 22, "filename*"),
    ("attachment; filename=", 21, '""'), ("attachment; filename='a b'", 24, "double quotes"),
    ('attachment; filename="a"b"', 24, "backslash"), ('attachment; filename="a', 23, None),
    ("attachment, filename=a", 10, "semicolons"), ("attachment filename=a", 11, "semicolons"),
    ("attachment; filename", 20, None), ('attachment; filename*="UTF-8\'\'a"', 22, "quotes"),
    ("attachment; filename*=a.txt", 23, "UTF-8''name"), ("attachment; filename*=UTF-8''a b", 31, "semicolons"),
    ("attachment; filename*=UTF-8''a, b", 30, "semicolons"), ("attachment; filename*=UTF-8''a;", 31, "no semicolon"),
    ('attachment; filename*=UTF-8\'\'a"', 30, "%22"), ("attachment ; filename*=", 23, None),
    ("attachment=", 10, "first"),
    ("attachment =", 10, "first"), ("attachment/", 10, "semicolons"), ("attachment; a = b c", 18, "semicolons"),
    ('attachment; a="b" c', 18, "semicolons"), ("attachment; a=(", 14, "double quotes"), ("attachment; a ( ", 14, None),
    ("attachment; filename = b c", 25, "double quotes"), ("attachment; a=\x80", 14, "filename*"),
    ("attachment; a=\x7f", 14, "double quotes"),
    ("a; b*=(", 6, "double"),
    ("attachment; size=1 2", 19, "semicolons"), ("attachment; size=a(1)", 18, "double quotes"),
    ("attachment; =a", 12, None),
])
def test_flaws(value: str, position: int, hint: str | None) -> None:
    with pytest.raises(Malformed) as error:
        content_disposition(value)
    assert (error.value.position, error.value.value) == (position, value)
    assert (hint or "") in (error.value.hint or "")
    assert (error.value.hint is None) is (hint is None)
