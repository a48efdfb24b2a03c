"""No file is read or written in the encoding of whoever's locale it is."""
from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PLACES = {"read_text": 0, "write_text": 1, "open": 3}
"""Name of a function -> where it takes the encoding."""


def without_encoding(source: str) -> list[int]:
    """The lines of calls that open a text and name no encoding; a mode with b opens octets."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [call.lineno for call in calls
            if (name := getattr(call.func, "attr", None) or getattr(call.func, "id", "")) in PLACES
            and (name != "open" or isinstance(call.func, ast.Name))
            and len(call.args) <= PLACES[name]
            and not any(word.arg == "encoding" for word in call.keywords)
            and not any(isinstance(one, ast.Constant) and "b" in str(one.value) for one in call.args[1:2])]


@pytest.mark.parametrize("directory", ["src", "tests", "tools", "benchmarks"])
def test_each_text_names_its_encoding(directory: str) -> None:
    files = list((ROOT / directory).rglob("*.py"))
    assert files
    found = {str(path.relative_to(ROOT)): lines for path in files
             if (lines := without_encoding(path.read_text("utf-8")))}
    assert found == {}


def test_what_names_none_is_found() -> None:
    source = 'a.read_text()\na.write_text("b")\nopen("a")\nopen("a", "w")\n'
    assert without_encoding(source) == [1, 2, 3, 4]
    source = 'a.read_text("utf-8")\na.write_text("", "utf-8")\nopen("a", "wb")\nopen("a", encoding="utf-8")\na.open()\n'
    assert without_encoding(source) == []
