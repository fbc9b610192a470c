"""Petitions as time goes on: a closed year, who is asked to decide, and what the night does."""

from datetime import date

import pytest

from apps.checklists import daily, todo
from apps.checklists.models import ListYear, Occurrence, Petition
from apps.checklists.services import petitioning, years
from apps.core.act import SYSTEM
from apps.core.errors import Conflict, NotAllowed
from apps.core.models import AuditEvent
from apps.organizations.models import Appointment
from tests.checklists.petition_steps import (
    LATER,
    ask_for_himself,
    grant,
    refuse,
    said,
    task_for,
)
from tests.checklists.steps import hand_in
from tests.city import TODAY, YEAR

Kind, State = Petition.Kind, Petition.State


# --- a closed year ----------------------------------------------------------------------


@pytest.fixture
def close(city, later):
    """`close()`: the year is over and closed."""

    def it():
        later(days=75)
        years.close(year=YEAR, by=city.user("gongwei_admin"))

    return it


@pytest.mark.parametrize("kind", Kind)
def test_a_closed_year_takes_no_petition(ask, close, kind):
    close()
    with pytest.raises(Conflict, match="已经封账"):
        ask(kind)


def test_a_closed_year_answers_none(city, ask, close):
    row = ask(Kind.EXPLANATION)
    close()
    li, clerk = city.user("jyj_zb1"), city.user("jyj_jgdw")
    for verb in (lambda: grant(row, clerk), lambda: refuse(row, clerk),
                 lambda: petitioning.withdraw(petition=row, by=li, seen=row.version)):
        with pytest.raises(Conflict, match="已经封账"):
            verb()
    assert not todo.to_decide(clerk).exists()


def test_a_closed_year_takes_no_consent_back(city, ask, close):
    row = grant(ask(Kind.NOT_APPLICABLE), city.user("jyj_jgdw"))
    close()
    with pytest.raises(Conflict, match="已经封账"):
        petitioning.revoke(petition=row, by=city.user("jyj_jgdw"), seen=row.version,
                           answer="有了。")


def test_a_year_opened_again_takes_them_as_before(city, ask, close):
    close()
    years.reopen(year=YEAR, by=city.user("gongwei_admin"), reason="补报")
    assert ListYear.objects.is_open(YEAR)
    assert ask(Kind.EXPLANATION).state == State.ASKED


# --- who is asked to decide, and what the night does ------------------------------------


def test_a_petition_waits_for_who_may_answer_it(city):
    row = ask_for_himself(city)
    found = {who: row in todo.to_decide(city.user(who)) for who in (
        "jyj_jgdwsj", "jyj_jgdw", "jyj_shuji", "czj_zz", "jyj_zb1", "gongwei")}
    assert found == {"jyj_jgdwsj": True} | dict.fromkeys(list(found)[1:], False)


def test_what_was_reported_waits_for_nobody_until_it_comes_back(city, ask):
    ask(Kind.EXTENSION)
    task = hand_in(task_for(city, Kind.EXTENSION), city.user("jyj_zb1"))
    clerk = city.user("jyj_jgdw")
    assert not todo.to_decide(clerk).exists()
    Occurrence.unscoped.filter(pk=task.pk).update(state="returned", correct_by=LATER)
    assert todo.to_decide(clerk).exists()


def lapsed(row) -> tuple[str, str]:
    daily.run(TODAY)
    row.refresh_from_db()
    return row.state, said(row)


def test_the_night_closes_what_has_nothing_left_to_decide(city, ask):
    row, explained = ask(Kind.EXTENSION), ask(Kind.EXPLANATION)
    hand_in(task_for(city, Kind.EXTENSION), city.user("jyj_zb1"))
    assert lapsed(row) == (State.WITHDRAWN,
                           "“延期：三会一课（11月）”不用再答复：这一次现在不用报了")
    assert lapsed(explained)[0] == State.ASKED


def test_a_mark_that_was_lifted_needs_no_explanation(city, ask):
    row = ask(Kind.EXPLANATION)
    grant(ask(Kind.APPEAL), city.user("jyj_jgdw"))
    assert lapsed(row) == (State.WITHDRAWN, f"“{row}”不用再答复：标记已经没有了")


def test_nobody_but_the_night_closes_them(city):
    with pytest.raises(NotAllowed):
        petitioning.lapse(by=city.user("gongwei_admin"))


def test_when_all_deciders_have_left_the_petition_goes_up(city, ask):
    row = ask(Kind.EXCUSE)
    Appointment.unscoped.filter(organization=city.place("jyj_jgdw")).update(
        ends_on=date(2026, 11, 22))
    daily.run(TODAY)
    row.refresh_from_db()
    assert (row.addressed_to, said(row)) == (
        city.place("jyj"), "系统把“本期免报：三会一课（11月）”转给中共云川市教育局党组答复")
    assert grant(row, city.user("jyj_shuji")).state == State.GRANTED


def test_when_one_of_two_deciders_has_left_it_stays(city, ask):
    row = ask(Kind.EXCUSE)
    Appointment.unscoped.filter(user=city.user("jyj_jgdwsj")).update(ends_on=date(2026, 11, 22))
    before = AuditEvent.objects.count()
    assert petitioning.reroute(by=SYSTEM) == 0
    row.refresh_from_db()
    assert (row.addressed_to, AuditEvent.objects.count()) == (city.place("jyj_jgdw"), before)


def test_a_person_reroutes_nothing(city, ask):
    ask(Kind.EXCUSE)
    Appointment.unscoped.filter(organization=city.place("jyj_jgdw")).update(
        ends_on=date(2026, 11, 22))
    with pytest.raises(NotAllowed):
        petitioning.reroute(by=city.user("gongwei_admin"))
