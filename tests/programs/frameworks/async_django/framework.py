import asyncio

import site_of_test  # noqa: F401
from django.test import AsyncClient


def get(path):
    return asyncio.run(AsyncClient().get(path, follow=True))
