"""Imports the client while the tests are collected."""
import way  # noqa: F401
