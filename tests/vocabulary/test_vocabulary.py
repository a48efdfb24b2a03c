"""The registry of functions: what is listed is there, and plugins may add their own."""
from __future__ import annotations

import importlib
import re
import sys
import types
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from httplint import vocabulary
from httplint.engine import catalogue
from httplint.engine.errors import RuleError
from httplint.engine.linter import RuleLinter
from httplint.grammar import table
from httplint.library import built_in_rules
from httplint.model.evidence import BITS
from httplint.model.exchange import Exchange
from httplint.model.message import Response
from httplint.report.links import link
from httplint.vocabulary import basic

RULE = """functions = "house"
[[rule]]
id = "house.shouted"
title = "t"
level = "advice"
spec = "House §1"
require = "not is_shouted(response, 'X-Name')"
message = "m"
why = "W."
fix = "F."
bad = ["< HTTP/1.1 200 OK\\n< X-Name: A"]
good = ["< HTTP/1.1 200 OK\\n< X-Name: a"]
"""


def test_every_listed_function_is_registered_once_typed_and_documented() -> None:
    homes = vocabulary.homes()
    assert {"has", "judged", "freshness"} < homes.keys()
    for name, home in homes.items():
        function = vocabulary.get(name)
        assert function.name == name
        assert vars(importlib.import_module(home)).get(name, function.call) is function.call
        assert set(function.needs) <= set(BITS)
        for place in function.absent:
            assert place.split(".")[0] in ("request", "response"), place
        if name not in ("len", "any", "all"):
            assert function.call.__doc__, name
            assert function.returns is not None
            assert function.guard is None or function.guard in function.parameters


DOCUMENT = re.compile(r"(?P<document>[A-Za-z][^§,]*)")
SECTION = re.compile(r"(?:(?P<document>[A-Za-z][^§,]*) )?§(?P<section>[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*)")


def documents(source: str) -> Iterator[str]:
    """The documents that a source names, which is a list of them and of sections."""
    known = {spec.partition(" §")[0] for spec in [*(one.source for one in table.FIELDS.values()),
                                                  *(rule.spec for rule in built_in_rules())]}
    document = None
    for one in source.split(", "):
        match = SECTION.fullmatch(one) or DOCUMENT.fullmatch(one)
        assert match is not None, f"{source!r} is no list of documents and sections"
        document = match["document"] or document
        assert document is not None, f"{source!r} names no document"
        assert document in known or link(f"{document} §1"), f"{document} is not known"
        yield document


def test_every_function_names_its_source() -> None:
    for name, home in vocabulary.homes().items():
        told, source = vocabulary.get(name).described
        assert told, name
        if home == basic.__name__:
            assert source == "the rule language" or name in ("len", "any", "all"), name
        else:
            assert "§" in source, name
            assert list(documents(source)), name


def test_every_module_names_its_topic_and_the_documents() -> None:
    for home in set(vocabulary.homes().values()):
        topic, _, source = ((sys.modules[home].__doc__ or "").partition("\n")[0]).rpartition(" (")
        assert topic, f"the first line of {home} ends with its source in parentheses"
        assert source.endswith(")."), home
        assert home == basic.__name__ or list(documents(source[:-2]))


def plugin(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Pretends that an installed package offers the functions "house", one of that name among them."""
    module = types.ModuleType("house_functions")
    source = (f"from httplint.vocabulary import function\nfrom httplint.model.message import Response\n"
              f"@function()\ndef {name}(message: Response, name: str) -> bool:\n"
              f"    'Whether the value is in upper case.'\n"
              f"    return any(value.isupper() for value in message.fields.values(name))\n")
    monkeypatch.setitem(sys.modules, module.__name__, module)

    class Entry:
        def load(self) -> types.ModuleType:
            exec(source, module.__dict__)
            return module

    def entry_points(group: str, name: str) -> list[Entry]:
        return [Entry()] if (group, name) == ("httplint.functions", "house") else []

    monkeypatch.setattr(metadata, "entry_points", entry_points)
    monkeypatch.setattr(vocabulary, "_HOMES", dict(vocabulary.homes()))
    monkeypatch.setattr(vocabulary, "_FUNCTIONS", dict(vocabulary._FUNCTIONS))


def test_functions_of_a_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin(monkeypatch, "is_shouted")
    (tmp_path / "house.toml").write_text(RULE, "utf-8")
    linter = RuleLinter(catalogue.load(tmp_path))
    assert [one.rule_id for one in linter.lint(Exchange(Response(200, headers=[("X-Name", "A")]))).findings] == [
        "house.shouted"]
    assert linter.lint(Exchange(Response(200, headers=[("X-Name", "a")]))).findings == []


def test_a_plugin_must_not_take_a_name_that_is_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin(monkeypatch, "has")
    (tmp_path / "house.toml").write_text(RULE, "utf-8")
    with pytest.raises(RuleError, match="defines 'has', which is a function already"):
        catalogue.load(tmp_path)
