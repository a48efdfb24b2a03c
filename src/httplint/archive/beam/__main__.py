"""Lints an archive of captures on Apache Beam: python -m httplint.archive.beam --input … --output … [--runner …]"""
from __future__ import annotations

import sys

from httplint.archive.beam.program import run

sys.exit(run(sys.argv[1:]))
