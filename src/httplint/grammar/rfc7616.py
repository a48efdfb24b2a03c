"""Authentication-Info and Proxy-Authentication-Info (RFC 9110 §11.6.3, §11.7.3), with what Digest has in them."""
from __future__ import annotations

from httplint.grammar.common import first_of, members
from httplint.grammar.rfc9110 import auth_parameter
from httplint.model.named import NamedTuple


class AuthenticationInfo(NamedTuple):
    """What the server tells after authentication. Names are in lower case, in order; `quoted` has those in quotes."""

    parameters: tuple[tuple[str, str], ...]
    quoted: frozenset[str]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parameters."""
        return tuple(name for name, _ in self.parameters)

    @property
    def qop(self) -> str | None:
        """The quality of protection of Digest (RFC 7616 §3.5)."""
        return self.parameter("qop")

    @property
    def cnonce(self) -> str | None:
        """The client's nonce, of Digest (RFC 7616 §3.5)."""
        return self.parameter("cnonce")

    @property
    def nc(self) -> str | None:
        """How often the nonce was used, of Digest (RFC 7616 §3.5)."""
        return self.parameter("nc")

    def parameter(self, name: str) -> str | None:
        """The first parameter of that lower-case name."""
        return first_of(self.parameters, name)


def authentication_info(value: str) -> AuthenticationInfo:
    """`#auth-param`."""
    names: list[tuple[str, str]] = []
    quoted: set[str] = set()

    def one(value: str, position: int) -> tuple[None, int]:
        return None, auth_parameter(value, position, names, quoted)

    members(value, one)
    return AuthenticationInfo(tuple(names), frozenset(quoted))
