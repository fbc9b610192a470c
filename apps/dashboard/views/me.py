from django.shortcuts import render
from django.urls import reverse

from apps.core.access import LOGGED_IN, requires
from apps.core.dates import day_label
from apps.organizations.models import User


@requires(LOGGED_IN)
def me(request):
    """The person's own posts, and the doors to password and second factor."""
    return render(request, "dashboard/me.html", {
        "posts": [post_row(post) for post in request.user.posts],
        "links": {"password": reverse("account_change_password"), "mfa": reverse("mfa_index"),
                  "logout": reverse("account_logout")},
        "is_demo": request.user.is_demo,
        "drafts_for": "、".join(leaders(request.user)),
    })


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
