"""HTTP messages as a capture shows them; imports nothing else of the package."""
