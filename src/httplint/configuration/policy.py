"""Applies settings to reports: levels, overrides, first-party hosts, waivers, baseline.

The engine judges as if there were no settings, and this changes its reports: where an override fits is known of an
exchange only. So a rule that is on anywhere is run everywhere, and what it says is taken out again where it is off.

In this order: what is off was never said; severities change; then findings are suppressed, by the first that has a
reason: a foreign host, the response itself, waivers, the baseline. The baseline counts, so it must see what nothing
else suppresses, once, in the order of the capture. What is suppressed stays in the report with its reason: nothing that
was found vanishes, and waivers that nothing needed are told at the end.

The outputs see a report only after this: no host may count or show findings of its own.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from httplint.configuration import ConfigurationError
from httplint.configuration.baseline import Baseline
from httplint.configuration.settings import COMMAND_LINE, Origin, Override, Settings
from httplint.configuration.waivers import Waivers
from httplint.configuration.where import Hosts
from httplint.engine.obsolete import Catalogue
from httplint.engine.report import Finding, NotJudged, Report, Suppression
from httplint.engine.rule import Rule
from httplint.model.exchange import Exchange
from httplint.model.fields import Fields
from httplint.model.named import NamedTuple
from httplint.model.severity import Setting, Severity
from httplint.model.target import place
from httplint.selection import SelectionError, known, matches, prefixes, select

THIRD_PARTY = Suppression("third-party", "the host is none of first-party")

RULINGS = 1000
"""Combinations of overrides that are remembered."""
GROUPS = 4096
"""Groups of rules not evaluated that are remembered without those that are off."""
SILENCED = 100
"""Prefixes that a response may name in the field that the user allows."""


class Suppressor(Protocol):
    """What can suppress findings: waivers, the baseline.

    A run may be spread over processes: `state` gives what was used as plain data (lists, numbers, texts), and `merge`
    takes in that of another process.
    """

    def suppresses(self, finding: Finding, report: Report) -> Suppression | None:
        """Why a finding counts no more, if so."""

    def notes(self) -> list[str]:
        """What to tell at the end of the run: a line each, such as waivers that have expired or were not needed."""

    def state(self) -> object:
        """What was used so far."""

    def merge(self, state: object) -> None:
        """Takes in what was used elsewhere."""


class Ruling(NamedTuple):
    """What holds at a place: the rules to run that are off there, and severities that are not the rule's own."""

    off: frozenset[str]
    severity: Mapping[str, Severity]


class Policy:
    """What a project's settings make of the rules and of each report.

    Rules that are on for some exchanges only run for all of them; elsewhere, what they say is taken out of the report.
    """

    def __init__(self, settings: Settings, catalogue: Catalogue) -> None:
        """Raises ConfigurationError, and SelectionError where the command line is at fault."""
        wanted = _check(settings, catalogue)
        self._overrides = settings.overrides
        states = _states(settings, catalogue)
        self._states = {rule: state for rule, state in states.items() if _is_run(rule, state, self._overrides)}
        self.rules = list(self._states)
        """The rules to run: those that are on anywhere, in catalogue order."""
        self.chooses = (any(one.select or one.ignore or "off" in one.level.values() for one in self._overrides)
                        or not all(map(_is_on, self._states.values())))
        """Whether some of them are off for some exchanges."""
        self._rulings: dict[tuple[int, ...], Ruling] = {}
        self._groups: dict[tuple[int, frozenset[str]], tuple[tuple[NotJudged, ...], tuple[NotJudged, ...]]] = {}
        self._first_party = settings.own_hosts()
        self._silencing = settings.allow_silencing_field
        self._suppressors: list[Suppressor] = []
        if settings.waivers:
            left_out = _left_out(settings, catalogue, self.rules)
            self._suppressors.append(Waivers(settings.waivers, self.rules, left_out))
        if settings.baseline is not None:
            baseline = Baseline.read(settings.baseline, settings.host_names())
            self._suppressors.append(baseline)
            wanted += sorted({kind.rule for kind in baseline.counts} & catalogue.obsolete.keys())
        self.obsolete = catalogue.notes(wanted)
        """What to tell of the ids in the settings that are no more, or soon."""
        self._suppresses = bool(self._suppressors or self._first_party or self._silencing)

    def __getstate__(self) -> dict[str, object]:
        return {**vars(self), "_groups": {}}               # they are kept by ids, which another process gives anew

    def apply(self, report: Report) -> Report:
        """Changes a report in place, and returns it."""
        if not report.findings and not self.chooses:
            return report
        ruling = self._ruling(report.exchange)
        if ruling.off:
            self._without(report, ruling.off)
        if ruling.severity:
            for finding in report.findings:
                finding.severity = ruling.severity.get(finding.rule_id, finding.severity)
        if report.findings and self._suppresses:
            self._suppress(report)
        return report

    def notes(self) -> list[str]:
        """What to tell at the end of the run, a line each."""
        return [*self.obsolete, *(note for one in self._suppressors for note in one.notes())]

    def share(self, other: Policy) -> None:
        """Suppresses with what another policy of the same file does, so that counts are common to both."""
        self._suppressors = other._suppressors

    def state(self) -> list[object]:
        """What was used so far, as plain data, for `merge` in another process."""
        return [one.state() for one in self._suppressors]

    def merge(self, states: object) -> None:
        """Takes in the state of a policy of the same settings. Raises ValueError for another's."""
        if not isinstance(states, list) or len(states) != len(self._suppressors):
            raise ValueError("not the state of this policy")
        for one, state in zip(self._suppressors, states, strict=True):
            one.merge(state)

    def exceeding(self, reports: Sequence[Report]) -> list[tuple[Report, Finding]]:
        """What counts after all, once the states of all processes are merged: see Baseline.exceeding."""
        return [pair for one in self._suppressors if isinstance(one, Baseline) for pair in one.exceeding(reports)]

    # -- what holds where

    def _ruling(self, exchange: Exchange) -> Ruling:
        fitting = tuple([number for number, one in enumerate(self._overrides) if one.where.fits(exchange)])
        ruling = self._rulings.get(fitting)
        if ruling is None:
            if len(self._rulings) >= RULINGS:
                self._rulings.clear()
            ruling = self._rulings[fitting] = self._judged([self._overrides[number] for number in fitting])
        return ruling

    def _judged(self, overrides: list[Override]) -> Ruling:
        off: set[str] = set()
        severity: dict[str, Severity] = {}
        for rule, state in self._states.items():
            for one in overrides:
                state = _overridden(rule, state, one)
            if not state.selected or state.level == "off":
                off.add(rule.id)
            elif state.level is not None:
                severity[rule.id] = state.level
        return Ruling(frozenset(off), severity)

    def _without(self, report: Report, off: frozenset[str]) -> None:
        """Takes out of a report what rules say that are off."""
        report.findings = [finding for finding in report.findings if finding.rule_id not in off]
        report.passes = [tuple([rule for rule in group if rule.id not in off]) for group in report.passes]
        report.groups = [left for group in report.groups if (left := self._left(group, off))]

    def _left(self, group: tuple[NotJudged, ...], off: frozenset[str]) -> tuple[NotJudged, ...]:
        """A group without rules that are off; the same object each time, so that counting it is cheap."""
        kept = self._groups.get((id(group), off))
        if kept is None:
            if len(self._groups) >= GROUPS:
                self._groups.clear()
            # The group itself is kept, too, so that its id is not given away.
            kept = self._groups[id(group), off] = (group, tuple(one for one in group if one.rule_id not in off))
        return kept[1]

    # -- what counts no more

    def _suppress(self, report: Report) -> None:
        exchange = report.exchange
        third_party = self._first_party is not None and _is_third_party(self._first_party, exchange)
        silenced = _silenced(self._silencing, exchange.response.fields) if self._silencing else ()
        active: list[Finding] = []
        suppressed: list[tuple[Finding, Suppression]] = []
        for finding in report.findings:
            why = THIRD_PARTY if third_party else self._why(finding, report, silenced)
            if why is None:
                active.append(finding)
            else:
                suppressed.append((finding, why))
        report.findings, report.suppressed = active, suppressed

    def _why(self, finding: Finding, report: Report, silenced: Iterable[str]) -> Suppression | None:
        if any(matches(finding.rule, prefix) for prefix in silenced):
            return Suppression("waiver", f"the response says so in {self._silencing}")
        for one in self._suppressors:
            if (why := one.suppresses(finding, report)) is not None:
                return why
        return None


class State(NamedTuple):
    """Whether a rule is selected; its level (a severity, or "off") if that is not its own severity."""

    selected: bool
    level: Setting | None


def _is_on(state: State) -> bool:
    return state.selected and state.level != "off"


def _states(settings: Settings, catalogue: Catalogue) -> dict[Rule, State]:
    """What holds where no override does."""
    on = set(select(catalogue, settings.select, settings.ignore, settings.profile))
    return {rule: State(rule in on, _longest(rule, settings.level)) for rule in catalogue}


def _is_run(rule: Rule, state: State, overrides: Iterable[Override]) -> bool:
    """Whether a rule may be on anywhere."""
    return _is_on(state) or any(after.selected and (after.level != "off" or not state.selected)
                                for after in (_overridden(rule, state, one) for one in overrides))


def _overridden(rule: Rule, state: State, override: Override) -> State:
    """What an override makes of a rule. To be selected anew ends that it is off by its level."""
    selected, level = state
    chosen = max((len(prefix) for prefix in override.select if matches(rule, prefix)), default=-1)
    refused = max((len(prefix) for prefix in override.ignore if matches(rule, prefix)), default=-1)
    if chosen > refused and (chosen or rule.stage == "stable"):
        selected, level = True, (None if level == "off" else level)
    elif refused > chosen:
        selected = False
    return State(selected, _longest(rule, override.level) or level)


def _longest(rule: Rule, levels: Mapping[str, Setting]) -> Setting | None:
    """The level that the longest prefix of a rule's id gives it, if any."""
    fitting = [prefix for prefix in levels if matches(rule, prefix)]
    return levels[max(fitting, key=len)] if fitting else None


def _check(settings: Settings, catalogue: Catalogue) -> list[str]:
    """The prefixes of rules in the settings.

    Raises ConfigurationError where a file names rules that there are not, or ignores what it selects.
    """
    named: list[tuple[Origin, Iterable[str]]] = [
        (settings.origins[name], prefixes(value))
        for name, value in (("select", settings.select), ("ignore", settings.ignore), ("level", settings.level))]
    named += [(one.origin, (*one.select, *one.ignore, *one.level)) for one in settings.overrides]
    named += [(one.origin, (one.rule,)) for one in settings.waivers]
    for origin, wanted in named:
        try:
            known(catalogue, wanted)
        except SelectionError as error:
            raise _located(error, origin) from None
    pairs = [(settings.origins["ignore"], prefixes(settings.select), prefixes(settings.ignore))]
    pairs += [(one.origin, list(one.select), list(one.ignore)) for one in settings.overrides]
    for origin, chosen, refused in pairs:
        if both := set(chosen) & set(refused):
            raise _located(SelectionError(f"{min(both) or 'all'!r} is both selected and ignored"), origin)
    return [prefix for _, wanted in named for prefix in wanted]


def _located(error: SelectionError, origin: Origin) -> Exception:
    """The error with its place; as it is where the command line is at fault."""
    return error if origin.name.endswith(COMMAND_LINE.name) else ConfigurationError(str(error), *origin)


def _left_out(settings: Settings, catalogue: Catalogue, run: Iterable[Rule]) -> list[Rule]:
    """The rules that the file has on, and the command line off."""
    if settings.below is None:
        return []
    off = set(catalogue) - set(run)
    try:
        states = _states(settings.below, catalogue)
    except SelectionError:                                 # the file selects what it ignores; nobody asked for that
        return []
    return [rule for rule in catalogue if rule in off and _is_run(rule, states[rule], settings.below.overrides)]


def _is_third_party(first_party: Hosts, exchange: Exchange) -> bool:
    """Whether an exchange is with a host that is not in the list; one whose host is not known is not."""
    host, _ = place(exchange.request)
    return bool(host) and not first_party.fits(host)


def _silenced(name: str | None, fields: Fields | None) -> list[str]:
    """The prefixes in the field that the user allows to silence rules."""
    if name is None or fields is None or name not in fields:
        return []
    return prefixes(fields.combined(name) or "")[:SILENCED]
