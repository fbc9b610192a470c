"""Organisations, people and posts of the demo. All names are invented."""

from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.hashers import make_password

from apps.core.act import SYSTEM
from apps.organizations import services
from apps.organizations.models import Organization
from apps.organizations.roles import RoleCode as R

Kind = Organization.Kind


@dataclass(frozen=True)
class Place:
    """An organisation to set up: key, its superior's key, kind, names."""

    key: str
    parent: str
    kind: str
    name: str
    short_name: str
    facts: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Person:
    """An account with its posts as (role, key of the place)."""

    username: str
    name: str
    posts: tuple[tuple[str, str], ...]
    drafter: str = ""


PLACES = (
    Place("gw", "", Kind.COMMITTEE, "中共云川市委市直机关工作委员会", "市直机关工委"),
    Place("jyj", "gw", Kind.UNIT, "中共云川市教育局党组", "市教育局党组",
          {"leading_body": "party_group", "is_window": True}),
    Place("jyj_jgdw", "jyj", Kind.ORGAN_COMMITTEE, "市教育局机关党委", "机关党委"),
    Place("jyj_jw", "jyj_jgdw", Kind.DISCIPLINE_COMMITTEE, "市教育局机关纪委", "机关纪委"),
    Place("jyj_zb1", "jyj_jgdw", Kind.BRANCH, "市教育局机关第一党支部", "第一党支部"),
    Place("jyj_zb2", "jyj_jgdw", Kind.BRANCH, "市教育局机关第二党支部", "第二党支部"),
    Place("jyj_zb3", "jyj_jgdw", Kind.BRANCH, "市教育局机关第三党支部", "第三党支部"),
    Place("jyj_zb4", "jyj_jgdw", Kind.BRANCH, "市教育局离退休党支部", "离退休党支部"),
    Place("czj", "gw", Kind.UNIT, "中共云川市财政局党组", "市财政局党组",
          {"leading_body": "party_group"}),
    Place("czj_zz", "czj", Kind.GENERAL_BRANCH, "市财政局机关党总支", "机关党总支"),
    Place("czj_zb1", "czj_zz", Kind.BRANCH, "市财政局机关第一党支部", "第一党支部"),
    Place("czj_zb2", "czj_zz", Kind.BRANCH, "市财政局机关第二党支部", "第二党支部"),
    Place("dag", "gw", Kind.UNIT, "中共云川市档案馆党组", "市档案馆党组",
          {"leading_body": "party_group", "is_window": True}),
    Place("dag_zb", "dag", Kind.BRANCH, "市档案馆党支部", "党支部"),
)

PEOPLE = (
    Person("gongwei_admin", "周海宁", ((R.COMMITTEE_ADMIN, "gw"),)),
    Person("gongwei_admin2", "许静", ((R.COMMITTEE_ADMIN, "gw"),)),
    Person("gongwei", "王启明", ((R.COMMITTEE_OFFICER, "gw"),)),
    Person("ducha", "孟庆和", ((R.INSPECTOR, "gw"),)),
    Person("jyj_shuji", "郑立群", ((R.PARTY_GROUP_SECRETARY, "jyj"),), drafter="jyj_jgdw"),
    Person("jyj_chengyuan", "梁素芬", ((R.MEMBER, "jyj"),), drafter="jyj_jgdw"),
    Person("jyj_jgdw", "陈立新", ((R.ORGAN_CLERK, "jyj_jgdw"), (R.PARTY_GROUP_CLERK, "jyj"))),
    Person("jyj_jw", "何志远", ((R.DISCIPLINE_SECRETARY, "jyj_jw"),)),
    Person("jyj_zb1", "李一帆", ((R.BRANCH_SECRETARY, "jyj_zb1"),)),
    Person("jyj_zb1_jb", "吴敏", ((R.BRANCH_CLERK, "jyj_zb1"),)),
    Person("czj_zb1", "孙晓东", ((R.BRANCH_SECRETARY, "czj_zb1"),)),
    Person("xitong", "冯工", ((R.SYSTEM_ADMIN, "gw"),)),
    Person("shenji", "曹谨", ((R.AUDITOR, "gw"),)),
    Person("jyj_jgdwsj", "宋为民", ((R.ORGAN_SECRETARY, "jyj_jgdw"),)),
    Person("jyj_zb2", "马春燕", ((R.BRANCH_SECRETARY, "jyj_zb2"),)),
    Person("jyj_zb3", "阿卜杜拉·买买提", ((R.BRANCH_SECRETARY, "jyj_zb3"),)),
    Person("jyj_zb4", "欧阳德清", ((R.BRANCH_SECRETARY, "jyj_zb4"),)),
    Person("czj_shuji", "丁学文", ((R.PARTY_GROUP_SECRETARY, "czj"),), drafter="czj_zz"),
    Person("czj_zz", "杜娟", ((R.ORGAN_CLERK, "czj_zz"), (R.PARTY_GROUP_CLERK, "czj"))),
    Person("czj_zb2", "钱学礼", ((R.BRANCH_SECRETARY, "czj_zb2"),)),
    Person("dag_shuji", "田秀英", ((R.PARTY_GROUP_SECRETARY, "dag"),), drafter="dag_bgs"),
    Person("dag_zb", "彭涛", ((R.BRANCH_SECRETARY, "dag_zb"),)),
    Person("dag_bgs", "蒋雯", ((R.PARTY_GROUP_CLERK, "dag"),)),
)
# The accounts that the story is told with; the others complete the units.
TOLD = 13


def build(*, password: str, since: date) -> tuple[dict, dict]:
    """Set up everything; returns organisations and users by key. All have one password, so it
    is hashed once."""
    places, users, hashed = {}, {}, make_password(password)
    for place in PLACES:
        places[place.key] = services.found(
            kind=place.kind, name=place.name, short_name=place.short_name, by=SYSTEM,
            code=place.key.upper(), founded_on=since,
            parent=places.get(place.parent), **place.facts)
    for person in PEOPLE:
        users[person.username] = services.create_user(
            username=person.username, name=person.name, hashed=hashed, by=SYSTEM, is_demo=True)
    posts = {}
    for person in PEOPLE:
        for role, key in person.posts:
            posts[person.username, key] = services.appoint(
                user=users[person.username], role=role, organization=places[key],
                starts_on=since, drafter=users.get(person.drafter), by=SYSTEM)
    services.entrust(appointment=posts["jyj_chengyuan", "jyj"], organization=places["jyj_zb1"],
                     starts_on=since, by=SYSTEM)
    services.entrust(appointment=posts["gongwei", "gw"], organization=places["jyj"],
                     starts_on=since, by=SYSTEM)
    return places, users
