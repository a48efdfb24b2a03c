"""The report for people: alike findings in one block, with an excerpt, a fix, and a summary."""
from __future__ import annotations

from httplint.engine.report import Finding, Report, Suppression
from httplint.engine.rule import Provision
from httplint.model.exchange import Source
from httplint.model.severity import counted, rank
from httplint.report.alike import Alike, Collector
from httplint.report.escape import clipped
from httplint.report.excerpt import MarkedLine, excerpt
from httplint.report.kind import Kind
from httplint.report.lines import Lines, Part
from httplint.report.links import link
from httplint.report.masker import Masker
from httplint.report.reporter import Options, Write
from httplint.report.summary import Summary

PLACES = 5
"""How many further places a block names."""


_BAR = ("dim", "|")


class Block(Alike):
    """Alike findings: the first in full, the others as places."""

    __slots__ = ("excerpt", "message", "request")

    def __init__(self, finding: Finding, kind: Kind, report: Report, suppression: Suppression | None,
                 masker: Masker) -> None:
        super().__init__(finding, kind, report, suppression, masker)
        shown = masker.of(report.exchange)
        self.message = shown.message(finding)
        self.excerpt: list[MarkedLine] = excerpt(finding, shown)
        self.request = clipped(f"{shown.method()} {shown.uri()}".strip(" "), 110)


class TextReport:
    """Collects findings, and writes blocks when the run ends: errors first, the most frequent first."""

    def __init__(self, write: Write, options: Options) -> None:
        self._say = Lines(write, options.paint)
        self._write = write
        self._options = options
        self._blocks = Collector(Block, options.masker, apart=_severity)
        self._demands: dict[Provision, str] = {}

    def report(self, report: Report) -> None:
        """Takes in the findings of one exchange."""
        self._blocks.add(report)

    def end(self, summary: Summary) -> None:
        """Writes the blocks and the summary."""
        self.blocks()
        for parts in summary_lines(summary, self._options.show_not_evaluated):
            self._say(*parts)

    def blocks(self) -> None:
        """Writes the blocks, without a summary."""
        for block in sorted(self._blocks.found.values(), key=lambda block: (
                rank(block.severity), -block.count, block.finding.rule.order)):
            self._block(block)
        if self._blocks.dropped:
            self._say(f"… and {self._blocks.dropped:,} findings in more blocks than are shown; use --select, or json")
            self._say()

    def _block(self, block: Block) -> None:
        finding = block.finding
        rule = finding.rule
        times = f"  ×{block.count:,}" if block.count > 1 else ""
        lines: list[tuple[Part, ...]] = [
            ((finding.severity, f"{finding.severity}[{rule.id}]"), ("bold", times), " ", ("bold", block.message))]
        at = " ".join([part for part in (*map(where, block.sources[:1]), block.request) if part])
        if at:
            lines.append(("  ", ("dim", "-->"), f" {at}"))
        for text, marks in block.excerpt:
            lines.append(("   ", _BAR, f" {text}"))
            if marks:
                lines.append(("   ", _BAR, " ", ("mark", marks)))
        self._say.together(lines)
        self._write(self._demand(rule))
        if others := [where(source, short=True) for source in block.sources[1:PLACES + 1]]:
            more = block.count - 1 - len(others)
            rest = f", and {more:,} more" if more else ""
            self._say("   ", ("dim", "="), f" also at {', '.join(others)}{rest}")
        self._say()

    def _demand(self, rule: Provision) -> str:
        """What to do, and why: two lines, the same for all blocks of a rule."""
        told = self._demands.get(rule)
        if told is None:
            confidence = f", {rule.confidence} confidence" if rule.confidence != "high" else ""
            basis = ", implied" if rule.basis == "implied" else ""
            address = f"  {link(rule.spec)}" if link(rule.spec) else ""
            lines: list[str] = []
            say = Lines(lines.append, self._options.paint)
            say("   ", ("dim", "="), f" fix: {rule.fix}")
            say("   ", ("dim", "="), f" {rule.level}{basis}{confidence}: {rule.spec}", ("dim", address))
            told = self._demands[rule] = "".join(lines)
        return told


def _severity(finding: Finding, _: Report) -> str:
    return finding.severity


def where(source: Source, short: bool = False) -> str:
    """file:line:column of the entry, and its number."""
    line = f":{source.line}:{source.column}" if source.line is not None else ""
    entry = f"entry {source.entry}"
    return entry if short and source.line is None else f"{clipped(source.path, 100)}{line} ({entry})"


def summary_lines(summary: Summary, show_not_evaluated: bool) -> list[tuple[Part, ...]]:
    """The closing lines of a run."""
    out: list[tuple[Part, ...]] = []
    for problem in summary.problems:
        line = f":{problem['line']}:{problem['column']}" if problem["line"] else ""
        out.append((("error", "unreadable"), f" {clipped(problem['path'], 100)}{line}: "
                    f"{clipped(problem['cause'], 200)}"))
    found = counted(summary.findings)
    clean = ("good", "no findings") if summary.linted else ("warning", "nothing checked")
    entries = "entry" if summary.entries == 1 else "entries"
    source = f" from {summary.files:,} file{'s' if summary.files != 1 else ''}" if summary.files else ""
    out.append((("bold", ", ".join(found)) if found else clean,
                f"{summary.below()} in {summary.linted:,} of {summary.entries:,} {entries}{source}, "
                f"by {summary.rules:,} rules"))
    if summary.suppressed:
        out.append((f"  not counted: {summary.not_counted()}",))
    for reason, count in summary.reasons():
        out.append((f"  skipped {count:,}: {reason}",))
    lacking = summary.not_evaluated()
    if lacking and not show_not_evaluated:
        total = sum(count for _, count, _ in lacking)
        out.append((f"  not evaluated: {total:,} checks lacked evidence, mostly because {lacking[0][0]} "
                    f"(--show not-evaluated lists them)",))
    for reason, count, rules in lacking if show_not_evaluated else []:
        out.append((f"  not evaluated {count:,}×: {reason}",))
        out.extend((f"      {rule} ×{times:,}",) for rule, times in rules)
    return out
