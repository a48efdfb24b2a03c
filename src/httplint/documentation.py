"""The documentation as Markdown pages, made from the catalogue: `httplint rules docs`.

One page for each rule, status code and field, an index by section of the specifications, the coverage of requirements,
and the reference of the configuration. MkDocs makes a site of them together with the guides in docs/.
"""
from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from httplint.coverage import Coverage, Standing, coverage, reasons, rows, shown_by, summary
from httplint.engine.rule import Rule
from httplint.grammar.registry import StatusCode, common_codes, status_codes
from httplint.grammar.table import FIELDS, Field
from httplint.report import rule_page
from httplint.report.escape import printable
from httplint.report.links import link
from httplint.report.markup import markdown

_NUMBER = re.compile("[0-9]{1,5}")
_SEVERITY = {"error": "error", "warning": "warning", "info": "advice"}

Page = tuple[str, str]
"""(path below the directory, Markdown)."""


def write(directory: Path, rules: Sequence[Rule]) -> int:
    """Writes all pages below a directory, which it makes; returns how many. Raises OSError."""
    count = 0
    for count, (path, text) in enumerate(pages(rules), 1):  # noqa: B007 - the count is what is returned
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    return count


def pages(rules: Sequence[Rule]) -> Iterator[Page]:
    """All pages."""
    covered = coverage(rules, rows(), reasons())
    yield "rules/index.md", _rule_index(rules)
    for rule in rules:
        yield f"rules/{rule.id}.md", _rule(rule, covered)
    by_code = {str(code): one for code, one in status_codes().items() if not one.name.startswith("(")}
    yield "status/index.md", _status_index(by_code, rules)
    for code, registered in by_code.items():
        yield f"status/{code}.md", _status(code, registered, rules, covered)
    fields = [one for one in FIELDS.values() if one.parser or _about_field(rules, one)]
    yield "fields/index.md", _field_index(fields, rules)
    for one in fields:
        yield f"fields/{one.name.lower()}.md", _field(one, rules)
    yield "sections.md", _sections(rules)
    yield "coverage/index.md", _coverage_index(covered)
    for document in summary(covered.entries.values()):
        yield f"coverage/{document}.md", _document(document, covered)
    yield "configuration.md", _configuration()


text = markdown
"""A text as Markdown shows it."""


def _code(value: str) -> str:
    """A text as code, whatever backticks it has."""
    shown = printable(" ".join(value.split()))
    fence = "`" * (max((len(run) for run in re.findall(r"`+", shown)), default=0) + 1)
    return f"{fence} {shown} {fence}" if "`" in shown else f"`{shown}`"


def _block(value: str) -> str:
    """Lines as an indented block of code, in which nothing is markup."""
    return "\n".join("    " + printable(line.rstrip("\r")) for line in value.strip("\n").split("\n"))


def _to(rule_id: str, base: str) -> str:
    return f"[{text(rule_id)}]({base}rules/{rule_id}.md)"


def _spec(rule_or_field: Rule | Field) -> str:
    source = rule_or_field.spec if isinstance(rule_or_field, Rule) else rule_or_field.source
    return _linked(source, link(source))


def _linked(said: str, address: str | None) -> str:
    return f"[{text(said)}]({address})" if address else text(said)


def _listed(rules: Iterable[Rule], base: str) -> str:
    """A table of rules."""
    lines = ["| rule | level | what it finds |", "|---|---|---|"]
    lines += [f"| {_to(rule.id, base)} | {rule.level} | {text(rule.title)}{_remark(rule)} |" for rule in rules]
    return "\n".join(lines) + "\n"


def _remark(rule: Rule) -> str:
    if rule.stage != "stable":
        return f" *({rule.stage})*"
    return f" *(profile {', '.join(rule.profiles)})*" if rule.profiles else ""


# --- rules ----------------------------------------------------------------------------------------------------------

def _rule_index(rules: Sequence[Rule]) -> str:
    by_directory: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        by_directory[rule.path.partition("/")[0]].append(rule)
    parts = [f"# All rules\n\n{len(rules)} rules. Those marked *preview* or with a profile are off by default; "
             "`--profile strict` switches everything on.\n"]
    for directory, some in by_directory.items():
        parts.append(f"## {text(directory)}\n\n{_listed(some, '../')}")
    return "\n".join(parts)


def _rule(rule: Rule, covered: Coverage) -> str:
    parts = [f"# {text(rule.id)}\n", f"**{text(rule.title)}**\n",
             f"{rule.level} ({_SEVERITY[rule.severity]}), {_spec(rule)}\n",
             *(f"**{name.capitalize()}:** {_linked(said, address)}\n"
               for name, said, address in rule_page.grounds(rule) if name != "spec")]
    told = rule_page.facts(
        rule, "an explicit requirement" if rule.basis == "explicit" else "implied by a definition")
    told += [f"on in the profiles {', '.join(rule.profiles)}"] if rule.profiles else []
    parts.append(f"{'; '.join(told).capitalize()}.\n")
    parts.append(f"Captures that can show it: {text(', '.join(shown_by(rule)) or 'none')}.\n")
    parts.append("## When it fires\n")
    parts += [f"- {key}: {_code(value)}" for key, value in rule_page.conditions(rule)
              if key in ("when", "foreach", "require")]
    for kind, heading in (("bad", "Bad"), ("good", "Good")):
        parts.append(f"\n## {heading}\n")
        parts += [f"{_block(example)}\n\n<!-- next -->\n" for example in getattr(rule, kind)]
    known = [covered.entries[name].requirement for name in rule.requirement if name in covered.entries]
    if known:
        parts.append("## Requirements\n")
        parts += [f"- {text(one.id)}, {one.level}: {text(one.subject)}" for one in known]
    parts.append(f"\nDefined in {_code(f'rules/{rule.path}')}.\n")
    return "\n".join(parts)


# --- status codes ---------------------------------------------------------------------------------------------------

def _about_code(rules: Iterable[Rule], code: str) -> tuple[list[Rule], list[Rule]]:
    """The rules about a code alone, or a few with it; and those about its class. A rule named after a code is its."""
    own: list[Rule] = []
    shared: list[Rule] = []
    for rule in rules:
        topic = rule.id.partition(".")[0]
        if topic.isdigit():
            if topic == code:
                own.append(rule)
            continue
        if rule.statuses is None or int(code) not in rule.statuses:
            continue
        (own if len(rule.statuses) < 100 else shared).append(rule)
    return own, [rule for rule in shared if len(rule.statuses or ()) <= 100]


def _status_index(codes: dict[str, StatusCode], rules: Sequence[Rule]) -> str:
    lines = ["# Status codes\n", "| code | name | defined in | rules of its own |", "|---|---|---|---|"]
    for code, one in codes.items():
        lines.append(f"| [{code}]({code}.md) | {text(one.name)} | {text(one.reference)} | "
                     f"{len(_about_code(rules, code)[0])} |")
    lines.append("\n## In use without registration\n")
    lines += [f"- {code} {text(one.name)}: {text(one.used_by)}"
              for code, some in common_codes().items() for one in some]
    return "\n".join(lines) + "\n"


def _status(code: str, one: StatusCode, rules: Sequence[Rule], covered: Coverage) -> str:
    own, shared = _about_code(rules, code)
    address = link(one.reference)
    source = f"[{text(one.reference)}]({address})" if address else text(one.reference)
    parts = [f"# {code} {text(one.name)}\n", f"Defined in {source}.\n"]
    parts.append(_listed(own, "../") if own else "No rule is about this code alone.\n")
    entries = [entry for entry in covered.entries.values() if code in entry.requirement.status]
    if entries:
        parts.append("## What the specifications demand\n\n" + _entries(entries, "../"))
    if shared:
        parts.append(f"## Rules about the class {code[0]}xx\n\n" + _listed(shared, "../"))
    return "\n".join(parts)


# --- fields ---------------------------------------------------------------------------------------------------------

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


def concerns(rule: Rule, one: Field) -> bool:
    """Whether a rule is about a field of responses: it cannot do without it, demands it, or points at it."""
    name = one.name.lower()
    relies = rule.analysis
    return name in relies.guards or name in relies.absent_response or ("response", name) in relies.places


def _about_field(rules: Iterable[Rule], one: Field) -> list[Rule]:
    return [rule for rule in rules if concerns(rule, one)]


def _field_index(fields: Iterable[Field], rules: Sequence[Rule]) -> str:
    lines = ["# Fields\n", "| field | what it tells | status | defined in | rules |", "|---|---|---|---|---|"]
    lines += [f"| [{text(one.name)}]({one.name.lower()}.md) | {text(one.meaning)} | {one.status} | "
              f"{text(one.source)} | {len(_about_field(rules, one))} |" for one in fields]
    return "\n".join(lines) + "\n"


def _field(one: Field, rules: Sequence[Rule]) -> str:
    parts = [f"# {text(one.name)}\n", f"{text(one.meaning)}\n" if one.meaning else ""]
    parts += ["| | |", "|---|---|", f"| registration | {one.status} |", f"| defined in | {_spec(one)} |"]
    parts += [f"| {key} | {_code(value) if key == 'grammar' else text(value)} |"
              for key, value in facts(one) if key != "spec"]
    found = _about_field(rules, one)
    parts.append("\n## Rules\n\n" + (_listed(found, "../") if found else
                                     f"Its grammar is judged by {_to('field.malformed', '../')}.\n"))
    return "\n".join(parts)


# --- specifications -------------------------------------------------------------------------------------------------

def _section_order(spec: str) -> tuple[str, list[tuple[int, str]]]:
    document, _, section = spec.partition(" §")
    return document, [(int(part), "") if _NUMBER.fullmatch(part) else (10 ** 6, part) for part in section.split(".")]


def _sections(rules: Sequence[Rule]) -> str:
    by_section: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        by_section[rule.spec].append(rule)
    parts = ["# By section of the specifications\n"]
    before = ""
    for spec in sorted(by_section, key=_section_order):
        document, _, section = spec.partition(" §")
        if document != before:
            parts += [f"\n## {text(document)}\n", "| section | rules |", "|---|---|"]
            before = document
        address = link(spec)
        shown = f"[§{text(section)}]({address})" if address else f"§{text(section)}"
        parts.append(f"| {shown} | {', '.join(_to(rule.id, '') for rule in by_section[spec])} |")
    return "\n".join(parts) + "\n"


def _entries(entries: Iterable[Standing], base: str) -> str:
    lines = ["| statement | level | about | checked by |", "|---|---|---|---|"]
    for entry in entries:
        row = entry.requirement
        checked = ", ".join(_to(name, base) for name in entry.rules) or text(str(entry))
        lines.append(f"| {text(row.id)} | {row.level} | {text(row.subject or row.binds)} | {checked} |")
    return "\n".join(lines) + "\n"


def _coverage_index(covered: Coverage) -> str:
    lines = ["# What is checked, and what is not\n",
             "Statements of the specifications that a capture of responses can show; *definite* are those that the "
             "evidence proves. What has no rule has a reason.\n",
             "| document | statements | observable | definite | with rules | with a reason | open |",
             "|---|---|---|---|---|---|---|"]
    for document, of in summary(covered.entries.values()).items():
        lines.append(f"| [{text(document)}]({document}.md) | {of['statements']} | {of['observable']} | "
                     f"{of['definite']} | {of['definite rules']} | {of['definite reason']} | {of['definite open']} |")
    return "\n".join(lines) + "\n"


def _document(document: str, covered: Coverage) -> str:
    entries = [entry for entry in covered.entries.values() if entry.requirement.document == document]
    name = f"RFC {document}" if document.isdigit() else document
    return f"# {text(name)}\n\n{_entries(entries, '../')}"


# --- configuration --------------------------------------------------------------------------------------------------

def _configuration() -> str:
    from httplint.configuration.settings import KEYS, OVERRIDE, WAIVER
    parts = ["# Configuration\n",
             "`httplint.toml`, or `[tool.httplint]` in `pyproject.toml`, in the working directory or above it. "
             "`httplint config show` prints what holds, and where each value comes from.\n"]
    for heading, keys in (("Keys", KEYS), ("[[override]]", OVERRIDE), ("[[waiver]]", WAIVER)):
        parts += [f"## {text(heading)}\n", "| key | what it does | values |", "|---|---|---|"]
        parts += [f"| `{key.name}` | {text(key.about)} | {text(', '.join(key.choices))} |" for key in keys]
        parts.append("")
    return "\n".join(parts)

