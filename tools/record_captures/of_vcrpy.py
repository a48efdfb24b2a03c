"""vcrpy: cassettes in both notations, and with contents decoded."""
from __future__ import annotations

from dataclasses import replace

from recorder import Job

RECORDINGS = {"vcrpy": ".yaml", "vcrpy-json": ".json", "vcrpy-decoded": ".yaml"}
NO_TEXT = frozenset({"/conforming/gzip-file", "/conforming/html-in-latin-1"})
"""Contents that its JSON refuses, which is why contents are decoded there."""


def record(job: Job) -> None:
    """With requests, as most who use vcrpy do."""
    json = job.name == "vcrpy-json"
    if json:
        job = replace(job, asks=[ask for ask in job.asks if ask.path not in NO_TEXT])
    job.python("with_vcrpy.py", "vcrpy>=8", "requests>=2.31", json=json, decoded=job.name != "vcrpy")
