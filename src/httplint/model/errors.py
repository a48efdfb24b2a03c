"""The errors of httplint: whatever it raises on purpose, beside OSError, and TypeError and ValueError of its calls.

    HttplintError
    ├── SetupError                   what is to judge is not in order; nothing was judged
    │   ├── RuleError                a rule file                                            engine.errors
    │   ├── SelectionError           a prefix of rule ids, a profile (a ValueError)         selection
    │   ├── DescriptionError         a description of an API                                description
    │   ├── ConfigurationError       a configuration, a baseline                            configuration
    │   └── MarkerError              a marker of a test (a ValueError)                      testing.options
    ├── CaptureError                 a capture is not there, or cannot be read              capture.outcome
    ├── ResultError                  a file is no result, or a broken one                   report.result
    ├── FormatError                  a format that there is not (a ValueError)              report.formats
    ├── OutputError                  a file cannot be written                               model.unfinished
    ├── ArchiveError                 a directory is not what httplint archive writes        archive.asking
    ├── RemoteError                  a file system does not do what it was asked for        archive.remote
    └── TextError                    a text is not in its language (a ValueError); the errors above tell it
        ├── TomlError                TOML                                                   model.toml
        ├── YamlError                YAML                                                   model.yaml
        ├── PatternError             a pattern of hosts, paths or names                     model.target
        └── NotationError            the notation of the rules' examples                    capture.notation

Their messages are for users: plain words, which name the file and the line where there are any. Everything else that is
raised within the package is caught within it.
"""
from __future__ import annotations

ENDS = (GeneratorExit, KeyboardInterrupt, SystemExit)
"""What ends a program, or a part of it. Whatever else is raised may be a fault: a panic of Rust is no Exception."""


class HttplintError(Exception):
    """Something that httplint was given is at fault; `str` of it says what, in plain words."""

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (type(self), *self.args), vars(self)            # __init__ may take other arguments


def _again(kind: type[HttplintError], *args: object) -> HttplintError:
    return kind.__new__(kind, *args)


class SetupError(HttplintError):
    """What is to judge is not in order: rules, their selection, a configuration. Nothing was judged.

    `path` and `line` (from 1) say where, as far as that is known.
    """

    def __init__(self, why: str, path: str | None = None, line: int | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.path = path
        self.line = line

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}: " if self.line else f"{self.path}: " if self.path else ""
        return place + self.why


class TextError(HttplintError, ValueError):
    """A text is not in the language that it should be in."""
