"""The steps of a trace, for `explain --trace` and `rules test`."""
from __future__ import annotations

from collections.abc import Callable

from httplint.engine.trace import Step
from httplint.report.escape import clipped
from httplint.report.lines import Lines


def show_step(step: Step, told: Callable[[str], str], say: Lines) -> None:
    """Prints a step; `told` is what may be shown of a value."""
    value = told(step.value)
    item = f"  with {step.name} = {told(step.item)}" if step.name else ""
    if step.outcome:
        style = {"violated": "error", "holds": "good"}.get(step.outcome, "dim")
        say(f"  {step.text}: ", (style, step.outcome), f" - {value}" if value else "")
    else:
        say(f"      {clipped(value, 28):28}  ", ("dim", "  " * step.depth), " ".join(step.text.split()) + item)
