"""What a description of an API (OpenAPI 3, Swagger 2.0) says there is, and to what of it a request belongs.

    document    octets become data: JSON, or YAML; within bounds, since a description may be anybody's
    reading     the data become operations; references lead to files below the description's directory and nowhere else
    matching    the operation of a request, in linear time
    operation   an operation, and what traffic has shown of it
    examples    how the safe operations are asked, with the examples of their parameters

Nothing of it is imported but where there is a description.
"""
from __future__ import annotations

from httplint.model.errors import SetupError


class DescriptionError(SetupError):
    """A description of an API is at fault."""
