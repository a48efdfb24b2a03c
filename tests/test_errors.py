"""The errors: one base, the tree that is drawn where it is defined, and that they travel between processes."""
from __future__ import annotations

import ast
import copy
import importlib
import inspect
import pickle
import re
from pathlib import Path

import pytest

import httplint
from httplint import ConfigurationError, HttplintError, Linter, RuleError, SelectionError, SetupError
from httplint.capture.notation import NotationError
from httplint.capture.outcome import CaptureError, Problem
from httplint.model import errors
from httplint.model.toml import TomlError

PACKAGE = Path(httplint.__file__).parent


def drawn() -> dict[str, tuple[str, str]]:
    """Name -> (the name above it, its module), as the tree has them."""
    out: dict[str, tuple[str, str]] = {}
    above: list[str] = []
    for line in inspect.getdoc(errors).splitlines():  # type: ignore[union-attr]
        if found := re.match(r"    ([ │├└─]*)(\w+)(?: {2,}.*?)?(?: {2,}(\S+))?$", line):
            depth = len(found[1]) // 4
            above[depth:] = [found[2]]
            out[found[2]] = (above[depth - 1] if depth else "", found[3] or "model.errors")
    return out


def test_the_tree_is_as_it_is_drawn() -> None:
    tree = drawn()
    assert tree.pop("HttplintError") == ("", "model.errors")
    assert len(tree) > 10
    for name, (above, home) in tree.items():
        kind = getattr(importlib.import_module(f"httplint.{home}"), name)
        assert kind.__bases__[0].__name__ == above, name
        assert issubclass(kind, HttplintError)


def test_what_is_called_an_error_is_in_the_tree() -> None:
    named = {node.name for path in PACKAGE.rglob("*.py") for node in ast.walk(ast.parse(path.read_text("utf-8")))
             if isinstance(node, ast.ClassDef) and node.name.endswith("Error")
             and "NamedTuple" not in map(ast.unparse, node.bases)}
    assert named == set(drawn())


def test_one_base_is_enough_for_whatever_a_linter_refuses(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text("[[rule]]\n", "utf-8")
    (tmp_path / "httplint.toml").write_text("selct = 1\n", "utf-8")
    wrong: dict[type[Exception], dict[str, object]] = {
        RuleError: {"rules": tmp_path}, SelectionError: {"select": "nosuch"},
        ConfigurationError: {"config": tmp_path / "httplint.toml"}}
    for kind, arguments in wrong.items():
        with pytest.raises(SetupError) as caught:
            Linter(**arguments)  # type: ignore[arg-type]
        assert type(caught.value) is kind
    assert issubclass(SelectionError, ValueError)


@pytest.mark.parametrize("error", [
    RuleError("no", "a.toml", 3), ConfigurationError("no", "a.toml", 3), SelectionError("no"), TomlError("no", 4),
    NotationError("no", 5), CaptureError(Problem("a.har", 1, 2, "no")),
], ids=lambda error: type(error).__name__)
def test_an_error_travels(error: HttplintError) -> None:
    for made in (copy.deepcopy(error), *(pickle.loads(pickle.dumps(error, protocol))
                                         for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1))):
        assert type(made) is type(error)
        assert str(made) == str(error)
        assert {**vars(made), "problem": ""} == {**vars(error), "problem": ""}
