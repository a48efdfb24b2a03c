"""tools/mutate: which changes it makes, and whether its explanations still speak of changes that it makes."""
from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

TOOL = Path(__file__).parent.parent / "tools" / "mutation"


@pytest.fixture(autouse=True)
def tool(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(TOOL))
    yield
    for name in ("modules", "mutants"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize(("source", "changes"), [
    ("def f(a): return a < 1", {"a < 1 → a <= 1", "a < 1 → a < 2", "a < 1 → a < 0", "return a < 1 → return None"}),
    ("x = a and not b", {"a and (not b) → a or not b", "a and (not b) → not b", "a and (not b) → a", "not b → b"}),
    ("if f(): raise E('no such thing')", {"f() → not f()", "raise E('no such thing') → nothing"}),
    ("x: int = True\ng()", {"True → False", "g() → nothing"}),
    ("x = re.compile('[*]+b?+')", {"re.compile('[*]+b?+') → re.compile('')",
                                   "re.compile('[*]+b?+') → re.compile('[*]*b?+')",
                                   "re.compile('[*]+b?+') → re.compile('[*]+b')"}),
    ('"""A module."""\nassert 1 < 2\n@dataclass(slots=True)\nclass A:\n    """A class."""\n    a: Literal["x"]', set()),
])
def test_changes(source: str, changes: set[str]) -> None:
    from mutants import changed, mutants

    found = mutants(source)
    assert {one.change for one in found} == changes
    assert len({ast.unparse(changed(source, one)) for one in found}) == len(found)


def test_what_is_run() -> None:
    """Each statement of a function tells its number; none is told on import."""
    from mutants import HIT, instrumented, mutants

    source = "def f(a):\n    'Text.'\n    if a:\n        return 1\n    return 2\nx = 3"
    told: list[int] = []
    names: dict[str, Any] = {HIT: told.append}
    exec(compile(instrumented(source, 100), "f", "exec"), names)
    assert told == []
    assert names["f"](True) == 1
    ran = {number - 100 for number in told}
    by_line = {one.line: one.statements <= ran for one in mutants(source) if one.statements is not None}
    assert by_line == {3: True, 4: True, 5: False}


def test_explanations() -> None:
    """Each explains a change that could be made: what was mended meanwhile needs no explanation."""
    from modules import explained, selected, stale

    explanations = explained()
    modules = [module for file in {one.file for one in explanations} for module, _ in selected(file, None, "")]
    assert stale(explanations, modules) == []
    assert all(one.why for one in explanations)


def test_what_tells_of_a_change_on_import() -> None:
    """The functions that use a private name, or one that is made of it; of a public name any other module may tell."""
    from mutants import mutants

    source = "_a = 1\n_b = _a + 2\nC = 3\ndef f():\n    return _a\ndef g():\n    return _b\ndef h():\n    return C"
    statements = {one.line: one.statements for one in mutants(source)}
    assert statements[1] == statements[5] | statements[7]
    assert statements[2] == statements[7]
    assert statements[3] is None
