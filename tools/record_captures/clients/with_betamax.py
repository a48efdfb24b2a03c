"""Asks with requests, and betamax writes the cassette."""
from __future__ import annotations

import json
import sys
from pathlib import Path

import betamax
import requests
from asking import ask_all

job = json.load(sys.stdin)
out = Path(job["out"])
session = requests.Session()
recorder = betamax.Betamax(session, cassette_library_dir=str(out.parent), default_cassette_options={
    "record_mode": "all", "preserve_exact_body_bytes": job["exact"]})
with recorder.use_cassette(out.stem):
    ask_all(session, job)
