import requests


def get(uri):
    with requests.Session() as session:
        session.get(uri)
