"""The text report: what is one block, in what order blocks stand, how long lines are, and what leads elsewhere."""
from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reporting import EVIL, evil, exchange, house, judged, written

from httplint import Exchange, Linter
from httplint.engine.report import Report
from httplint.model.exchange import Source
from httplint.report.closing import summary_lines
from httplint.report.colour import Paint, linking
from httplint.report.lines import plain, wrapped
from httplint.report.masker import PLAIN as MASKER
from httplint.report.reporter import Options
from httplint.report.summary import Summary

ESCAPE = re.compile(r"\x1b(?:\[[0-9;]*m|\]8;;[!-~]*\x1b\\)")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return house(tmp_path)


def obsolete(*sent: tuple[str, str]) -> list[Report]:
    """Reports on responses with an unquoted ETag, by URI and value."""
    return list(Linter(select="etag.malformed").lint_all(
        exchange(uri=uri, entry=number, ETag=value) for number, (uri, value) in enumerate(sent)))


def heads(text: str) -> list[str]:
    return re.findall(r"^(?:error|warning|info)\[.*", text, re.M)


IMAGES = [(f"http://a.example/{name}.png", "abc") for name in "stuvwxyz"]


def test_one_mistake_on_every_image_is_one_block() -> None:
    text = written("text", obsolete(*IMAGES))
    assert len(heads(text)) == 1
    assert heads(text)[0].startswith("error[etag.malformed] ×8 malformed ETag")
    assert "--> a.har:10:5 (entry 0) GET http://a.example/s.png\n" in text
    assert ("= also at GET /t.png (entry 1), GET /u.png (entry 2), GET /v.png (entry 3), and 4 more endpoints\n"
            in text)
    assert "other values" not in text


def test_places_of_one_endpoint_are_counted_as_such() -> None:
    text = written("text", obsolete(*[("http://a.example/a.png", "abc")] * 6))
    assert "= also at entry 1, entry 2, entry 3, and 2 more\n" in text


def test_a_place_in_another_file_is_named() -> None:
    first, second = exchange(ETag="abc"), exchange(uri="http://shop.example/b", path="b.har", entry=7, ETag="abc")
    text = written("text", Linter(select="etag.malformed").lint_all([first, second]))
    assert "= also at GET /b (b.har:17:5 (entry 7))\n" in text


def test_findings_about_other_values_are_alike_and_say_so() -> None:
    text = written("text", obsolete(*IMAGES[:2], ("http://a.example/x", "xyz")))
    assert len(heads(text)) == 1
    assert "GET /x (entry 2); with other values\n" in text


def test_hosts_fields_and_severities_are_apart() -> None:
    reports = obsolete(("http://a.example/", "abc"), ("http://b.example/", "abc"), ("http://a.example/x", "abc"))
    reports[2].findings[0].severity = "warning"
    text = written("text", reports)
    assert [head.partition(" ")[0] for head in heads(text)] == [
        "warning[etag.malformed]", "error[etag.malformed]", "error[etag.malformed]"]


@pytest.mark.parametrize(("choice", "blocks"), [("rule", 1), ("endpoint", 2), ("finding", 3)])
def test_the_view_is_chosen(choice: str, blocks: int) -> None:
    reports = obsolete(("http://a.example/a", "abc"), ("http://a.example/a", "abc"), ("http://a.example/b", "abc"))
    text = written("text", reports, Options(group_by=choice))
    assert len(heads(text)) == blocks
    assert "3 errors in 3 of 3 entries" in text


def test_what_counts_most_stands_last(pack: Path) -> None:
    reports = judged(pack, exchange(X_Bad="1", X_Note="1"), exchange(X_Bad="1", X_Request_Id="1"))
    text = written("text", reports)
    assert [head.split(" ")[0] for head in heads(text)] == [
        "info[house.note]", "warning[house.bad]", "error[house.request-id]"]
    assert text.index("error[house.request-id]") < text.index("1 error, 2 warnings, 1 info in 2 of 2 entries")


def many() -> str:
    """A report with more blocks than stand apart: of errors and of advice, on many hosts."""
    uris = [f"https://{number}.example/" for number in range(20)]
    reports = list(Linter(select="etag.malformed,field.obsolete").lint_all(
        exchange(uri=uri, entry=number, ETag="abc", P3P="CP") for number, uri in enumerate(uris)))
    return written("text", reports)


def test_many_blocks_are_drawn_together_and_end_with_a_table() -> None:
    text = many()
    assert [head.split(" ")[:2] for head in heads(text)] == [
        ["info[field.obsolete]", "×20"], ["error[etag.malformed]", "×20"]]
    for number in range(20):
        assert text.count(f"{number}.example") >= 2, "each host is named by both blocks"
    table = text[text.index("severity findings"):].splitlines()
    assert [line.split() for line in table[1:3]] == [
        ["info", "20", "20", "20", "field.obsolete"], ["error", "20", "20", "20", "etag.malformed"]]
    assert table[4].startswith("20 errors, 20 info in 20 of 20 entries")


def test_few_blocks_have_no_table() -> None:
    assert "severity findings" not in written("text", obsolete(*IMAGES))


def test_quiet_tells_findings_alone() -> None:
    for name in ("text", "concise"):
        text = written(name, obsolete(*IMAGES), Options(quiet=True))
        assert "etag.malformed" in text
        assert "entries" not in text
        assert "not evaluated" not in text
    assert written("text", obsolete(), Options(quiet=True)) == ""


def test_each_block_says_where_to_read_on() -> None:
    text = written("text", obsolete(*IMAGES))
    assert ("= MUST NOT: RFC 9110 §8.8.3  https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3  "
            "httplint explain etag.malformed\n") in text


# -- what is told of what was not evaluated


def test_what_was_not_evaluated_is_told_in_two_parts(pack: Path) -> None:
    first, *_ = Linter(select="http1,content").lint_all([exchange(content=None)])
    text = written("text", [first])
    unseen, remedies = text.split("\n  more can be evaluated")
    assert "not evaluated, as captures like these never show: " in unseen
    assert "the octets of messages" in unseen
    assert "trailers" not in remedies
    assert re.search(r"- \d+ rules?: record contents", remedies)


def test_the_list_has_both_parts_and_every_rule() -> None:
    first, *_ = Linter(select="http1,content").lint_all([exchange(content=None)])
    text = written("text", [first], Options(show_not_evaluated=True))
    unseen, remedies = text[text.index("not evaluated, as"):].split("  not evaluated, but could be:\n")
    assert "the octets of the message were not captured" in unseen
    assert "      = record contents" in remedies
    assert {one.rule_id for one in first.not_evaluated} <= set(re.findall(r"^      (\S+) ×1$", text, re.M))


# -- lines


WORDS = st.text(st.characters(codec="utf-8"), max_size=40)


@given(st.lists(st.one_of(WORDS, st.tuples(st.sampled_from(("bold", "dim", "")), WORDS))), st.integers(20, 60))
def test_wrapping_keeps_all_words_whole_and_in_order(parts: list[str | tuple[str, str]], width: int) -> None:
    lines = [plain(line) for line in wrapped(parts, width)]
    whole = plain(line for one in wrapped(parts, 10**6) for line in one)
    assert "".join(lines).replace(" ", "") == whole.replace(" ", "")
    assert [word for line in lines for word in line.split(" ") if word] == [word for word in whole.split(" ") if word]


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_lines_fit_the_terminal_where_words_do(width: int) -> None:
    text = written("text", obsolete(*IMAGES), Options(width=width))
    for line in text.splitlines():
        assert len(line) <= width or " " not in line.strip().removeprefix("--> ").removeprefix("= "), line
        assert not line.startswith("   |") or len(line) <= width
    plain_text = written("text", obsolete(*IMAGES))
    assert text.count("\n") >= plain_text.count("\n")


def test_what_goes_on_stands_below_its_text() -> None:
    text = written("text", obsolete(*IMAGES), Options(width=60))
    lines = text.splitlines()
    fix = next(number for number, line in enumerate(lines) if line.startswith("   = also at"))
    assert re.match(r" {5}\S", lines[fix + 1])
    assert "httplint explain etag.malformed" in text, "a command stays whole"


def test_elsewhere_lines_are_as_long_as_they_are() -> None:
    assert any(len(line) > 200 for line in many().splitlines())


# -- hyperlinks


def linked(reports: Iterable[Report]) -> str:
    return written("text", reports, Options(paint=Paint(True, links=True), width=100))


def test_the_rule_and_its_section_are_hyperlinks() -> None:
    text = linked(obsolete(*IMAGES))
    address = "https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3"
    assert f"\x1b]8;;{address}\x1b\\\x1b[1;31merror[etag.malformed]\x1b[0m\x1b]8;;\x1b\\" in text
    assert f"\x1b]8;;{address}\x1b\\RFC 9110 §8.8.3\x1b]8;;\x1b\\" in text
    assert address not in ESCAPE.sub("", text), "which says it already"
    assert text.count("\x1b]8;;\x1b\\") == text.count("\x1b]8;;https")


def test_no_hostile_value_enters_an_escape(pack: Path) -> None:
    text = linked(evil(pack))
    rest = ESCAPE.sub("", text)
    assert "\x1b" not in rest
    for found in re.findall(r"\x1b\]8;;([^\x1b]*)\x1b\\", text):
        assert found == "" or found.startswith("https://www.rfc-editor.org/rfc/rfc9110")


@pytest.mark.parametrize("address", ["https://a.example/\x1b\\", "https://a.example/ x", "javascript:1", "http://a.example/",
                                     "https://a.example/é", "https://" + "a" * 600, EVIL, ""])
def test_what_is_no_plain_address_is_no_hyperlink(address: str) -> None:
    assert Paint(False, links=True)("", "text", address) == "text"


class Terminal:
    """A stream that is a terminal, or not."""

    def __init__(self, there: bool = True) -> None:
        self.isatty = lambda: there


@pytest.mark.parametrize(("variables", "there", "choice", "expected"), [
    ({"TERM": "xterm-256color"}, True, "auto", False),
    ({"TERM": "xterm-kitty"}, True, "auto", True),
    ({"TERM": "xterm-256color", "TERM_PROGRAM": "vscode"}, True, "auto", True),
    ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, True, "auto", False),
    ({"TERM": "xterm-256color", "VTE_VERSION": "7003"}, True, "auto", True),
    ({"TERM": "xterm-256color", "VTE_VERSION": "4601"}, True, "auto", False),
    ({"TERM": "xterm-256color", "VTE_VERSION": "x"}, True, "auto", False),
    ({"TERM": "xterm-256color", "WT_SESSION": "1"}, True, "auto", True),
    ({"TERM": "xterm-256color", "WT_SESSION": "1"}, False, "auto", False),
    ({"TERM": "screen-256color", "WT_SESSION": "1"}, True, "auto", False),
    ({"TERM": "dumb", "WT_SESSION": "1"}, True, "auto", False),
    ({"FORCE_HYPERLINK": "1"}, False, "auto", True),
    ({"FORCE_HYPERLINK": "0", "TERM": "xterm-kitty"}, True, "auto", False),
    ({"FORCE_HYPERLINK": "1"}, True, "never", False),
])
def test_hyperlinks_are_for_terminals_that_take_them(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str],
                                                     there: bool, choice: str, expected: bool) -> None:
    from httplint.report.colour import LINKING
    for name in (*LINKING, "FORCE_HYPERLINK", "VTE_VERSION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert linking(choice, Terminal(there)) is expected  # type: ignore[arg-type]


# -- versions


def test_what_the_capture_says_of_the_version_is_shown_though_it_proves_nothing() -> None:
    one = exchange(ETag="abc")
    response = one.response.but(version=None, claimed="HTTP/1.1")
    report, = Linter(select="etag.malformed").lint_all([
        Exchange(response, one.request, source=Source("a.har", 0))])
    assert "| < HTTP/1.1 200\n" in written("text", [report])


def test_one_is_no_plural() -> None:
    def closing(rules: int, reasons: int) -> str:
        summary = Summary(rules, MASKER)
        for number in range(reasons):
            summary.skip(f"reason {number}")
        return "\n".join(map(plain, summary_lines(summary, False)))

    assert closing(1, 6).endswith(", and for 1 other reason")
    assert closing(1, 7).endswith(", and for 2 other reasons")
    assert ", by 1 rule\n" in closing(1, 1)
    assert ", by 2 rules\n" in closing(2, 1)
