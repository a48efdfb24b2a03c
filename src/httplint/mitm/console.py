"""What the console of mitmproxy has besides: keys for commands, and a way from one flow with findings to the next."""
from __future__ import annotations

from collections.abc import Callable

from mitmproxy import ctx, exceptions
from mitmproxy.flow import Flow

KEYS = (("s", "httplint.show @focus", "Show what httplint found in this flow"),
        ("J", "httplint.next", "Go to the next flow with findings of httplint"),
        ("R", "httplint.report", "Show what httplint has found so far"))
"""Key, command, help."""
CONTEXTS = ("flowlist", "flowview")
"""Where the keys are."""


def is_here() -> bool:
    """Whether mitmproxy has its console."""
    return ctx.master.addons.get("consoleaddon") is not None


def bind() -> None:
    """Binds the keys, but for those that mitmproxy or its user has bound."""
    keymap = ctx.master.keymap
    for key, action, told in KEYS:
        if not any(keymap.get(context, key) for context in (*CONTEXTS, "global")):
            keymap.add(key, action, list(CONTEXTS), told)


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
