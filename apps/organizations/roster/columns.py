"""The three sheets of a roster and their columns, with the titles that offices give them."""

import re
import unicodedata
from dataclasses import dataclass

from apps.organizations.models import Organization
from apps.organizations.roles import RoleCode

Kind = Organization.Kind
PLACES, PEOPLE, POSTS = "places", "people", "posts"
# How a cell is read: see read.py.
CODE, WORDS, NAME, DAY = "code", "words", "name", "day"
KIND, BODY, ROLE, YES = "kind", "body", "role", "yes"
# What clears a field; an empty cell leaves it as it is.
NOTHING = "无"


@dataclass(frozen=True)
class Column:
    """One column: key, head, how it is read, its width, what the template says about it, and
    other heads with blanks between them."""

    key: str
    title: str
    kind: str
    width: int
    help: str
    also: str
    is_required: bool = False
    longest: int = 60


@dataclass(frozen=True)
class Layout:
    """One sheet: key, name, other names, columns."""

    key: str
    title: str
    also: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """What the sheet may be called."""
        return [self.title, *self.also.split()]

    @property
    def required(self) -> list[Column]:
        """The columns without which the sheet cannot be read."""
        return [column for column in self.columns if column.is_required]


LAYOUTS = (
    Layout(PLACES, "组织", "单位 党组织 机构 组织名册 单位名册 党组织名册", (
        Column("code", "编号", CODE, 14, is_required=True, longest=30,
               help="自己编，不重复，以后不变。再次上传时按它认出同一个组织。",
               also="组织编号 单位编号 党组织编号 机构编号 组织代码 单位代码 代码 编码"),
        Column("name", "全称", WORDS, 36, is_required=True, longest=120,
               help="党组(党委)写到党组，如“中共云川市教育局党组”。",
               also="组织全称 单位全称 单位名称 组织名称 党组织名称 党组织全称 名称"),
        Column("short_name", "简称", WORDS, 18, help="页面上用的短名，新设的不填就用全称。",
               also="组织简称 单位简称 党组织简称"),
        Column("kind", "类别", KIND, 12, is_required=True,
               help="从下拉里选。单位一行就是它的党组(党委)。",
               also="组织类别 组织类型 党组织类别 类型"),
        Column("parent", "上级编号", CODE, 14, is_required=True, longest=120,
               help="填上级的编号，也可以填上级的全称。工委自己不填。",
               also="上级 上级组织 上级党组织 上级单位 隶属 隶属组织 上级组织编号 上级代码"),
        Column("leading_body", "领导机构", BODY, 10, help="只有单位填：党组或者党委。",
               also="党组或党委"),
        Column("is_window", "窗口单位", YES, 10, help="是或者否，新设的不填就是否。",
               also="是否窗口单位 窗口"),
        Column("founded_on", "设立日期", DAY, 14, help="如2026年1月4日，新设的不填就是今天。",
               also="成立日期 成立时间 设立时间"),
    )),
    Layout(PEOPLE, "人员", "账号 人员名册 账号名册 用户 人员信息", (
        Column("username", "账号", CODE, 18, is_required=True,
               help="登录用，不重复。再次上传时按它认出同一个人。",
               also="登录账号 用户名 登录名 帐号"),
        Column("name", "姓名", NAME, 16, is_required=True, help="少数民族姓名中间用“·”。",
               also="人员姓名 名字"),
    )),
    Layout(POSTS, "任职", "职务 任职名册 职务名册 任职信息", (
        Column("username", "账号", CODE, 18, is_required=True,
               help="“人员”表里的或者已有的账号。", also="登录账号 用户名 登录名 帐号"),
        Column("name", "姓名", NAME, 16, help="可以不填；填了就核对。", also="人员姓名 名字"),
        Column("role", "职务", ROLE, 18, is_required=True, help="从下拉里选。",
               also="岗位 角色 党内职务 任职职务"),
        Column("place", "组织编号", CODE, 14, is_required=True, longest=120,
               help="在哪个组织任职，也可以填组织的全称。",
               also="组织 任职组织 所在组织 党组织 单位编号 编号 任职组织编号 所在党组织"),
        Column("place_name", "组织全称", WORDS, 36, longest=120, help="可以不填；填了就核对。",
               also="组织名称 单位名称 全称 党组织名称"),
        Column("starts_on", "任职日期", DAY, 14, help="哪天开始，新登记的不填就是今天。",
               also="起 开始日期 任职时间 起始日期 任职开始 任职起"),
        Column("ends_on", "结束日期", DAY, 14,
               help=f"哪天结束，没有定的不填；要去掉的写“{NOTHING}”。",
               also="止 任职结束 免职日期 到期日期 截止日期 任职止"),
        Column("drafter", "代填人账号", CODE, 18,
               help=f"领导干部由谁代填；要去掉的写“{NOTHING}”。", also="代填人 代填账号"),
    )),
)
BY_KEY = {layout.key: layout for layout in LAYOUTS}

KINDS = {
    **{kind.label: kind.value for kind in Kind},
    "机关工委": Kind.COMMITTEE, "市直机关工委": Kind.COMMITTEE, "单位党组": Kind.UNIT,
    "党组": Kind.UNIT, "党组(党委)": Kind.UNIT, "机关党总支": Kind.GENERAL_BRANCH,
    "总支": Kind.GENERAL_BRANCH, "纪委": Kind.DISCIPLINE_COMMITTEE, "支部": Kind.BRANCH,
    "机关党支部": Kind.BRANCH, "小组": Kind.GROUP,
}
LEADING_BODIES = {label: value for value, label in Organization.LeadingBody.choices} | {
    "分党组": Organization.LeadingBody.PARTY_GROUP, NOTHING: NOTHING}
YES_WORDS = {**dict.fromkeys(("是", "有", "y", "yes", "1", "√", "✓", "对", "true"), "是"),
             **dict.fromkeys(("否", "不是", NOTHING, "n", "no", "0", "×", "x", "false"), "否")}
ROLES = {
    **{role.label: role.value for role in RoleCode},
    "党组书记": RoleCode.PARTY_GROUP_SECRETARY, "党委书记": RoleCode.PARTY_GROUP_SECRETARY,
    "党组经办人": RoleCode.PARTY_GROUP_CLERK, "党委经办人": RoleCode.PARTY_GROUP_CLERK,
    "党组成员": RoleCode.MEMBER, "党委委员": RoleCode.MEMBER, "领导班子成员": RoleCode.MEMBER,
    "党总支书记": RoleCode.ORGAN_SECRETARY, "机关党总支书记": RoleCode.ORGAN_SECRETARY,
    "党总支经办人": RoleCode.ORGAN_CLERK, "纪委书记": RoleCode.DISCIPLINE_SECRETARY,
    "党支部书记": RoleCode.BRANCH_SECRETARY, "党支部经办人": RoleCode.BRANCH_CLERK,
    "审计员": RoleCode.AUDITOR,
}
# Titles that mean another post in another kind of organisation.
BY_PLACE = {
    "书记": {Kind.UNIT: RoleCode.PARTY_GROUP_SECRETARY,
             Kind.ORGAN_COMMITTEE: RoleCode.ORGAN_SECRETARY,
             Kind.GENERAL_BRANCH: RoleCode.ORGAN_SECRETARY,
             Kind.DISCIPLINE_COMMITTEE: RoleCode.DISCIPLINE_SECRETARY,
             Kind.BRANCH: RoleCode.BRANCH_SECRETARY},
    "经办人": {Kind.UNIT: RoleCode.PARTY_GROUP_CLERK,
               Kind.ORGAN_COMMITTEE: RoleCode.ORGAN_CLERK,
               Kind.GENERAL_BRANCH: RoleCode.ORGAN_CLERK, Kind.BRANCH: RoleCode.BRANCH_CLERK,
               Kind.COMMITTEE: RoleCode.COMMITTEE_OFFICER},
}
# Words that a cell may hold -> what is kept. A title of BY_PLACE is kept until its place is known.
CHOICES: dict[str, dict[str, str]] = {
    KIND: KINDS, BODY: LEADING_BODIES, YES: YES_WORDS,
    ROLE: ROLES | {title: title for title in BY_PLACE}}


def folded(title: str) -> str:
    """A head as it is compared: half-width, without blanks, stars and what brackets explain."""
    plain = re.sub(r"[\s*:]+", "", unicodedata.normalize("NFKC", title)).lower()
    return re.sub(r"\((必填|选填|可不填|可选)[^)]*\)$", "", plain)


def key_of(code: str) -> str:
    """A code or an account as it is compared: A01 and a01 are one."""
    return code.casefold()


def titles(layout: Layout) -> dict[str, str]:
    """Every head that the sheet knows -> key of its column; the first one named wins."""
    found: dict[str, str] = {}
    for column in layout.columns:
        found.setdefault(folded(column.title), column.key)
    for column in layout.columns:
        for other in column.also.split():
            found.setdefault(folded(other), column.key)
    return found
