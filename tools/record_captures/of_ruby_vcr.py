"""VCR of Ruby, as Debian has it: apt-get install ruby-vcr ruby-webmock ruby-multi-json."""
from __future__ import annotations

from recorder import CLIENTS, Job

RECORDINGS = {"vcr": ".yml", "vcr-json": ".json"}


def record(job: Job) -> None:
    """With Net::HTTP, which asks for gzip, and decodes it."""
    job.run(["ruby", CLIENTS / "with_ruby_vcr.rb"], json=job.name == "vcr-json", decoded=job.name == "vcr-json")
