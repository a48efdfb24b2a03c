"""What holds for all tests: Hypothesis draws the same examples each time, unless HYPOTHESIS_PROFILE=explore."""
from __future__ import annotations

import os

try:
    from hypothesis import HealthCheck, settings
    from hypothesis.internal.conjecture import providers
except ImportError:                                        # the environment of mitmproxy has what its tests need only
    pass
else:
    PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "deterministic")
    # How long an example takes says nothing on a busy machine.
    untimed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
    settings.register_profile("deterministic", untimed, derandomize=True, database=None)
    settings.register_profile("explore", untimed, derandomize=False)
    settings.load_profile(PROFILE)
    if PROFILE == "deterministic":
        # Hypothesis also draws the literals of the modules imported so far: those differ from worker to worker.
        providers._get_local_constants = lambda: providers._local_constants
