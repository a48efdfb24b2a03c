import werkzeug.test

before = werkzeug.test.Client.open


def pytest_unconfigure(config):
    config.add_cleanup(lambda: None)
