"""Business, system and audit posts are never one person's: by the verb and by the database."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from apps.core import triggers
from apps.core.act import SYSTEM
from apps.core.errors import Invalid
from apps.organizations import services
from apps.organizations.models import Appointment
from apps.organizations.roles import RoleCode
from tests.city import TODAY

DAY = timedelta(days=1)
TRIGGER = next(t for t in triggers.TRIGGERS if t.table == "organizations_appointment")
MEETINGS = [
    ("gongwei", RoleCode.SYSTEM_ADMIN), ("gongwei", RoleCode.AUDITOR),
    ("jyj_zb1", RoleCode.SYSTEM_ADMIN), ("jyj_zb1", RoleCode.AUDITOR),
    ("xitong", RoleCode.COMMITTEE_ADMIN), ("xitong", RoleCode.AUDITOR),
    ("shenji", RoleCode.BRANCH_CLERK), ("shenji", RoleCode.SYSTEM_ADMIN),
]


def appoint(city, who, role, **dates):
    return services.appoint(user=city.user(who), role=role, organization=city.place("gw"),
                            by=SYSTEM, **{"starts_on": TODAY} | dates)


def insert(city, who, role, **dates):
    """Past the verb, as a hand in the database would."""
    with transaction.atomic():
        return Appointment.unscoped.create(
            user=city.user(who), role=role, organization=city.place("gw"),
            **{"starts_on": TODAY} | dates)


# --- the verb -------------------------------------------------------------------------------


@pytest.mark.parametrize("who, role", MEETINGS)
def test_the_verb_keeps_lanes_apart(city, who, role):
    with pytest.raises(Invalid, match="业务职务和技术职务不能由同一人担任"):
        appoint(city, who, role)


def test_two_posts_of_one_lane_are_one_persons(city):
    appoint(city, "jyj_zb1", RoleCode.COMMITTEE_OFFICER)
    assert len(city.user("jyj_zb1").posts) == 2


def test_after_the_one_has_ended_the_other_may_begin(city):
    services.end(appointment=Appointment.unscoped.get(user__username="gongwei"), by=SYSTEM)
    appoint(city, "gongwei", RoleCode.SYSTEM_ADMIN)
    assert [post.role for post in city.user("gongwei").posts] == ["system_admin"]


def test_a_post_of_one_day_within_the_other_is_a_meeting(city):
    with pytest.raises(Invalid):
        appoint(city, "gongwei", RoleCode.AUDITOR, starts_on=TODAY + 9 * DAY,
                ends_on=TODAY + 9 * DAY)


# --- the database ---------------------------------------------------------------------------


@pytest.mark.parametrize("who, role", MEETINGS)
def test_the_database_keeps_lanes_apart_at_insert(city, who, role):
    with pytest.raises(DatabaseError, match="never held together"):
        insert(city, who, role)


@pytest.mark.parametrize("who, role", MEETINGS)
def test_with_the_trigger_lifted_the_row_would_stand(city, who, role):
    triggers.lift(connection, TRIGGER)
    try:
        assert insert(city, who, role).pk
    finally:
        triggers.install(connection, TRIGGER)


def test_the_database_keeps_lanes_apart_at_update_of_the_role(city):
    appoint(city, "jyj_zb1", RoleCode.BRANCH_CLERK)
    with pytest.raises(DatabaseError, match="never held together"), transaction.atomic():
        Appointment.unscoped.filter(user__username="jyj_zb1", role="branch_clerk").update(
            role="auditor")


def test_the_database_keeps_lanes_apart_at_update_of_the_dates(city):
    insert(city, "gongwei", RoleCode.AUDITOR, starts_on=date(2025, 1, 1),
           ends_on=date(2025, 12, 31))
    with pytest.raises(DatabaseError, match="never held together"), transaction.atomic():
        Appointment.unscoped.filter(role="auditor", user__username="gongwei").update(
            ends_on=TODAY)


def test_the_database_lets_a_lone_post_change(city):
    changed = Appointment.unscoped.filter(user__username="xitong").update(role="auditor")
    assert changed == 1


def test_the_database_lets_posts_follow_one_another(city):
    services.end(appointment=Appointment.unscoped.get(user__username="gongwei"), by=SYSTEM,
                 last_day=TODAY - DAY)
    assert insert(city, "gongwei", RoleCode.AUDITOR).pk


def test_the_last_day_of_the_one_is_not_the_first_of_the_other(city):
    services.end(appointment=Appointment.unscoped.get(user__username="gongwei"), by=SYSTEM,
                 last_day=TODAY)
    with pytest.raises(DatabaseError, match="never held together"):
        insert(city, "gongwei", RoleCode.AUDITOR)


def test_nor_the_other_way_round(city):
    """What is there begins on the last day of what is to come before it."""
    Appointment.unscoped.filter(user__username="gongwei").update(starts_on=TODAY + DAY)
    with pytest.raises(DatabaseError, match="never held together"):
        insert(city, "gongwei", RoleCode.AUDITOR, ends_on=TODAY + DAY)


def test_a_missing_trigger_is_named_at_the_start(city):
    assert not {"appointment_lanes", "appointment_lanes_update"} & set(triggers.missing(connection))
    triggers.lift(connection, TRIGGER)
    try:
        assert {"appointment_lanes", "appointment_lanes_update"} <= set(
            triggers.missing(connection))
    finally:
        triggers.install(connection, TRIGGER)
