from django.shortcuts import render
from django.urls import reverse

from apps.core.access import LOGGED_IN, requires
from apps.core.calendar import today
from apps.core.dates import day_label
from apps.organizations.appointing import CONFIRMED
from apps.organizations.models import Appointment, User
from apps.organizations.permissions import Permission
from apps.organizations.services.posts import may_deputize


@requires(LOGGED_IN)
def me(request):
    """The person's own posts, and the doors to password and second factor."""
    return render(request, "dashboard/me.html", {
        "posts": posts(request.user),
        "links": {"password": reverse("account_change_password"), "mfa": reverse("mfa_index"),
                  "sessions": reverse("dashboard:sessions"),
                  "data": reverse("dashboard:my_data"), "directory": directory_url(request.user),
                  "logout": reverse("account_logout")},
        "petitions_url": petitions_url(request.user),
        "changes_url": changes_url(request.user),
        "is_demo": request.user.is_demo,
        "drafts_for": "、".join(leaders(request.user)),
    })


def directory_url(user) -> str:
    """The organisations in view, for who sees any."""
    return reverse("dashboard:directory") if user.holds(Permission.ORGANIZATION_VIEW) else ""


def petitions_url(user) -> str:
    """What the person asked and what was answered, for who fills in any list."""
    return reverse("checklists:petition_list") if user.holds(Permission.REPORT_FILL) else ""


def changes_url(user) -> str:
    """Where posts are given and ended, for who does that."""
    if not user.holds(Permission.POST_EDIT):
        return ""
    return reverse("admin:vacancy_list" if user.is_staff else "dashboard:vacancy_list")


def posts(user) -> list[dict]:
    """The posts of today with who acts for the holder, and what he may do himself."""
    deputies = Appointment.objects.visible_to(user, for_=Permission.ORGANIZATION_VIEW)
    deputies = deputies.filter(acting_for__in=user.posts, ends_on__gte=today())
    acting = {each.acting_for_id: each for each in deputies.select_related("user")}
    return [post_row(post) | own_doors(user, post, acting.get(post.pk)) for post in user.posts]


def own_doors(user, post, deputy) -> dict:
    """Name a deputy or stop him; lay down a committee or technical post."""
    leave = end = words = ""
    if deputy is not None:
        words = (f"{day_label(deputy.starts_on)}至{day_label(deputy.ends_on)}"
                 f"由{deputy.user.name}代行")
        end = reverse("dashboard:post_end", args=[deputy.pk])
    elif post.role in CONFIRMED:
        end = reverse("dashboard:post_end", args=[post.pk])
    elif not post.acting_for_id and may_deputize(user, post) is None:
        leave = reverse("dashboard:post_leave", args=[post.pk])
    return {"deputy": words, "leave_url": leave, "end_url": end,
            "end_label": "停止代行" if deputy else "辞去"}


def post_row(post) -> dict:
    """One post with its dates."""
    return {
        "organization": post.organization.name, "role": post.get_role_display(),
        "since": f"{day_label(post.starts_on)}起",
        "until": f"{day_label(post.ends_on)}止" if post.ends_on else "",
        "is_acting": post.acting_for_id is not None,
    }


def leaders(user) -> list[str]:
    """Names of the leaders for whom this person types."""
    people = User.objects.filter(pk__in=user.drafts_for_ids)
    return list(people.order_by("pk").values_list("name", flat=True))
