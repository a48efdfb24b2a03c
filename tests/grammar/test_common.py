"""The rules that field values are built of (RFC 9110 §5.6), and what is said of values that break them."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from httplint.grammar import common
from httplint.grammar.common import INTEGER_DIGITS, LARGEST
from httplint.grammar.syntax import Malformed


def parameters(value: str) -> object:
    return common.parameters(value, 0)


def comment(value: str) -> object:
    return common.comment(value, 0)


def quoted_string(value: str) -> object:
    return common.quoted_string(value, 0)


def token_or_quoted(value: str) -> object:
    return common.token_or_quoted(value, 0)


def tokens(value: str) -> object:
    return common.members(value, common.token)


@pytest.mark.parametrize(("parse", "value", "position", "expected", "hint"), [
    (parameters, ";a = b", 2, "an equals sign and a value", "no whitespace around"),
    (parameters, ";a =", 2, "an equals sign and a value", "no whitespace around"),
    (parameters, ";a b", 2, "an equals sign and a value", "no whitespace around"),
    (parameters, ";a", 2, "an equals sign and a value", None),
    (parameters, ";a/", 2, "an equals sign and a value", None),
    (parameters, ";a=\tb", 3, "a token or a quoted string", "no whitespace around"),
    (parameters, ";a= b", 3, "a token or a quoted string", "no whitespace around"),
    (parameters, ";a=(", 3, "a token or a quoted string", None),
    (parameters, ";a=", 3, "a token or a quoted string", None),
    (parameters, ";(", 1, "a parameter name", None), (parameters, "; \t=a", 3, "a parameter name", None),
    (parameters, ';a="b', 5, "a closing double quote", None),
    (parameters, ";a=[ b", 3, "a token or a quoted string", None),
    (comment, "(a", 2, "a closing parenthesis", None), (comment, "(a\\", 3, "a closing parenthesis", None),
    (comment, "(a(b)", 5, "a closing parenthesis", None), (comment, "(", 1, "a closing parenthesis", None),
    (comment, "(a\x01)", 2, "text of a comment", None), (comment, "(\\\x01)", 2, "text of a comment", None),
    (comment, "(a\x7f", 2, "text of a comment", None),
    (quoted_string, "a", 0, "a quoted string", None), (quoted_string, "", 0, "a quoted string", None),
    (quoted_string, '"a', 2, "a closing double quote", None),
    (quoted_string, '"a\\', 3, "a closing double quote", None),
    (quoted_string, '"\\"', 3, "a closing double quote", None), (quoted_string, '"', 1, "a closing double quote", None),
    (quoted_string, '"a\x7f"', 2, "text allowed in a quoted string", None),
    (quoted_string, '"a\\\x01"', 3, "text allowed in a quoted string", None),
    (token_or_quoted, "(", 0, "a token or a quoted string", None),
    (token_or_quoted, "", 0, "a token or a quoted string", None),
    (token_or_quoted, '"a', 2, "a closing double quote", None),
    (tokens, "a b", 2, "a comma or the end", "separate the members with commas"),
    (tokens, "a\tb", 2, "a comma or the end", "separate the members with commas"),
    (tokens, "a;b", 1, "a comma or the end", "separate the members with commas"),
    (tokens, "a ; b", 2, "a comma or the end", "separate the members with commas"),
    (tokens, "a (b", 2, "a comma or the end", None), (tokens, "a(", 1, "a comma or the end", None),
    (tokens, "a,(", 2, "a token", None), (tokens, '"a"', 0, "a token", "this is not put in quotes"),
    (tokens, "a, \"", 3, "a token", "this is not put in quotes"), (tokens, "(\"a", 0, "a token", None),
    (common.decimal, "", 0, "a digit", None), (common.decimal, "a", 0, "a digit", None),
    (common.decimal, "1a", 1, "a digit or the end", None),
])
def test_what_is_said(parse: Callable[[str], object], value: str, position: int, expected: str,
                      hint: str | None) -> None:
    with pytest.raises(Malformed) as error:
        parse(value)
    assert (error.value.position, error.value.expected, error.value.hint is None) == (position, expected, hint is None)
    assert (hint or "") in (error.value.hint or "")


@pytest.mark.parametrize(("parse", "value", "expected"), [
    # §5.6.6: empty parameters, whitespace around semicolons only
    (parameters, "", ((), 0)), (parameters, ";", ((), 1)), (parameters, "; ;a=b;", ((("a", "b"),), 7)),
    (parameters, "\t;\tA=b ; c=\"d\\\"\" x", ((("a", "b"), ("c", 'd"')), 16)),
    (parameters, ";a=b,", ((("a", "b"),), 4)),
    (parameters, ";,", ((), 1)), (parameters, ";;a=b", ((("a", "b"),), 5)),
    # §5.6.5
    (comment, "()", ("", 2)), (comment, "(a(b)c) d", ("a(b)c", 7)), (comment, "(\\(\\))", ("\\(\\)", 6)),
    (comment, "(\xff\t\x80)", ("\xff\t\x80", 5)),
    # §5.6.4
    (quoted_string, '""', ("", 2)), (quoted_string, '"a\\"b" c', ('a"b', 6)), (quoted_string, '"\\\\"', ("\\", 4)),
    (quoted_string, '"\t !#[]~\x80\xff"', ("\t !#[]~\x80\xff", 11)),
    (quoted_string, '"\\\t\\\xff\\~"', ("\t\xff~", 8)),
    (token_or_quoted, "a b", ("a", False, 1)), (token_or_quoted, '"a" b', ("a", True, 3)),
    # §5.6.1.2
    (tokens, "", ()), (tokens, " ,\ta ,, b\t,", ("a", "b")), (tokens, "a ", ("a",)),
])
def test_what_is_read(parse: Callable[[str], object], value: str, expected: object) -> None:
    assert parse(value) == expected


@pytest.mark.parametrize(("value", "position"), [
    ("a,,", 2), ("((,,),,),,", 9), (")(,,)", None), ("a),,", 3), ("\t,a", 1), ("a,\t,", 3), ("a, \"", None),
    ('"a,"",,', None), ('"a,",,', 5), ("<,,", 2), ("a,b ,", 5), ("a,b,\t ", 6)])
def test_empty_members(value: str, position: int | None) -> None:
    """RFC 9110 §5.6.1.1; what stands in quotes, in angle brackets or in a comment is part of a member."""
    assert common.empty_member(value) == position


def test_numbers_of_any_length() -> None:
    """RFC 9110 §8.6: no limit. Those with more digits than can matter all count as the same."""
    assert common.integer("9" * INTEGER_DIGITS) == 10 ** INTEGER_DIGITS - 1
    assert common.integer("0" * 9 + "9" * INTEGER_DIGITS) == 10 ** INTEGER_DIGITS - 1
    assert common.integer("1" * (INTEGER_DIGITS + 1)) == LARGEST == 10 ** 1000
    assert common.integer("0" * (INTEGER_DIGITS + 1)) == 0
    assert common.integer("05") == 5
