"""The closing lines of a run, as the reports for people have them: what was found, skipped, and not evaluated."""
from __future__ import annotations

from httplint.model.evidence import lack_of
from httplint.model.severity import counted
from httplint.report.escape import clipped
from httplint.report.lines import Part
from httplint.report.summary import Summary

SHOWN = 5
"""How many reasons, and ways to have more evaluated, are told."""


def summary_lines(summary: Summary, show_not_evaluated: bool) -> list[tuple[Part, ...]]:
    """All of them."""
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
                f"{summary.by()}"))
    if summary.suppressed:
        out.append((f"  not counted: {summary.not_counted()}",))
    if skipped := summary.reasons():
        alone = len(skipped) == 1
        told = [f"{clipped(reason, 200)}{'' if alone else f' ({count:,})'}" for reason, count in skipped[:SHOWN]]
        if more := max(0, len(skipped) - SHOWN):
            told.append(f"and for {more} other {'reason' if more == 1 else 'reasons'}")
        out.append((f"  skipped {summary.skipped.total():,}: {', '.join(told)}",))
    if summary.matrix is not None:
        from httplint.report.matrix_text import headline
        out.append((f"  probe: {headline(summary.matrix)}",))
    return out + (_all_lacking(summary) if show_not_evaluated else lacking(summary))


def lacking(summary: Summary) -> list[tuple[Part, ...]]:
    """What was not evaluated: what nobody can change, and what can be done."""
    out: list[tuple[Part, ...]] = []
    unseen, remedies = summary.unseen(), summary.remedies()
    if unseen:
        out.append((f"  not evaluated, as captures like these never show: {', '.join(unseen)}",))
    if remedies:
        out.append(("  more can be evaluated (--show not-evaluated lists the rules):",))
    for remedy, rules in remedies[:SHOWN]:
        out.append((f"    - {rules:,} rule{'s' if rules != 1 else ''}: {remedy}",))
    if more := max(0, len(remedies) - SHOWN):
        out.append((f"    - and more in {more} other {'way' if more == 1 else 'ways'}",))
    return out


def _all_lacking(summary: Summary) -> list[tuple[Part, ...]]:
    """What was not evaluated, and all rules that could not be."""
    out: list[tuple[Part, ...]] = []
    told = [(lack_of(reason), count, rules) for reason, count, rules in summary.not_evaluated()]
    for heading, helpless in (("not evaluated, as captures and messages like these never show it", True),
                              ("not evaluated, but could be", False)):
        part = [one for one in told if helpless is not bool(one[0].remedy)]
        if part:
            out.append((f"  {heading}:",))
        for lack, count, rules in part:
            out.append((f"    {count:,}× {lack.reason}",))
            if lack.remedy:
                out.append((f"      = {lack.remedy}",))
            out.extend((f"      {rule} ×{times:,}",) for rule, times in rules)
    return out
