"""Asks with requests, and vcrpy writes the cassette."""
from __future__ import annotations

import json
import sys

import requests
import vcr
from asking import ask_all

job = json.load(sys.stdin)
recorder = vcr.VCR(serializer="json" if job["json"] else "yaml", record_mode="all",
                   decode_compressed_response=job["decoded"])
with recorder.use_cassette(job["out"]), requests.Session() as session:
    ask_all(session, job)
