"""`httplint explain`: the page of a rule, and why it comes out as it does on an exchange."""
from __future__ import annotations

import argparse
from collections.abc import Iterator

from httplint.capture.files import PassedOver
from httplint.capture.outcome import Problem
from httplint.capture.reading import captures, read
from httplint.cli import configured
from httplint.cli.faults import guarded
from httplint.cli.main import fail, printer, tell
from httplint.cli.steps import show_step
from httplint.coverage import shown_by
from httplint.engine.rule import Rule
from httplint.engine.trace import trace
from httplint.grammar.registry.own import NONE, OwnNames
from httplint.library import built_in_rules, rules_from
from httplint.model.errors import SetupError
from httplint.model.exchange import Exchange
from httplint.report.escape import clipped
from httplint.report.lines import Lines
from httplint.report.masker import Masker
from httplint.report.rule_page import conditions, facts, grounds
from httplint.run import CLEAN, NOTHING, TROUBLE
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
    try:
        found = named(rules, arguments.rule)
    except SelectionError as error:
        return fail(str(error))
    for note in rules.notes([arguments.rule]):
        tell(note)
    say = printer()
    if arguments.trace is not None:
        names = settings.names() if settings is not None else NONE
        return _trace(found, names, arguments.trace, arguments.entry, say)
    if len(found) > 1:
        for rule in found:
            say(("bold", f"{rule.id:40}"), f" {rule.title}")
        return CLEAN
    _page(found[0], say)
    return CLEAN


def _page(rule: Rule, say: Lines) -> None:
    say(("bold", rule.id), "  ", (rule.severity, rule.level))
    say(rule.title)
    say()
    for name, text, address in grounds(rule):
        say(f"  {name:6}{text}{'' if name != 'spec' else '  ' + (address or '')}")
    say(f"  how   {', '.join(facts(rule, rule.basis))}")
    say(f"  seen  in {', '.join(shown_by(rule)) or 'no kind of capture'}")
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
    ours = any(rule.id == one.id for one in built_in_rules())
    say(("dim", f"  {'rules/' if ours else ''}{rule.path}:{rule.line}"))


def _trace(rules: list[Rule], names: OwnNames, path: str, entry: int | None, say: Lines) -> int:
    """Shows the parts of the conditions on each exchange of a capture that the rules apply to."""
    from httplint.capture.outcome import CaptureError
    masker = Masker()
    met = False
    trouble = False

    def told(met: Problem | PassedOver) -> None:
        nonlocal trouble
        trouble = trouble or isinstance(met, Problem)
        fail(masker.text(str(met)))

    try:
        paths = list(captures([path], told))
    except CaptureError as error:
        return fail(masker.path(str(error)))
    for one in paths:
        def exchanges(one: str = one) -> Iterator[Exchange]:
            for item in guarded(one, read(one)):
                if isinstance(item, Exchange):
                    yield item
                elif isinstance(item, Problem):
                    told(item)

        for exchange, steps in trace(rules, exchanges(), names):
            source = exchange.source
            if entry is not None and (source is None or source.entry != entry):
                continue
            met = True
            shown = masker.of(exchange)
            name = clipped(f"{shown.method()} {shown.uri()}", 80) if exchange.request else "(request not captured)"
            place = f"{masker.path(source.path)}:{source.line or 1} entry {source.entry}  " if source else ""
            say(("bold", f"{place}{name} → {exchange.response.status}"))
            for step in steps:
                show_step(step, shown.told, say)
    if trouble:
        return TROUBLE
    if not met:
        say("no exchange that the rule is about")
        return NOTHING
    return CLEAN
