"""What is said of a name that is not known: what somebody probably meant, and what there is."""
from __future__ import annotations

from collections.abc import Iterable, Sequence


def meant(name: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """The end of a message about an unknown name: "; did you mean …?", or nothing. `likeness` is from 0 to 1."""
    import difflib
    close = difflib.get_close_matches(name, list(known), 1, likeness)
    return f"; did you mean {close[0]!r}?" if close else ""


def meant_word(word: str, known: Iterable[str]) -> str:
    """The same for a word out of the traffic: its first 40 characters, and only what is much alike."""
    return meant(word[:40], known, 0.75)


def either(choices: Sequence[str]) -> str:
    """One choice or several in words: "a, b or c"."""
    return " or ".join(filter(None, (", ".join(choices[:-1]), choices[-1])))
