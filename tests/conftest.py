"""What holds for all tests."""
from __future__ import annotations

try:
    from hypothesis import settings
except ImportError:                                        # the environment of mitmproxy has what its tests need only
    pass
else:
    settings.register_profile("httplint", deadline=None)   # how long an example takes says nothing on a busy machine
    settings.load_profile("httplint")
