"""What the language would have itself."""
from __future__ import annotations

from httplint.model.message import Response
from httplint.vocabulary.basic import all_digits, begins, days, has, is_ascii


def test_texts() -> None:
    assert begins("https://a.example", "https:")
    assert not begins("https:", "https://")
    assert is_ascii("a b")
    assert not is_ascii("\u00fc")
    assert [text for text in ("0", "007", "", "-1", "1.0", "\u0661") if all_digits(text)] == ["0", "007"]


def test_days() -> None:
    assert [days(0.0), days(86400.0), days(200000.0)] == ["0 days", "1 day", "2 days"]


def test_a_field_by_its_name() -> None:
    response = Response(200, headers=[("Allow", "")])
    assert has(response, "ALLOW")
    assert not has(response, "Allowed")
    assert not has(Response(200), "Allow")
