from django.shortcuts import render
from django.urls import reverse

from apps.checklists import bearing_page
from apps.core.access import requires
from apps.core.calendar import today
from apps.core.dates import day_label, full_label
from apps.core.scoping import get_visible_or_404
from apps.dashboard import directory_page, person_page
from apps.dashboard.changes.frames import ADMIN, FRONT, hub
from apps.organizations import titles
from apps.organizations.models import (
    Appointment,
    Organization,
    OrganizationName,
    Partnership,
    Portfolio,
)
from apps.organizations.permissions import Permission
from apps.organizations.roles import RoleCode
from apps.organizations.vacancies import SECRETARY_OF

Kind = Organization.Kind
VIEW = Permission.ORGANIZATION_VIEW


@requires(VIEW)
def organization(request, pk: int):
    """One organisation: what it is, who holds which post, which lists it bears and why."""
    place = get_visible_or_404(Organization, request.user, for_=VIEW, pk=pk)
    return render(request, "dashboard/organization.html", {
        **face(request.user),
        "place": {"name": place.name, "lead": lead(place), "year": today().year},
        "facts": facts(place, request.user),
        "posts": posts(place, request.user), "before": before(place, request.user),
        **bearing_page.of(place, request.user),
        "partners": partners(place, request.user),
        "below": below(place, request.user),
        "changes_url": changes_url(place, request.user),
    })


def face(user) -> dict:
    """The desk for the committee, the phone for the units; and where the way back leads."""
    if user.is_staff:
        return {"base": "base_desk.html"}
    return {"base": "base.html", "back_url": reverse("dashboard:directory")}


def lead(place: Organization) -> str:
    """What it is, in a line."""
    words = [place.get_kind_display()]
    if place.kind == Kind.UNIT:
        words.append(f"设{place.get_leading_body_display() or '党组'}")
    if place.is_window:
        words.append("窗口单位")
    if place.closed_on:
        words.append(directory_page.closing(place))
    return "，".join(words)


def changes_url(place: Organization, user) -> str:
    """Where its posts and itself are changed, for who may."""
    if not user.may(Permission.POST_EDIT, at=place.path):
        return ""
    return hub(ADMIN if user.is_staff else FRONT, place)


def facts(place: Organization, user) -> list[dict]:
    """What stands about it in the register; links only to what the person reads."""
    above = Organization.objects.visible_to(user, for_=VIEW).filter(
        path__in=place.parent_paths()).order_by("-path")
    found = [{"label": "编号", "text": place.code, "url": ""},
             {"label": "设立", "text": full_label(place.founded_on), "url": ""}]
    found += [{"label": "上级", "text": each.name, "url": url(each)} for each in above[:1]]
    found += [{"label": "曾用名", "url": "",
               "text": f"{each.name}（{full_label(each.starts_on)}至{full_label(each.ends_on)}）"}
              for each in OrganizationName.objects.visible_to(user, for_=VIEW)
              .filter(organization=place).order_by("-starts_on")]
    officers = Portfolio.objects.visible_to(user, for_=VIEW).on(today()).filter(
        organization=place, appointment__role=RoleCode.COMMITTEE_OFFICER)
    names = "、".join(officers.values_list("appointment__user__name", flat=True))
    return found + ([{"label": "联络员", "text": names, "url": ""}] if names else [])


def posts(place: Organization, user) -> list[dict]:
    """Posts of today, the head first; a vacant one is said."""
    held = Appointment.objects.visible_to(user, for_=VIEW).on(today()).filter(
        organization=place).select_related("user", "drafter").order_by("pk")
    people = person_page.links({each.user_id for each in held}, user)
    rows = [{"role": titles.post_name(each.role, place), "name": each.user.name, "is_vacant": False,
             "url": people.get(each.user_id, ""), "note": post_note(each)} for each in held]
    head = SECRETARY_OF.get(Kind(place.kind))
    if head and place.closed_on is None and not any(each.role == head for each in held):
        rows.insert(0, {"role": titles.post_name(head, place), "name": "空缺", "is_vacant": True,
                        "note": ""})
    return rows


def before(place: Organization, user) -> list[dict]:
    """Posts that are over, the latest first; a link only to who is still in view."""
    held = list(Appointment.objects.visible_to(user, for_=VIEW).filter(
        organization=place, ends_on__lt=today()).select_related("user").order_by(
        "-ends_on", "-pk"))
    people = person_page.links({each.user_id for each in held}, user) if held else {}
    return [{"role": titles.post_name(each.role, place), "name": each.user.name,
             "url": people.get(each.user_id, ""),
             "note": person_page.span(each) + ("，代行" if each.acting_for_id else "")}
            for each in held]


def post_note(post: Appointment) -> str:
    """Since when, and who types for him."""
    drafter = f"，由{post.drafter.name}代填" if post.drafter_id else ""
    acting = "，代行" if post.acting_for_id else ""
    return f"{day_label(post.starts_on)}起{acting}{drafter}"


def partners(place: Organization, user) -> list[dict]:
    """The two sides of a joint branch: who shares this one, or which ones this unit shares."""
    shared = Partnership.objects.visible_to(user, for_=VIEW).on(today()).select_related(
        "branch", "unit")
    rows = [{"name": each.unit.name, "note": "参加这个联合支部，只查看，不填报", "url": ""}
            for each in shared.filter(branch=place).order_by("unit__path")]
    return rows + [
        {"name": each.branch.name, "note": "参加的联合支部，由主办单位填报和审核",
         "url": url(each.branch)}
        for each in shared.filter(unit=place).order_by("branch__path")]


def below(place: Organization, user) -> list[dict]:
    """What stands directly below; of the committee the list of units is in the admin."""
    if place.kind == Kind.COMMITTEE:
        return []
    inside = Organization.objects.visible_to(user, for_=VIEW).active().under(place.path)
    return [{"name": each.name, "note": each.get_kind_display(), "url": url(each)}
            for each in inside.filter(depth=place.depth + 1)]


def url(place: Organization) -> str:
    """The page of an organisation."""
    return reverse("dashboard:organization", args=[place.pk])
