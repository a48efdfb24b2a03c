"""A test run draws the same examples each time, wherever and beside whatever it runs."""
from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.skipif("HYPOTHESIS_PROFILE" in os.environ, reason="other profiles may draw what they like")


def drawn() -> list[tuple[str, int]]:
    seen: list[tuple[str, int]] = []

    @given(st.text(), st.integers())
    def draw(text: str, number: int) -> None:
        seen.append((text, number))

    draw()
    return seen


def test_the_same_examples_whatever_has_been_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = drawn()
    module = tmp_path / "literals.py"
    module.write_text("\n".join(f"A{one} = 'literal {one}'; B{one} = {10**9 + one}" for one in range(99)), "utf-8")
    spec = importlib.util.spec_from_file_location("literals", module)
    assert spec is not None
    assert spec.loader is not None
    literals = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "literals", literals)
    spec.loader.exec_module(literals)
    assert drawn() == before
