"""betamax: cassettes in JSON, contents as base64 where it says so."""
from __future__ import annotations

from recorder import Job

RECORDINGS = {"betamax": ".json", "betamax-exact": ".json"}


def record(job: Job) -> None:
    """With requests, the only client that it records."""
    job.python("with_betamax.py", "betamax>=0.9", "requests>=2.31", exact=job.name == "betamax-exact")
