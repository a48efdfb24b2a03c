"""What runs at the time, as the machine tells it."""
from __future__ import annotations

import subprocess
from typing import NamedTuple


class Running(NamedTuple):
    """A process, its parent, and the line that started it."""
    process: int
    parent: int
    line: str


def running() -> list[Running]:
    """All that run; one that has ended and waits to be asked for (a zombie) does not."""
    # In the terms of POSIX; without -ww the lines are cut at the width of a terminal, where there is one or COLUMNS.
    told = subprocess.run(["ps", "-A", "-ww", "-o", "pid=", "-o", "ppid=", "-o", "stat=", "-o", "args="],
                          capture_output=True, encoding="utf-8", errors="replace", check=True).stdout
    parts = (line.split(None, 3) for line in told.splitlines())
    return [Running(int(one[0]), int(one[1]), "".join(one[3:])) for one in parts if not one[2].startswith("Z")]


def children(parent: int, line: str = "") -> list[int]:
    """The processes that a process has started by a line that contains a text."""
    return [one.process for one in running() if one.parent == parent and line in one.line]


def runs(process: int) -> bool:
    return any(one.process == process for one in running())
