"""Finds, reads and checks rule files; or reads the built index that the wheel ships.

Both ways lead to the same rules. An index is what was read, checked and analysed in a checkout, as plain data and a
module of compiled conditions, so that a start parses no TOML and imports no vocabulary: whatever judging needs of a
rule stands in its keys or its analysis.

A pack may be a stranger's. Files, rules, texts and lists have limits, whatever is wrong is a RuleError with file and
line, and the first wrong thing ends the reading: half a pack would judge otherwise than its author meant. An id stands
for one rule, whichever pack it is from, so that no pack replaces a rule of ours.
"""
from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterator, Sequence
from itertools import count, repeat
from typing import TYPE_CHECKING, Any

from httplint import vocabulary
from httplint.engine.analysis import CHECKS, Analysis, Role
from httplint.engine.errors import RuleError
from httplint.engine.obsolete import Catalogue, Obsolete
from httplint.engine.obsolete import make as obsolete
from httplint.engine.rule import KEYS, Rule
from httplint.model.evidence import bits
from httplint.model.files import below, cause, octets_of, packaged
from httplint.model.likeness import meant

if TYPE_CHECKING:
    from pathlib import Path  # costs a start what it costs to parse the built index

PACKAGE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
INDEX = "rules.json"
"""The built index: what plans are made by, of rules that are checked and analysed already."""
TEXTS = "rule_texts.txt"
"""What else is said of rules, under the keys that stand `apart`: a line for each, its id and JSON."""


def checkout() -> Path | None:
    """The rules/ of a checkout that this package is imported from. It wins over an index of an editable install."""
    root = os.path.dirname(os.path.dirname(PACKAGE))
    if not (os.path.basename(os.path.dirname(PACKAGE)) == "src"
            and os.path.isfile(os.path.join(root, "rules", "README.md"))
            and os.path.isfile(os.path.join(root, "pyproject.toml"))):
        return None
    from pathlib import Path
    return Path(root, "rules")


def built_in() -> Catalogue:
    """The rules that come with httplint, in catalogue order."""
    directory = checkout()
    rules = _indexed() if directory is None else load(directory)
    for rule in rules:
        rule.ours()
    return rules


def _indexed() -> Catalogue:
    """The rules of the built index, which are ours."""
    import json
    data = json.loads(packaged("httplint", INDEX))
    vocabulary.told(data["functions"])
    *analyses, under, answered, kinds, atoms = _members(data["members"], data["shared"])
    rules = list(map(Rule, data["said"], map(Analysis, *analyses), data["paths"], data["lines"], count(),
                     repeat(_apart), map(Role, under, answered, kinds, atoms)))
    for order, before in data["renamed"]:
        rules[order] = rules[order].but(order, rules[order].analysis, tuple(before))
    return Catalogue(rules, [Obsolete(one["id"], tuple(one["now"]), one["since"], one["why"], one["path"], one["line"])
                             for one in data["obsolete"]])


@functools.cache
def _texts() -> dict[str, str]:
    lines = packaged("httplint", TEXTS).decode("ascii").splitlines()
    return {name: text for name, _, text in [line.partition(" ") for line in lines]}


@functools.cache
def _apart(rule_id: str) -> dict[str, Any]:
    import json
    said: dict[str, Any] = json.loads(_texts()[rule_id])
    return said


def build(directory: Path) -> dict[str, str]:
    """The files of the built index of the rules below a directory: name -> text."""
    import json

    from httplint.engine.plan import role

    def text(data: object) -> str:
        return json.dumps(data, separators=(",", ":"))

    said, texts, checks = [], [], []
    catalogue = load(directory)
    for number, rule in enumerate(catalogue):
        data = rule.as_index()
        checks.append(re.sub(r"(?m)^def (check|entry)\(", rf"def \1_{number}(", str(rule.analysis.code)))
        texts.append(f"{rule.id} " + text({key: data[key] for key, row in KEYS.items() if row.apart and key in data}))
        said.append({key: data[key] for key, row in KEYS.items() if not row.apart and key in data})
    members, shared = _shared([(*rule.analysis._replace(code=number), *role(rule.ours()))
                               for number, rule in enumerate(catalogue)])
    head = '"""The conditions of the rules, written by the build; their names are bound when a rule is first run."""\n'
    return {INDEX: text({"language": LANGUAGE, "functions": vocabulary.homes(), "said": said, "members": members,
                         "shared": shared, "paths": [rule.path for rule in catalogue],
                         "lines": [rule.line for rule in catalogue],
                         "renamed": [(rule.order, rule.renamed) for rule in catalogue if rule.renamed],
                         "obsolete": [one._asdict() for one in catalogue.obsolete.values()]}),
            TEXTS: "".join(f"{line}\n" for line in texts),
            CHECKS.rpartition(".")[2] + ".py": head + "\n\n".join(checks)}


def _shared(rows: Sequence[tuple[object, ...]]) -> tuple[list[Any], list[Any]]:
    """Member by member, what analyses and roles say of all rules, and the tuples and sets in it.

    Many rules have the same ones: each is said once, as it is made once, and stands in a member by its number.
    """
    numbers: dict[object, int] = {}
    out: list[Any] = []
    for members in zip(*rows, strict=True):
        plain = all(isinstance(one, (int, str)) or one is None for one in members)
        out.append(list(members) if plain else {"shared": [numbers.setdefault(one, len(numbers)) for one in members]})
    return out, [{"set": sorted(one)} if isinstance(one, frozenset) else one for one in numbers]


def _members(members: list[Any], shared: list[Any]) -> list[list[Any]]:
    """Member by member, what `_shared` was given."""
    made = [frozenset(one["set"]) if isinstance(one, dict) else _tuples(one) for one in shared]
    return [[made[number] for number in one["shared"]] if isinstance(one, dict) else one for one in members]


def _tuples(value: Any) -> Any:
    return tuple([_tuples(one) for one in value]) if isinstance(value, list) else value


LANGUAGE = 1
"""Version of the rule language and its functions; a rule file may ask for one with `language = 1`."""


MOST_FILES, MOST_RULES = 1_000, 10_000
"""Rule files of a pack and its rules, at most."""
MOST_ENTRIES = 100_000
"""Files that are looked through for rule files, at most."""


def load(pack: Path) -> Catalogue:
    """All rules of a file, or of the *.toml files below a directory. Raises RuleError with file and line."""
    if not pack.is_dir():
        return combine(read(pack))
    parts: list[Catalogue] = []
    for path in files(pack):
        parts.append(read(path, pack))
        if max(sum(map(len, parts)), sum(len(part.obsolete) for part in parts)) > MOST_RULES:
            raise RuleError(f"more than {MOST_RULES:,} rules", str(pack))
    return combine(*parts)


def files(directory: Path) -> list[Path]:
    """The rule files below a directory, in order. Raises RuleError where there are too many, or one cannot be read."""
    found: list[Path] = []
    for entries, met in enumerate(below(str(directory)), 1):
        if isinstance(met, OSError):
            raise RuleError(f"the directory cannot be read: {cause(met)}", str(met.filename))
        if met.endswith(".toml"):
            found.append(directory / os.path.relpath(met, directory))
        if entries > MOST_ENTRIES or len(found) > MOST_FILES:
            raise RuleError(f"a directory of rule files has at most {MOST_FILES:,} of them, and {MOST_ENTRIES:,} "
                            "files in all", str(directory))
    return sorted(found)


def _numbered(rules: list[Rule], gone: list[Obsolete]) -> Catalogue:
    seen: dict[str, Rule] = {}
    for rule in rules:
        if rule.id in seen:
            raise RuleError(f"the id {rule.id!r} is taken by {seen[rule.id].path}:{seen[rule.id].line}",
                            rule.path, rule.line)
        seen[rule.id] = rule
    before: dict[str, tuple[str, ...]] = {}
    for one in gone:
        if one.id not in seen:
            before |= {name: (*before.get(name, ()), one.id) for name in one.now}
        elif seen[one.id].stage != "deprecated":
            raise RuleError(f"obsolete: {one.id!r} is the id of {seen[one.id].path}:{seen[one.id].line}, which is not "
                            "deprecated", one.path, one.line)
    own = {rule.malformed for rule in rules}
    out: list[Rule] = []
    for order, rule in enumerate(rules):
        analysis = rule.analysis
        if "judged_others" in analysis.functions:
            analysis = analysis._replace(among=analysis.among - own)
        out.append(rule.but(order, analysis, before.get(rule.id, ())))
    return Catalogue(out, gone)


def combine(*packs: Catalogue) -> Catalogue:
    """Several catalogues as one; an id that stands in two of them is a RuleError."""
    return _numbered([rule for pack in packs for rule in pack],
                     [one for pack in packs for one in pack.obsolete.values()])


def read(path: Path, root: Path | None = None) -> Catalogue:
    """What one file holds. Raises RuleError with file and line."""
    shown = str(path.relative_to(root)) if root else str(path)
    return parsed(octets(path, shown, met=root is not None), shown)


def octets(path: Path, shown: str, met: bool = False) -> bytes:
    """What a rule file holds; `met`: see `octets_of`. Raises RuleError."""
    from httplint.model import toml
    try:
        return octets_of(path, toml.LARGEST, met)
    except OSError as error:
        raise RuleError(f"cannot be read: {cause(error)}", shown) from None


def parsed(octets: bytes, shown: str) -> Catalogue:
    """What the octets of a file tell of. Raises RuleError with file, as it is `shown`, and line."""
    from httplint.model import toml
    try:
        data, text = toml.read(octets)
    except toml.TomlError as error:
        why = str(error)
        raise RuleError(why if why.startswith("not TOML") else f"not TOML: {why}", shown, error.line) from None
    if unknown := data.keys() - {"rule", "obsolete", "functions", "language"}:
        raise RuleError(f"unknown key {min(unknown)!r:.100}: a rule file holds [[rule]] tables", shown, 1)
    language = data.get("language", LANGUAGE)
    if type(language) is not int or language != LANGUAGE:
        named = f"version {language}" if type(language) is int and 0 <= language < 10**9 else "no version"
        raise RuleError(f"written for {named} of the rule language, this is {LANGUAGE}", shown, 1)
    if plugin := data.get("functions"):
        try:
            vocabulary.plug(str(plugin))
        except (LookupError, ValueError) as error:
            raise RuleError(str(error), shown, 1) from None
        except Exception as error:                         # the plugin's own
            raise RuleError(f"the functions {plugin!r:.100} cannot be loaded: {type(error).__name__}: {error!s:.200}",
                            shown, 1) from None
    lines = text.split("\n")
    rules = [make(source, shown, start, lines) for source, start in _tables(data, "rule", lines, shown)]
    return Catalogue(rules, [obsolete(source, shown, at) for source, at in _tables(data, "obsolete", lines, shown)])


def _tables(data: dict[str, Any], kind: str, lines: list[str], shown: str) -> Iterator[tuple[dict[str, Any], int]]:
    """The tables of an array, each with the line of its head. Raises RuleError."""
    tables = data.get(kind, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise RuleError(f"write each {kind} as a [[{kind}]] table", shown, 1)
    head = re.compile(rf"[ \t]*\[\[{kind}\]\]")
    starts = [number for number, line in enumerate(lines, 1) if head.match(line)]
    starts += [1] * len(tables)                            # tables written in a way that the search does not see
    return zip(tables, starts, strict=False)


def make(source: dict[str, Any], path: str = "rule", line: int = 1, lines: list[str] | None = None) -> Rule:
    """A rule from the table of a rule file, checked and analysed."""
    from httplint.engine.language.conditions import analyse
    from httplint.engine.language.tree import Conditions

    def fail(why: str, key: str | None = None) -> RuleError:
        name = f"{source['id']:.100}: " if isinstance(source.get("id"), str) else ""
        return RuleError(name + why, path, _line_of(key, line, lines))

    for key, value in source.items():
        if key not in KEYS:
            raise fail(f"unknown key {key!r:.100}" + (meant(key, KEYS) or "; the keys are " + ", ".join(KEYS)), key)
        if why := KEYS[key].unfit(value):
            raise fail(f"{key}: {why}", key)
    if "malformed" in source:
        try:
            source = {**_malformed(source["malformed"]), **source, "malformed": source["malformed"].lower()}
        except ValueError as error:
            raise fail(f"malformed: {error}", "malformed") from None
    for key, row in KEYS.items():
        value = source.get(key)
        blank = isinstance(value, str) and not value.strip()
        if row.required and (blank or not value):
            raise fail(f"the key {key!r} is missing")
        if blank:
            raise fail(f"{key}: there is nothing in it; leave the key out", key)
    for key, value in source.items():
        if why := KEYS[key].wrong(value):
            raise fail(f"{key}: {why}", key)
    source = {key: KEYS[key].plain(value) for key, value in source.items()}
    conditions = Conditions(source["require"], source["message"], source["title"], source.get("when"),
                            source.get("foreach"))
    try:
        analysis = analyse(conditions)
    except RuleError as error:
        raise fail(error.why, error.key) from None
    needs = bits(*[fact for key in source if (fact := KEYS[key].fact)])
    return Rule(source, analysis._replace(needs=analysis.needs | needs), path, line)


def _malformed(name: str) -> dict[str, str]:
    """What `malformed = NAME` says of a rule. Raises ValueError if the field has no grammar, or not in responses."""
    from httplint.grammar import table
    field = table.field(name)
    if field is None:
        near = meant(name, [one.name for one in table.FIELDS.values()])
        raise ValueError(f"{name!r:.100} is no field that is known{near}")
    if field.parser is None or field.response is False:
        raise ValueError(f"{field.name} is no field of responses with a grammar that is known")
    return {"id": f"{name.lower()}.malformed", "title": f"{field.name} is malformed", "level": "MUST NOT",
            "spec": field.source, "foreach": f"line in judged(response, '{field.name}')", "require": "line.sound",
            "message": f"malformed {field.name}: expected {{line.expected}} at octet {{line.octet}} of "
                       "'{line.value}'{line.hint}"}


def _line_of(key: str | None, start: int, lines: list[str] | None) -> int:
    """The line of a key of the rule that starts at a line; the start itself if it cannot be told."""
    for number, text in enumerate((lines or [])[start:], start + 1):
        if text.lstrip().startswith("[[rule]]"):
            break
        if key and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", text):
            return number
    return start
