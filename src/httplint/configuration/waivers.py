"""Waivers: findings that somebody has decided to live with, for a reason, until a day perhaps."""
from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from httplint.configuration.settings import Waiver
from httplint.engine.report import Finding, Report, Suppression
from httplint.engine.rule import Rule
from httplint.model.printable import printable
from httplint.selection import matches

KIND = "waiver"


class Waivers:
    """The [[waiver]] tables of a configuration, and how often each was needed."""

    def __init__(self, waivers: Iterable[Waiver], rules: Sequence[Rule] | None = None,
                 left_out: Sequence[Rule] = (), today: datetime.date | None = None) -> None:
        """`rules`: those that are on; a waiver of others only could not be needed. `left_out`: rules that are off in
        this run though the project has them on: whether a waiver of them is needed, this run does not show.
        `today`: the day of the run.
        """
        self._waivers = list(waivers)
        self._today = today or datetime.date.today()
        self._times = [0] * len(self._waivers)
        """How many findings each waiver fits."""
        self._by_rule: dict[str, list[int]] = {}
        """Rule id -> numbers of the waivers of that rule."""
        self._idle = [any(matches(rule, waiver.rule) for rule in left_out)
                      or (rules is not None and not any(matches(rule, waiver.rule) for rule in rules))
                      for waiver in self._waivers]
        """Whether each waiver may be unneeded just because rules are off."""

    def suppresses(self, finding: Finding, report: Report) -> Suppression | None:
        """The reason of the first waiver in force that fits; None if there is none."""
        numbers = self._by_rule.get(finding.rule_id)
        if numbers is None:
            numbers = [number for number, waiver in enumerate(self._waivers) if matches(finding.rule, waiver.rule)]
            self._by_rule[finding.rule_id] = numbers
        found = None
        for number in numbers:                             # all are asked: each that fits was needed
            waiver = self._waivers[number]
            if waiver.where.fits_finding(finding, report.exchange):
                self._times[number] += 1
                if found is None and not self._expired(waiver):
                    found = Suppression(KIND, waiver.reason)
        return found

    def notes(self) -> list[str]:
        """A line for each waiver that has expired, and for each that no finding needed though its rules were on."""
        return [line for number in range(len(self._waivers)) if (line := self._note(number)) is not None]

    def state(self) -> list[int]:
        """How many findings each waiver fits, in the order of the configuration."""
        return list(self._times)

    def merge(self, state: object) -> None:
        """Adds the `state` of the same waivers in another process. Raises ValueError for that of others."""
        if not isinstance(state, list) or len(state) != len(self._times) or not all(type(n) is int for n in state):
            raise ValueError("not the state of these waivers")
        self._times = [mine + other for mine, other in zip(self._times, state, strict=True)]

    def _expired(self, waiver: Waiver) -> bool:
        return waiver.expires is not None and self._today > waiver.expires

    def _note(self, number: int) -> str | None:
        waiver, times = self._waivers[number], self._times[number]
        name = printable(f"{waiver.origin}: the waiver of {waiver.rule} ({waiver.where})")
        if self._expired(waiver):
            again = f"{times:,} finding{'s are' if times != 1 else ' is'} reported again" if times else (
                "no finding fits it")
            return f"{name} expired with {waiver.expires}: {again}; renew or remove it"
        if not times and not self._idle[number]:
            return f"{name} was not needed: no finding fits it; remove it, or mend where it says where"
        return None
