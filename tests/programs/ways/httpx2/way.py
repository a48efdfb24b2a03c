import httpx2


def get(uri):
    with httpx2.Client() as client:
        client.get(uri, follow_redirects=True)
