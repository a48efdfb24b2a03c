"""Colours on a terminal, by hand: ANSI escapes around texts of our own, never around unescaped traffic."""
from __future__ import annotations

import os
from typing import TextIO

STYLES = {"error": "1;31", "warning": "1;33", "info": "1;36", "bold": "1", "dim": "2", "mark": "1;31", "good": "32"}


class Paint:
    """Paints a text in a style of STYLES, or leaves it as it is."""

    def __init__(self, on: bool) -> None:
        self.on = on

    def __call__(self, style: str, text: str) -> str:
        return f"\033[{STYLES[style]}m{text}\033[0m" if self.on and text else text


def wanted(choice: str, stream: TextIO) -> bool:
    """Whether to paint: always, never, or auto: on a terminal, unless NO_COLOR says otherwise."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")
