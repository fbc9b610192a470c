"""Who bears which list at an organisation and why, who reviews it and why: for its page."""

from django.urls import reverse

from apps.checklists import bearers
from apps.checklists.models import Checklist
from apps.checklists.reviewers import Desks
from apps.checklists.services import plans
from apps.core.calendar import today
from apps.duties.models import Duty
from apps.organizations.models import Organization, User
from apps.organizations.permissions import Permission

Kind, Subject = Organization.Kind, Duty.Subject


def unit_of(place: Organization) -> Organization:
    """The unit in which a place lies; the place itself for a unit and for the committee."""
    if place.kind in (Kind.UNIT, Kind.COMMITTEE):
        return place
    above = Organization.objects.filter(path__in=place.parent_paths())
    return above.filter(kind=Kind.UNIT).first() or place


def of(place: Organization, user) -> dict:
    """One row a list that `place` bears today: bearer, reason, reviewer, reason, and the link
    to this year's list where `user` reads it; and why a list is missing here."""
    planned, desks = plans.plan(unit_of(place)), Desks(at=place)
    borne = [each for each in planned.bearings if each.organization_id == place.pk]
    names = dict(User.objects.filter(pk__in=[each.holder_id for each in borne])
                 .values_list("pk", "name"))
    visible = Checklist.objects.visible_to(user, for_=Permission.CHECKLIST_VIEW)
    lists = {(each.subject, each.holder_id): each.pk
             for each in visible.filter(organization=place, year=today().year)}
    return {"lists": [_row(place, each, desks, names, lists) for each in borne],
            "silence": _silence(place, planned)}


def _row(place, bearing, desks: Desks, names: dict, lists: dict) -> dict:
    subject, found = Subject(bearing.subject), lists.get((bearing.subject, bearing.holder_id))
    holder = names.get(bearing.holder_id, "")
    return {
        "title": f"{_label(place, subject)}{holder and f' {holder}'}的清单",
        "why": bearing.reason,
        "reviews": [_review(place, taken, desks, len(bearing.takes) > 1)
                    for taken in bearing.takes],
        "url": reverse("checklists:checklist_detail", args=[found]) if found else "",
    }


def _review(place, subject: str, desks: Desks, names_subject: bool) -> dict:
    desk = desks.reviewer(place.path, subject, own=set())
    label = f"{Subject(subject).label}的职责：" if names_subject else ""
    return {"place": f"{label}{desk.name if desk else '还没有'}",
            "why": desks.reason(place.path, subject)}


def _label(place: Organization, subject: str) -> str:
    """党组 or 党委 as the unit has it; the plain word of the subject otherwise."""
    if subject == Subject.PARTY_GROUP:
        return place.get_leading_body_display() or "党组"
    return "机关党总支" if place.kind == Kind.GENERAL_BRANCH else subject.label


def _silence(place: Organization, planned: plans.Plan) -> str:
    """Why a list is missing here; empty where none is."""
    if planned.place.kind != Kind.UNIT or place.closed_on is not None:
        return ""
    secretaries = [each.holder_id for each in planned.bearings
                   if each.subject == Subject.SECRETARY and each.holder_id]
    return bearers.silences(planned.place, planned.nodes, secretaries).get(place.pk, "")
