import urllib3


def get(uri):
    with urllib3.PoolManager() as pool:
        pool.request("GET", uri)
