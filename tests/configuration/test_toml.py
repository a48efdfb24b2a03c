"""Where keys stand in a TOML file."""
from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.configuration import ConfigurationError
from httplint.configuration.finding import find
from httplint.configuration.toml import lines, read

DOCUMENT = '''\
# a comment with [brackets] = and "quotes
select = ["a", # one
  "b ] = ",
]
text = """
[not.a.table]
no = "key"
"""""
other = \'\'\'
[nor.this]
\'\'\'
"quoted \\u0041" = 1
'literal' = {inline = 1, x = [1,
2]}
a.b . c = 2

[level]   # comment
404 = "off"
"405.allow" = "info"

[[override]]
host = "a"
[override.level]
x = "off"

[[override]]
host = "b"

[ "x" . y ]
z = 1979-05-27T07:32:00Z
'''


def test_every_key_has_its_line() -> None:
    assert tomllib.loads(DOCUMENT)
    assert lines(DOCUMENT) == {
        ("a",): 15, ("a", "b"): 15, ("override",): 21, ("x",): 29,
        ("select",): 2, ("text",): 5, ("other",): 9, ("quoted A",): 12, ("literal",): 13, ("a", "b", "c"): 15,
        ("level",): 17, ("level", "404"): 18, ("level", "405.allow"): 19,
        ("override", 0): 21, ("override", 0, "host"): 22, ("override", 0, "level"): 23,
        ("override", 0, "level", "x"): 24, ("override", 1): 26, ("override", 1, "host"): 27,
        ("x", "y"): 29, ("x", "y", "z"): 30,
    }


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    out = set()
    for name, one in value.items():
        if isinstance(one, dict):
            out |= _paths(one, (*path, name))
        elif isinstance(one, list) and one and isinstance(one[0], dict):
            for number, item in enumerate(one):
                out |= _paths(item, (*path, name, number))
        else:
            out.add((*path, name))
    return out


NAMES = st.one_of(st.text("ab-_1", min_size=1, max_size=3), st.text('a."#[]=\\ é', max_size=3))
VALUES = st.recursive(st.one_of(st.text("a\"'\\]#=\n", max_size=4), st.integers(), st.booleans()),
                      lambda inner: st.lists(inner, max_size=3), max_leaves=4)


def _written(value: Any, data: st.DataObject) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        space = data.draw(st.sampled_from(["", " ", "\n", "# ]\n"]))
        return "[" + space + f",{space}".join(_written(one, data) for one in value) + space + "]"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    if not value.startswith("\n") and data.draw(st.booleans()):
        return '"""' + escaped + '"""'
    return '"' + escaped.replace("\n", "\\n") + '"'


def _name(name: str) -> str:
    return name if name and all(c in "ab-_1" for c in name) else '"' + name.replace("\\", "\\\\").replace(
        '"', '\\"') + '"'


@given(st.dictionaries(NAMES, VALUES, max_size=4), st.dictionaries(NAMES, st.lists(
    st.dictionaries(NAMES, VALUES, max_size=3), min_size=1, max_size=2), max_size=2), st.data())
def test_the_lines_are_those_of_the_keys(top: dict[str, Any], arrays: dict[str, Any], data: st.DataObject) -> None:
    arrays = {name: tables for name, tables in arrays.items() if name not in top}
    text, expected = "", {}

    def write(path: tuple[str | int, ...], table: dict[str, Any]) -> None:
        nonlocal text
        for name, value in table.items():
            expected[(*path, name)] = text.count("\n") + 1
            text += f"{_name(name)} = {_written(value, data)}\n"

    write((), top)
    for name, tables in arrays.items():
        for number, table in enumerate(tables):
            text += f"[[{_name(name)}]]\n"
            write((name, number), table)
    assert tomllib.loads(text) == top | arrays
    found = lines(text)
    assert {path: found[path] for path in expected} == expected
    assert _paths(top | arrays) <= lines(text).keys()


@given(st.text("[]=.\"'\\#\n a{},"))
def test_nothing_is_raised_but_configuration_errors(text: str) -> None:
    try:
        read("httplint.toml", text.encode())
    except ConfigurationError:
        pass


@given(st.binary())
def test_nor_for_octets(octets: bytes) -> None:
    try:
        read("pyproject.toml", octets)
    except ConfigurationError:
        pass


@pytest.mark.parametrize(("octets", "line", "why"), [
    (b"select = \n", 1, "not TOML"),
    (b"x = 1\nx = 2\n", 2, "not TOML"),
    (b"x = 1\nx", 2, "at end of document"),
    (b"x = 1\ny = " + b"9" * 5000, 2, "a number is too long"),
    (b"x = 1\r\n\r\ny = \xff", 3, "not UTF-8"),
    (b"[" * 10_000, 1, "not TOML"),
    (b"x = " + b"[" * 100_000, None, "nested too deep"),
    (b"[" + b"a." * 100_000 + b"a]\n" + b"b=1\n" * 10, None, "nested too deep"),
    (b"#" * (2 << 20), None, "larger than 1 MB"),
])
def test_what_cannot_be_read_is_told_with_its_place(octets: bytes, line: int | None, why: str) -> None:
    with pytest.raises(ConfigurationError, match=why) as caught:
        read("httplint.toml", octets)
    assert (caught.value.path, caught.value.line) == ("httplint.toml", line)


@pytest.mark.parametrize("octets", [b"\n\xff", b"\nx = " + b"9" * 5000, b"\nx = "])
def test_lines_are_counted_from_the_first_octet_on(octets: bytes) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read("httplint.toml", octets)
    assert caught.value.line == 2


DEEP, DEEPER = (".".join("a" * parts) for parts in (20, 21))


@pytest.mark.parametrize("text", ["{} = 1", "[{}]", "[[{}]]", "x = {{{} = 1}}", "x = {{b = 1, {} = 1}}"])
def test_keys_have_twenty_parts_at_most(text: str) -> None:
    assert read("httplint.toml", text.format(DEEP).encode()).table
    with pytest.raises(ConfigurationError, match="nested too deep"):
        read("httplint.toml", text.format(DEEPER).encode())


def test_a_document_has_a_mebibyte_at_most() -> None:
    assert read("httplint.toml", b"#" * (1 << 20)).table == {}
    with pytest.raises(ConfigurationError, match="larger than 1 MB"):
        read("httplint.toml", b"#" * ((1 << 20) + 1))


@pytest.mark.parametrize("key", ['""', "''"])
def test_a_key_may_be_empty(key: str) -> None:
    assert lines(f"\n{key}.{key} = 1\n") == {("",): 2, ("", ""): 2}


@pytest.mark.parametrize("octets", [
    b"\"\"\"\n" + b"\\\"\"\"\n" * 150_000, b"'''\n" + b"\"\"\"\n" * 100_000, b"\n" * 1_000_000, b"\"" * 1_000_000,
    b"[a]\nb.c = 1\n" * 50_000, b"a.b=1\n" * 100_000,
])
def test_hostile_files_are_read_once(octets: bytes) -> None:
    """Reading any of these over and over would take hours."""
    try:
        read("httplint.toml", octets)
    except ConfigurationError:
        pass


def test_the_nearest_configuration_holds(tmp_path: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert find(below) is None
    (tmp_path / "pyproject.toml").write_text("[tool.httplint]\n", "utf-8")
    assert find(below) == str(tmp_path / "pyproject.toml")
    (tmp_path / "httplint.toml").write_text("", "utf-8")
    assert find(below) == str(tmp_path / "httplint.toml")
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.other]\nx = 'httplint'\n[project]\nhttplint = 1\n", "utf-8")
    assert find(below) == str(tmp_path / "httplint.toml")
    (tmp_path / "a" / "pyproject.toml").write_text("[tool]\n'httplint'.select = '405'\n", "utf-8")
    assert find(below) == str(tmp_path / "a" / "pyproject.toml")


@pytest.mark.parametrize("text", [
    "[tool.httplint]", "[tool . 'httplint']", "tool.httplint.select = '405'", "tool = {httplint = {}}",
    "[tool]\nhttplint = {}", "[[tool.httplint.waiver]]\nrule = '405'", '["tool"."httplint"]',
    "['tool']\nhttplint.a = 1",
])
def test_however_the_table_is_written(text: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    assert find(tmp_path) == str(tmp_path / "pyproject.toml")


def test_lines_of_pyproject() -> None:
    document = read("x/pyproject.toml", b"[project]\nselect = 1\n[tool.httplint]\nselect = '405'\n"
                                        b"[[tool.httplint.waiver]]\n")
    assert document.table == {"select": "405", "waiver": [{}]}
    assert document.line(("select",)) == 4
    assert document.line(("waiver", 0, "reason")) == 5
    assert document.line(()) == 3


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read(str(tmp_path / "httplint.toml"))
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read(str(tmp_path))
