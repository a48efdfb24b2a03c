"""What the traffic has shown of an operation."""
from __future__ import annotations

import pytest

from httplint.description.operation import STATUSES, Operation


@pytest.mark.parametrize(("statuses", "seen", "unseen", "undocumented"), [
    ([], [200], [], []),
    (["200", "404"], [], ["200", "404"], []),
    (["200", "404"], [200, 500, 401], ["404"], [401, 500]),
    # what is nearer documents a status code (OpenAPI 3.1 §4.8.16)
    (["404", "4XX", "default"], [404], ["4XX", "default"], []),
    (["404", "4XX", "default"], [400], ["404", "default"], []),
    (["404", "4XX", "default"], [503], ["404", "4XX"], []),
    (["4XX", "default"], [400, 503], [], []),
    (["2XX"], [299, 300, 1200], [], [300, 1200]),
    (["default"], [-1, 0, 7], [], []),
])
def test_status_codes(statuses: list[str], seen: list[int], unseen: list[str], undocumented: list[int]) -> None:
    operation = Operation("GET", "/", statuses)
    for status in seen:
        operation.see(status, 1)
    assert (operation.unseen(), operation.undocumented()) == (unseen, undocumented)


def test_ever_new_status_codes_are_bounded() -> None:
    operation = Operation("GET", "/")
    for status in range(STATUSES + 10):
        operation.see(status, 2)
    operation.see(0, 3)
    assert len(operation.seen) == STATUSES
    assert operation.seen[0] == 5
    assert not operation.anew().seen
