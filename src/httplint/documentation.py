"""The documentation as Markdown pages, made from the catalogue: `httplint rules docs`.

One page for each rule, former id, status code, field, profile and specification, the coverage of requirements, and the
reference of the configuration. Sphinx makes a site of them together with the guides in docs/.
"""
from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from httplint.coverage import BY_PROBE, Coverage, Standing, coverage, reasons, rows, shown_by, summary
from httplint.engine.obsolete import Catalogue, Obsolete
from httplint.engine.rule import PROFILES, Rule
from httplint.grammar.registry import StatusCode, common_codes, status_codes
from httplint.grammar.table import FIELDS, Field
from httplint.report import rule_page
from httplint.report.escape import printable
from httplint.report.links import link
from httplint.report.markup import markdown
from httplint.selection import select

_NUMBER = re.compile("[0-9]{1,5}")
_SEVERITY = {"error": "error", "warning": "warning", "info": "advice"}
_NO_WORD = re.compile(r"[^0-9a-z]+")
_PROFILES = {
    "default": "What holds where no profile is named: all that the specifications demand of any response.",
    "api": "For services that programs ask: without the rules about what only browsers read.",
    "browser": "For what browsers show: with the rules about what they alone read.",
    "security": "Adds what is wise beyond conformance: policies that limit what an attacker can do.",
    "strict": "Everything, previews too.",
}
"""Profile -> what it is for."""

Page = tuple[str, str]
"""(path below the directory, Markdown)."""


def write(directory: Path, rules: Catalogue, playground: str | None = None) -> int:
    """Writes all pages below a directory, which it makes; returns how many. Raises OSError.

    `playground`: the address of the page that lints in a browser, as the page of a rule links to it; no page links to
    it without.
    """
    count = 0
    for count, (path, text) in enumerate(pages(rules, playground), 1):  # noqa: B007 - the count is what is returned
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    return count


def pages(rules: Catalogue, playground: str | None = None) -> Iterator[Page]:
    """All pages. `playground`: as for `write`."""
    from httplint.probe.reach import reach
    covered = coverage(rules, rows(), reasons(), reach)
    fields = [one for one in FIELDS.values() if one.parser or _about_field(rules, one)]
    yield "rules/index.md", _rule_index(rules)
    on = {rule.id for rule in select(rules)}
    for rule in rules:
        trial = _trial(rule, playground, rule.id in on) if playground and rule.built_in else ""
        yield f"rules/{rule.id}.md", _rule(rule, rules, fields, covered, trial)
    yield "rules/former.md", _former_index(rules)
    for gone in _gone(rules):
        yield f"rules/{gone.id}.md", _former(gone)
    yield "profiles/index.md", _profile_index(rules)
    for profile in PROFILES:
        yield f"profiles/{profile}.md", _profile(profile, rules)
    by_code = {str(code): one for code, one in _named_codes().items()}
    yield "status/index.md", _status_index(by_code, rules)
    for code, registered in by_code.items():
        yield f"status/{code}.md", _status(code, registered, rules, covered)
    yield "fields/index.md", _field_index(fields, rules)
    for one in fields:
        yield f"fields/{one.name.lower()}.md", _field(one, rules)
    by_document = _by_document(rules)
    yield "sections/index.md", _section_index(by_document)
    for slug, sections in by_document.items():
        yield f"sections/{slug}.md", _sections(sections)
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
    lines += [f"| {_to(rule.id, base)} | {rule.level.replace(' ', '&nbsp;')} | {text(rule.title)}{_remark(rule)} |"
              for rule in rules]
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
             "`--profile strict` switches everything on ([profiles](../profiles/index.md)). An id that is not here may "
             "be one of [former days](former.md).\n"]
    for directory, some in by_directory.items():
        parts.append(f"## {text(directory)}\n\n{_listed(some, '../')}")
    return "\n".join(parts)


def _rule(rule: Rule, rules: Catalogue, fields: Iterable[Field], covered: Coverage, trial: str) -> str:
    told = rule_page.facts(
        rule, "an explicit requirement" if rule.basis == "explicit" else "implied by a definition")
    parts = [f"# {text(rule.id)}\n", f"**{text(rule.title)}**\n",
             f'<span class="{rule.severity}">{rule.level}</span> ({_SEVERITY[rule.severity]}), {_spec(rule)}. '
             f"{'; '.join(told).capitalize()}.\n",
             *(f"**{name.capitalize()}:** {_linked(said, address)}\n"
               for name, said, address in rule_page.grounds(rule) if name != "spec"),
             _related(rule, fields, covered.by[rule.id]), "## When it fires\n"]
    parts += [f"- {key}: {_code(value)}" for key, value in rule_page.conditions(rule)]
    for kind, heading in (("bad", "Bad"), ("good", "Good")):
        parts.append(f"\n## {heading}\n")
        parts += [f"<div class=\"{kind}\">\n\n{_block(example)}\n\n</div>\n" for example in getattr(rule, kind)]
        parts += [trial] if kind == "bad" else []
    parts += ["## At work\n", _at_work(rule)]
    known = [covered.entries[name].requirement for name in rule.requirement if name in covered.entries]
    if known:
        parts.append("## Requirements\n")
        parts += [f"- {text(one.id)}, {one.level}: {text(one.subject)}" for one in known]
        parts.append("")
    parts += [_history(rule, rules), f"Defined in {_code(('rules/' if rule.built_in else '') + rule.path)}.\n"]
    return "\n".join(parts)


def _trial(rule: Rule, playground: str, on: bool) -> str:
    """A link to where its first bad example can be linted; a rule that is off by default is selected there."""
    address = f"{playground}#sample={rule.id}{'' if on else f'&select={rule.id}'}"
    return f'<p><a class="try" href="{html.escape(address)}">Try this rule</a> in your browser: nothing is sent.</p>\n'


def _related(rule: Rule, fields: Iterable[Field], by: str) -> str:
    """Where else it is listed, and what shows it: a list of links."""
    about = [f"[{text(one.name)}](../fields/{one.name.lower()}.md)" for one in fields if concerns(rule, one)]
    codes = [f"[{code}](../status/{code}.md)" for code in sorted(_named_codes().keys() & (rule.statuses or ()))]
    profiles = [f"[{name}](../profiles/{name}.md)" for name in rule.profiles]
    listed = [("fields", ", ".join(about)), ("status codes", ", ".join(codes) if len(codes) <= 10 else ""),
              ("profiles", ", ".join(profiles) or "all" if rule.stage == "stable" else "none: it has to be selected"),
              ("specification", f"[{text(_document_of(rule.spec))}](../sections/{_slug(rule.spec)}.md)"),
              ("captures that can show it", text(", ".join(shown_by(rule)) or "none")), ("shown by", by)]
    return "\n".join([*(f"- {key}: {value}" for key, value in listed if value), ""])


def _at_work(rule: Rule) -> str:
    """What to type: its page, its trace, and two ways to live with it."""
    commands = f"httplint explain {rule.id}\nhttplint explain {rule.id} --trace site.har\n" \
               f"httplint check site.har --ignore {rule.id}"
    waiver = f'[[waiver]]\nrule = "{rule.id}"\npath = "/legacy/**"\nreason = "why, and until when"\n' \
             "expires = 2030-06-30"
    return (f"{_block(commands)}\n\nTo live with it for a while, in `httplint.toml` "
            f"([all keys](../configuration.md)):\n\n{_block(waiver)}\n")


def _history(rule: Rule, rules: Catalogue) -> str:
    """The ids of former days that stand for it."""
    before = [one for one in rules.obsolete.values() if rule.id in one.now or rule.id == one.id]
    if not before:
        return ""
    lines = [f"- {_code(one.id)} (since {text(one.since)}): {text(one.why)}" if rule.id != one.id else
             f"- {text(one.told(deprecated=True))}" for one in before]
    return "\n".join(["## History of its id\n", "Whoever names one of these, means this rule, and is told so.\n",
                      *lines, ""])


# --- ids that are no more -------------------------------------------------------------------------------------------

def _gone(rules: Catalogue) -> list[Obsolete]:
    ids = {rule.id for rule in rules}
    return [one for one in rules.obsolete.values() if one.id not in ids]


def _what(one: Obsolete, base: str) -> str:
    """What became of an id."""
    new = ", ".join(_to(name, base) for name in one.now)
    return f"{'split into' if len(one.now) > 1 else 'now'} {new}" if new else "removed"


def _former_index(rules: Catalogue) -> str:
    lines = ["# Former ids\n",
             "Ids that named rules once. Configurations, waivers and baselines that name them go on to work, and their "
             "users are told. No id is ever given to another flaw.\n",
             "| id | what became of it | since | why |", "|---|---|---|---|"]
    lines += [f"| {_to(one.id, '../')} | {_what(one, '../')} | {text(one.since)} | {text(one.why)} |"
              for one in _gone(rules)]
    return "\n".join(lines) + "\n"


def _former(one: Obsolete) -> str:
    return (f"# {text(one.id)}\n\n**This id is no more.** Since {text(one.since)}: {_what(one, '../')}.\n\n"
            f"**Why:** {text(one.why)}\n\n"
            "What names it goes on to work; `httplint` says what to write instead. "
            "[All former ids](former.md).\n")


# --- profiles -------------------------------------------------------------------------------------------------------

def _profile_index(rules: Catalogue) -> str:
    lines = ["# Profiles\n",
             "Choices of rules, for `--profile` or `profile` of the configuration; several may be named.\n",
             "| profile | what it is for | rules |", "|---|---|---|"]
    lines += [f"| [{name}]({name}.md) | {_PROFILES[name]} | {len(select(rules, profile=name))} |" for name in PROFILES]
    return "\n".join(lines) + "\n"


def _profile(name: str, rules: Catalogue) -> str:
    on, usual = ({rule.id for rule in select(rules, profile=one)} for one in (name, "default"))
    parts = [f"# Profile {name}\n", f"{_PROFILES[name]} It has {len(on)} rules.\n",
             _block(f"httplint check har --profile {name}") + "\n"]
    for heading, ids in ((f"Rules beyond the default ({len(on - usual)})", on - usual),
                         (f"Rules of the default that it leaves out ({len(usual - on)})", usual - on)):
        if ids:
            parts += [f"## {heading}\n", _listed([rule for rule in rules if rule.id in ids], "../")]
    if on == usual:
        parts.append("[All rules](../rules/index.md) without a remark are its rules.\n")
    return "\n".join(parts)


# --- status codes ---------------------------------------------------------------------------------------------------

def _named_codes() -> dict[int, StatusCode]:
    """The registered status codes, without those that are kept unused."""
    return {code: one for code, one in status_codes().items() if not one.name.startswith("(")}


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
    own.sort(key=lambda rule: not rule.id.startswith(f"{code}."))
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
    """Whether a rule is about a field of responses: it is named after it, cannot do without it, demands or shows it."""
    name = one.name.lower()
    relies = rule.analysis
    return (rule.id.startswith(f"{name}.") or name in relies.guards or name in relies.absent_response
            or ("response", name) in relies.places)


def _about_field(rules: Iterable[Rule], one: Field) -> list[Rule]:
    return [rule for rule in rules if concerns(rule, one)]


def _field_index(fields: Iterable[Field], rules: Sequence[Rule]) -> str:
    lines = ["# Fields\n", "| field | what it tells | status | defined in | rules |", "|---|---|---|---|---|"]
    lines += [f"| [{text(one.name)}]({one.name.lower()}.md) | {text(one.meaning)} | {one.status} | "
              f"{text(one.source)} | {len(_about_field(rules, one))} |" for one in fields]
    return "\n".join(lines) + "\n"


def _field(one: Field, rules: Sequence[Rule]) -> str:
    parts = [f"# {text(one.name)}\n", f"{text(one.meaning)}\n" if one.meaning else ""]
    parts += ["| what | as registered or known |", "|---|---|", f"| registration | {one.status} |",
              f"| defined in | {_spec(one)} |"]
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


def _document_of(spec: str) -> str:
    return spec.partition(" §")[0]


def _slug(spec: str) -> str:
    """The name of the page of a section's document. Documents of strangers' rules may share one."""
    found = _NO_WORD.sub("-", _document_of(spec).lower()).strip("-")
    return found if found not in ("", "index") else "others"


def _by_document(rules: Iterable[Rule]) -> dict[str, dict[str, list[Rule]]]:
    """Page -> section -> rules, in the order of the specifications."""
    out: dict[str, dict[str, list[Rule]]] = {}
    for rule in sorted(rules, key=lambda rule: _section_order(rule.spec)):
        out.setdefault(_slug(rule.spec), {}).setdefault(rule.spec, []).append(rule)
    return out


def _section_index(by_document: dict[str, dict[str, list[Rule]]]) -> str:
    lines = ["# By section of the specifications\n", "| document | sections with rules | rules |", "|---|---|---|"]
    lines += [f"| [{text(_document_of(next(iter(sections))))}]({slug}.md) | {len(sections)} | "
              f"{sum(map(len, sections.values()))} |" for slug, sections in by_document.items()]
    return "\n".join(lines) + "\n"


def _sections(sections: dict[str, list[Rule]]) -> str:
    document = _document_of(next(iter(sections)))
    parts = [f"# Rules of {text(document)}\n", f"{_linked(document, link(document))}, section by section.\n"]
    for spec, rules in sections.items():
        parts += [f"## {text(spec)}\n", _listed(rules, "../")]
        parts += [f"Read [{text(spec)}]({address})\n"] if (address := link(spec)) else []
    return "\n".join(parts)


def _entries(entries: Iterable[Standing], base: str) -> str:
    lines = ["| statement | level | about | checked by | shown by |", "|---|---|---|---|---|"]
    for entry in entries:
        row = entry.requirement
        checked = ", ".join(_to(name, base) for name in entry.rules) or text(str(entry))
        lines.append(f"| {text(row.id)} | {row.level} | {text(row.subject or row.binds)} | {checked} | {entry.by} |")
    return "\n".join(lines) + "\n"


def _coverage_index(covered: Coverage) -> str:
    lines = ["# What is checked, and what is not\n",
             "Statements of the specifications that a capture of responses can show; *definite* are those that the "
             "evidence proves. What has no rule has a reason. *With probe* are those with rules that no plain GET "
             "shows broken, but `httplint probe` does.\n",
             "| document | statements | observable | definite | with rules | with a reason | open | with probe |",
             "|---|---|---|---|---|---|---|---|"]
    for document, of in summary(covered.entries.values()).items():
        lines.append(f"| [{text(document)}]({document}.md) | {of['statements']} | {of['observable']} | "
                     f"{of['definite']} | {of['definite rules']} | {of['definite reason']} | "
                     f"{of['definite open']} | {of[BY_PROBE]} |")
    return "\n".join(lines) + "\n"


def _document(document: str, covered: Coverage) -> str:
    entries = [entry for entry in covered.entries.values() if entry.requirement.document == document]
    name = f"RFC {document}" if document.isdigit() else document
    return f"# Coverage of {text(name)}\n\n{_entries(entries, '../')}"


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
