import pytest
from app import client

pytestmark = pytest.mark.httplint(ignore=["405"], fail_on="never")


def test_module():
    client.get("/405")


@pytest.mark.httplint(fail_on="error")
class TestClass:
    def test_class(self):
        client.get("/405")

    @pytest.mark.httplint(select="405.allow-missing")
    def test_method(self):
        client.get("/405")

    @pytest.mark.httplint(select="405.allow-missing", ignore="401", fail_on="never")
    def test_off(self):
        client.get("/405")
