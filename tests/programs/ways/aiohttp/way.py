import asyncio

import aiohttp


def get(uri):
    async def asked():
        async with aiohttp.ClientSession() as session, session.get(uri) as response:
            await response.read()

    asyncio.run(asked())
