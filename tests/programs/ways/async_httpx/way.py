import asyncio

import httpx


def get(uri):
    async def asked():
        async with httpx.AsyncClient(follow_redirects=True) as client:
            await client.get(uri)

    asyncio.run(asked())
