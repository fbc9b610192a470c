"""People whom a page offers for a post, found by name, pinyin initials or account."""

from collections import defaultdict

from django.db.models import Q

from apps.core.calendar import today
from apps.organizations import titles
from apps.organizations.lockout import normal_username
from apps.organizations.models import Appointment, User
from apps.organizations.permissions import Permission

MOST = 20


def in_scope(by):
    """People with a post in the organisations that this person sees, who can log in."""
    people = User.objects.visible_to(by, for_=Permission.ORGANIZATION_VIEW)
    return people.filter(is_active=True).exclude(pk=by.pk)


def find(by, typed: str) -> list[tuple[int, str]]:
    """Choices for the typed words, at most MOST."""
    words = typed.strip()
    if not words:
        return []
    found = in_scope(by).filter(
        Q(name__icontains=words) | Q(initials__startswith=words.lower())
        | Q(username__startswith=normal_username(words)))
    return labelled(by, found.order_by("name", "pk")[:MOST])


def labelled(by, people) -> list[tuple[int, str]]:
    """Each person with his account and his posts in view, to tell namesakes apart."""
    people, posts = list(people), defaultdict(list)
    rows = Appointment.objects.visible_to(by, for_=Permission.ORGANIZATION_VIEW).on(today())
    for post in rows.filter(user__in=people).select_related("organization"):
        posts[post.user_id].append(titles.post_at(
            post.role, post.organization, name=post.organization.short_name))
    return [(user.pk, f"{user.name}（{user.username}）{'、'.join(posts[user.pk]) or '没有任职'}")
            for user in people]


def search(request, *, new_url: str = "") -> dict:
    """What the search box shows: the words, the choices, and the way to a new account."""
    words = request.POST.get("q", request.GET.get("q", ""))[:60]
    return {"q": words, "choices": find(request.user, words), "new_url": new_url,
            "kept": [(key, request.GET[key]) for key in ("role",) if key in request.GET]}
