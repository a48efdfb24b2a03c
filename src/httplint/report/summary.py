"""What a run did: entries read, skipped and linted, findings, and what could not be checked."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from httplint.engine.report import SUPPRESSIONS, NotJudged, Report
from httplint.engine.rule import Provision
from httplint.model.evidence import AGAIN, PROBE_DOES, lack_of
from httplint.report.exercise import STATES, Exercise, Statement
from httplint.report.kind import place_in
from httplint.report.masker import PLAIN, Masker

if TYPE_CHECKING:
    from httplint.description.matching import Descriptions
    from httplint.description.operation import Operation
    from httplint.report.matrix import Matrix

GROUPS = 4096
"""How many groups are counted as such; strange traffic makes ever new ones, which would all be kept."""

REASONS = 200
"""How many reasons why entries were skipped are counted apart; some have a word of the capture in them."""
OTHER = "another reason"
PROBLEMS_LIMIT = 1000
"""How many problems are listed; a capture can be broken in any number of places."""
FURTHER = "further problems are not listed; standard error has told each of them"
PLACES = 2000
"""How many kinds of exchanges are counted apart."""
BEYOND = "…"
"""The path template that stands for all others."""

ExchangeKind = tuple[str, str, str, int]
"""Host with scheme, method, path template, status code; the texts are empty where the request was not captured."""


class Summary:
    """Counts over a whole run. `not_evaluated` is counted lazily, from the groups that reports share.

    What it is told of the traffic and of files is without secrets from then on.
    """

    def __init__(self, rules: int, masker: Masker = PLAIN) -> None:
        self.masker = masker
        self.rules = rules
        """How many rules were on."""
        self.files = 0
        self.entries = 0
        """Entries read: each is linted or skipped."""
        self.linted = 0
        self.skipped: Counter[str] = Counter()
        """Reason -> entries that hold nothing to lint."""
        self.findings: Counter[str] = Counter()
        """Severity -> findings."""
        self.suppressed: Counter[str] = Counter()
        """Kind of suppression -> findings that are not among those above."""
        self.baseline = False
        """Whether findings were held against a baseline: what it knows is suppressed, and what is not is new."""
        self.notes: list[str] = []
        """What is to be told at the end: what was passed over, waivers that have expired, or that nothing needed."""
        self.hidden = 0
        """Findings below the severity, or the confidence, that is shown."""
        self.problems: list[dict[str, Any]] = []
        """Files, or the rest of files, that could not be read: path, line, column, cause."""
        self.places: Counter[ExchangeKind] | None = None
        """Exchanges of each kind, with and without findings; None as long as nobody wants to know."""
        self.operations: list[Operation] = []
        """What descriptions of APIs document, in their order; none as long as there is no description."""
        self.undocumented: Counter[ExchangeKind] = Counter()
        """Exchanges of each kind that no description documents, though they went where its operations are."""
        self._documented: dict[Operation, Operation] = {}
        self._descriptions: Descriptions | None = None
        self.exercise: Exercise | None = None
        """Which rules have held, and which were violated; None as long as nobody wants to know."""
        self._told: dict[str, Statement] = {}
        """What became of the statements that rules check, as results that were read back tell."""
        self.command = ""
        """What was asked for on the command line, without secrets; empty where there was none."""
        self.matrix: Matrix | None = None
        """What became of the checks of each resource; None where nobody was asked."""
        self._groups: dict[int, tuple[NotJudged, ...]] = {}
        self._times: dict[int, int] = {}
        self._singles: Counter[NotJudged] = Counter()

    def describe(self, descriptions: Descriptions | None) -> None:
        """Has exchanges counted as what these document, if there are any; those of before, too, if places are known."""
        self._descriptions = descriptions
        self._documented = {one: one.anew() for one in (() if descriptions is None else descriptions.operations)}
        self.operations = list(self._documented.values())
        self.undocumented.clear()
        if descriptions is not None:
            self.places = Counter() if self.places is None else self.places
            for kind, times in self.places.items():
                self._document(descriptions, kind, times, kind[2] != BEYOND)

    def count(self, report: Report) -> None:
        """Takes in the report of one exchange."""
        self.met(1)
        self.find(report)
        if self.places is not None:
            self.place((*place_in(report), report.exchange.response.status))
        times = self._times
        for group in report.groups:
            if (key := id(group)) in times:                # as most are
                times[key] += 1
            else:
                self.lack(group)

    def met(self, exchanges: int) -> None:
        """Takes in that so many exchanges were judged."""
        self.entries += exchanges
        self.linted += exchanges

    def find(self, report: Report) -> None:
        """Takes in what was found on an exchange that is counted elsewhere."""
        if self.exercise is not None:
            self.exercise.take(report)
        for finding in report.findings:
            self.findings[finding.severity] += 1
        for _, suppression in report.suppressed:
            self.suppressed[suppression.kind] += 1

    def statements(self, rules: Iterable[Provision]) -> list[Statement]:
        """What became of the statements that these rules check; empty where nobody wanted to know."""
        return list(self._told.values()) if self.exercise is None else self.exercise.statements(rules)

    def tell(self, statements: Iterable[Statement]) -> None:
        """Takes in what became of statements, as a result tells it: of several, the one that tells most holds."""
        for one in statements:
            before = self._told.get(one.id)
            if before is None or STATES.index(one.state) < STATES.index(before.state):
                self._told[one.id] = one

    def lack(self, group: tuple[NotJudged, ...], exchanges: int = 1) -> None:
        """Takes in that these rules were not evaluated on so many exchanges; or takes that back, of -1."""
        times, key = self._times, id(group)
        if key in times:
            times[key] += exchanges
            return
        times[key] = exchanges
        self._groups[key] = group                          # which keeps its id from being given away
        if len(times) > GROUPS:
            self._singles = self._lacking()
            self._groups.clear()
            times.clear()

    def place(self, kind: ExchangeKind, times: int = 1) -> None:
        """Takes in exchanges of a kind, if somebody wants to know."""
        if self.places is not None:
            known = kind in self.places or len(self.places) < PLACES
            self.places[kind if known else ("", "", BEYOND, kind[3])] += times
            if self._descriptions is not None:
                self._document(self._descriptions, kind, times, known)

    def _document(self, descriptions: Descriptions, kind: ExchangeKind, times: int, known: bool) -> None:
        host, method, path, status = kind
        operation = descriptions.operation(host, method, path)
        if operation is not None:
            self._documented[operation].see(status, times)
        elif known and descriptions.reach(host, path):
            self.undocumented[kind] += times

    def lacked(self, one: NotJudged, times: int) -> None:
        """Takes in that a rule lacked evidence so often, as a summary elsewhere counted."""
        self._singles[one] += times

    def skip(self, reason: str) -> None:
        """Takes in an entry that holds nothing to lint."""
        self.entries += 1
        reason = self.masker.text(reason)
        self.skipped[reason if reason in self.skipped or len(self.skipped) < REASONS else OTHER] += 1

    def problem(self, path: str, cause: str, line: int | None = None, column: int | None = None) -> None:
        """Takes in a file that could not be read, or broke off."""
        if len(self.problems) >= PROBLEMS_LIMIT:
            line, column, cause = None, None, FURTHER
        self.problems[PROBLEMS_LIMIT:] = [{"path": self.masker.path(path), "line": line, "column": column,
                                           "cause": self.masker.text(cause)}]

    def note(self, notes: Iterable[str]) -> None:
        """Takes in what is to be told at the end."""
        self.notes += [self.masker.path(note) for note in notes]

    def probed(self, matrix: Matrix) -> None:
        """Takes in what became of the checks of each resource."""
        self.matrix = matrix.masked(self.masker)

    def not_evaluated(self) -> list[tuple[str, int, list[tuple[str, int]]]]:
        """(reason, how often, [(rule id, how often)]) of the rules that lacked evidence, the most frequent first."""
        by_reason: dict[str, dict[str, int]] = {}
        masked: dict[str, str] = {}
        for (rule_id, reason), times in self._lacking().items():
            if reason not in masked:
                masked[reason] = self.masker.text(reason)
                by_reason.setdefault(masked[reason], {})
            found = by_reason[masked[reason]]
            found[rule_id] = found.get(rule_id, 0) + times
        out = [(reason, sum(rules.values()), sorted(rules.items(), key=lambda item: (-item[1], item[0])))
               for reason, rules in by_reason.items()]
        return sorted(out, key=lambda item: (-item[1], item[0]))

    @property
    def crowded(self) -> bool:
        """Whether so many kinds of what was not evaluated are kept that `settled` should take them: a reason may have
        words of the traffic.
        """
        return len(self._singles) > GROUPS

    def settled(self) -> list[tuple[str, int, list[tuple[str, int]]]]:
        """What was not evaluated, which then is counted anew."""
        told = self.not_evaluated()
        for kept in (self._singles, self._groups, self._times):
            kept.clear()
        return told

    def unseen(self) -> list[str]:
        """What captures like these never show, the most frequent first."""
        told = [lack_of(reason).unseen for reason, *_ in self.not_evaluated()]
        return [unseen for unseen in dict.fromkeys(told) if unseen]

    def remedies(self) -> list[tuple[str, int]]:
        """(how to have more evaluated, how many rules wait for that), what would help most first. A probe has done what
        it can.
        """
        found: dict[str, tuple[int, set[str]]] = {}
        for reason, count, rules in self.not_evaluated():
            remedy = lack_of(reason).remedy
            if remedy and not (self.matrix is not None and (remedy == AGAIN or remedy.endswith(PROBE_DOES))):
                times, waiting = found.get(remedy, (0, set()))
                found[remedy] = times + count, waiting.union(rule for rule, _ in rules)
        return [(remedy, len(waiting)) for remedy, (_, waiting) in sorted(
            found.items(), key=lambda item: (-item[1][0], item[0]))]

    def not_counted(self) -> str:
        """How many findings are suppressed, and why: "1 waived, 2 in the baseline"."""
        return ", ".join(f"{self.suppressed[kind]:,} {said}" for kind, said in SUPPRESSIONS.items()
                         if self.suppressed[kind])

    def by(self) -> str:
        """How many rules judged."""
        return f"by {self.rules:,} {'rule' if self.rules == 1 else 'rules'}"

    def below(self) -> str:
        """How many findings are not shown, behind the number of those that are; empty if all are."""
        return f" ({self.hidden:,} below the severity or confidence shown)" if self.hidden else ""

    def reasons(self) -> list[tuple[str, int]]:
        """Why entries were skipped, and how many, the most frequent first."""
        return sorted(self.skipped.items(), key=lambda item: (-item[1], item[0]))

    def _lacking(self) -> Counter[NotJudged]:
        counts = Counter(self._singles)
        for key, group in self._groups.items():
            times = self._times[key]
            for one in group:
                counts[one] = counts.get(one, 0) + times   # an archive asks for each capture
        return +counts                                     # what was taken back is not there
