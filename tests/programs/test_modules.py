import sys


def test_modules():
    assert not {"httplint.library", "httplint.testing"} & set(sys.modules)
