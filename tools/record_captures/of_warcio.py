"""warcio and py-wacz: two WARC files in a web archive."""
from __future__ import annotations

from recorder import Job

RECORDINGS = {"wacz": ".wacz"}


def record(job: Job) -> None:
    """With requests, whose connections warcio listens to."""
    job.python("with_warcio.py", "warcio>=1.8", "wacz>=0.6", "requests>=2.31")
