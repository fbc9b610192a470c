"""The page of a person: posts now and before, what is in his care, the work contact."""

from django.db.models import Q
from django.urls import reverse

from apps.core.calendar import today
from apps.core.dates import day_label
from apps.organizations.models import Appointment, Portfolio
from apps.organizations.permissions import Permission
from apps.organizations.services.personal_data import people_in_view

VIEW = Permission.ORGANIZATION_VIEW


def page(person, user) -> dict:
    """What `user` sees of `person`: only posts in his own scope."""
    rows = Appointment.objects.visible_to(user, for_=VIEW).filter(user=person).select_related(
        "organization", "drafter", "acting_for__user").order_by("-starts_on", "-pk")
    now, to_come, before = [], [], []
    for post in rows:
        is_over = post.ends_on is not None and post.ends_on < today()
        (before if is_over else to_come if post.starts_on > today() else now).append(post)
    return {
        "who": {"pk": person.pk, "name": person.name, "state": state(person)},
        "phone": person.masked_phone, "is_self": person.pk == user.pk,
        "now": [row(post) for post in now], "to_come": [row(post) for post in to_come],
        "before": [row(post) for post in before], "care": care(person, user),
    }


def state(person) -> str:
    """Said only when the person cannot work here at the moment."""
    return "" if person.is_active else "账号停用着，不能登录"


def row(post: Appointment) -> dict:
    """One post in words."""
    notes = [span(post)]
    if post.acting_for_id:
        notes.append(f"代行{post.acting_for.user.name}的职务")
    if post.drafter_id:
        notes.append(f"由{post.drafter.name}代填")
    return {"role": post.get_role_display(), "place": post.organization.name,
            "url": reverse("dashboard:organization", args=[post.organization_id]),
            "note": "，".join(notes)}


def span(post: Appointment) -> str:
    """From when to when."""
    if post.ends_on is None:
        return f"{day_label(post.starts_on)}起"
    return f"{day_label(post.starts_on)}至{day_label(post.ends_on)}"


def care(person, user) -> list[dict]:
    """The organisations in his care today (分管, 联系)."""
    rows = Portfolio.objects.visible_to(user, for_=VIEW).on(today()).filter(
        Q(appointment__ends_on=None) | Q(appointment__ends_on__gte=today()),
        appointment__user=person)
    return [{"name": each.organization.name, "note": f"{day_label(each.starts_on)}起",
             "url": reverse("dashboard:organization", args=[each.organization_id])}
            for each in rows.select_related("organization").order_by("organization__path")]


def links(people: set[int], user) -> dict[int, str]:
    """The page of each of these people whom `user` sees."""
    found = people_in_view(user).filter(pk__in=people).values_list("pk", flat=True)
    return {pk: reverse("dashboard:person", args=[pk]) for pk in found}
