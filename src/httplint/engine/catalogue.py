"""Finds, reads and checks rule files; or reads the built index that the wheel ships."""
from __future__ import annotations

import functools
import os
import re
from typing import TYPE_CHECKING, Any

from httplint.engine.errors import RuleError, meant
from httplint.engine.rule import (
    BASIS,
    CHECKS,
    CONFIDENCE,
    ID,
    KEYS,
    ONCE,
    PAGE,
    PARTIES,
    PROFILES,
    REQUIRED,
    SEVERITY,
    STAGES,
    Rule,
)

if TYPE_CHECKING:
    from pathlib import Path  # costs a start what it costs to parse the built index

PACKAGE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
INDEX = os.path.join(PACKAGE, "rules.json")
"""The built index: rules that are checked and analysed already, so that a start costs no parsing of TOML."""
PAGES = os.path.join(PACKAGE, "rule_pages.json")
"""What only the pages of rules show, by id; see `rule.PAGE`."""

_STATUS = re.compile(r"[1-9]xx\Z")


def checkout() -> Path | None:
    """The rules/ of a checkout that this package is imported from. It wins over an index of an editable install."""
    root = os.path.dirname(os.path.dirname(PACKAGE))
    if not (os.path.isfile(os.path.join(root, "rules", "README.md"))
            and os.path.isfile(os.path.join(root, "pyproject.toml"))):
        return None
    from pathlib import Path
    return Path(root, "rules")


def built_in() -> list[Rule]:
    """The rules that come with httplint, in catalogue order."""
    if directory := checkout():
        return load(directory)
    import json
    with open(INDEX, encoding="utf-8") as stream:
        data = json.load(stream)
    return _numbered([Rule({**item, "page": _page}) for item in data["rules"]])


@functools.cache
def _pages() -> dict[str, dict[str, Any]]:
    import json
    with open(PAGES, encoding="utf-8") as stream:
        pages: dict[str, dict[str, Any]] = json.load(stream)
    return pages


def _page(rule_id: str) -> dict[str, Any]:
    return _pages()[rule_id]


def build(directory: Path) -> dict[str, str]:
    """The files of the built index of the rules below a directory: name -> text."""
    import json

    def text(data: object) -> str:
        return json.dumps(data, separators=(",", ":"))

    rules, pages, checks = [], {}, []
    for number, rule in enumerate(load(directory)):
        data = rule.as_index()
        checks.append(re.sub(r"(?m)^def (check|gate)\(", rf"def \1_{number}(", str(rule.code)))
        pages[rule.id] = {key: data.pop(key) for key in PAGE if key in data}
        rules.append({**data, "code": number})
    head = '"""The conditions of the rules, written by the build; their names are bound when a rule is first run."""\n'
    return {os.path.basename(INDEX): text({"language": LANGUAGE, "rules": rules}),
            os.path.basename(PAGES): text(pages),
            CHECKS.rpartition(".")[2] + ".py": head + "\n\n".join(checks)}


LANGUAGE = 1
"""Version of the rule language and its functions; a rule file may ask for one with `language = 1`."""


def load(directory: Path) -> list[Rule]:
    """All rules of the *.toml files below a directory. Raises RuleError with file and line, OSError."""
    if not directory.is_dir():
        raise RuleError("not a directory of rule files", str(directory))
    rules = [rule for path in sorted(directory.rglob("*.toml")) for rule in read(path, directory)]
    return _numbered(rules)


def _numbered(rules: list[Rule]) -> list[Rule]:
    seen: dict[str, Rule] = {}
    for number, rule in enumerate(rules):
        if rule.id in seen:
            raise RuleError(f"the id {rule.id!r} is taken by {seen[rule.id].path}:{seen[rule.id].line}",
                            rule.path, rule.line)
        seen[rule.id] = rule
        rule.order = number
    return rules


def combine(*packs: list[Rule]) -> list[Rule]:
    """Several catalogues as one; an id that stands in two of them is a RuleError."""
    return _numbered([rule for pack in packs for rule in pack])


def read(path: Path, root: Path | None = None) -> list[Rule]:
    """The rules of one file. Raises RuleError with file and line."""
    import tomllib
    shown = str(path.relative_to(root)) if root else str(path)
    try:
        text = path.read_text("utf-8")
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        raise RuleError(f"not TOML: {error}", shown, int(found[1]) if found else 1) from None
    if unknown := data.keys() - {"rule", "functions", "language"}:
        raise RuleError(f"unknown key {min(unknown)!r}: a rule file holds [[rule]] tables", shown, 1)
    if data.get("language", LANGUAGE) != LANGUAGE:
        raise RuleError(f"written for version {data['language']!r} of the rule language, this is {LANGUAGE}", shown, 1)
    if plugin := data.get("functions"):
        from httplint.engine.functions import plug
        try:
            plug(str(plugin))
        except (LookupError, ValueError) as error:
            raise RuleError(str(error), shown, 1) from None
    tables = data.get("rule", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise RuleError("write each rule as a [[rule]] table", shown, 1)
    starts = [text.count("\n", 0, found.start()) + 1 for found in re.finditer(r"(?m)^[ \t]*\[\[rule\]\]", text)]
    lines = text.split("\n")
    starts += [1] * len(tables)                            # tables written in a way that the search does not see
    return [make(source, shown, start, lines) for source, start in zip(tables, starts, strict=False)]


def make(source: dict[str, Any], path: str = "rule", line: int = 1, lines: list[str] | None = None) -> Rule:
    """A rule from the table of a rule file, checked and analysed."""
    from httplint.engine.expression import Conditions, analyse

    def fail(why: str, key: str | None = None) -> RuleError:
        name = f"{source['id']}: " if isinstance(source.get("id"), str) else ""
        return RuleError(name + why, path, _line_of(key, line, lines))

    for key, value in source.items():
        if key not in KEYS:
            raise fail(f"unknown key {key!r}{meant(key, KEYS)}", key)
        if not isinstance(value, KEYS[key]) or isinstance(value, bool):  # type: ignore[arg-type]
            raise fail(f"{key}: a {type(value).__name__} does not fit here", key)
        if isinstance(value, list) and not all(isinstance(v, (str, int) if key == "status" else str) for v in value):
            raise fail(f"{key}: a list of {'codes' if key == 'status' else 'texts'} is wanted", key)
    for key in REQUIRED:
        if not source.get(key):
            raise fail(f"the key {key!r} is missing")
    if not ID.match(source["id"]):
        raise fail("an id is topic.slug: lower-case words, hyphens, a dot", "id")
    for key, choice in (("level", tuple(SEVERITY)), ("confidence", CONFIDENCE), ("basis", BASIS), ("stage", STAGES),
                        ("party", PARTIES), ("once", ONCE)):
        if key in source and source[key] not in choice:
            raise fail(f"{key}: {source[key]!r} is none of {', '.join(choice)}", key)
    profiles = source.get("profiles", [])
    for name in [profiles] if isinstance(profiles, str) else profiles:
        if name not in PROFILES:
            raise fail(f"profiles: {name!r} is none of {', '.join(PROFILES)}", "profiles")
    status = source.get("status", [])
    for item in status if isinstance(status, list) else [status]:
        if not (_STATUS.match(item) if isinstance(item, str) else 0 <= item <= 999):
            raise fail(f"status: {item!r} is neither a code nor a class such as '4xx'", "status")
    conditions = Conditions(source["require"], source["message"], source["title"], source.get("when"),
                            source.get("foreach"))
    try:
        analysis = analyse(conditions)
    except RuleError as error:
        raise fail(error.why, error.key) from None
    return Rule({**source, "path": path, "line": line,
                 **{name: getattr(analysis, name) for name in analysis.__slots__}})


def _line_of(key: str | None, start: int, lines: list[str] | None) -> int:
    """The line of a key of the rule that starts at a line; the start itself if it cannot be told."""
    for number, text in enumerate((lines or [])[start:], start + 1):
        if text.lstrip().startswith("[[rule]]"):
            break
        if key and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", text):
            return number
    return start

