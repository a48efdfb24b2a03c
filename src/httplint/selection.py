"""Which rules are on: by profile, and by prefixes of their ids, of which the longest wins."""
from __future__ import annotations

from collections.abc import Iterable

from httplint.engine.obsolete import Catalogue
from httplint.engine.rule import PROFILES, Provision, Rule
from httplint.model.errors import SetupError
from httplint.model.likeness import meant


class SelectionError(SetupError, ValueError):
    """A prefix that no rule's id begins with, or both selected and ignored; a profile that does not exist."""


def select(rules: Catalogue, selected: str | Iterable[str] = (), ignored: str | Iterable[str] = (),
           profile: str | Iterable[str] = ()) -> list[Rule]:
    """The rules that are on.

    Prefixes are texts such as "304" or "304.etag", as a list or separated by commas; "all" stands for every rule.
    Without any selected, every stable rule is that is on in the profile, or in one of several; without a profile, in
    "default". A preview rule, or one of other profiles, needs a prefix that selects it by more than "all", and so does
    a deprecated one in any profile.
    """
    chosen, refused = prefixes(selected), prefixes(ignored)
    known(rules, chosen + refused)
    if both := set(chosen) & set(refused):
        raise SelectionError(f"{min(both)!r} is both selected and ignored")
    profiles = [part.strip() for item in ([profile] if isinstance(profile, str) else profile)
                for part in item.split(",") if part.strip()] or ["default"]
    for name in profiles:
        if name not in PROFILES:
            raise SelectionError(f"there is no profile {name!r}"
                                 f"{meant(name, PROFILES, 0.5) or '; the profiles are ' + ', '.join(PROFILES)}")
    return [rule for rule in rules if _on(rule, chosen, refused, _offered(rule, profiles))]


def _offered(rule: Rule, profiles: list[str]) -> bool:
    """Whether a rule is on in one of the profiles, as long as nothing else is said."""
    if "strict" in profiles:
        return rule.stage != "deprecated"
    return rule.stage == "stable" and (not rule.profiles or not set(rule.profiles).isdisjoint(profiles))


def _on(rule: Rule, chosen: list[str], refused: list[str], offered: bool) -> bool:
    if not chosen and not refused:
        return offered
    best = max((len(prefix) for prefix in chosen if matches(rule, prefix)), default=-1)
    worst = max((len(prefix) for prefix in refused if matches(rule, prefix)), default=-1)
    if not chosen and offered:
        best = max(best, 0)
    if not offered and best < 1:
        return False
    return best > worst or (best == worst == 0 and bool(chosen) and not refused)


def known(rules: Catalogue, wanted: Iterable[str]) -> None:
    """Raises SelectionError for a prefix that no rule's id begins with, or ever did."""
    for prefix in wanted:
        if prefix and not any(matches(rule, prefix) for rule in rules) and not any(
                old.startswith(prefix) for old in rules.obsolete):
            names = {begin for rule in rules for begin in _beginnings(rule.id)}
            raise SelectionError(f"no rule's id begins with {prefix!r:.100}{meant(prefix, sorted(names), 0.5)}")


def _beginnings(name: str) -> list[str]:
    """The id of a rule, and how it begins up to a dot or a hyphen."""
    return [name, *(name[:at] for at, sign in enumerate(name) if sign in ".-")]


def matches(rule: Provision, prefix: str) -> bool:
    """Whether a rule's id, or one that it had before, begins so; every id begins with the empty prefix."""
    return rule.id.startswith(prefix) or any(old.startswith(prefix) for old in rule.renamed if prefix)


def named(rules: Catalogue, name: str) -> list[Rule]:
    """The rules of that id, their own or an earlier one; else those whose ids begin so. Raises SelectionError."""
    found = [rule for rule in rules if name in (rule.id, *rule.renamed)] or [
        rule for rule in rules if rule.id.startswith(name)]
    if not found and (notes := rules.notes([name])):
        raise SelectionError(notes[0])
    if not found:
        import difflib
        close = difflib.get_close_matches(name, [rule.id for rule in rules], 3)
        raise SelectionError(f"no rule {name!r:.100}" + (f"; did you mean {', '.join(close)}?" if close else ""))
    return found


def prefixes(text: str | Iterable[str]) -> list[str]:
    """The prefixes in a text, or in several, that are separated by commas; the empty one for "all"."""
    items = [text] if isinstance(text, str) else list(text)
    parts = [part.strip() for item in items for part in item.split(",")]
    return ["" if part.lower() == "all" else part for part in parts if part]
