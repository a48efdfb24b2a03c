"""Where the stack is that of a browser, JSON that is nested too deeply is refused before a decoder sees it."""
from __future__ import annotations

import json
import json.decoder
import json.scanner
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from httplint import Exchange, Linter, Request, Response
from httplint.cli.main import run
from httplint.model import nesting
from httplint.model.nesting import shallow, shallow_values


@contextmanager
def at_most(levels: int, first: int = nesting.FIRST) -> Iterator[None]:
    """As in a browser, with other numbers."""
    with patch.multiple(nesting, bounded=True, DEEPEST=levels, FIRST=first):
        yield


class Measuring(json.JSONDecoder):
    """The decoder of the standard library, written in Python; `deepest`: how many of its calls were within one another
    at most.
    """

    def __init__(self) -> None:
        super().__init__(strict=False)
        self.depth = self.deepest = 0
        self.parse_object = self._counted(json.decoder.JSONObject)  # type: ignore[attr-defined]
        self.parse_array = self._counted(json.decoder.JSONArray)    # type: ignore[attr-defined]
        self.scan_once = json.scanner.py_make_scanner(self)         # type: ignore[attr-defined]

    def _counted(self, parse: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any) -> Any:
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)
            try:
                return parse(*arguments)
            finally:
                self.depth -= 1
        return counted


def refused(text: object) -> bool:
    try:
        shallow(text)
    except RecursionError:
        return True
    return False


values = st.recursive(st.none() | st.integers(-1, 20) | st.text('[]{}",:\\a\n', max_size=6),
                      lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
                          st.text('[{"\\', max_size=3), inner, max_size=3), max_leaves=12)
whole = values.map(json.dumps)
signs = st.text('[[[{]}""\\\\:,a1 ', max_size=40)
spoiled = st.tuples(whole, st.integers(0, 60), st.text('[]{}"\\,:a', max_size=4), st.integers(0, 4)).map(
    lambda drawn: drawn[0][:drawn[1]] + drawn[2] + drawn[0][drawn[1] + drawn[3]:])


@given(whole)
def test_of_json_the_depth_is_exact(text: str) -> None:
    decoder = Measuring()
    decoder.decode(text)
    for levels in range(5):
        with at_most(levels):
            assert refused(text) == refused(text.encode()) == (decoder.deepest > levels)


@given(signs | spoiled | st.tuples(whole, signs).map("".join))
def test_no_decoder_goes_deeper_whatever_the_text(text: str) -> None:
    decoder = Measuring()
    try:
        decoder.decode(text)
    except ValueError:
        pass
    if decoder.deepest:
        with at_most(decoder.deepest - 1):
            assert refused(text)


@given(st.text('["\u5b22\u225b', max_size=3).map(lambda text: json.dumps([[[text]]], ensure_ascii=False)),
       st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]))
def test_octets_are_read_in_the_encoding_that_decoders_detect(text: str, encoding: str) -> None:
    octets = text.encode(encoding)
    with at_most(3):
        assert json.loads(shallow(octets)) == json.loads(text)
        assert json.loads(shallow(bytearray(octets))) == json.loads(text)
    with at_most(2):
        assert refused(octets)


def test_what_nobody_can_decode_is_left_to_the_decoder() -> None:
    with at_most(1):
        assert shallow(b"[\0[\0[") == b"[\0[\0["
        assert shallow("[\ud800") == "[\ud800"
        assert refused("[[\ud800")


@given(signs | spoiled | st.tuples(signs, whole, signs).map("".join) | st.tuples(whole, signs).map("".join),
       st.just(0) | st.integers(0, 8), st.integers(1, 16), st.integers(1, 3))
@example('[{"a": [1]}], [[[[[[', 0, 16, 3)
@example('["[[[[", "\\\"[[[["], [[[[[[', 0, 16, 3)
def test_a_value_within_a_text_is_decoded_as_ever_or_refused(text: str, begin: int, first: int, levels: int) -> None:
    decoder = Measuring()

    def outcome(decode: Callable[[str, int], object]) -> tuple[str, object]:
        try:
            return "value", decode(text, begin)
        except json.JSONDecodeError as error:
            return "fault", (error.msg, error.pos, error.doc)
        except StopIteration:
            return "fault", "none begins here"
        except RecursionError:
            return "too deep", None

    expected, deepest = outcome(decoder.raw_decode), decoder.deepest
    decoder.deepest = 0
    with at_most(levels, first):
        found = outcome(shallow_values(decoder.raw_decode))
    assert decoder.deepest <= levels
    if deepest > levels:
        assert found[0] == "too deep"
    elif found[0] == "too deep":
        assert expected[0] == "fault"
    else:
        assert found == expected


def test_what_follows_a_value_takes_no_time() -> None:
    asked = 0

    def raw_decode(text: str, begin: int) -> tuple[Any, int]:
        nonlocal asked
        asked += len(text) if begin == 0 else 0
        return json.JSONDecoder().raw_decode(text, begin)

    text = "[]," * 10_000
    with at_most(400):
        decode, at = shallow_values(raw_decode), 3
        while at < len(text):
            assert decode(text, at) == ([], at + 2)
            at += 3
    assert asked <= nesting.FIRST * 10_000


def test_elsewhere_nothing_is_looked_at() -> None:
    text = "[" * 100_000
    assert shallow(text) is text
    asked = []
    shallow_values(lambda *arguments: (asked.append(arguments), 1))(text, 1)
    assert asked == [(text, 1)]


def test_views_of_octets_too() -> None:
    raw = msgspec.json.decode(b"[[[1]]]", type=msgspec.Raw)
    with at_most(2):
        assert refused(raw)
        assert refused(memoryview(b"[[[1]]]"))
        assert not refused(memoryview(b"[[[1]]]")[1:-1])


# Whoever decodes JSON

DEEP = '{"a":' + "[" * 400 + "]" * 400 + "}"
"""Of 401 levels."""
DATE = ("Date", "Sun, 01 Mar 2026 12:00:00 GMT")
TYPE = ("Content-Type", "application/problem+json")


@pytest.mark.parametrize("rule", ["json.invalid", "problem.no-object", "query.inconsistent-content"])
def test_content_that_is_nested_too_deeply_is_not_evaluated(rule: str) -> None:
    def exchange(more: str) -> Exchange:                   # other contents each time: what was read last is kept
        content = (DEEP + more).encode()
        return Exchange(Response(200 if rule.startswith("query") else 404, headers=[DATE, TYPE], content=content),
                        Request("QUERY", "https://a.example/", headers=[TYPE], content=content))

    linter = Linter(select=rule)
    assert rule in linter.lint(exchange("")).held
    with at_most(401):
        assert rule in linter.lint(exchange(" ")).held
    with at_most(400):
        assert linter.lint(exchange("  ")).not_evaluated == [(rule, "the content is nested too deeply")]


def test_a_field_that_is_nested_too_deeply_is_malformed() -> None:
    def messages(group: str) -> list[str]:                 # other values each time: those that were met are kept
        value = f'{{"group": "{group}", "max_age": 1, "endpoints": [], "more": {DEEP}}}'
        exchange = Exchange(Response(200, headers=[DATE, ("Report-To", value)], content=b"a"))
        return [finding.message for finding in Linter(select="report-to.malformed").lint(exchange).findings]

    assert messages("a") == []
    with at_most(402):
        assert messages("b") == []
    with at_most(401):
        message, = messages("c")
    assert "JSON of ordinary numbers and depth" in message


def _zipped(path: Path, **members: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("_", "."), text)


FILES = [
    ("check a --isolated --baseline b", DEEP, "the baseline is not JSON: it is nested too deeply"),
    ("check a --isolated --api b", DEEP, "b: nested too deep"),
    ("report --from b", DEEP, "b: nested too deeply"),
    ("report --from b", '{"type": "exchange"}\n{"type": "summary", "a": ' + DEEP + "}",
     "b: the last line: nested too deeply"),
    ("check b --isolated", '{"Initialize": {"schemathesis_version": "4"}}\n' + DEEP,
     "b:2:1: this line is nested too deeply; the next one is read"),
]


@pytest.mark.parametrize(("argv", "text", "told"), FILES)
def test_a_file_that_is_nested_too_deeply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                          capsys: pytest.CaptureFixture[str], argv: str, text: str, told: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a").write_text("HTTP/1.1 200 OK\r\n\r\n", "utf-8")
    Path("b").write_text(text, "utf-8")
    for levels, refused in ((402, False), (400, True)):
        with at_most(levels):
            run(argv.split())
        assert (told in "".join(capsys.readouterr())) is refused


def test_a_line_of_a_trace_that_is_nested_too_deeply(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _zipped(tmp_path / "a.zip", trace_trace="{}", trace_network=f"{DEEP}\n")
    for levels, told in ((401, ""), (400, "no event of a trace")):
        with at_most(levels):
            run(["check", str(tmp_path / "a.zip"), "--isolated"])
        text = "".join(capsys.readouterr())
        assert told in text
        assert ("no event of a trace" in text) is bool(told)
