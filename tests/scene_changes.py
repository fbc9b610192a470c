"""Addresses and bodies of the changes of posts and organisations, for the scene."""

from apps.organizations import services
from apps.organizations.roles import RoleCode
from tests.city import TODAY

DAY = TODAY.isoformat()
PLACES = ("organization_changes", "post_appoint", "account_new")
POSTS = ("post_end", "post_hand_over", "post_deputy", "post_drafter")
UNITS = ("found", "rename", "facts", "move", "merge", "close")


def propose(city):
    """A post that waits for the first administrator."""
    return services.propose_appointment(
        user=city.user("czj_zb2"), role=RoleCode.INSPECTOR, organization=city.place("gw"),
        starts_on=TODAY, by=city.user("gongwei_admin2"))


def samples(city, proposal) -> dict[str, dict]:
    """Changes at the branch of the cast, and of its unit."""
    branch, unit = city.place("jyj_zb1"), city.place("jyj")
    post = city.user("jyj_zb1").posts[0]
    found = {"dashboard:post_leave": {"pk": post.pk},
             "admin:proposal_detail": {"pk": proposal.pk}}
    for face in ("dashboard", "admin"):
        found |= {f"{face}:{name}": {"pk": branch.pk} for name in PLACES}
        found |= {f"{face}:{name}": {"pk": post.pk} for name in POSTS}
        found[f"{face}:account_correct"] = {"pk": post.user_id}
    return found | {f"admin:organization_{name}": {"pk": unit.pk} for name in UNITS}


def bodies(city) -> dict[str, dict]:
    """What the right person would post."""
    clerk = city.user("jyj_zb1_jb")
    days = {"starts_on": DAY, "ends_on": DAY}
    found = {
        "dashboard:post_leave": days | {"to": clerk.pk},
        "admin:proposal_detail": {"step": "confirm", "seen": 0},
        "admin:account_add": {"name": "王新", "username": "wangxin"},
        "admin:organization_found": {"kind": "branch", "name": "市教育局第五党支部",
                                     "short_name": "第五党支部", "code": "JYJ9",
                                     "founded_on": DAY},
        "admin:organization_rename": {"name": "市教体局", "short_name": "教体局", "on": DAY},
        "admin:organization_facts": {"leading_body": "party_group"},
        "admin:organization_move": {"parent": city.place("czj").pk},
        "admin:organization_merge": {"into": city.place("czj").pk, "on": DAY},
        "admin:organization_close": {"reason": "撤并", "on": DAY},
    }
    for face in ("dashboard", "admin"):
        found |= {
            f"{face}:post_appoint": {"user": city.user("jyj_jw").pk, "role": "branch_clerk",
                                     "starts_on": DAY, "q": "何"},
            f"{face}:account_new": {"name": "王新", "username": "wangxin", "starts_on": DAY,
                                    "role": "branch_clerk"},
            f"{face}:post_end": {"last_day": DAY},
            f"{face}:post_drafter": {"drafter": ""},
            f"{face}:account_correct": {"name": "李一凡"},
            f"{face}:post_hand_over": {"to": clerk.pk, "on": DAY, "q": "吴"},
            f"{face}:post_deputy": days | {"to": clerk.pk, "q": "吴"},
        }
    return found
