"""Runs pytest with the arguments given, and looks whether all is as it was before."""
import sys

import pytest
import werkzeug.test

before = werkzeug.test.Client.open
assert pytest.main(["-p", "no:cacheprovider", "--httplint", *sys.argv[1:]]) == 0
assert werkzeug.test.Client.open is before
assert not [one for one in sys.meta_path if "httplint" in type(one).__module__]
