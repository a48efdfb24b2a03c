"""What is wrong with a command line, and what was probably meant: loaded when something is wrong."""
from __future__ import annotations

import argparse
import os
import shlex
from collections.abc import Sequence

from httplint.model.likeness import either, meant

OTHERWISE = {"lint": "check", "run": "check", "scan": "check", "test": "check", "get": "fetch", "diff": "report --diff",
             "merge": "report --merge", "show": "explain", "completions": "completion", "help": "--help",
             "version": "--version"}
"""What other programs call a verb -> what it is here."""


def told(parser: argparse.ArgumentParser, words: Sequence[str], message: str) -> str:
    """What argparse says of words, as we say it; where something is lacking, the option that was misspelt."""
    if message.endswith("required") or "required: " in message:
        wrong = next((word for word in _options(words) if not _known(parser, word)), None)
        if wrong is not None:
            return superfluous(parser, [wrong])
    return message.removeprefix("argument ")


def superfluous(parser: argparse.ArgumentParser, rest: Sequence[str]) -> str:
    """What is said of words that are left over: an option that there is not, or one argument too many."""
    wrong = next(iter(_options(rest)), None)
    if wrong is None:
        return f"one argument too many: {shlex.quote(rest[0])}"
    name = wrong.partition("=")[0]
    return f"there is no option {name}{meant(name, _names(parser), 0.7)}"


def unknown(action: argparse.Action, value: object) -> argparse.ArgumentError:
    """What is said of a value that is none of the choices."""
    word, choices = str(value), [str(choice) for choice in action.choices or ()]
    if not isinstance(action, argparse._SubParsersAction):  # of which argparse has no public name
        close = meant(word, choices, 0.5)
        return argparse.ArgumentError(action, f"expected {either(choices)}, got {word!r:.100}{close}")
    close = _place(word) if action.dest == "verb" else ""
    if not close and word in OTHERWISE and action.dest == "verb":
        close = f"; did you mean {OTHERWISE[word]!r}?"
    close = close or meant(word, choices) or f"; expected {either(choices)}"
    return argparse.ArgumentError(None, f"there is no {action.dest} {word!r:.100}{close}")


def _place(word: str) -> str:
    """Where what stands in the place of a verb belongs."""
    if word.startswith(("http://", "https://")):
        return f"; to ask a server: httplint fetch {shlex.quote(word)}"
    return f"; to lint a capture: httplint check {shlex.quote(word)}" if os.path.exists(word) else ""


def _options(words: Sequence[str]) -> list[str]:
    """Those words that are long options."""
    ended = words.index("--") if "--" in words else len(words)
    return [word for word in words[:ended] if word.startswith("-") and word != "-"]


def _known(parser: argparse.ArgumentParser, word: str) -> bool:
    return any(name.startswith(word.partition("=")[0]) for name in _names(parser))


def _names(parser: argparse.ArgumentParser) -> list[str]:
    return sorted(parser._option_string_actions)           # argparse has no public way to them
