"""The application of `tools/record_fixtures` in the clear, at a port: `serving.py PORT`."""
from __future__ import annotations

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "record_fixtures"))

from application import serve
from table import HOST


async def main(port: int) -> None:
    """Serve until killed."""
    async with await asyncio.start_server(serve, HOST, port) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
