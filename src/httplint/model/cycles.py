"""The collector of cycles, which has little to do here.

Theory. Neither what is loaded nor exchanges hold cycles: reference counts free them. Frequent collections would only
walk modules, rules and the history again and again, at a fifth of the time.
"""
from __future__ import annotations

import gc


def seldom() -> None:
    """Has cycles of this process looked for but seldom."""
    gc.set_threshold(200_000, 50, 100)
