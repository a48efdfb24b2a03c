"""The baseline: findings that were there when a project began to look, so that only new ones count.

It counts findings by kind: rule, host, path template, method and field. In a run the first findings of a kind, as many
as the baseline has, are suppressed; what goes beyond is new. Ids, times and the order of a recording do not matter.

The file is JSON, sorted, with a kind a line, so that changes of several people merge. A kind that stands twice after a
merge counts once, with the higher number.
"""
from __future__ import annotations

import errno
import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from httplint.configuration import ConfigurationError
from httplint.configuration.placing import HostNames
from httplint.engine.obsolete import Catalogue
from httplint.engine.report import Finding, Report, Suppression
from httplint.engine.rule import Provision, Rule
from httplint.model.files import cause, octets_of
from httplint.model.json_faults import alike
from httplint.model.nesting import shallow
from httplint.model.unfinished import OutputError, WholeFile
from httplint.report.escape import clipped
from httplint.report.kind import Kind, kind_of
from httplint.report.masker import MASK
from httplint.report.template import ID

DEFAULT = ".httplint-baseline.json"
FORMAT = 1
KIND = "baseline"

LIMIT = 100_000
"""Kinds of findings that are counted, at most; hostile traffic can make as many as it likes."""
SIZE = 64 << 20
"""Octets of a baseline file, at most."""
NOTES = 10
"""Kinds that are named at the end of a run, at most."""

_MOST = 10**15


class Baseline:
    """The counts of a baseline file, and what a run has found of each."""

    def __init__(self, counts: Mapping[Kind, int], path: str = DEFAULT) -> None:
        self.path = path
        self.counts = dict(counts)
        """Kind -> findings that are known, 1 or more."""
        self.seen: Counter[Kind] = Counter()
        """Kind -> findings of this run, for the kinds of the baseline."""
        self._elsewhere: Counter[Kind] = Counter()
        """Kind -> findings that other processes suppressed, each as many as the baseline has."""

    @classmethod
    def read(cls, path: str | os.PathLike[str], hosts: HostNames | None = None) -> Baseline:
        """Reads a file; `hosts`: the names that hosts have by now. Raises ConfigurationError, also where there is none.
        """
        path = os.fspath(path)
        try:
            data = octets_of(path, SIZE)
        except FileNotFoundError:
            raise ConfigurationError("there is no baseline; make one with: httplint baseline create PATH…"
                                     + ("" if os.path.basename(path) == DEFAULT else f" --baseline {path}"),
                                     path) from None
        except OSError as error:
            if error.errno == errno.EFBIG:
                raise ConfigurationError(f"this is no baseline: {cause(error)}", path) from None
            raise ConfigurationError(f"the baseline cannot be read: {cause(error)}", path) from None
        counts = _counts(data, path)
        return cls(counts if hosts is None else _named(counts, hosts), path)

    def suppresses(self, finding: Finding, report: Report) -> Suppression | None:
        """Why a finding counts no more: its kind has not occurred as often yet as the baseline knows."""
        kind = self._known(kind_of(finding, report), finding.rule)
        if kind is None:
            return None
        known = self.counts[kind]
        if finding.rule.once is None or self.seen[kind] < known:      # else their number says nothing
            self.seen[kind] += 1
        if self.seen[kind] > known:
            return None
        return Suppression(KIND, "known since the baseline" if known == 1 else f"one of {known:,} in the baseline")

    def _known(self, kind: Kind, rule: Provision) -> Kind | None:
        """The kind as the baseline has it, perhaps under a name that the rule had before."""
        for name in (kind.rule, *rule.renamed):
            if (same := kind._replace(rule=name)) in self.counts:
                return same
        return None

    def notes(self) -> list[str]:
        """A line for each kind of which there are more than the baseline knows."""
        more = sorted(kind for kind, times in self.seen.items() if times > self.counts[kind])
        lines = [f"{kind}: {self.counts[kind]:,} in the baseline, "
                 f"{self.seen[kind] - self.counts[kind]:,} new" for kind in more[:NOTES]]
        if len(more) > NOTES:
            lines.append(f"and more than the baseline knows of {len(more) - NOTES:,} other kinds")
        return lines

    def state(self) -> list[list[Any]]:
        """What was found of the kinds of the baseline: [rule, host, path, method, field, times]."""
        return [[*kind, times] for kind, times in sorted(self.seen.items())]

    def merge(self, state: object) -> None:
        """Adds the `state` of the same baseline in another process. Raises ValueError for that of another."""
        for item in state if isinstance(state, list) else [None]:
            if not isinstance(item, list) or len(item) != len(Kind._fields) + 1 or Kind(*item[:-1]) not in self.counts:
                raise ValueError("not the state of this baseline")
            kind, times = Kind(*item[:-1]), item[-1]
            self.seen[kind] += times
            self._elsewhere[kind] += min(times, self.counts[kind])

    def exceeding(self, reports: Sequence[Report]) -> list[tuple[Report, Finding]]:
        """What other processes suppressed, each by itself, beyond what the baseline knows: the last ones of the
        reports, which hold what those processes have found. Each is returned once only."""
        beyond = Counter({kind: times - self.counts[kind] for kind, times in self._elsewhere.items()
                          if times > self.counts[kind]})
        out = []
        for report in reversed(reports) if beyond else ():
            for finding, why in reversed(report.suppressed):
                kind = self._known(kind_of(finding, report), finding.rule) if why.kind == KIND else None
                if kind is not None and beyond[kind] > 0:
                    beyond[kind] -= 1
                    self._elsewhere[kind] -= 1
                    out.append((report, finding))
        return out[::-1]


class Census:
    """Counts findings by kind, as an output of a run."""

    def __init__(self) -> None:
        self.counts: Counter[Kind] = Counter()

    def report(self, report: Report) -> None:
        """Takes in the active findings of a report. Raises ConfigurationError for more kinds than LIMIT."""
        for finding in report.findings:
            self.counts[kind_of(finding, report)] += 1
        if len(self.counts) > LIMIT:
            raise ConfigurationError(f"there are more than {LIMIT:,} kinds of findings, too many for a baseline; "
                                     "choose rules with --select, or check fewer captures at a time")

    def end(self, summary: object) -> None:
        """As of any output; there is nothing to complete."""


def current(counts: Mapping[Kind, int], rules: Catalogue) -> Counter[Kind]:
    """The counts of a baseline, with rules under the names that they have now, but for those that were split."""
    names = {old: rule.id for rule in rules for old in rule.renamed if len(rules.obsolete[old].now) == 1}
    out: Counter[Kind] = Counter()
    for kind, times in counts.items():
        out[kind._replace(rule=names.get(kind.rule, kind.rule))] += times
    return out


def gone(known: Mapping[Kind, int], found: Counter[Kind], off: Iterable[Rule]) -> Counter[Kind]:
    """Kind -> findings that the baseline knows and that did not occur; of rules that are `off`, nothing is known."""
    silent = {rule.id for rule in off}
    return Counter({kind: times - found[kind] for kind, times in known.items()
                    if times > found[kind] and kind.rule not in silent})


def updated(known: Counter[Kind], found: Counter[Kind], off: Iterable[Rule], add: bool) -> Counter[Kind]:
    """The counts without what is gone; with what is new, if `add`."""
    left = known - gone(known, found, off)
    return left | found if add else left


def text_of(counts: Mapping[Kind, int]) -> str:
    """The content of a baseline file."""
    lines = [json.dumps({**kind._asdict(), "count": times}) for kind, times in sorted(counts.items())]
    return f'{{"httplint-baseline": {FORMAT}, "findings": [' + ",".join(f"\n{line}" for line in lines) + "\n]}\n"


def write(path: str, counts: Mapping[Kind, int]) -> None:
    """Writes a baseline file, whole or not at all. Raises ConfigurationError."""
    try:
        file = WholeFile(path)
        file.write(text_of(counts))
        file.keep()
    except OutputError as error:
        raise ConfigurationError(f"the baseline cannot be written: {error.cause}", path) from None


def _counts(data: bytes, path: str) -> dict[Kind, int]:
    """The counts in a file. Raises ConfigurationError."""
    try:
        document = json.loads(shallow(data))
    except (ValueError, RecursionError) as error:
        if isinstance(error, json.JSONDecodeError):
            error = alike(error)
        line = getattr(error, "lineno", None)
        if b"<<<<<<<" in data:
            raise ConfigurationError("the baseline has conflict markers of a merge; keep the lines of both sides",
                                     path, line) from None
        cause = getattr(error, "msg", None) or ("it is nested too deeply" if isinstance(error, RecursionError)
                                                else "it is not UTF-8, or holds a number that is too long")
        raise ConfigurationError(f"the baseline is not JSON: {cause}", path, line) from None
    if not isinstance(document, dict) or "httplint-baseline" not in document:
        raise ConfigurationError("this is no baseline: it has no key httplint-baseline", path)
    version = document["httplint-baseline"]
    if version != FORMAT or isinstance(version, bool):
        raise ConfigurationError(f"the baseline has format {_shown(version)}; this httplint reads format {FORMAT}",
                                 path)
    if unknown := document.keys() - {"httplint-baseline", "findings"}:
        raise ConfigurationError(f"the baseline has an unknown key {_shown(min(unknown))}", path)
    entries = document.get("findings")
    if not isinstance(entries, list):
        raise ConfigurationError("the baseline has no list of findings", path)
    if len(entries) > LIMIT:
        raise ConfigurationError(f"the baseline has more than {LIMIT:,} entries", path)
    out: dict[Kind, int] = {}
    for number, entry in enumerate(entries, 1):
        kind, times = _entry(entry, f"entry {number} of the baseline", path)
        out[kind] = max(times, out.get(kind, 0))
    return out


def _entry(entry: object, name: str, path: str) -> tuple[Kind, int]:
    if not isinstance(entry, dict):
        raise ConfigurationError(f"{name}: expected an object", path)
    for text in Kind._fields:
        if not isinstance(entry.get(text), str):
            raise ConfigurationError(f"{name}: expected a text under {text!r}", path)
    times = entry.get("count")
    if type(times) is not int or not 1 <= times <= _MOST:
        raise ConfigurationError(f"{name}: expected a number from 1 under 'count'", path)
    if unknown := entry.keys() - {*Kind._fields, "count"}:
        raise ConfigurationError(f"{name}: unknown key {_shown(min(unknown))}", path)
    return _without_masks(Kind(*(entry[text] for text in Kind._fields))), times


def _without_masks(kind: Kind) -> Kind:
    """A kind as it is counted now, where an older baseline has a mask in it."""
    return kind._replace(path=kind.path.replace(MASK, ID)) if MASK in kind.path else kind


def _named(counts: Mapping[Kind, int], hosts: HostNames) -> Counter[Kind]:
    """The counts by the names of hosts: what is known of several that have one name adds up."""
    out: Counter[Kind] = Counter()
    for kind, times in counts.items():
        out[kind._replace(host=hosts.name(kind.host))] += times
    return out


def _shown(value: object) -> str:
    return clipped(json.dumps(value), 60)
