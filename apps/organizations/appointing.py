"""Who may give which post: the rule file. Services, forms and the roster all ask here.

| post | is given and ended by |
| --- | --- |
| 支部书记, 支部经办人 | 机关党委书记, 机关党委经办人 on what is below them; 工委管理员 |
| other posts of a unit | 工委管理员 |
| 工委 and technical posts | one 工委管理员 proposes, another one confirms |

Nobody gives a post to himself. A post belongs to a kind of organisation, and a secretary is
one at a time. Every answer is a sentence for the person who asked, or None.
"""

from apps.core.act import SYSTEM
from apps.core.fields import subtree_end
from apps.organizations import titles
from apps.organizations.models import Appointment, Organization
from apps.organizations.roles import ROLES, Lane, RoleCode

Kind = Organization.Kind

BRANCH_POSTS = frozenset({RoleCode.BRANCH_SECRETARY, RoleCode.BRANCH_CLERK})
# Taken up and laid down only when a second 工委管理员 has confirmed it.
CONFIRMED = frozenset(code for code, role in ROLES.items()
                      if role.is_committee or role.lane != Lane.BUSINESS)
UNIT_POSTS = frozenset(ROLES) - CONFIRMED - BRANCH_POSTS
# The posts that the holder of a post gives on its subtree.
GIVES: dict[str, frozenset] = {
    RoleCode.COMMITTEE_ADMIN: UNIT_POSTS | BRANCH_POSTS,
    RoleCode.ORGAN_SECRETARY: BRANCH_POSTS,
    RoleCode.ORGAN_CLERK: BRANCH_POSTS,
}
PROPOSES = frozenset({RoleCode.COMMITTEE_ADMIN})
ORGAN_BODIES = frozenset({Kind.ORGAN_COMMITTEE, Kind.GENERAL_BRANCH})
# Where there is such a post.
PLACES: dict[str, frozenset] = {
    **{code: frozenset({Kind.COMMITTEE}) for code in CONFIRMED},
    RoleCode.PARTY_GROUP_SECRETARY: frozenset({Kind.UNIT}),
    RoleCode.PARTY_GROUP_CLERK: frozenset({Kind.UNIT}),
    RoleCode.MEMBER: frozenset({Kind.UNIT}),
    RoleCode.ORGAN_SECRETARY: ORGAN_BODIES,
    RoleCode.ORGAN_CLERK: ORGAN_BODIES,
    RoleCode.DISCIPLINE_SECRETARY: frozenset({Kind.DISCIPLINE_COMMITTEE}),
    RoleCode.BRANCH_SECRETARY: frozenset({Kind.BRANCH}),
    RoleCode.BRANCH_CLERK: frozenset({Kind.BRANCH}),
}
# One holder at a time; without one the post is vacant.
SECRETARIES = frozenset({
    RoleCode.PARTY_GROUP_SECRETARY, RoleCode.ORGAN_SECRETARY, RoleCode.DISCIPLINE_SECRETARY,
    RoleCode.BRANCH_SECRETARY})
OWN = "自己的任职要由别人登记。"


def may_appoint(by, role: str, organization: Organization, user=None) -> str | None:
    """Why `by` cannot give the post (to `user`); None when he can."""
    return (lacks(by, role, organization) or misfit(by, role, organization)
            or own(by, user))


def may_propose(by, role: str, organization: Organization, user=None) -> str | None:
    """Why `by` cannot propose a post that a second one confirms; None when he can."""
    if role not in CONFIRMED:
        return f"{RoleCode(role).label}不用提请确认，直接登记。"
    if not _holds(by, PROPOSES, organization.path):
        return f"{RoleCode(role).label}由工委管理员提出。"
    return misfit(by, role, organization) or own(by, user)


def lacks(by, role: str, organization: Organization) -> str | None:
    """Whether giving this post there is somebody else's business, and whose."""
    if by is SYSTEM:
        return None
    if role in CONFIRMED:
        return f"{RoleCode(role).label}由一位工委管理员提出、另一位确认，不能直接登记。"
    givers = frozenset(code for code, posts in GIVES.items() if role in posts)
    if _holds(by, givers, organization.path):
        return None
    if role in BRANCH_POSTS:
        return "支部的任职由机关党委书记、经办人或者工委管理员登记。"
    return f"{RoleCode(role).label}由工委管理员登记。"


def misfit(by, role: str, organization: Organization) -> str | None:
    """Whether there is no such post at such an organisation. Commands are not asked."""
    if by is SYSTEM:
        return None
    if organization.closed_on is not None:
        return f"{organization.name}已经撤销，不能再登记任职。"
    if organization.kind not in PLACES[role]:
        return f"{organization.get_kind_display()}没有{RoleCode(role).label}这个职务。"
    return None


def own(by, user) -> str | None:
    """Whether `by` would give a post to himself."""
    return OWN if user is not None and by.pk is not None and by.pk == user.pk else None


def meeting_lanes(role: str, user, starts_on, ends_on) -> str | None:
    """Whether a technical post would meet a business post of the same person."""
    posts = Appointment.unscoped.filter(user=user).overlapping(starts_on, ends_on)
    if {ROLES[post.role].lane for post in posts} - {ROLES[role].lane}:
        return f"{user.name}的业务职务和技术职务不能由同一人担任。"
    return None


def held(role: str, organization: Organization, user, starts_on, ends_on) -> str | None:
    """Whether the person holds the post already on one of these days."""
    posts = _holders(role, organization, starts_on, ends_on).filter(user=user)
    return f"{user.name}已经任{titles.post_at(role, organization)}。" if posts else None


def occupied(role: str, organization: Organization, starts_on, ends_on) -> str | None:
    """Whether a secretary's post is somebody's on one of these days; deputies do not count."""
    if role not in SECRETARIES:
        return None
    post = _holders(role, organization, starts_on, ends_on).filter(acting_for=None).first()
    if post is None:
        return None
    name = titles.post_name(role, organization)
    return f"{name}现在由{post.user.name}担任，请先免去，或者用移交。"


def roles_given(by, organization: Organization) -> list[str]:
    """The posts that `by` can give or propose at `organization`, in the order of the roles."""
    return [code for code in RoleCode.values
            if may_appoint(by, code, organization) is None
            or may_propose(by, code, organization) is None]


def _holds(by, roles: frozenset, path: str) -> bool:
    return by is SYSTEM or any(
        post.role in roles
        and post.organization.path <= path < subtree_end(post.organization.path)
        for post in by.posts)


def _holders(role: str, organization: Organization, starts_on, ends_on):
    posts = Appointment.unscoped.filter(role=role, organization=organization)
    return posts.overlapping(starts_on, ends_on).select_related("user")
