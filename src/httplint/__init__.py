"""httplint: tells whether HTTP responses conform to the specifications."""
__version__ = "0.1.0"
