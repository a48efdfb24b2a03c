"""`NamedTuple`: that of `typing`, as classes are made that a start needs by the dozen."""
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:
    from collections import _tuplegetter

    class _Values(tuple):
        """What all have that `NamedTuple` is said to be the base of."""

        __slots__ = ()

        def __new__(cls, *values, **named):
            """Compiles the constructor of a class, which is called from then on."""
            kind = next(kind for kind in cls.__mro__ if "_fields" in vars(kind))
            names = ", ".join(kind._fields)
            made = eval(f"lambda _cls, {names}: _new(_cls, ({names},))",  # noqa: S307 - names of attributes
                        {"__builtins__": {}, "_new": tuple.__new__})
            made.__defaults__ = tuple(kind._field_defaults.values())
            kind.__new__ = staticmethod(made)
            return made(cls, *values, **named)

        def __getnewargs__(self):
            return tuple(self)

        def __repr__(self):
            return f"{type(self).__name__}({', '.join(map('{}={!r}'.format, self._fields, self))})"

        @classmethod
        def _make(cls, values):
            return cls(*values)

        def _replace(self, **named):
            return type(self)(**{**self._asdict(), **named})

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

    class _Named(type):
        def __new__(cls, name, bases, said):
            """A class below `_Values`, whose own class is `type`, so that what is below it is as any other class."""
            fields = tuple(said["__annotations__"])
            defaults = {field: said[field] for field in fields if field in said}
            said.update({field: _tuplegetter(place, None) for place, field in enumerate(fields)}, __slots__=(),
                        _fields=fields, _field_defaults=defaults, __match_args__=fields)
            return type(name, (_Values,), said)

    NamedTuple = type.__new__(_Named, "NamedTuple", (), {})
    NamedTuple.__doc__ = """A tuple whose items have names.

    `typing` compiles the constructor of each class and the text of each annotation when it makes the class, in 0.25 ms,
    and ninety classes are made before a first exchange is judged. Here a constructor is compiled when it is first
    called, and annotations are left as they are. What comes of it is the same.
    """
