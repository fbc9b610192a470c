"""Addresses of the changes of posts and organisations, in front and in the admin."""

from django.urls import path

from apps.dashboard.changes.frames import ADMIN
from apps.dashboard.views.changes import accounts, hub, leave, posts, proposals, units

# Front pages of the organ committees and of everybody's own posts.
front = [
    path("organizations/changes/", hub.vacancy_list, name="vacancy_list"),
    path("organizations/<int:pk>/changes/", hub.organization_changes,
         name="organization_changes"),
    path("organizations/<int:pk>/posts/new/", posts.post_appoint, name="post_appoint"),
    path("organizations/<int:pk>/accounts/new/", accounts.account_new, name="account_new"),
    path("posts/<int:pk>/end/", posts.post_end, name="post_end"),
    path("posts/<int:pk>/hand-over/", posts.post_hand_over, name="post_hand_over"),
    path("posts/<int:pk>/deputy/", posts.post_deputy, name="post_deputy"),
    path("posts/<int:pk>/drafter/", posts.post_drafter, name="post_drafter"),
    path("people/<int:pk>/name/", accounts.account_correct, name="account_correct"),
    path("me/posts/<int:pk>/leave/", leave.post_leave, name="post_leave"),
]


def paths() -> list:
    """For the admin site, which puts its own door in front of each."""
    base = {"base": ADMIN}
    place = "organizations/<int:pk>/"
    return [
        path("organizations/changes/", hub.vacancy_list, base, name="vacancy_list"),
        path(f"{place}changes/", hub.organization_changes, base, name="organization_changes"),
        path(f"{place}posts/new/", posts.post_appoint, base, name="post_appoint"),
        path(f"{place}accounts/new/", accounts.account_new, base, name="account_new"),
        path("accounts/new/", accounts.account_add, name="account_add"),
        path("posts/<int:pk>/end/", posts.post_end, base, name="post_end"),
        path("posts/<int:pk>/hand-over/", posts.post_hand_over, base, name="post_hand_over"),
        path("posts/<int:pk>/deputy/", posts.post_deputy, base, name="post_deputy"),
        path("posts/<int:pk>/drafter/", posts.post_drafter, base, name="post_drafter"),
        path("accounts/<int:pk>/name/", accounts.account_correct, base, name="account_correct"),
        path("proposals/", proposals.proposal_list, name="proposal_list"),
        path("proposals/<int:pk>/", proposals.proposal_detail, name="proposal_detail"),
        path(f"{place}found/", units.organization_found, name="organization_found"),
        path(f"{place}rename/", units.organization_rename, name="organization_rename"),
        path(f"{place}facts/", units.organization_facts, name="organization_facts"),
        path(f"{place}move/", units.organization_move, name="organization_move"),
        path(f"{place}merge/", units.organization_merge, name="organization_merge"),
        path(f"{place}close/", units.organization_close, name="organization_close"),
    ]
