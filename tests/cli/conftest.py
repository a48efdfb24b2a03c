"""What holds for the tests of the command line."""
from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest

from httplint.cli import main


@pytest.fixture(scope="session", autouse=True)
def one_parser() -> Iterator[None]:
    """The parser of arguments is made once: that takes longer than most of what is tried."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(main, "parser", functools.cache(main.parser))
        yield
