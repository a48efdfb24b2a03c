"""What holds for all tests: Hypothesis draws the same examples each time, unless HYPOTHESIS_PROFILE=explore."""
from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

collect_ignore = ["programs"]                              # which the tests of the pytest plugin run

# Bytecode is kept, whatever the environment wants: each of the hundreds of processes that tests start would compile all
# modules anew otherwise, and each worker all tests.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

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


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory that holds the package of this tree as the wheel has it: with the built rules."""
    import httplint
    from httplint.engine import catalogue
    directory = tmp_path_factory.mktemp("package")
    rules = catalogue.checkout()
    assert rules is not None
    shutil.copytree(Path(httplint.__file__).parent, directory / "httplint")
    for name, text in catalogue.build(rules).items():
        (directory / "httplint" / name).write_text(text, "utf-8")
    shutil.copytree(rules / "coverage", directory / "httplint" / "coverage_data")
    return directory


@pytest.fixture(scope="module")
def packaged(package: Path) -> Iterator[None]:
    """Processes that a test starts have httplint as users have it: out of a checkout, each would compile all rules."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(package), os.pathsep)
        yield
