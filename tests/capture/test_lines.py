"""The lines of a stream."""
from __future__ import annotations

import io

import pytest

from httplint.capture import lines


@pytest.mark.parametrize(("octets", "found"), [
    (b"", []), (b"a", [b"a"]), (b"a\n", [b"a"]), (b"a\n\nbc\r\n", [b"a", b"", b"bc\r"]), (b"\n", [b""]),
    (b"abcd\nabcde\nab", [b"abcd", None, b"ab"]), (b"abcdefgh", [None]),
])
@pytest.mark.parametrize("window", [1, 2, 3, 100])
def test_lines(monkeypatch: pytest.MonkeyPatch, window: int, octets: bytes, found: list[bytes | None]) -> None:
    monkeypatch.setattr(lines, "WINDOW", window)
    assert list(lines.lines(io.BytesIO(octets), 4)) == found
