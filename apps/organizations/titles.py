"""Posts as they are called at an organisation: 市教育局党组书记, 第一党支部书记, 机关党总支书记."""

from apps.organizations.models.organizations import Organization
from apps.organizations.roles import RoleCode

Kind = Organization.Kind


def post_name(role: str, organization: Organization) -> str:
    """The post alone: a 党总支 has no 机关党委书记, a 党委 no 党组书记."""
    name = RoleCode(role).label
    if organization.kind == Kind.GENERAL_BRANCH:
        return name.replace("机关党委", "党总支")
    return name.replace("党组(党委)", organization.get_leading_body_display() or "党组")


def post_at(role: str, organization: Organization, *, name: str = "") -> str:
    """The post with its organisation (under `name`, or its full one), what both say said once."""
    place, post = name or organization.name, post_name(role, organization)
    shared = next((length for length in range(len(post), 0, -1)
                   if place.endswith(post[:length])), 0)
    return place + post[shared:]
