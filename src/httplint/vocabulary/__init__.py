"""The vocabulary of the rules: judgements about HTTP that have a name, one module a topic.

A function takes messages and values and tells something of them; `function` registers it. It has types, tests of its
own, and a docstring whose first paragraph ends with its source in parentheses: the sections, such as (RFC 9110 §8.8.1),
or (the rule language) where it is no matter of HTTP. Which modules there are, is found; a wheel's index says which
function is in which module, so that one is imported only when a rule that calls it is compiled.

The wing stands below the engine: a judgement knows nothing of rules, findings and reports.
"""
from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

_HOMES: dict[str, str] = {}
"""Function -> the module that registers it; empty until it is asked for."""

_FUNCTIONS: dict[str, Function] = {}


class Function:
    """A function of the rule language: what it is called with, what it reads, and what a capture must know for it."""

    __slots__ = ("_signature", "absent", "among", "call", "fieldwise", "guard", "name", "needs", "paired", "reads")

    def __init__(self, call: Callable[..., Any], needs: tuple[str, ...] = (), absent: tuple[str, ...] = (),
                 reads: Iterable[str] | None = None, guard: str | None = None, among: Iterable[str] = (),
                 fieldwise: bool = False, paired: bool = True) -> None:
        self.name = call.__name__
        self.call = call
        self.needs = needs
        self.absent = absent
        self.reads = None if reads is None else frozenset((*reads, *[f"{place}?" for place in absent]))
        """What it reads of the messages that it takes; None if that was not said."""
        self.guard = guard
        self.among = frozenset(among)
        self.fieldwise = fieldwise
        self.paired = paired
        self._signature: tuple[dict[str, Any], frozenset[str], Any] | None = None

    def _read(self) -> tuple[dict[str, Any], frozenset[str], Any]:
        if self._signature is None:
            import inspect
            import typing
            hints = typing.get_type_hints(self.call)
            parameters = inspect.signature(self.call).parameters
            optional = frozenset(name for name, p in parameters.items() if p.default is not p.empty)
            self._signature = ({name: hints[name] for name in parameters if name not in self.given}, optional,
                               hints["return"])
        return self._signature

    @property
    def given(self) -> frozenset[str]:
        """The keywords that no rule passes: `among` is that of the rule (see `bound`), `names` are those that the
        project knows, which the case tells that is judged.
        """
        return frozenset(("among", "names")).intersection(getattr(self.call, "__kwdefaults__", None) or ())

    @property
    def of_python(self) -> bool:
        """Whether it is one of Python's own, which take values of many types: the language knows what they return."""
        return self.call.__module__ == "builtins"

    @property
    def ours(self) -> bool:
        """Whether it comes with httplint, and not with a plugin."""
        return self.of_python or self.call.__module__.partition(".")[0] == "httplint"

    @property
    def parameters(self) -> dict[str, Any]:
        """Name -> type, in order."""
        return self._read()[0]

    @property
    def optional(self) -> frozenset[str]:
        """The parameters that may be left out."""
        return self._read()[1]

    @property
    def returns(self) -> Any:
        """The type of what it returns."""
        return self._read()[2]

    @property
    def described(self) -> tuple[str, str]:
        """What it tells, in sentences, and its source: document and sections."""
        summary, _, more = (self.call.__doc__ or "").partition("\n\n")
        found = re.fullmatch(r"(.*) \(([^()]*)\)\.", " ".join(summary.split()))
        first, source = (f"{found[1]}.", found[2]) if found else (summary, "")
        return " ".join([*first.split(), *more.split()]), source

    def bound(self, among: frozenset[str]) -> Callable[..., Any]:
        """What a rule calls. A function with the keyword `among` is told that of the rule, unless it is empty."""
        if among and "among" in self.given:
            return functools.partial(self.call, among=among)
        return self.call


def function(*needs: str, absent: tuple[str, ...] = (), reads: Iterable[str] | None = None, guard: str | None = None,
             among: Iterable[str] = (), fieldwise: bool = False,
             paired: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Registers a function of the rule language.

    `needs`: facts of model.evidence that it relies on. `absent`: fields whose absence it may take as proof, written
    "request.range" or "response.etag". `guard`: the parameter that names a field of the message in the first one,
    without which there is nothing to judge: it returns an empty collection or raises NotApplicable. `among`: the
    response fields, in lower case, of which one must be there for it to find anything; a rule that loops over it is
    left out without them.

    `reads`: all that it looks at of the messages that it takes, since what a rule said is remembered by that. An item
    begins with the name of the parameter: "response.age", the values of the field's lines, "response.age?", whether
    there is one (`absent` says that, too); "response.*" and "response.*?", of any field; "response:status", another
    part of the message; "request:origin" and "request:security", what `transport` tells by their keys. In place of a
    field, "{name}" is the one that the argument of that parameter names, "{among}" is each of `among`. What takes plain
    values alone has nothing to say. Without a declaration, and of a message that it does not speak of, anything may be
    read.

    `fieldwise`: it judges field by field. Of a section it finds no more than it would find in the lines of each name by
    themselves, and in no lines at all, and speaks of it where it would speak of one of these; besides these lines and
    `response:trailers` it reads no more than status code, version and method.
    """
    def register(call: Callable[..., Any]) -> Callable[..., Any]:
        _FUNCTIONS[call.__name__] = Function(call, needs, absent, reads, guard, among, fieldwise, paired)
        return call
    return register


def homes() -> dict[str, str]:
    """Function -> the module that registers it. Imports all topics, unless the built index told of them."""
    if not _HOMES:
        import pkgutil
        for topic in pkgutil.iter_modules(__path__, f"{__name__}."):
            importlib.import_module(topic.name)
        _HOMES.update((name, f"{__name__}.basic" if one.of_python else one.call.__module__)
                      for name, one in _FUNCTIONS.items())
    return _HOMES


def told(built: Mapping[str, str]) -> None:
    """Takes what the built index says of `homes`."""
    _HOMES.update(built)


def get(name: str) -> Function:
    """The function of that name (one of `homes`); imports its module at first use."""
    if name not in _FUNCTIONS:
        importlib.import_module(homes()[name])
    return _FUNCTIONS[name]


def plug(plugin: str) -> None:
    """Adds the functions of an installed plugin, an entry point of the group httplint.functions.

    The entry point names a module whose functions are registered with `function`. Raises LookupError if there is no
    such plugin, ValueError if it cannot be loaded or takes a name that is in use.
    """
    from importlib.metadata import entry_points
    found = list(entry_points(group="httplint.functions", name=plugin))
    if not found:
        raise LookupError(f"no installed package offers the functions {plugin!r} (entry point httplint.functions)")
    known, before = homes(), dict(_FUNCTIONS)
    try:
        module = found[0].load()
    except Exception as error:                             # its module may do anything
        raise ValueError(f"the plugin {plugin!r} cannot be loaded: {type(error).__name__}: {error!s:.200}") from None
    for name, registered in list(_FUNCTIONS.items()):
        if registered.call.__module__ != module.__name__:
            continue
        if known.get(name, module.__name__) != module.__name__:
            _FUNCTIONS[name] = before.get(name, registered)
            raise ValueError(f"the plugin {plugin!r} defines {name!r}, which is a function already")
        known[name] = module.__name__
