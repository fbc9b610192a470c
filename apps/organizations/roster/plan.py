"""Rows of a roster against what stands: new, changed, unchanged, or refused and why.

Pure: it asks no table and writes none. The rules of places are those of `tree`, of posts those
of `appointing`; here they are applied to many rows at once, which also refer to one another.
"""

from datetime import date

from apps.organizations.roster.lines import Plan
from apps.organizations.roster.plan_people import People
from apps.organizations.roster.plan_places import Places
from apps.organizations.roster.plan_posts import Posts
from apps.organizations.roster.present import Present

__all__ = ["Plan", "build"]


def build(rows: dict, present: Present, *, by, today: date) -> Plan:
    """The plan for the rows of a file (see read.take), in the order of the file."""
    plan = Plan()
    places = Places(present, by, today, plan)
    places.take(rows["places"])
    people = People(present, by, today, plan)
    people.take(rows["people"])
    Posts(present, places, people, by, today, plan).take(rows["posts"])
    return plan
