"""go-vcr 1, as Debian has it: apt-get install golang-go golang-github-dnaeon-go-vcr-dev."""
from __future__ import annotations

import os

from recorder import CLIENTS, Job

RECORDINGS = {"go-vcr": ".yaml"}


def record(job: Job) -> None:
    """With net/http, which asks for gzip, and decodes it."""
    os.environ |= {"GOPATH": "/usr/share/gocode", "GO111MODULE": "off", "GOCACHE": str(job.work / "go"),
                   "GOFLAGS": "-buildvcs=false"}
    job.run(["go", "run", CLIENTS / "with_go_vcr" / "main.go"])
