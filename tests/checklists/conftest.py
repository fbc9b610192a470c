"""Tasks of a branch, what was asked about them, and somebody new."""

from functools import partial

import pytest

from apps.checklists.models import Petition
from apps.core.act import SYSTEM
from apps.organizations import services
from tests.checklists.petition_steps import ask_for
from tests.city import PASSWORD

Kind = Petition.Kind


@pytest.fixture
def meeting(city):
    """November's meeting of a branch: open, due on 3 December."""
    return city.task("jyj_zb1", "ZB-01", "2026-11")


@pytest.fixture
def missed(city):
    """October's meeting: open, red since 3 November."""
    return city.task("jyj_zb1", "ZB-01", "2026-10")


@pytest.fixture
def ask(city):
    """`ask(kind)`: the branch secretary asks; see `ask_for`."""
    return partial(ask_for, city)


@pytest.fixture
def extension(ask):
    """More time for November's meeting, until 16 December."""
    return ask(Kind.EXTENSION)


@pytest.fixture
def not_applicable(ask):
    """That the party day does not apply."""
    return ask(Kind.NOT_APPLICABLE)


@pytest.fixture
def newcomer(city):
    """Somebody without a post."""
    return services.create_user(username="xinren", name="余新人", password=PASSWORD, by=SYSTEM)
