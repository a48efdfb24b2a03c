"""What is remembered changes nothing but the time it takes, and never grows without end."""
from __future__ import annotations

import gc
import weakref
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint import Exchange, Request, Response
from httplint.report import secrets
from httplint.report.kept import SHORT, of_latest, of_texts
from httplint.report.kind import place_by_request
from httplint.report.lines import Lines
from httplint.report.secrets import content, forms, scan
from httplint.report.secrets.fields import SEEN
from httplint.report.secrets.scan import scanned


def test_what_is_made_of_the_latest_exchange() -> None:
    made: list[int] = []

    @of_latest
    def status(exchange: Exchange) -> int:
        made.append(exchange.response.status)
        return exchange.response.status

    first, second = Exchange(Response(200)), Exchange(Response(404))
    assert [status(one) for one in (first, first, second, second, first)] == [200, 200, 404, 404, 200]
    assert made == [200, 404, 200]
    gone = weakref.ref(first)
    del first
    gc.collect()
    assert gone() is None, "an exchange is not kept alive by what is known of it"


def test_what_is_made_of_texts() -> None:
    made: list[str] = []

    @of_texts(2)
    def size(text: str) -> int:
        made.append(text)
        return len(text)

    long = "x" * (SHORT + 1)
    assert [size(text) for text in ("a", "a", long, long, "bb", "ccc", "a")] == [1, 1, SHORT + 1, SHORT + 1, 2, 3, 1]
    assert made == ["a", long, long, "bb", "ccc", "a"], "long ones are not kept, nor more than two"


def test_lines_that_are_remembered_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets.fields, "_LINES", 10)
    SEEN.clear()
    for number in range(100):
        secrets.in_line(("Cookie", f"sid={number}-0123456789"))
    secrets.in_line(("X-Long", "x" * SHORT))
    assert 0 < len(SEEN) <= 10
    assert ("X-Long", "x" * SHORT) not in SEEN


WORDS = st.text("abcXYZ019-._/=", min_size=3, max_size=12)
NAMES = st.sampled_from(("Cookie", "Set-Cookie", "Authorization", "X-Api-Key", "X-Request-Id", "Location", "ETag"))


@given(words=st.lists(WORDS, min_size=1, max_size=4), more=st.lists(st.tuples(NAMES, WORDS, st.booleans()), max_size=6),
       cut=st.integers(0, 6), near=st.sampled_from(("", "\u0131", "\u0130", "\u212a", "\u03a3")))
def test_a_place_does_not_depend_on_what_was_seen_before(words: list[str], more: list[tuple[str, str, bool]], cut: int,
                                                         near: str) -> None:
    uri = "https://a.example/" + "/".join(words)
    lines = [(name, f"x={uri[18 + cut:]}{near}" if taken else f"x={value}{near}") for name, value, taken in more]
    exchange = Exchange(Response(200, headers=lines[::2]), Request("GET", uri, headers=lines[1::2]))
    SEEN.clear()
    unseen = place_by_request(exchange)
    again = Exchange(exchange.response, exchange.request)
    for line in lines:
        secrets.in_line(line)
    assert place_by_request(again) == unseen
    lower = uri.lower()
    repeats = any(end - begin >= 6 and value[begin:end].lower() in lower for name, value in lines
                  for begin, end in secrets.in_line((name, value)))
    if not repeats:
        assert unseen == place_by_request(Exchange(Response(200), Request("GET", uri)))


def test_a_secret_of_a_line_is_found_in_the_place_wherever_it_begins() -> None:
    for lead in ("", "a", "ab", "abc"):
        for secret in ("hunter", "hunter-2", "Tr0ub4dor"):
            uri = f"https://a.example/{lead}{secret.upper()}/x"
            exchange = Exchange(Response(200), Request("GET", uri, headers=[("Cookie", f"a={secret}")]))
            SEEN.clear()
            assert place_by_request(exchange)[2] == f"/{lead}{{id}}/x"


@given(st.text("abcehlopsxyJ_-.0129AEFGIKLNPRS ", max_size=30), st.sampled_from(forms._BEGINS), st.integers(0, 30),
       st.integers(0, 12))
def test_the_begins_of_forms_are_found_by_one_pattern(text: str, begin: str, at: int, size: int) -> None:
    for one in (text, text[:at] + begin + text[at:], text[:at] + begin[:size] + text[at:]):
        assert (forms._BEGIN.search(one) is not None) == any(known in one for known in forms._BEGINS)


@given(st.text("tokenTOKEN\u212a\u0130\u0131\u017f\u00e9sid=: -9\ud800", max_size=40), st.sampled_from(content._WORDS),
       st.integers(0, 40))
def test_the_words_of_a_content_are_told_by_its_runs_of_letters(text: str, word: str, at: int) -> None:
    for one in (text, text[:at] + word + text[at:], text[:at] + word.upper() + text[at:], text):
        is_named, _ = content._told(one)
        assert is_named == any(known in one.lower() for known in content._WORDS)


@given(st.sampled_from(("Bearer", "basic", "ba\u017fic", "to\u212aen")), st.sampled_from((" ", ":", ". ", "%20", "\n")),
       st.text("ab \u00e9\u0130_9-", max_size=3), st.booleans())
def test_credentials_of_a_content_stand_behind_a_scheme(scheme: str, between: str, before: str, more: bool) -> None:
    text = f"{before}{scheme}{between}Tr0ub4dor-and-3{' token' * more}"
    assert content._told(text)[1] or scanned(text) == scanned(text, schemes=False)


def test_the_runs_of_letters_that_are_remembered_stay_few() -> None:
    for number in range(3 * content._RUNS):
        content._told("".join("fgijlquvwx"[int(digit)] for digit in str(number)) + "x" * 25 * (number % 2))
    assert len(content._MUTE) <= content._RUNS
    assert max(map(len, content._MUTE)) <= content._RUN


@given(st.integers(-2_000_000_000, 4_000_000_000), st.booleans())
def test_a_date_holds_no_secret(seconds: int, tokens: bool) -> None:
    date = format_datetime(datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=seconds), usegmt=True)
    assert scanned(date, tokens=tokens) == scanned(date, tokens=tokens, reference=True) == ()


HOSTS = st.sampled_from(("hooks", "a-b", "hc-ping.com", "basic", "bearer", "a" * 16, "token", "example"))
WORDS_OF_PATHS = st.sampled_from(("reset", "resetToken", "bot", "v2", "basic.Tr0ub4dor3", "eyJhbGciO.e30", "items"))
TOKENS = st.sampled_from(("1841", "Tr0ub4dor-and-3", "aZ3kQ9xT7bN4mW8", "0123456789abcde", "key-", "x"))
PARAMETERS = st.sampled_from(("code", "sig", "page", "accessToken", "x", "password", "sort"))


@given(hosts=st.lists(HOSTS, min_size=1, max_size=2), path=st.lists(st.tuples(WORDS_OF_PATHS, TOKENS), max_size=2),
       port=st.sampled_from(("", ":80", ":8443")), query=st.lists(st.tuples(PARAMETERS, TOKENS), max_size=2),
       tokens=st.booleans())
def test_a_plain_uri_holds_no_secret(hosts: list[str], path: list[tuple[str, str]], port: str,
                                     query: list[tuple[str, str]], tokens: bool) -> None:
    asked = f"?{'&'.join(map('='.join, query))}" if query else ""
    uri = f"https://{'.'.join(hosts)}{port}{''.join(f'/{word}/{token}' for word, token in path)}{asked}"
    found = scanned(uri, reference=True, tokens=tokens)
    with mock.patch.object(scan, "_is_plain", return_value=False):
        assert scanned(uri, reference=True, tokens=tokens) == found


PARTS = st.tuples(st.sampled_from(("", "::", "##", "a", "\x1b", " ", "\ufe00")), st.tuples(
    st.sampled_from(("dim", "")), st.text("a: #[\n\u00e9\u202e", max_size=6)))


@given(st.lists(PARTS, max_size=4))
def test_lines_that_are_written_together_are_those_written_one_by_one(lines: list[tuple[str, tuple[str, str]]]) -> None:
    together: list[str] = []
    alone: list[str] = []
    Lines(together.append).together(lines)
    say = Lines(alone.append)
    for parts in lines:
        say(*parts)
    assert "".join(together) == "".join(alone)
