import site_of_test  # noqa: F401
from django.test import Client


def get(path):
    return Client().get(path, follow=True)
