"""`httplint explain --field`: what the table knows of a field, and the rules about it."""
from __future__ import annotations

from collections.abc import Iterable

from httplint.cli.main import fail, printer, tell
from httplint.cli.values import show_within, wrapped
from httplint.documentation import concerns, facts
from httplint.engine.language.types import field_type, is_collection, type_name
from httplint.engine.rule import Rule
from httplint.grammar.names import meant_name
from httplint.grammar.table import FIELDS, Field, field
from httplint.model.likeness import meant
from httplint.report.lines import Lines
from httplint.run import CLEAN


def run(name: str, rules: Iterable[Rule]) -> int:
    """Prints the page of a field, or the fields whose names contain that; returns the exit code."""
    wanted = "-".join(name.lower().replace("_", " ").split())
    one = field(wanted)
    if one is None:
        like = _containing(wanted)
        if not like:
            near = meant_name(wanted)
            hint = f"; did you mean {near!r}?" if near else meant(wanted[:100], FIELDS)
            return fail(f"the table has no field {name!r:.100}{hint}")
        if len(like) > 1:
            return _list(name, like, printer())
        one = like[0]
        tell(f"the table has no field {name!r:.100}; this is {one.name}")
    _page(one, rules, printer())
    return CLEAN


def _containing(text: str) -> list[Field]:
    """The fields whose names contain a text; those that begin with it first."""
    found = [(name.index(text) > 0, name) for name in FIELDS if text and text in name]
    return [FIELDS[name] for _, name in sorted(found)]


def _list(text: str, fields: list[Field], say: Lines) -> int:
    say(f"no field has the name {text!r:.100}, but it is in these:")
    for one in fields:
        say("  ", ("bold", f"{one.name:40}"), f"  {one.meaning}")
    return CLEAN


def _page(one: Field, rules: Iterable[Rule], say: Lines) -> None:
    say(("bold", one.name), "  ", ("dim", one.status))
    if one.meaning:
        say(one.meaning)
    say()
    for key, text in facts(one):
        wrapped(text, f"  {key:9}", 11, say)
    found = [rule for rule in rules if concerns(rule, one)]
    say()
    say("  rules" if found else "  no rule is about this field alone" +
          ("; field.malformed judges its grammar" if one.parser and one.response is not False else ""))
    for rule in found:
        say("    ", (rule.severity, f"{rule.level:10}"), " ", ("bold", f"{rule.id:32}"), f"  {rule.title}")
    _value(one, found, say)


def _value(one: Field, rules: Iterable[Rule], say: Lines) -> None:
    """What conditions have of it; of lines that do not combine, how the rule about its grammar goes through them."""
    kind = field_type(one.name)
    root = "request" if one.response is False else "response"
    say()
    value = f"{root}['{one.name}']"
    say(f"  in rules, {value} is {type_name(kind)}" +
        (f"; any(… for NAME in {value}) goes through it" if is_collection(kind) else ""))
    if not one.list and not one.single:
        for rule in rules:
            if rule.malformed == one.name.lower() and rule.foreach:
                say(f"  on several lines, it is not evaluated; go through them: foreach = \"{rule.foreach}\"")
    show_within(kind, say)
