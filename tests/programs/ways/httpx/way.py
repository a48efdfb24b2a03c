import httpx


def get(uri):
    with httpx.Client() as client:
        client.get(uri, follow_redirects=True)
