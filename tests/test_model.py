"""The data types: what they take, what they refuse, and what a debugger shows of them."""
from __future__ import annotations

import copy
import importlib
import os
import pickle
import re
import signal
import sys
import typing
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import httplint
from httplint import Evidence, Exchange, Request, Response
from httplint.model import unfinished
from httplint.model.exchange import Distant, Source
from httplint.model.fields import Fields
from httplint.model.files import octets_of
from httplint.model.message import Irregularity
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily

PACKAGE = Path(httplint.__file__).parent


def test_sections_are_equal_by_their_lines() -> None:
    one = Fields.of([("Vary", "a"), ("vary", "b")])
    assert one is not None
    assert one == Fields.of({"Vary": "a", "vary": "b"})
    assert hash(one) == hash(Fields((("Vary", "a"), ("vary", "b"))))
    assert one != Fields.of([("vary", "b"), ("Vary", "a")])   # their order matters: RFC 9110 §5.3
    assert one != (("Vary", "a"), ("vary", "b"))
    assert len(one) == 2


@pytest.mark.parametrize("lines", [["ab"], [b"ab"], [("a",)], [("a", "b", "c")], [("a", 1)], [(1, "a")]])
def test_what_is_no_field_line_is_refused(lines: list[object]) -> None:
    with pytest.raises(TypeError):
        Fields.of(lines)  # type: ignore[arg-type]


def test_what_is_no_message_is_refused() -> None:
    with pytest.raises(ValueError, match="expected one of"):
        Response(200, version="1.2")
    for status in (True, "200", 200.0, None):
        with pytest.raises(TypeError, match="status: expected int"):
            Response(status)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="expected one of"):
        Irregularity("oddity", 0, "x")


def test_a_time_without_zone_is_utc() -> None:
    exchange = Exchange(Response(200), Request("GET", "http://a.example/"), started=datetime(2025, 7, 1, 12))
    assert exchange.started == 1751371200.0


def test_a_copy_has_other_parts_and_all_the_rest() -> None:
    asked = Request("PUT", "/a", "1.0", [("Host", "a.example")], "ab", [("T", "1")], 7, "https")
    answered = Response(200, "2", "Fine", [("Vary", "a")], b"c", [("T", "2")], 9)
    early = Response(103)
    for message in (asked, answered):
        message.irregularities, message.transfer_coded = (Irregularity("bare-cr", 5, "x"),), b"z"
    whole = Exchange(answered, asked, [early], 5.0, Evidence.of(3), Source("a.har", 3))
    changes: list[tuple[Request | Response | Exchange, str, object]] = [
        (asked, "method", "GET"), (answered, "status", 404), (whole, "started", 6.0)]
    for one, name, other in changes:
        was = parts(one)
        made = one.but(**{name: other})
        assert type(made) is type(one)
        assert parts(made) == {**was, name: other}
        assert parts(one) == was
        with pytest.raises(TypeError, match=r"no parts of a \w+: body"):
            one.but(body="")


def parts(one: object) -> dict[str, object]:
    """All that a value holds, by name."""
    return {name: getattr(one, name) for kind in type(one).__mro__ for name in getattr(kind, "__slots__", ())
            if name not in ("__weakref__", "_uri")}


def test_a_target_uri_that_was_asked_for_is_that_of_its_own_parts() -> None:
    one = Request("GET", "/a", headers=[("Host", "a.example")], scheme="https")
    assert one.uri == "https://a.example/a" == one.uri
    assert one.but(target="/b").uri == "https://a.example/b"
    assert one.but(fields=Fields((("Host", "b.example"),))).uri == "https://b.example/a"
    assert one.uri == "https://a.example/a"
    assert one.but(fields=Fields((("Host", "b"), ("Host", "b")))).uri == "https://b/a", "twice the same is one host"
    assert one.but(fields=Fields((("Host", "b"), ("Host", "c")))).uri == "https://b, c/a", "two are no host at all"


@given(st.lists(st.lists(st.sampled_from(["Vary", "vary", "Vary\nvary", "", "Age", "\n"]), max_size=4), max_size=8))
def test_sections_with_like_names_have_the_index_of_their_own_lines(sections: list[list[str]]) -> None:
    for names in sections * 3:                             # the index of some is kept from the second time on
        made = Fields(tuple((name, str(number)) for number, name in enumerate(names)))
        assert made.index == {one.lower(): [number for number, name in enumerate(names) if name.lower() == one.lower()]
                              for one in names}


def test_what_a_user_adds_to_a_message_is_copied() -> None:
    class Marked(Response):
        mark = ""

    one = Marked(200)
    one.mark = "a"
    assert one.but(status=404).mark == "a"


def test_an_exchange_leaves_the_responses_that_it_is_given_as_they_are() -> None:
    early = Response(103, headers=[("Link", "<a>")])
    exchange = Exchange(Response(200), interim=[early])
    assert not early.interim
    assert exchange.interim[0].interim
    assert exchange.interim[0].fields == early.fields
    assert Exchange(Response(200), interim=exchange.interim).interim == exchange.interim


def test_an_exchange_that_is_made_later_is_made_once_and_is_one() -> None:
    made, times = Exchange(Response(405), Request("GET", "/a"), started=1.0), []

    def make() -> Exchange:
        times.append(1)
        return made

    source = Source("a.har", 3)
    for first in (lambda it: it.response, lambda it: it.but(started=2.0)):
        times.clear()
        distant = Distant(source, make)
        assert (distant.source, times) == (source, [])
        first(distant)
        assert all(getattr(distant, part) is getattr(made, part) for part in Exchange._parts if part != "source")
        other = distant.but(started=2.0)
        assert (other.started, distant.started, other.request, other.source) == (2.0, 1.0, made.request, source)
        assert times == [1]
        with pytest.raises(AttributeError):
            other.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_what_a_debugger_shows() -> None:
    assert repr(Source("a.har", 3)) == "<Source a.har[3]>"
    assert repr(Source("https://a.example/?token=b", 0)) == "<Source …[0]>"
    assert repr(Fields([("Cookie", "a=b")])) == "<Fields, 1 lines>"
    assert repr(Request("GET", "https://u:p@a.example/reset/b?c")) == "<Request 'GET' 'a.example/…'>"
    assert repr(Request("Zq3kX9v", "/reset/b")) == "<Request '…' '…'>"
    assert repr(Irregularity("bare-cr", 5, "x" * 50)) == "<Irregularity bare-cr at 5>"


def test_files_that_cannot_be_read_are_errors_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="regular file"):
        octets_of(tmp_path, 10, met=True)
    with pytest.raises(OSError, match="null"):
        octets_of("a\0b", 10)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_signal_takes_unfinished_files_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[int] = []
    monkeypatch.setattr(os, "_exit", left.append)
    monkeypatch.setattr(unfinished, "_paths", set())
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        one, other = tmp_path / "one", tmp_path / "other"
        for path in (one, other):
            unfinished.begin(str(path))
            path.touch()
        os.kill(os.getpid(), signal.SIGTERM)
        assert left == [128 + signal.SIGTERM]
        assert not one.exists()
        assert not other.exists()
        other.touch()
        unfinished.remove_all()
        assert not other.exists()
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
        unfinished.end("never begun")
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_pattern_that_is_compiled_later_is_one() -> None:
    """Whatever is wrong with a pattern is seen here, and not when an exchange first meets it."""
    later = [value for path in PACKAGE.rglob("*.py") if "= lazily(" in path.read_text("utf-8")
             for value in vars(importlib.import_module(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts))
                               ).values() if type(value) is type(lazily(""))]
    assert len(later) > 150
    for pattern in later:
        assert pattern.fullmatch.__self__ == re.compile(pattern.pattern, pattern.flags)
    assert lazily("A(?P<name>b)", re.IGNORECASE).sub(r"\g<name>", "xabx") == "xbx"


class Ours(NamedTuple):
    """A pair."""

    first: int
    second: str | None = "b"

    @property
    def both(self) -> str:
        """A property."""
        return f"{self.first}{self.second}"

    def next(self) -> Ours:
        """A method."""
        return self._replace(first=self.first + 1)


class Below(Ours):
    """A pair, too."""


class Theirs(typing.NamedTuple):
    """The same, as Python has it."""

    first: int
    second: str | None = "b"


@pytest.mark.parametrize("kind", [Ours, Below])
def test_named_tuples_are_those_of_python(kind: type[Ours]) -> None:
    made, theirs = kind(1), Theirs(1)
    assert (made, kind(2, second="c"), kind(first=3)) == ((1, "b"), (2, "c"), (3, "b"))
    assert made == theirs
    assert hash(made) == hash(theirs)
    assert repr(made) == repr(theirs).replace("Theirs", kind.__name__)
    assert made._asdict() == theirs._asdict()
    assert kind._fields == Theirs._fields == kind.__match_args__ == Theirs.__match_args__
    assert typing.get_type_hints(Ours) == typing.get_type_hints(Theirs)
    assert (made.both, made.next().both) == ("1b", "2b")
    for other in (made.next(), kind._make([2, "b"]), pickle.loads(pickle.dumps(kind(2))), copy.copy(kind(2))):
        assert (type(other), other) == (kind, (2, "b"))
    assert type(kind) is type
    match made:
        case Ours(first, second):
            assert (first, second) == made
    with pytest.raises(AttributeError):
        made.first = 2  # type: ignore[misc]
    assert hasattr(Ours(1), "__dict__") is hasattr(theirs, "__dict__")


@pytest.mark.parametrize("call", [lambda kind: kind(), lambda kind: kind(1, "b", 3), lambda kind: kind(1, third=3),
                                  lambda kind: kind._make([]), lambda kind: kind(1)._replace(third=3)])
def test_named_tuples_take_their_values_only(call: typing.Callable[[type[Ours]], object]) -> None:
    with pytest.raises(TypeError):
        call(Ours)
