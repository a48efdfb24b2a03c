"""newman, with its JSON reporter. Needs Node.js and npm (Debian: nodejs npm)."""
from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from asks import Asked
from recorder import Job

RECORDINGS = {"newman": ".json"}
NEWMAN = "newman@6.2.2"
SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


def record(job: Job) -> None:
    """Runs a collection of all that is asked, without following redirects: mitmproxy would see more exchanges."""
    collection = job.work / "collection.json"
    collection.write_text(json.dumps({"info": {"name": "recorded", "schema": SCHEMA},
                                      "item": [_item(one, job.base) for one in job.asks]}), "utf-8")
    job.run([_newman(job.environments / "newman"), "run", collection, "--ignore-redirects", "--reporters", "json",
             "--reporter-json-export", job.out])


def _item(one: Asked, base: str) -> dict[str, Any]:
    request: dict[str, Any] = {"method": one.method, "url": base + one.path,
                               "header": [{"key": name, "value": value} for name, value in one.fields]}
    if one.content is not None:
        request["body"] = {"mode": "raw", "raw": one.content}
    return {"name": one.path, "request": request}


def _newman(directory: Path) -> Path:
    program = directory / "node_modules" / ".bin" / "newman"
    if not program.exists():
        npm = shutil.which("npm")
        if npm is None:
            sys.exit("Missing: npm. On Debian: apt-get install nodejs npm")
        subprocess.run([npm, "install", "--silent", "--no-fund", "--prefix", directory, NEWMAN], check=True)
    return program
