"""Field grammar: from octets to typed values. Imports httplint.model only."""
