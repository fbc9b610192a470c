"""The table of cases at the door: what a case is, and what it gets."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client

from tests.city import City


@dataclass
class Door:
    """Everything a case may need."""

    city: City
    phone: Client
    later: Callable
    settings: object
    monkeypatch: pytest.MonkeyPatch


def table() -> tuple[list, Callable]:
    """An empty table, and the decorator that puts a case into it under a sentence."""
    cases: list = []

    def case(name: str):
        return lambda function: cases.append(pytest.param(function, id=name)) or function

    return cases, case
