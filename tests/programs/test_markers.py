"""Markers that cannot be."""
import pytest


@pytest.mark.httplint(ignor="405")
def test_argument():
    pass


@pytest.mark.httplint("405")
def test_position():
    pass


@pytest.mark.httplint(fail_on="bad")
def test_severity():
    pass


@pytest.mark.httplint(ignore="450")
def test_rule():
    pass
