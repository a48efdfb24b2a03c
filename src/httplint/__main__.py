"""`python -m httplint`."""
import sys

from httplint.cli.main import run

sys.exit(run())
