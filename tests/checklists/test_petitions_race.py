"""Two people at the same door: one is first, the other is told."""

from collections import Counter
from functools import partial

import pytest

from apps.checklists.models import Petition
from apps.checklists.services import petitioning
from apps.core.errors import Conflict
from apps.core.models import AuditEvent
from tests.checklists.petition_steps import ask_for, grant, refuse
from tests.test_race import together

Kind, State = Petition.Kind, Petition.State
pytestmark = pytest.mark.postgresql


def outcomes(results) -> Counter:
    return Counter(type(each).__name__ for each in results)


@pytest.mark.parametrize("kind", Kind)
def test_of_two_deciders_at_once_one_decides(standing_city, kind):
    city, row = standing_city, ask_for(standing_city, kind)
    results = together(partial(grant, row, city.user("jyj_jgdw")),
                       partial(refuse, row, city.user("jyj_jgdwsj")))
    assert outcomes(results) == {"Petition": 1, "Conflict": 1}
    row.refresh_from_db()
    winner = next(each for each in results if isinstance(each, Petition))
    told = next(each for each in results if isinstance(each, Conflict))
    assert (row.state, row.version) == (winner.state, 1)
    assert told.who == winner.decided_by.name
    moved = AuditEvent.objects.filter(code="checklists.occurrence.move").count()
    has_moved = row.state == State.GRANTED and kind in (Kind.EXTENSION, Kind.APPEAL)
    assert moved == int(has_moved)


def test_of_two_who_ask_at_once_one_has_asked(standing_city):
    calls = [partial(ask_for, standing_city, Kind.EXTENSION, who=who)
             for who in ("jyj_zb1", "jyj_zb1_jb")]
    assert outcomes(together(*calls)) == {"Petition": 1, "Conflict": 1}
    assert Petition.unscoped.count() == 1


def test_what_is_withdrawn_and_granted_at_once_is_one_of_both(standing_city):
    city = standing_city
    row = ask_for(city, Kind.EXCUSE)
    withdrawn = partial(petitioning.withdraw, petition=row, by=city.user("jyj_zb1"), seen=0)
    results = together(partial(grant, row, city.user("jyj_jgdw")), withdrawn)
    assert outcomes(results) == {"Petition": 1, "Conflict": 1}
    row.refresh_from_db()
    assert (row.occurrence.state == "excused") == (row.state == State.GRANTED)
