"""Petitions with ready words, for tests that are about what follows."""

from datetime import date

from apps.checklists.models import Occurrence, Petition
from apps.checklists.services import petitioning
from apps.core import audit
from apps.organizations.models import Appointment

Kind = Petition.Kind
LATER = date(2026, 12, 16)
WHY = "书记在省里培训，16日回来。"
# Kinds that can be asked of a branch's meeting of November, or of October's, which is late;
# with what else they need.
FUTURE: dict = {Kind.EXTENSION: {"proposed_on": LATER}, Kind.EXCUSE: {}}
MARKED: dict = {Kind.EXPLANATION: {}, Kind.APPEAL: {}}
OF_A_TASK = FUTURE | MARKED


def task_for(city, kind) -> Occurrence:
    """A task of the branch of which `kind` can be asked."""
    return city.task("jyj_zb1", "ZB-01", "2026-10" if kind in MARKED else "2026-11")


def ask_for(city, kind, *, who="jyj_zb1", task=None, **more) -> Petition:
    """Somebody of the branch asks; about its party day where the item is concerned."""
    if kind == Kind.NOT_APPLICABLE:
        return petitioning.ask_not_applicable(
            item=city.item("jyj_zb1", "ZB-02"), by=city.user(who), reason=WHY)
    return petitioning.ask(occurrence=task or task_for(city, kind), kind=kind, reason=WHY,
                           by=city.user(who), **OF_A_TASK[kind] | more)


def grant(row, by, **more) -> Petition:
    """Consent to what was seen."""
    return petitioning.grant(petition=row, by=by, seen=row.version, **more)


def refuse(row, by, answer="不同意，请按期报。") -> Petition:
    """Say no to what was seen."""
    return petitioning.refuse(petition=row, by=by, seen=row.version, answer=answer)


def said(row) -> str:
    """The last thing that was done to it, as a sentence."""
    return audit.sentence(audit.last_event(row))


def ask_for_himself(city) -> Petition:
    """The clerk of the organ committee, who decides for branches, asks as a branch's clerk."""
    Appointment.unscoped.create(
        user=city.user("jyj_jgdw"), role="branch_clerk", organization=city.place("jyj_zb1"),
        starts_on=date(2026, 1, 4))
    return ask_for(city, Kind.EXCUSE, who="jyj_jgdw")
