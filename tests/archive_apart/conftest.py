"""S3 as moto has it: its server is a process of the environment that MOTO_PYTHON names."""
from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator

import pytest
from storing import Service

RUNNING = re.compile(r"Running on http://(127\.0\.0\.1:\d+)")


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """S3 on loopback, without any bucket."""
    python = os.environ.get("MOTO_PYTHON")
    if python is None:
        pytest.skip("MOTO_PYTHON names no Python with moto: tools/test_archive")
    log = tmp_path_factory.mktemp("moto") / "log"
    with log.open("wb") as written, subprocess.Popen(
            [python, "-P", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"], stdout=written, stderr=written,
            env={"PATH": os.environ["PATH"]}) as process:
        try:
            while (started := RUNNING.search(log.read_text("utf-8"))) is None:
                assert process.poll() is None, log.read_text("utf-8")
                time.sleep(0.05)
            yield Service(started[1], log)
        finally:
            process.terminate()
