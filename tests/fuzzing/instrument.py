"""Has atheris, where it is there, see which lines of the package run: before any of them is imported."""
from __future__ import annotations


def begin() -> bool:
    """Whether atheris guides what follows."""
    try:
        import atheris
    except ImportError:
        return False
    import importlib
    with atheris.instrument_imports(include=["httplint"]):
        importlib.import_module("fuzzing.harnesses")
        from httplint import vocabulary
        from httplint.grammar import table
        vocabulary.homes()
        for field in table.FIELDS.values():
            field.function  # noqa: B018 - loads its module
        from httplint.report.formats import FORMATS
        for made in FORMATS.values():
            importlib.import_module(f"httplint.report.{made.maker.partition(':')[0]}")
    return True
