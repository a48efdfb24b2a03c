"""Asks with requests, has warcio write down what passes, in two files, and py-wacz put them into an archive."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from warcio.capture_http import capture_http

import requests                                            # isort: skip; after warcio, which changes http.client

job = json.load(sys.stdin)
half = len(job["asks"]) // 2
names = ["first.warc.gz", "second.warc.gz"]
for name, asks in zip(names, (job["asks"][:half], job["asks"][half:]), strict=True):
    with capture_http(name, warc_version="1.1") as writer, requests.Session() as session:
        told = {"software": "warcio", "format": "WARC File Format 1.1"}
        writer.write_record(writer.create_warcinfo_record(name, told))
        for ask in asks:
            session.request(ask["method"], job["base"] + ask["path"], headers=dict(ask["fields"]), data=ask["content"],
                            allow_redirects=False, timeout=10)
wacz = Path(sys.executable).with_name("wacz")
subprocess.run([wacz, "create", "--output", job["out"], *names], check=True, stdout=sys.stderr)
