"""The layout of rule files: it changes no value, is found at once, and fits into 120 columns."""
from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.cli.main import run
from httplint.engine import obsolete
from httplint.engine.catalogue import parsed
from httplint.engine.errors import RuleError
from httplint.engine.rule import KEYS
from httplint.layout import ORDER, formatted

HEAD = """\
# RFC 9110: a file of rules.
#   - a list

# A second paragraph.

"""
ODD = """\
[[rule]]   # the first
why = "A very long sentence that has to go on in the next line, as it has more than a hundred and twenty \
letters, and \\"more\\"."
good = ["< HTTP/1.1 200 OK\\n< Age: 1",'< HTTP/1.1 404',  "< HTTP/1.1 200 OK\\n< X: a\\tb \\n< Y: '''\\n"]
# what it is called
'id'="a.b"
level= "advice"# our word
requirement =[ "9110-1",
  "9110-2" ]
title="A title"
spec = 'RFC 9110 \u00a71'
fix = '''
Fix
  it.'''
message = "saw {response.status}"
require = "'a' in response and response.status == 200 or response.status in (301, 302, 303, 307, 308) \
and 'b' in response"
status=[200,"4xx"]
bad = ["< HTTP/1.1 500"]
# the end
"""
EVEN = HEAD + """\
# the first
[[rule]]
# what it is called
id          = "a.b"
title       = "A title"
level       = "advice"             # our word
spec        = "RFC 9110 \u00a71"
requirement = ["9110-1", "9110-2"]
status      = [200, "4xx"]
require     = \"""'a' in response and response.status == 200 or response.status in (301, 302, 303, 307, 308) \\
              and 'b' in response\"""
message     = "saw {response.status}"
why         = \"""A very long sentence that has to go on in the next line, as it has more than a hundred and twenty
              letters, and "more".\"""
fix         = "Fix it."
bad         = ["< HTTP/1.1 500"]
good        = ['''
< HTTP/1.1 200 OK
< Age: 1
''', '''
< HTTP/1.1 404
''', \"""
< HTTP/1.1 200 OK
< X: a\\tb\\u0020
< Y: '''
\"""]

# the end
"""


def test_every_key_has_its_place() -> None:
    assert {kind: sorted(order) for kind, order in ORDER.items()} == {
        "rule": sorted(KEYS), "obsolete": sorted(obsolete.KEYS)}


def test_a_file_in_another_layout() -> None:
    assert formatted((HEAD + ODD).encode(), "a.toml") == EVEN
    assert formatted(EVEN.encode(), "a.toml") == EVEN
    assert formatted((HEAD + ODD).replace("\n", "\r\n").encode(), "a.toml") == EVEN


def test_our_own_rules_are_in_the_layout(capsys: pytest.CaptureFixture[str]) -> None:
    rules = Path(__file__).parents[2] / "rules"
    assert run(["rules", "format", "--check", str(rules)]) == 0
    assert capsys.readouterr().out.endswith(" 0 not in the layout\n")
    long = [f"{path.name}:{number}" for path in rules.rglob("*.toml")
            for number, line in enumerate(path.read_text("utf-8").split("\n"), 1) if len(line) > 120]
    assert long == []


@pytest.mark.parametrize("status", ["4xx", "405", ""])
def test_a_rule_to_start_from_is_in_the_layout(status: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(["rules", "new", "test.one", "--status", status])
    text = capsys.readouterr().out
    assert formatted(text.encode(), "a.toml") == text


def test_files_are_written_unless_they_are_only_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd, even = tmp_path / "odd.toml", tmp_path / "sub" / "even.toml"
    even.parent.mkdir()
    odd.write_text(HEAD + ODD, "utf-8", newline="\r\n")
    even.write_text(EVEN, "utf-8")
    assert run(["rules", "format", "--check", str(tmp_path)]) == 1
    assert capsys.readouterr().out == f"{odd}: not in the layout\n2 files, 1 not in the layout\n"
    assert odd.read_text("utf-8") == HEAD + ODD
    assert run(["rules", "format", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "2 files, 1 written\n"
    assert odd.read_bytes() == even.read_bytes() == EVEN.encode()
    assert run(["rules", "format", "--check", str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["even.toml", "odd.toml", "sub"]


def test_what_may_never_end_is_not_waited_for_in_a_directory(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "a.toml")
    (tmp_path / "b.toml").write_text(HEAD + ODD, "utf-8")
    assert run(["rules", "format", str(tmp_path)]) == 2
    assert capsys.readouterr() == ("2 files, 1 written\n",
                                   f"httplint: {tmp_path / 'a.toml'}:1: cannot be read: it is no regular file\n")


@pytest.mark.parametrize(("text", "place"), [
    (ODD.replace('"9110-1",', '"9110-1", # one'), "a.toml:7: a comment within a value"),
    (ODD + "[rule.sub]\n", "a.toml:1: "),
    (ODD.replace("'id'=", "id.x="), "a.toml:"),
    ('rule = [{id = "a.b", title = "t", level = "MUST", spec = "s", require = "1 == 1", message = "m", why = "w", '
     'fix = "f", bad = ["x"], good = ["x"]}]\n', "a.toml:1: "),
    (ODD.replace("level=", "levle="), "a.toml:6: a.b: unknown key 'levle'; did you mean 'level'?"),
    ("[[rule]\n", "a.toml:1: not TOML"),
    ("\udcff", "a.toml:1: not TOML: not UTF-8"),
])
def test_what_has_no_layout_stays_as_it_is(text: str, place: str, tmp_path: Path,
                                           capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.toml"
    path.write_text(text, "utf-8", errors="surrogateescape")
    assert run(["rules", "format", str(path)]) == 2
    assert f"{tmp_path}/{place}" in capsys.readouterr().err
    assert path.read_text("utf-8", "surrogateescape") == text


def test_a_link_stays_one(tmp_path: Path) -> None:
    target, link = tmp_path / "a.toml", tmp_path / "b.toml"
    target.write_text(ODD, "utf-8")
    link.symlink_to(target)
    assert run(["rules", "format", str(link)]) == 0
    assert link.is_symlink()
    assert target.read_text("utf-8") == EVEN[len(HEAD):]


WORDS = st.text(st.sampled_from(" \\'\"abcde<>:;,=\u00e9\u2028\x00\x1f\x7f\t\n\r\u202e\U0001f600"), min_size=1)
PROSE = st.lists(st.text(st.sampled_from("\\'\"abc\u00e9\x01"), min_size=1, max_size=12), min_size=1, max_size=40).map(
    " ".join)
CONDITIONS = st.lists(st.sampled_from(["response.status == 200", "'Allow' in response", "request.method == 'GET  PUT'",
                                       "response.reason != '\\\"\\t'"]), min_size=1, max_size=9)
EXAMPLES = st.lists(WORDS | PROSE | st.text(st.characters(codec="utf-8"), max_size=300), min_size=1, max_size=3)


@st.composite
def files(draw: st.DrawFn) -> str:
    """A rule file with one rule, its keys in any order."""
    def text(value: str) -> str:
        return re.sub("[\x7f]", r"\\u007f", json.dumps(value, ensure_ascii=False))

    keys = {"id": '"a.b"', "level": '"MUST"', "spec": '"RFC 9110"', "title": text(draw(PROSE)),
            "why": text(draw(PROSE)), "fix": text(draw(PROSE)), "message": text(draw(PROSE)),
            "require": text(draw(st.sampled_from([" and ", "\n  or ", " or "])).join(draw(CONDITIONS)))}
    keys |= {key: f"[{', '.join(map(text, draw(EXAMPLES)))}]" for key in ("bad", "good")}
    asides = st.sampled_from(["", " # aside", f" # {'long ' * 25}"])
    return "# head\n\n[[rule]]\n" + "".join(
        f"# above {key}\n{key} = {value}{draw(asides)}\n" for key, value in draw(st.permutations(list(keys.items()))))


@given(files())
def test_no_value_changes_and_no_comment_is_lost(text: str) -> None:
    out = formatted(text.encode(), "a.toml")
    (before,), (after,) = parsed(text.encode(), "a.toml"), parsed(out.encode(), "a.toml")
    for key in ("title", "why", "fix", "message", "require", "bad", "good"):
        assert getattr(before, key) == getattr(after, key)
    assert formatted(out.encode(), "a.toml") == out
    assert all(len(line) <= 120 for line in out.split("\n"))
    assert out.count("# aside") == text.count("# aside")
    assert len(re.findall("(?m)^# above", out)) == 10


def test_a_text_without_spaces_is_broken_all_the_same() -> None:
    for text in ("x" * 500, "\\\\" * 300, " " * 300 + "x", 'x"' * 300):
        file = EVEN.replace("< Age: 1", "").replace('"Fix it."', '"' + text.replace('"', '\\"') + '"')
        out = formatted(file.encode(), "a.toml")
        assert all(len(line) <= 120 for line in out.split("\n"))
        assert formatted(out.encode(), "a.toml") == out


def test_a_hostile_file_is_no_more_than_an_error() -> None:
    for text in ('[[rule]]\nid = "' + "\\u0022" * 9_000 + '"\n', "[" * 9_000, "#" * 9_000 + "\n[[rule]]\n"):
        with pytest.raises(RuleError):
            formatted(text.encode(), "a.toml")
