"""`httplint explain --field`: what the table knows of a field, and the rules about it."""
from __future__ import annotations

import textwrap
from collections.abc import Iterable

from httplint.cli.main import fail, printer
from httplint.documentation import concerns, facts
from httplint.engine.rule import Rule
from httplint.grammar.names import meant_name
from httplint.grammar.table import FIELDS, field
from httplint.model.likeness import meant
from httplint.run import CLEAN

WIDTH = 100


def run(name: str, rules: Iterable[Rule]) -> int:
    """Prints the page of a field; returns the exit code."""
    one = field(name)
    if one is None:
        like = meant_name(name.lower())
        hint = f"; did you mean {like!r}?" if like else meant(name.lower(), FIELDS)
        return fail(f"the table has no field {name!r}{hint}")
    say = printer()
    say(("bold", one.name), "  ", ("dim", one.status))
    if one.meaning:
        say(one.meaning)
    say()
    for key, text in facts(one):
        for line in textwrap.wrap(text, WIDTH, initial_indent=f"  {key:9}", subsequent_indent=" " * 11,
                                  break_long_words=False, break_on_hyphens=False):
            say(line)
    found = [rule for rule in rules if concerns(rule, one)]
    say()
    say("  rules" if found else "  no rule is about this field alone" +
          ("; field.malformed judges its grammar" if one.parser and one.response is not False else ""))
    for rule in found:
        say("    ", (rule.severity, f"{rule.level:10}"), " ", ("bold", f"{rule.id:32}"), f"  {rule.title}")
    return CLEAN
