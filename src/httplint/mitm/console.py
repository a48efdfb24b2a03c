"""What the console of mitmproxy has besides: keys for commands, and a way from one flow with findings to the next."""
from __future__ import annotations

import logging
from collections.abc import Callable

from mitmproxy import ctx, exceptions
from mitmproxy.flow import Flow
from mitmproxy.log import ALERT

KEYS = (("J", "httplint.next", "next flow with findings"),
        ("s", "httplint.show @focus", "findings of this flow"),
        ("R", "httplint.report", "all findings so far"))
"""Key, command, help."""
CONTEXTS = ("flowlist", "flowview")
"""Where the keys are."""

logger = logging.getLogger(__name__)


def is_here() -> bool:
    """Whether mitmproxy has its console."""
    return ctx.master.addons.get("consoleaddon") is not None


def width() -> int | None:
    """How wide the lines may be that a command returns: the console shows them in a frame, on four fifths of it."""
    screen = getattr(ctx.master, "ui", None)               # there is none yet while servers are started
    return None if screen is None else int(screen.get_cols_rows()[0]) * 4 // 5 - 2


def bind() -> None:
    """Binds the keys, but for those that mitmproxy or its user has bound, and says so."""
    keymap = ctx.master.keymap
    free = [one for one in KEYS if not any(keymap.get(context, one[0]) for context in (*CONTEXTS, "global"))]
    for key, action, told in free:
        keymap.add(key, action, list(CONTEXTS), f"httplint: {told}")
    if free:
        logger.log(ALERT, f"httplint: {', '.join(f'{key}: {told}' for key, _, told in free)}")


def go(step: int, has_findings: Callable[[Flow], bool]) -> None:
    """Selects the next flow with findings among those that are shown; behind the last one comes the first one.

    `step` is 1, or -1 for the one before. Raises CommandError where there is none, or nobody would see the selection.
    """
    if not is_here():
        raise exceptions.CommandError("this is for the console; elsewhere, look for ~marked")
    view = ctx.master.addons.get("view")
    begin, count = view.focus.index or 0, len(view)
    for distance in range(1, count):
        candidate = view[(begin + step * distance) % count]
        if has_findings(candidate):
            view.focus.flow = candidate
            return
    raise exceptions.CommandError("no other flow that is shown has such findings")
