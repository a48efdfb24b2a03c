"""What of the specifications the rules check: a table of requirements with a denominator.

`rules/coverage/*.csv` has a line for each statement of a specification; the rules name statements in their key
`requirement`. A statement is checked by rules (its own, or those of the statement that it repeats), or there is a
reason why no rule checks it, or it is open.
"""
from __future__ import annotations

import csv
import io
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from httplint.capture.kinds import KINDS
from httplint.engine.catalogue import PACKAGE, checkout
from httplint.engine.rule import Rule

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

COLUMNS = ("id", "document", "section", "level", "binds", "observable", "message", "decidable", "status", "subject",
           "reason")

REASONS_FILE = "reasons.csv"

CORE = ("9110", "9111", "9112", "9113", "9114")
"""Documents that come first."""

CODES = ("1xx", "100", "101", "102", "2xx", "200", "202", "204", "205", "206",
         "3xx", "300", "301", "302", "303", "304", "305", "306", "307", "308",
         "4xx", "400", "401", "403", "404", "405", "406", "407", "412", "416", "417", "426",
         "5xx", "500", "501", "502", "503", "504", "505")
"""The codes and classes that are always listed, also where nothing can be checked."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One statement of a specification."""

    id: str
    document: str
    section: str
    level: str
    binds: str
    observable: str
    """What shows it: response, exchange, sequence, wire, or no capture."""
    message: str
    """Which message would be wrong: response, request, either; empty if it is not observable."""
    decidable: str
    """definite, heuristic, or empty."""
    status: tuple[str, ...]
    """Codes and classes, "405", "4xx"."""
    subject: str
    reason: str
    """Why no rule checks it: a code of reasons.csv, or empty."""
    words: str
    """What the table adds to the reason; for `same` the ids."""

    @property
    def same(self) -> tuple[str, ...]:
        """The statements that it repeats."""
        return tuple(self.words.split()) if self.reason == "same" else ()

    @property
    def counts(self) -> bool:
        """Whether a capture can show it of a response: the denominator."""
        return self.observable != "no" and self.message != "request"


BY_GET, BY_PROBE, BY_OTHERS = "a plain GET", "httplint probe", "other requests"
"""What it takes to see a rule broken: the first of these that does, as `probe.reach` tells."""

Reach = Callable[[Rule], str]


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a requirement."""

    requirement: Requirement
    rules: tuple[str, ...]
    """Ids of the rules that check it, its own first."""
    captures: tuple[str, ...]
    """The kinds of capture from which one of these can fire; empty without rules, or if all can."""
    outcome: str
    """"rules", "reason" or "open"."""
    reason: str
    """The code of the reason, of its own or of what it repeats; empty unless that is the outcome."""
    words: str
    by: str = ""
    """What it takes to see it broken, by any of the rules; empty without rules, or if nobody has asked."""

    def __str__(self) -> str:
        through = f" (same as {', '.join(self.requirement.same)})" if self.requirement.same else ""
        if self.outcome == "rules":
            by = f" [by: {self.by}]" if self.by not in ("", BY_GET) else ""
            return ", ".join(self.rules) + through + self._seen + by
        if self.outcome == "open":
            return "open" + through
        return self.reason + (f": {self.words}" if self.words else "") + through


    @property
    def _seen(self) -> str:
        """The kinds of capture that show it, or those that do not, whichever are fewer."""
        others = [kind.name for kind in KINDS if kind.name not in self.captures]
        if not self.captures:
            return ""
        return (f" [seen in: {', '.join(self.captures)}]" if len(self.captures) <= len(others)
                else f" [not in: {', '.join(others)}]")


@dataclass(frozen=True, slots=True)
class Coverage:
    """The whole table, judged."""

    entries: dict[str, Standing]
    problems: list[str]
    """What is wrong with the table or with the ids that rules name; each one line."""
    by: dict[str, str]
    """Id of a rule -> what it takes to see it broken; empty if nobody has asked."""


def shown_by(rule: Rule) -> tuple[str, ...]:
    """The kinds of capture that may prove a breach of the rule, by the names of `capture.kinds`."""
    return tuple(kind.name for kind in KINDS if not rule.analysis.needs & ~kind.facts
                 and (rule.versions is None or rule.versions & kind.versions))


def table_directory() -> Traversable:
    """Where the table is: in the checkout that this package is imported from, else packaged, in a zip perhaps."""
    rules = checkout()
    if rules is not None and (rules / "coverage").is_dir():
        return rules / "coverage"
    packed = Path(PACKAGE, "coverage_data")
    if os.path.isdir(PACKAGE):
        return packed
    from importlib import resources
    return resources.files("httplint") / "coverage_data"


def rows(directory: Traversable | None = None) -> list[Requirement]:
    """All requirements of the *.csv files of a directory. Raises ValueError with file and line, OSError."""
    return [row for path in tables(directory or table_directory()) for row in read(path)]


def tables(directory: Traversable) -> list[Traversable]:
    """The files that hold requirements, the core of HTTP first. Raises OSError if there are none."""
    found = {path.name.removesuffix(".csv"): path for path in directory.iterdir()
             if path.name.endswith(".csv") and path.name != REASONS_FILE}
    if found:
        return [found[name] for name in sorted(found, key=lambda name: (name not in CORE, name == "others", name))]
    raise FileNotFoundError(f"no coverage table in {directory}")


def read(path: Traversable) -> Iterator[Requirement]:
    """The requirements of one file. Raises ValueError with file and line, OSError."""
    with io.StringIO(path.read_text(encoding="utf-8"), newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            for cells in reader:
                if reader.line_num == 1:
                    if tuple(cells) != COLUMNS:
                        raise ValueError(f"the columns are {', '.join(COLUMNS)}")
                    continue
                if len(cells) != len(COLUMNS):
                    raise ValueError(f"{len(cells)} cells, {len(COLUMNS)} are wanted")
                yield _requirement(cells)
        except (csv.Error, ValueError) as error:
            raise ValueError(f"{path}:{reader.line_num}: {error}") from None


def _requirement(cells: list[str]) -> Requirement:
    name, document, section, level, binds, observable, message, decidable, status, subject, why = cells
    reason, _, words = why.partition(":")
    return Requirement(name, document, section, level, binds, observable, message, decidable, tuple(status.split()),
                       subject, reason.strip(), words.strip())


def reasons(directory: Traversable | None = None) -> dict[str, str]:
    """Code of each reason -> what it means. Raises OSError."""
    text = ((directory or table_directory()) / REASONS_FILE).read_text(encoding="utf-8")
    return {line["reason"]: line["meaning"] for line in csv.DictReader(io.StringIO(text, newline=""))}


def coverage(rules: Iterable[Rule], rows: Sequence[Requirement], known: Iterable[str] | None = None,
             reach: Reach | None = None) -> Coverage:
    """What became of each requirement, and what is wrong.

    `known`: the codes of reasons; unchecked if None. `reach`: what it takes to see a rule broken; unknown if None.
    """
    table = {row.id: row for row in rows}
    own: dict[str, list[str]] = {}
    shown: dict[str, tuple[str, ...]] = {}
    by: dict[str, str] = {}
    problems = [f"{name}: the id stands {times} times" for name, times in Counter(row.id for row in rows).items()
                if times > 1]
    for rule in rules:
        shown[rule.id] = shown_by(rule)
        if reach is not None:
            by[rule.id] = reach(rule)
        for name in dict.fromkeys(rule.requirement):
            own.setdefault(name, []).append(rule.id)
            if name not in table:
                problems.append(f"{rule.id}: names the requirement {name}, which the table does not have")
    codes = None if known is None else {*known, ""}
    for row in rows:
        if codes is not None and row.reason not in codes:
            problems.append(f"{row.id}: the reason {row.reason!r} is not one of {REASONS_FILE}")
        if row.id in own and row.reason not in ("", "same"):
            problems.append(f"{row.id}: has the rule {own[row.id][0]} and the reason {row.reason!r}")
        if row.reason == "same" and not row.same:
            problems.append(f"{row.id}: same as what?")
        for target in row.same:
            if target not in table:
                problems.append(f"{row.id}: same as {target}, which the table does not have")
            elif table[target].same or target == row.id:
                problems.append(f"{row.id}: same as {target}, which is itself the same as something")
    return Coverage({row.id: _judged(row, table, own, shown, by) for row in rows}, problems, by)


def _judged(row: Requirement, table: dict[str, Requirement], own: dict[str, list[str]],
            shown: dict[str, tuple[str, ...]], by: dict[str, str]) -> Standing:
    """With rules of its own, or all that it repeats checked or argued away; what is partly open is open."""
    targets = [table[target] for target in row.same if target in table]
    checked = tuple(dict.fromkeys(rule for origin in (row, *targets) for rule in own.get(origin.id, ())))
    unchecked = [origin for origin in (targets if row.same else [row]) if origin.id not in own]
    if row.id not in own and (not (checked or unchecked)
                              or any(origin.reason in ("", "open", "same") for origin in unchecked)):
        return Standing(row, (), (), "open", "", "")
    if checked:
        kinds = [kind.name for kind in KINDS if any(kind.name in shown[rule] for rule in checked)]
        ways = {by[rule] for rule in checked if rule in by}
        return Standing(row, checked, tuple(kinds) if len(kinds) < len(KINDS) else (), "rules", "", "",
                        next((way for way in (BY_GET, BY_PROBE, BY_OTHERS) if way in ways), ""))
    return Standing(row, (), (), "reason", unchecked[0].reason, unchecked[0].words)


def print_coverage(rules: Iterable[Rule], write: Callable[[str], object], document: str | None = None,
                   status: int | str | None = None, show_open: bool = False,
                   directory: Traversable | None = None, reach: Reach | None = None) -> None:
    """Writes the tables, a line a call.

    Without more, a table of the documents and one of the status codes. With a document or a status code (405, "4xx"),
    the requirements of that. `show_open` lists only what is open. Raises LookupError for a document that the table does
    not have, ValueError and OSError for a table that cannot be read.
    """
    directory = directory or table_directory()
    rules = list(rules)
    judged = coverage(rules, rows(directory), reasons(directory), reach)
    entries = list(judged.entries.values())
    if document is not None:
        wanted = document.upper().removeprefix("RFC").strip().lower()
        entries = [entry for entry in entries if entry.requirement.document.lower() == wanted]
        if not entries:
            names = dict.fromkeys(row.requirement.document for row in judged.entries.values())
            raise LookupError(f"the coverage table has no document {document!r}; it has {', '.join(names)}")
    if show_open:
        _print_open(entries, write, None if status is None else str(status))
    elif status is not None:
        _print_code(str(status), entries, rules, write)
    elif document is not None:
        _print_documents(entries, write)
        write("")
        for entry in entries:
            if entry.requirement.counts or entry.outcome == "rules":
                _print_entry(entry, write)
        _print_rest(entries, write)
    else:
        _print_documents(entries, write)
        for code in codes(entries):
            write("")
            _print_code(code, entries, rules, write)
    if judged.problems:
        write("")
        for problem in judged.problems:
            write(f"problem: {problem}")


def codes(entries: Iterable[Standing]) -> list[str]:
    """The codes and classes to list, in order, each class before its codes."""
    found = {code for entry in entries for code in entry.requirement.status}
    return sorted(found | set(CODES), key=lambda code: code.replace("xx", "  "))


def summary(entries: Iterable[Standing]) -> dict[str, Counter[str]]:
    """Document -> numbers: statements; observable, and of these rules, reason, open; the same with "definite "."""
    out: dict[str, Counter[str]] = {}
    for entry in entries:
        numbers = out.setdefault(entry.requirement.document, Counter())
        numbers["statements"] += 1
        if entry.requirement.counts:
            numbers.update(("observable", entry.outcome, *([entry.by] if entry.by else ())))
            if entry.requirement.decidable == "definite":
                numbers.update(("definite", f"definite {entry.outcome}"))
    return out


def _print_documents(entries: list[Standing], write: Callable[[str], object]) -> None:
    numbers = summary(entries)
    total: Counter[str] = sum(numbers.values(), Counter())
    if len(numbers) > 1:
        numbers = {**numbers, "all": total}
    head = ("document", "statements", "observable", "rules", "reason", "open", "definite", "rules", "reason", "open",
            "with rules", "settled")
    keys = ("statements", "observable", "rules", "reason", "open", "definite", "definite rules", "definite reason",
            "definite open")
    probed = total[BY_GET] + total[BY_PROBE] > 0
    lines: list[tuple[str, ...]] = [(*head, "with probe") if probed else head]
    for name, of in numbers.items():
        definite, checked, argued = of["definite"], of["definite rules"], of["definite reason"]
        lines.append((name, *(str(of[key]) for key in keys), _percent(checked, definite),
                      _percent(checked + argued, definite), *([f"+{of[BY_PROBE]}"] if probed else [])))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        write("  ".join(cell.ljust(width) if number == 0 else cell.rjust(width)
                        for number, (cell, width) in enumerate(zip(line, widths, strict=True))))
    write("")
    write("Observable: a capture can show it of a response. Definite: the evidence proves it.")
    write("The percentages are of the definite ones: with rules, and with rules or a reason.")
    if probed:
        write(f"With probe: {total[BY_PROBE]} of {total['rules'] - total[BY_GET]} statements more than the "
              f"{total[BY_GET]} that a plain GET can show broken.")


def _percent(part: int, whole: int) -> str:
    return f"{100 * part // whole} %" if whole else "-"


def _print_code(code: str, entries: list[Standing], rules: list[Rule], write: Callable[[str], object]) -> None:
    mine = [entry for entry in entries if code in entry.requirement.status]
    shown = [entry for entry in mine if entry.requirement.counts or entry.outcome == "rules"]
    core = [entry for entry in mine if entry.requirement.document in CORE]
    judged = core if code in CODES else mine
    checkable = any(entry.outcome != "reason" and entry in shown for entry in judged)
    write(code if checkable else f"{code}  {_nothing(judged)}")
    for entry in shown:
        _print_entry(entry, write)
    _print_rest(mine, write)
    named = {rule for entry in mine for rule in entry.rules}
    extra = [rule.id for rule in rules if rule.id not in named and _about(rule, code)]
    if extra:
        write(f"  further rules: {', '.join(extra)}")


def _about(rule: Rule, code: str) -> bool:
    """Whether a rule is about a code, or about a class and not just one of its codes. A rule named after one is its."""
    topic = rule.id.partition(".")[0]
    if topic.isdigit():
        return topic == code
    statuses = rule.statuses or frozenset()
    if code.endswith("xx"):
        return statuses >= frozenset(range(int(code[0]) * 100, int(code[0]) * 100 + 100))
    return len(statuses) < 100 and code in map(str, statuses)


def _nothing(entries: list[Standing]) -> str:
    why = ", ".join(f"{entry.requirement.id} ({entry})" for entry in entries)
    return "no checkable requirement of its own beside those of the class" + (f": {why}" if why else "")


def _print_entry(entry: Standing, write: Callable[[str], object]) -> None:
    row = entry.requirement
    write(f"  {row.id:<20} {row.level:<10} {row.subject or '(' + row.binds + ')'} -> {entry}")


def _print_rest(entries: list[Standing], write: Callable[[str], object]) -> None:
    """One line for what no capture of responses shows."""
    rest = [entry for entry in entries if not entry.requirement.counts and entry.outcome != "rules"]
    if rest:
        by = Counter(entry.reason or entry.outcome for entry in rest)
        write(f"  not to be seen in responses: {', '.join(f'{number} {code}' for code, number in by.most_common())}")


def _print_open(entries: list[Standing], write: Callable[[str], object], status: str | None) -> None:
    found = [entry for entry in entries if entry.outcome == "open" and entry.requirement.counts
             and (status is None or status in entry.requirement.status)]
    for entry in found:
        _print_entry(entry, write)
    definite = sum(entry.requirement.decidable == "definite" for entry in found)
    write(f"{len(found)} open, {definite} of them definite")
