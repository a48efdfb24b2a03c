"""What is said of single flows, for as long as mitmproxy has them."""
from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from mitmproxy.flow import Flow

from httplint.engine.report import Report
from httplint.model.severity import worst
from httplint.report.lines import line
from httplint.report.reporter import Options
from httplint.report.text import TextReport

UNKNOWN = "httplint knows nothing of this flow; replayed, it is judged"


class Details:
    """Flow -> its report, if that has findings, else a sentence that says what became of it."""

    def __init__(self) -> None:
        self._said: WeakKeyDictionary[Flow, Report | str] = WeakKeyDictionary()

    def say(self, flow: Flow, said: Report | str) -> None:
        """Takes in the last word on a flow."""
        self._said[flow] = said

    def knows(self, flow: Flow) -> bool:
        """Whether there is a last word on a flow."""
        return flow in self._said

    def worst(self, flow: Flow) -> str | None:
        """The severity of the worst finding of a flow; None where there is none."""
        said = self._said.get(flow)
        return worst(finding.severity for finding in said.findings) if isinstance(said, Report) else None

    def lines(self, flows: Sequence[Flow], options: Options) -> list[str]:
        """The findings of flows as the text report has them; without any, why that is."""
        written: list[str] = []
        text = TextReport(written.append, options)
        said = [self._said.get(one, UNKNOWN) for one in flows]
        for one in said:
            if isinstance(one, Report):
                text.report(one)
        text.blocks()
        return "".join(written).rstrip("\n").split("\n") if written else [
            line(sentence) for sentence in dict.fromkeys(map(str, said))]
