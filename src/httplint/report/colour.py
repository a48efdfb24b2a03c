"""Colours and hyperlinks on a terminal, by hand: escapes around texts of our own, never around unescaped traffic."""
from __future__ import annotations

import os
from typing import TextIO

from httplint.model.pattern import lazily

STYLES = {"error": "1;31", "warning": "1;33", "info": "1;36", "bold": "1", "dim": "2", "mark": "1;31", "good": "32"}

_ADDRESS = lazily(r"https://[!-~]{1,500}")
"""What may stand in a hyperlink: nothing that a terminal obeys."""

LINKING = {
    "DOMTERM": "", "GHOSTTY_RESOURCES_DIR": "", "KITTY_WINDOW_ID": "", "KONSOLE_VERSION": "", "WEZTERM_PANE": "",
    "WT_SESSION": "", "TERM_PROGRAM": "Hyper iTerm.app WezTerm ghostty rio vscode zed",
    "TERM": "alacritty foot xterm-ghostty xterm-kitty",
}
"""Variables by which terminals tell who they are, and the values of those that are known to take hyperlinks (any, where
there are none)."""


class Paint:
    """Paints a text in a style of STYLES, and makes it a hyperlink, or leaves it as it is."""

    def __init__(self, on: bool, links: bool = False) -> None:
        self.on = on
        self.links = links

    @property
    def plain(self) -> bool:
        """Whether it leaves every text as it is."""
        return not (self.on or self.links)

    def __call__(self, style: str, text: str, address: str = "") -> str:
        """`style`: empty for none; `address`: where the text leads to, by https, or empty."""
        painted = f"\033[{STYLES[style]}m{text}\033[0m" if self.on and style and text else text
        if self.links and text and _ADDRESS.fullmatch(address):
            return f"\033]8;;{address}\033\\{painted}\033]8;;\033\\"
        return painted


def wanted(choice: str, stream: TextIO) -> bool:
    """Whether to paint: always, never, or auto: on a terminal, unless NO_COLOR says otherwise."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")


def linking(choice: str, stream: TextIO) -> bool:
    """Whether to write hyperlinks (OSC 8): on terminals that are known to take them, unless FORCE_HYPERLINK says what
    to do. `choice`: that of colours; never means no escapes at all.
    """
    if choice == "never":
        return False
    if forced := os.environ.get("FORCE_HYPERLINK"):
        return forced != "0"
    if not stream.isatty() or os.environ.get("TERM", "dumb").startswith(("dumb", "screen", "tmux")):
        return False
    if os.environ.get("VTE_VERSION", "").isdecimal() and int(os.environ["VTE_VERSION"]) >= 5000:
        return True
    return any(os.environ.get(name) and (not values or os.environ[name] in values.split())
               for name, values in LINKING.items())
