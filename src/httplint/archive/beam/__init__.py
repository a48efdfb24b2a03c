"""Captures on Apache Beam, whose pipelines Dataflow, Flink, Spark and Beam's own runners run.

    from httplint.archive.beam import LintCaptures

    rows = uris | LintCaptures()
    rows.findings | beam.Map(print)

    transforms  captures become rows, as elements of a pipeline
    reading     captures are found and opened by Beam's file systems
    writing     captures become files of Parquet, which are committed at once
    program     a pipeline as a program: python -m httplint.archive.beam --input … --output …

Beam is imported when a transform is first asked for.
"""
from __future__ import annotations

TYPE_CHECKING = False

__all__ = ["LintCaptures"]

if TYPE_CHECKING:
    from httplint.archive.beam.transforms import LintCaptures


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib
    try:
        module = importlib.import_module(f"{__name__}.transforms")
    except ImportError as error:
        if (error.name or "").partition(".")[0] != "apache_beam":
            raise
        from httplint.model import installation
        raise ImportError(f"{name} needs Apache Beam: {installation.command('beam')}", name="apache_beam") from None
    return getattr(module, name)
