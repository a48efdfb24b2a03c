"""`httplint explain --field`: what the table knows of a field, and the rules about it."""
from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Iterator

from httplint.cli.main import CLEAN, fail
from httplint.engine.errors import meant
from httplint.engine.rule import Rule
from httplint.grammar.names import meant_name
from httplint.grammar.table import FIELDS, Field, field
from httplint.report.colour import Paint, wanted
from httplint.report.escape import printable
from httplint.report.links import link

WIDTH = 100


def run(name: str, rules: Iterable[Rule]) -> int:
    """Prints the page of a field; returns the exit code."""
    one = field(name)
    if one is None:
        like = meant_name(name.lower())
        hint = f"; did you mean {like!r}?" if like else meant(name.lower(), FIELDS)
        return fail(f"the table has no field {printable(name)!r}{hint}")
    paint = Paint(wanted("auto", sys.stdout))
    print(f"{paint('bold', one.name)}  {paint('dim', one.status)}")
    if one.meaning:
        print(one.meaning)
    print()
    for key, text in facts(one):
        print(textwrap.fill(text, WIDTH, initial_indent=f"  {key:9}", subsequent_indent=" " * 11,
                            break_long_words=False, break_on_hyphens=False))
    found = [rule for rule in rules if _is_about(rule, one.name.lower())]
    print()
    print("  rules" if found else "  no rule is about this field alone" +
          ("; field.malformed judges its grammar" if one.parser and one.response is not False else ""))
    for rule in found:
        print(f"    {paint(rule.severity, f'{rule.level:10}')} {paint('bold', rule.id):32}  {rule.title}")
    return CLEAN


def facts(one: Field) -> Iterator[tuple[str, str]]:
    """What the table knows of a field, as pairs of a word and a text."""
    if one.source:
        yield "spec", f"{one.source}  {link(one.source) or ''}".rstrip()
    yield "grammar", _grammar(one)
    sides = {(True, True): "requests and responses", (True, False): "requests only", (False, True): "responses only"}
    known = sides.get((bool(one.request), bool(one.response)), "not said")
    if one.request is None or one.response is None:
        known = "requests" if one.request else "responses" if one.response else "not said"
    yield "used in", known
    if one.list:
        yield "lines", "a list: may stand on several lines, which combine with commas"
    elif one.single:
        yield "lines", "stands on one line"
    elif one.name == "Set-Cookie":
        yield "lines", "may stand on several lines, which must not be combined"
    if one.trailer is not None:
        yield "trailers", "permitted" if one.trailer else "not permitted"
    if one.hop_by_hop:
        yield "scope", "this connection only; not in HTTP/2 and HTTP/3"
    if one.obsolete:
        yield "obsolete", one.obsolete


def _grammar(one: Field) -> str:
    """The grammar, which the parser's description begins with."""
    text = (one.function.__doc__ or "").partition("\n")[0].strip().replace("`", "") if one.parser else ""
    if one.structured:
        text = f"a structured {one.structured} (RFC 9651)" + (f": {text}" if text and "structured" not in (
            one.parser or "").partition(":")[0] else "")
    return text or ("known to httplint" if one.parser else "none that httplint checks")


def _is_about(rule: Rule, name: str) -> bool:
    """Whether a rule is about a field of responses: it cannot do without it, demands it, or points at it."""
    return name in rule.guards or name in rule.absent_response or ("response", name) in rule.places
