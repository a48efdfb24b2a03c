"""The report for people: alike findings in one block, with an excerpt, a fix, and a summary.

What is read first on a terminal stands last: errors behind warnings behind advice, the most frequent last, then the
numbers. Where there are many blocks, those of a rule and field are drawn together, whatever the host, what is no error
is told in short, and a table has the rules.
"""
from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from httplint.engine.report import Report
from httplint.engine.rule import Provision
from httplint.model.severity import rank
from httplint.report.alike import Collector
from httplint.report.block import LIKENESS, Block, number, where
from httplint.report.closing import summary_lines
from httplint.report.escape import clipped
from httplint.report.lines import Lines, Part
from httplint.report.links import link
from httplint.report.reporter import Options, Write
from httplint.report.summary import Summary

MANY = 30
"""Beyond so many blocks, they are drawn together."""
HOSTS = 20
"""How many further hosts a block names."""

_BAR: Part = ("dim", "|")
_SIGN: Part = ("dim", "=")


class TextReport:
    """Collects findings, and writes blocks when the run ends: errors last, and of these the most frequent, unless it is
    read from its begin."""

    def __init__(self, write: Write, options: Options) -> None:
        self._say = Lines(write, options.paint, options.width)
        self._options = options
        self._blocks = Collector(partial(Block, width=options.width), options.masker,
                                 likeness=LIKENESS[options.group_by])
        self._asked: dict[int, str] = {}
        """The number of an exchange -> the check that it was asked for."""

    def report(self, report: Report) -> None:
        """Takes in the findings of one exchange."""
        self._blocks.add(report)

    def end(self, summary: Summary) -> None:
        """Writes the blocks and the summary."""
        if summary.matrix is not None:
            self._asked = summary.matrix.asked()
        self.blocks()
        if self._options.quiet:
            return
        if len(self._blocks.found) > MANY:
            self._table()
        if summary.matrix is not None:
            from httplint.report.matrix_text import lines as checks
            for parts in checks(summary.matrix):
                self._say(*parts)
        for parts in summary_lines(summary, self._options.show_not_evaluated):
            self._say(*parts)
        if summary.operations:
            from httplint.report.operations import lines
            for parts in lines(summary, self._options.show_api):
                self._say(*parts)

    def blocks(self) -> None:
        """Writes the blocks, without a summary."""
        blocks = list(self._blocks.found.values())
        many = len(blocks) > MANY and self._options.group_by == "rule"
        groups: dict[object, list[Block]] = {}
        for block in blocks:
            groups.setdefault((block.severity, block.kind.rule, block.kind.field) if many else block, []).append(block)
        for group in sorted(groups.values(), key=_order, reverse=self._options.worst_first):
            self._block(group[0], group[1:], short=many and group[0].severity != "error")
        if self._blocks.dropped:
            self._say(f"… and {self._blocks.dropped:,} findings in more blocks than are shown; use --select, or json")
            self._say()

    def _block(self, block: Block, others: list[Block], *, short: bool) -> None:
        """A block, with those that are drawn together with it."""
        rule, address = block.finding.rule, link(block.finding.rule.spec) or ""
        count = block.count + sum(other.count for other in others)
        times = f" ×{count:,}" if count > 1 else ""
        lines: list[tuple[Part, ...]] = [
            ((block.severity, f"{block.severity}[{rule.id}]", address), ("bold", times), " ", ("bold", block.message))]
        first, marked = block.finding.location.source, next((line for line in block.excerpt if line[1]), None)
        if at := " ".join(part for part in ("" if first is None else where(first, self._asked), block.request) if part):
            lines.append(("  ", ("dim", "-->"), f" {at}"))
        for text, marks in [marked or block.excerpt[-1]] if short else block.excerpt:
            lines.append(("   ", _BAR, f" {text}"))
            if marks and not short:
                lines.append(("   ", _BAR, " ", ("mark", marks)))
        if also := block.others(self._asked, short=short):
            lines.append(("   ", _SIGN, f" also at {also}"))
        if others:
            lines.append(("   ", _SIGN, f" also on {_hosts(others)}"))
        self._say.together([*lines, *self._demand(rule, address, short=short), ()])

    def _demand(self, rule: Provision, address: str, *, short: bool) -> list[tuple[Part, ...]]:
        """What to do, where that stands, and where to read on."""
        confidence = f", {rule.confidence} confidence" if rule.confidence != "high" else ""
        basis = ", implied" if rule.basis == "implied" else ""
        level, explain = f"{rule.level}{basis}{confidence}: ", f"httplint explain {rule.id}"
        spec = "", rule.spec, address
        if short:
            return [("   ", _SIGN, f" fix: {rule.fix} (", level, spec, f"; {explain})")]
        shown = f"  {address}" if address and not self._options.paint.links else ""
        return [("   ", _SIGN, f" fix: {rule.fix}"), ("   ", _SIGN, f" {level}", spec, ("dim", f"{shown}  {explain}"))]

    def _table(self) -> None:
        """The rules that found something, in the order of the blocks."""
        rules: dict[tuple[str, str], list[Block]] = {}
        for block in self._blocks.found.values():
            rules.setdefault((block.severity, block.kind.rule), []).append(block)
        self._say(("bold", f"{'severity':8} {'findings':>8} {'hosts':>6} {'endpoints':>9}  rule"))
        for (severity, rule_id), blocks in sorted(rules.items(), key=lambda item: _order(item[1]),
                                                  reverse=self._options.worst_first):
            endpoints = set().union(*(block.endpoints for block in blocks))
            hosts = {host for host, *_ in endpoints}
            found = sum(block.count for block in blocks)
            self._say((severity, f"{severity:8}"), f" {found:8,} {len(hosts):6,} {number(len(endpoints)):>9}  ",
                      ("", clipped(rule_id, 60), link(blocks[0].finding.rule.spec) or ""))
        self._say()


def _order(blocks: list[Block]) -> tuple[object, ...]:
    """What is least worth reading first."""
    return -rank(blocks[0].severity), sum(block.count for block in blocks), blocks[0].finding.rule.order


def _hosts(blocks: Iterable[Block]) -> str:
    """The hosts of blocks, the most frequent first."""
    named = [(block.kind.host.removeprefix("https://") or "unknown hosts")
             + (f" ×{block.count:,}" if block.count > 1 else "")
             for block in sorted(blocks, key=lambda block: (-block.count, block.kind.host))]
    more = len(named) - HOSTS
    return ", ".join([*named[:HOSTS], *([f"and {more:,} more hosts"] if more > 0 else [])])
