import pytest
from app import client


@pytest.mark.httplint(fail_on="never")
def test_c():
    client.get("/405")
