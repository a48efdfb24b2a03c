"""`httplint explain`: the page of a rule, and why it comes out as it does on an exchange."""
from __future__ import annotations

import argparse
import os
from collections.abc import Iterable

from httplint.cli import configured
from httplint.cli.main import fail, printer, tell
from httplint.coverage import shown_by
from httplint.engine.rule import Rule
from httplint.grammar.registry.own import NONE
from httplint.library import rules_from
from httplint.model.errors import SetupError
from httplint.report.lines import Lines
from httplint.report.rule_page import conditions, facts, grounds
from httplint.run import CLEAN
from httplint.selection import SelectionError, named


def run(arguments: argparse.Namespace) -> int:
    """Prints the page, or the trace; returns the exit code."""
    try:
        settings = configured.settings_of(arguments)
        rules = rules_from(arguments.rules)
    except SetupError as error:
        return fail(str(error))
    if arguments.field is not None:
        if arguments.rule is not None or arguments.trace is not None:
            return fail("explain takes a rule or --field, not both")
        from httplint.cli import explain_field
        return explain_field.run(arguments.field, rules)
    if arguments.rule is None:
        return fail("explain wants the id of a rule, such as 405.allow-missing, or --field NAME")
    name = arguments.rule.strip().lower()
    try:
        found = named(rules, name)
    except SelectionError as error:
        found = [rule for rule in rules if name and name in rule.id]
        pack = "" if arguments.rules else _pack_hint(name, rules)
        if not found or arguments.trace is not None:
            return fail(f"{error}{_place_hint(arguments.rule) or _field_hint(name) or pack}")
        tell(f"no rule's id begins with {name!r:.100}; it is in {'these' if found[1:] else 'this one'}")
    for note in rules.notes([name]):
        tell(note)
    say = printer()
    if arguments.trace is not None:
        names = settings.names() if settings is not None else NONE
        from httplint.cli import tracing
        return tracing.run(found, names, tracing.spot(arguments.trace, arguments.entry), say)
    if len(found) > 1:
        width = max(len(rule.id) for rule in found)
        for rule in found:
            say(("bold", f"{rule.id:{width}}"), "  ", (rule.severity, f"{rule.level:10}"), f"  {rule.title}")
        say(f"{len(found)} rules; httplint explain RULE tells of one")
        return CLEAN
    _page(found[0], say)
    return CLEAN


def _place_hint(text: str) -> str:
    from httplint.cli.tracing import spot
    path = spot(text).path
    return "; to see why a rule speaks there: httplint explain RULE --trace PLACE" if os.path.lexists(path) else ""


def _field_hint(name: str) -> str:
    from httplint.grammar.table import field
    one = field(name)
    return "" if one is None else f"; {one.name} is a field: httplint explain --field {one.name}"


def _pack_hint(name: str, rules: Iterable[Rule]) -> str:
    """What to add where no built-in rule has the topic."""
    topic, dot, _ = name.partition(".")
    told = not dot or any(rule.id.startswith(topic + dot) for rule in rules)
    return "" if told else "; for one of your own, say where it stands: --rules PATH"


def _page(rule: Rule, say: Lines) -> None:
    from httplint.probe.reach import reach
    say(("bold", rule.id), "  ", (rule.severity, rule.level))
    say(rule.title)
    say()
    for name, text, address in grounds(rule):
        say(f"  {name:6}{text}{'' if name != 'spec' else '  ' + (address or '')}")
    say(f"  how   {', '.join(facts(rule, rule.basis))}")
    say(f"  seen  in {', '.join(shown_by(rule)) or 'no kind of capture'}; by {reach(rule)}")
    if rule.requirement:
        say(f"  ids   {', '.join(rule.requirement)}")
    say()
    for key, text in conditions(rule):
        say(f"  {key:8}{' '.join(text.split())}")
    for kind in ("bad", "good"):
        for text in getattr(rule, kind):
            say()
            say("  ", ("error" if kind == "bad" else "good", kind))
            for line in text.strip("\n").split("\n"):
                say(f"    {line.removesuffix(chr(13))}")
    say()
    say(("dim", f"  {'rules/' if rule.built_in else ''}{rule.path}:{rule.line}"))
