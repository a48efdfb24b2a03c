"""`httplint rules`: lists, tests and begins rules; shows what they cover, and what they may call."""
from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from httplint.cli import configured
from httplint.cli.main import fail, printer, tell
from httplint.engine.obsolete import Catalogue
from httplint.engine.rule import ID, Rule
from httplint.library import built_in_rules, rules_from
from httplint.model.errors import HttplintError, SetupError
from httplint.report.escape import clipped
from httplint.report.lines import Lines, encoded
from httplint.run import CLEAN, FINDINGS, NOTHING
from httplint.selection import prefixes
from httplint.selection import select as selected

if TYPE_CHECKING:
    from httplint.vocabulary import Function


def run(arguments: argparse.Namespace) -> int:
    """Runs one action; returns the exit code."""
    try:
        return ACTIONS[arguments.action](arguments)
    except SetupError as error:
        return fail(str(error))


def _list(arguments: argparse.Namespace) -> int:
    rules = configured.catalogue(arguments)
    if arguments.select or arguments.ignore or arguments.profile:
        for note in rules.notes(prefixes([*arguments.select, *arguments.ignore])):
            tell(note)
        rules = Catalogue(selected(rules, arguments.select, arguments.ignore, arguments.profile))
    if arguments.json:
        print(encoded([rule.as_index() for rule in rules], indent=1))
        return CLEAN
    say = printer()
    width = max((len(rule.id) for rule in rules), default=0)
    for rule in rules:
        say(("bold", rule.id.ljust(width)), "  ", (rule.severity, rule.level.ljust(10)),
            f"  {rule.title}{f' ({rule.stage})' if rule.stage != 'stable' else ''}")
    say(f"{len(rules)} rules")
    return CLEAN if rules else NOTHING


def _test(arguments: argparse.Namespace) -> int:
    """Runs the examples and the mutation test of rule files; says what fails and where."""
    from httplint.adequacy import examples, survivors
    from httplint.engine import catalogue

    rules = catalogue.combine(*[catalogue.load(Path(path)) for path in arguments.paths])
    faults = mutants = untried = unnoticed = 0
    say = printer()
    for rule in rules:
        place = f"{rule.path}:{rule.line}: {rule.id}: "
        odd = list(examples(rule))
        broken = [one for one in odd if not one.lacking]
        for one in broken:
            say(f"{place}a {one.kind} example {one.fault}:")
            _show_example(rule, one.text, say)
        faults += len(broken)
        if broken:
            continue                                       # mutants say nothing while examples are wrong
        if odd:
            untried += 1
            say(f"{place}not tested: {odd[0].fault}")
            continue
        for condition, value, noticed in survivors(rule):
            mutants += 1
            if not noticed:
                faults += 1
                unnoticed += 1
                say(f"{place}no example notices when this is always {value}: {clipped(condition, 100)}")
    if unnoticed:
        say("(add an example that comes out otherwise without that part: a good one that it alone lets off, or a bad "
            "one that it alone catches; or leave the part out)")
    verdict = f"{faults} fault{'s' * (faults > 1)}" if faults else "all well"
    number = f"{len(rules)} rule{'s' if len(rules) != 1 else ''}"
    say(f"{number}, {sum(len(r.bad) + len(r.good) for r in rules)} examples, {mutants} mutants: {verdict}" +
        (f", but {untried} not tested for want of a package" if untried else ""))
    if faults:
        return FINDINGS
    return CLEAN if len(rules) > untried else NOTHING


def _show_example(rule: Rule, text: str, say: Lines) -> None:
    """An example, and what the rule makes of it, part by part."""
    from httplint.capture.notation import NotationError, notation
    from httplint.cli.steps import show_step
    from httplint.engine.trace import trace, unconcerned

    for line in text.strip("\n").split("\n"):
        say(f"    {line}")
    try:
        exchanges = notation(text)
    except NotationError:
        return
    steps = {id(exchange): found for exchange, found in trace([rule], exchanges)}
    for number, exchange in enumerate(exchanges, 1):
        if len(exchanges) > 1:
            say(f"  of exchange {number}:")
        if why := unconcerned(rule, exchange):
            say(f"  {rule.id}: ", ("dim", "does not apply"), f" - {why}")
        for step in steps.get(id(exchange), ()):
            show_step(step, str, say)


def _format(arguments: argparse.Namespace) -> int:
    from httplint.engine import catalogue
    from httplint.layout import formatted
    from httplint.model.unfinished import WholeFile

    say = printer()
    files = others = 0
    code = CLEAN
    for path in map(Path, arguments.paths):
        met = path.is_dir()
        for file in catalogue.files(path) if met else [path]:
            files += 1
            try:
                octets = catalogue.octets(file, str(file), met)
                text = formatted(octets, str(file))
                if text.encode() == octets:
                    continue
                others += 1
                if arguments.check:
                    say(f"{file}: not in the layout")
                else:
                    target = WholeFile(str(file))
                    target.write(text)
                    target.keep()
            except HttplintError as error:
                code = fail(str(error))
    say(f"{files} file{'s' if files != 1 else ''}, {others} {'not in the layout' if arguments.check else 'written'}")
    return code or (FINDINGS if others and arguments.check else CLEAN if files else NOTHING)


SKELETON = """\
[[rule]]
id          = "{id}"
title       = "what is wrong, in a line"
level       = "MUST"               # MUST, MUST NOT, SHOULD, SHOULD NOT, defect (sent in vain), or advice
spec        = "{spec}"
{status}# for which exchanges: method = "GET", host = "*.example.com", path = "/items/{{id}}", when = "a condition"
require     = "'Field-Name' in response"
# what to ask of a field: httplint explain --field NAME; of all: httplint rules functions, and rules/README.md
message     = "what was seen, and what was expected"
why         = "What goes wrong in practice."
fix         = "What to do."
bad         = ['''
> GET / HTTP/1.1
< HTTP/1.1 {code} Reason
''']
good        = ['''
> GET / HTTP/1.1
< HTTP/1.1 {code} Reason
< Field-Name: value
''']
"""


def _new(arguments: argparse.Namespace) -> int:
    if not ID.match(arguments.id):
        return fail(f"{arguments.id!r}: an id is topic.slug, in lower-case words with hyphens: 405.allow-missing")
    if any(rule.id == arguments.id for rule in built_in_rules()):
        return fail(f"{arguments.id!r} is taken; see httplint explain {arguments.id}")
    status = arguments.status or (topic if (topic := arguments.id.partition(".")[0])[:1].isdigit() else "")
    quoted = status if status.isdigit() or not status else f'"{status}"'
    print(SKELETON.format(id=arguments.id, spec=arguments.spec, code=(status or "200").replace("x", "0"),
                          status=f"status      = {quoted}\n" if status else ""), end="")
    return CLEAN


def _coverage(arguments: argparse.Namespace) -> int:
    from httplint.coverage import print_coverage
    from httplint.probe.reach import reach
    try:
        print_coverage(list(built_in_rules()), printer(), arguments.document, arguments.status, arguments.open,
                       reach=reach)
    except (LookupError, ValueError) as error:
        return fail(str(error.args[0]) if error.args else str(error))
    return CLEAN


def _functions(arguments: argparse.Namespace) -> int:
    from httplint import vocabulary
    from httplint.engine.history import FACTS, History
    from httplint.engine.language.types import type_name

    say = printer()
    wanted = tuple(arguments.prefix) or ""
    if arguments.values:
        return _values(tuple(map(str.lower, wanted)), say)
    found = sorted((home, name) for name, home in vocabulary.homes().items() if name.startswith(wanted))
    before = ""
    for home, name in found:
        function = vocabulary.get(name)
        if home != before:
            say(("bold", home), f": {(sys.modules[home].__doc__ or '').partition(chr(10))[0]}")
            before = home
        told, source = ("As in Python.", "the rule language") if function.of_python else function.described
        say(f"  {_signature(function)}")
        say(f"      {source}: {told}" if source else f"      {told}")
    facts = [(name, fact) for name, fact in FACTS.items() if name.startswith(wanted)]
    if facts:
        say(("bold", History.__module__), ": facts of earlier exchanges, which rules read by name")
    for name, fact in facts:
        say(f"  {name}: {type_name(fact.returns)}")
        say(f"      {fact.meaning}")
    if not wanted:
        say()
        say("What these take and tell has attributes: httplint rules functions --values [PREFIX …]; "
            "what a field has: httplint explain --field NAME")
    return CLEAN if found or facts else NOTHING


def _values(wanted: tuple[str, ...], say: Lines) -> int:
    from httplint.cli.values import show
    from httplint.engine.language.values import all_kinds

    found = [kind for kind in all_kinds() if kind.__name__.lower().startswith(wanted or "")]
    show(found, say)
    return CLEAN if found else NOTHING


def _signature(function: Function) -> str:
    from httplint.engine.language.types import type_name

    if function.of_python:
        return f"{function.name}(…)"
    parameters = ", ".join(f"{key}: {type_name(kind)}{' (optional)' if key in function.optional else ''}"
                           for key, kind in function.parameters.items())
    return f"{function.name}({parameters}) -> {type_name(function.returns)}"


def _docs(arguments: argparse.Namespace) -> int:
    from httplint.documentation import write

    rules = rules_from(arguments.rules)
    target = Path(arguments.directory)
    printer()(f"{write(target, rules, arguments.playground)} pages in {target}")
    return CLEAN


ACTIONS = {"list": _list, "test": _test, "format": _format, "new": _new, "coverage": _coverage,
           "functions": _functions, "docs": _docs}
