"""What rules see of values, and how values are shown."""
from __future__ import annotations

import pytest

from httplint.engine.case import SHORT, shown, within
from httplint.model.fields import Fields
from httplint.model.memo import KEPT, kept, kept_with_section
from httplint.model.printable import SHOWN, Words, show, unmarked


@pytest.mark.parametrize(("value", "text"), [
    (None, "nothing"), (7, "7"), (True, "True"), ("a", "a"), (b"a\xff", "a\xff"), (("a", "b"), "a, b"), ((), ""),
    ([1, None], "1, nothing"), (frozenset(("b", "a")), "a, b"), ("gr\xc3\xbcn", "grün"), ("\x07", r"\x07"),
    ("a" * SHOWN, "a" * SHOWN), ("a" * (SHOWN + 1), "a" * SHOWN + "…"), (b"a" * 999, "a" * SHOWN + "…"),
])
def test_values_are_shown_as_people_read_them(value: object, text: str) -> None:
    assert show(value) == text


@pytest.mark.parametrize("times", [SHOWN - 1, SHOWN, SHOWN + 1, 5 * SHOWN])
def test_characters_are_counted_and_not_octets(times: int) -> None:
    """A character of four octets is the longest one of UTF-8 (RFC 3629 §3)."""
    octets = ("\U0001f600" * times).encode()
    expected = "\U0001f600" * min(times, SHOWN) + "…" * (times > SHOWN)
    assert show(octets) == show(octets.decode("latin-1")) == expected


def test_words_of_ours_are_no_values_of_the_traffic() -> None:
    assert unmarked(f"saw {shown('abc')} {shown(Words('and'))} {shown(12)}") == ("saw abc and 12", ((4, 7), (12, 14)))


@pytest.mark.parametrize("length", [1, SHORT, SHORT + 1, 1000])
def test_members_are_found_however_many_there_are(length: int) -> None:
    members = tuple(map(str, range(length)))
    for some in (members, list(members), frozenset(members)):
        assert within(str(length - 1), some)
        assert not within(str(length), some)


def test_what_was_made_of_the_latest_things_is_kept() -> None:
    made = []

    def copied(thing: list[int]) -> list[int]:
        made.append(thing)
        return list(thing)

    again = kept(copied)
    things = [[1] for _ in range(KEPT + 1)]
    results = [again(thing) for thing in things]
    assert results == things
    assert all(again(thing) is result for thing, result in zip(things[1:], results[1:], strict=True))
    assert len(made) == KEPT + 1, "equal ones are told apart, the latest ones are kept"
    assert again(things[0]) is not results[0]
    assert len(made) == KEPT + 2, "the oldest is not"


def test_what_was_made_of_a_section_is_kept_by_what_was_asked() -> None:
    made: list[str] = []

    def told(fields: Fields, name: str, ending: str = "") -> str:
        made.append(name + ending)
        return made[-1]

    again = kept_with_section(told)
    one, other = Fields(), Fields()
    for _ in range(2):
        asked = [again(one, "a"), again(one, "b"), again(one, "a", ending="x"), again(other, "a")]
        assert asked == ["a", "b", "ax", "a"]
    assert made == ["a", "b", "ax", "a"]
