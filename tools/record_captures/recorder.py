"""What a module about a recorder is given, and how it runs the recorder's program in an environment of its own."""
from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asks import Asked
from servers import environment

CLIENTS = Path(__file__).parent / "clients"


@dataclass(frozen=True)
class Job:
    """`base` is where to ask, without a slash at its end; the capture goes to `out`, what else is written to `work`."""

    name: str
    base: str
    asks: list[Asked]
    out: Path
    work: Path
    environments: Path

    def python(self, client: str, *requirements: str, **more: Any) -> None:
        """Runs a program of `clients/` with these packages: the job comes to its standard input, as JSON."""
        binaries = environment(self.environments / client.removesuffix(".py"), requirements, "python")
        self.run([binaries / "python", CLIENTS / client], **more)

    def run(self, command: list[str | Path], **more: Any) -> None:
        """Runs a program that has the job on its standard input, as JSON."""
        asks = [one._asdict() for one in self.asks]
        told = {"name": self.name, "base": self.base, "out": str(self.out), "asks": asks}
        subprocess.run(command, input=json.dumps(told | more), encoding="utf-8", check=True, stdout=sys.stderr,
                       cwd=self.work, timeout=300)
