"""One name, one thing: what a name stands for does not depend on where it is read."""
from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import httplint

PACKAGE = Path(httplint.__file__).parent


def test_no_two_classes_have_one_name() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    times: dict[str, int] = defaultdict(int)
    for path in PACKAGE.rglob("*.py"):
        module = path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", ".")
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                found[node.name].add(module)
                times[node.name] += 1
    assert len(found) > 300, "the package was found"
    assert {name: modules for name, modules in found.items() if times[name] > 1} == {}
