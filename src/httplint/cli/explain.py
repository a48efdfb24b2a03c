"""`httplint explain`: the page of a rule, and why it comes out as it does on an exchange."""
from __future__ import annotations

import argparse
import sys

from httplint.capture.outcome import Problem
from httplint.capture.reading import captures, read
from httplint.cli import configured
from httplint.cli.main import CLEAN, NOTHING, TROUBLE, fail
from httplint.configuration import ConfigurationError
from httplint.coverage import shown_by
from httplint.engine.errors import RuleError
from httplint.engine.rule import Rule
from httplint.engine.trace import Step, trace
from httplint.library import built_in_rules
from httplint.model.exchange import Exchange
from httplint.report.colour import Paint, wanted
from httplint.report.escape import clipped, printable
from httplint.report.links import link


def run(arguments: argparse.Namespace) -> int:
    """Prints the page, or the trace; returns the exit code."""
    try:
        rules = configured.catalogue(arguments)
    except (ConfigurationError, RuleError) as error:
        return fail(str(error))
    if arguments.field is not None:
        if arguments.rule is not None or arguments.trace is not None:
            return fail("explain takes a rule or --field, not both")
        from httplint.cli import explain_field
        return explain_field.run(arguments.field, rules)
    if arguments.rule is None:
        return fail("explain wants the id of a rule, such as 405.allow-missing, or --field NAME")
    named = [rule for rule in rules if arguments.rule in (rule.id, *rule.renamed)]
    found = named or [rule for rule in rules if rule.id.startswith(arguments.rule)]
    if not found:
        import difflib
        close = difflib.get_close_matches(arguments.rule, [rule.id for rule in rules], 3)
        return fail(f"no rule {arguments.rule!r}" + (f"; did you mean {', '.join(close)}?" if close else ""))
    paint = Paint(wanted("auto", sys.stdout))
    if arguments.trace is not None:
        return _trace(found, arguments.trace, arguments.entry, paint)
    if len(found) > 1:
        for rule in found:
            print(f"{paint('bold', rule.id):40} {rule.title}")
        return CLEAN
    _page(found[0], paint)
    return CLEAN


def _page(rule: Rule, paint: Paint) -> None:
    print(f"{paint('bold', rule.id)}  {paint(rule.severity, rule.level)}")
    print(rule.title)
    print()
    print(f"  why   {rule.why}")
    print(f"  fix   {rule.fix}")
    print(f"  spec  {rule.spec}  {link(rule.spec) or ''}")
    facts = [f"{rule.confidence} confidence", rule.basis]
    facts += [f"binds the {rule.party}"] if rule.party else []
    facts += [rule.stage] if rule.stage != "stable" else []
    print(f"  how   {', '.join(facts)}; since {rule.since}")
    print(f"  seen  in {', '.join(shown_by(rule)) or 'no kind of capture'}")
    if rule.requirement:
        print(f"  ids   {', '.join(rule.requirement)}")
    print()
    for key, text in (("status", _codes(rule)), ("method", ", ".join(sorted(rule.methods or ()))),
                      ("version", ", ".join(sorted(rule.versions or ()))), ("when", rule.when),
                      ("foreach", rule.foreach), ("require", rule.require)):
        if text:
            print(f"  {key:8}{' '.join(text.split())}")
    for kind in ("bad", "good"):
        for text in getattr(rule, kind):
            print()
            print(f"  {paint('error' if kind == 'bad' else 'good', kind)}")
            for line in text.strip("\n").split("\n"):
                print(f"    {printable(line.rstrip(chr(13)))}")
    print()
    ours = any(rule.id == one.id for one in built_in_rules())
    print(paint("dim", f"  {'rules/' if ours else ''}{rule.path}:{rule.line}"))


def _codes(rule: Rule) -> str:
    """405, 1xx: as a rule file has it."""
    codes = rule.statuses or frozenset()
    classes = [hundred for hundred in range(1, 10) if codes >= set(range(hundred * 100, hundred * 100 + 100))]
    single = sorted(code for code in codes if code // 100 not in classes)
    return ", ".join([f"{hundred}xx" for hundred in classes] + [str(code) for code in single])


def _trace(rules: list[Rule], path: str, entry: int | None, paint: Paint) -> int:
    """Shows the parts of the conditions on each exchange of a capture that the rules apply to."""
    from httplint.capture.outcome import CaptureError
    met = False
    trouble = False
    try:
        paths = list(captures([path]))
    except CaptureError as error:
        return fail(str(error))
    for one in paths:
        def exchanges(one: str = one) -> list[Exchange]:
            nonlocal trouble
            out = []
            for item in read(one):
                if isinstance(item, Exchange):
                    out.append(item)
                elif isinstance(item, Problem):
                    trouble = True
                    fail(printable(str(item)))
            return out

        for exchange, steps in trace(rules, exchanges()):
            source = exchange.source
            if entry is not None and (source is None or source.entry != entry):
                continue
            met = True
            request = exchange.request
            name = clipped(f"{request.method} {request.uri}", 80) if request else "(request not captured)"
            place = f"{source.path}:{source.line or 1} entry {source.entry}  " if source else ""
            print(paint("bold", f"{printable(place)}{name} → {exchange.response.status}"))
            for step in steps:
                _step(step, paint)
    if trouble:
        return TROUBLE
    if not met:
        print("no exchange that the rule is about")
        return NOTHING
    return CLEAN


def _step(step: Step, paint: Paint) -> None:
    if step.outcome:
        style = {"violated": "error", "holds": "good"}.get(step.outcome, "dim")
        print(f"  {step.text}: {paint(style, step.outcome)}{' - ' + printable(step.value) if step.value else ''}")
    else:
        print(f"      {clipped(step.value, 28):28}  {paint('dim', '  ' * step.depth)}{' '.join(step.text.split())}")
