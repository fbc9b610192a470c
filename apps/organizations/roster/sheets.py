"""A roster as an Excel file: the template, what stands, what a check said, the passwords."""

from io import BytesIO

from django.db.models import Q

from apps.core import spreadsheets
from apps.core.act import act, record
from apps.core.calendar import today
from apps.core.dates import full_label, moment_label
from apps.core.spreadsheets import Column, Form
from apps.organizations.models import Appointment, Organization, Roster, User
from apps.organizations.permissions import Permission
from apps.organizations.roles import RoleCode
from apps.organizations.roster import columns
from apps.organizations.roster.columns import BODY, KIND, LAYOUTS, PEOPLE, PLACES, ROLE, YES
from apps.organizations.roster.lines import Outcome
from apps.organizations.roster.read import EXPLANATION

OFFERED = {KIND: Organization.Kind.labels, BODY: Organization.LeadingBody.labels,
           YES: ["是", "否"], ROLE: RoleCode.labels}
RULES = (
    "三张表：组织、人员、任职。可以只填其中一张，也可以用三个CSV，一个文件一张表。",
    "表头不改名，列的先后可以换，不认识的列不读。标“必填”的列不能少。",
    "日期写2026年1月4日、2026.1.4、2026-1-4或20260104都可以。",
    "已有的组织按编号认，已有的人按账号认。空着的格子表示不动；要去掉的写“无”。",
    "名册只新增和更改，不删除。撤销、合并、划转、移交请在组织和任职的页面办理。",
    "名册里没有写到的组织、人员、任职都不动。",
    "工委和技术职务装入后是提请，等另一位工委管理员确认。",
    "先检查，再装入。有一行没有通过，就一行都不装入。同一份名册装入两次，第二次什么也不变。",
    "新账号的一次性密码，装入以后领取一张表，当面交给本人，首次登录后修改。",
    "不填身份证号、手机号、家庭住址。涉密内容一律不要填写。",
)
LINE_HEADS = (Column("工作表", 8), Column("行", 6), Column("内容", 40), Column("结果", 8),
              Column("原因或变化", 70))


def template() -> BytesIO:
    """Three empty sheets with drop-downs, and one that explains."""
    return spreadsheets.forms(*(_form(layout, ()) for layout in LAYOUTS), _explanation())


def export(*, by) -> BytesIO:
    """What stands within the reach of `by`, in the columns of the template.

    Who took the city's names along is recorded. Left out are closed organisations, ended posts
    and deputies, who come and go by themselves.
    """
    found = {PLACES: _places(by), PEOPLE: _people(by), columns.POSTS: _posts(by)}
    with act(by=by):
        record("organizations.organization.export", None,
               **{key: len(rows) for key, rows in found.items()})
    return spreadsheets.forms(*(_form(layout, found[layout.key]) for layout in LAYOUTS),
                              _explanation())


def checked(roster: Roster) -> BytesIO:
    """What a check said, one line a row."""
    counts = "，".join(f"{Outcome(key).label}{count}行" for key, count in roster.counts.items())
    return spreadsheets.table(
        title="名册检查结果",
        facts=(f"文件：{roster.name}", f"{moment_label(roster.checked_at)}检查：{counts}",
               *roster.rows.get("notes", ())),
        columns=LINE_HEADS,
        rows=([sheet, row, label, Outcome(outcome).label, words]
              for sheet, row, label, outcome, words in roster.lines))


def passwords(roster: Roster, given: list[tuple[str, str, str]]) -> BytesIO:
    """The one-time passwords: this file is the only place where they stand."""
    return spreadsheets.table(
        title="新账号的一次性密码",
        facts=(f"名册：{roster.name}", "每行裁开，当面交给本人。首次登录后要换成自己的密码。",
               "这张表不要发到群里，交完即销毁。没有登录过的账号可以再领一次，这张表随即作废。"),
        columns=(Column("姓名", 16), Column("账号", 24), Column("一次性密码", 26)),
        rows=((name, username, password) for username, name, password in given))


def file_name(title: str) -> str:
    """市直机关名册20261123.xlsx."""
    return f"{title}{today():%Y%m%d}.xlsx"


# --- rows -------------------------------------------------------------------------------------


def _places(by) -> list[tuple]:
    rows = list(Organization.objects.visible_to(
        by, for_=Permission.ORGANIZATION_VIEW).filter(closed_on=None))
    codes = {place.path: place.code for place in rows}
    return [(place.code, place.name, place.short_name, place.get_kind_display(),
             codes.get(place.path[:-Organization.steplen], ""), place.get_leading_body_display(),
             "是" if place.is_window else "否", full_label(place.founded_on)) for place in rows]


def _people(by) -> list[tuple]:
    rows = User.objects.visible_to(by, for_=Permission.ACCOUNT_EDIT).filter(is_active=True)
    return list(rows.order_by("username").values_list("username", "name"))


def _posts(by) -> list[tuple]:
    rows = Appointment.objects.visible_to(by, for_=Permission.ORGANIZATION_VIEW).filter(
        Q(ends_on=None) | Q(ends_on__gte=today()), acting_for=None, user__is_active=True,
        organization__closed_on=None).select_related("user", "organization", "drafter")
    return [(post.user.username, post.user.name, post.get_role_display(), post.organization.code,
             post.organization.name, full_label(post.starts_on),
             full_label(post.ends_on) if post.ends_on else "",
             post.drafter.username if post.drafter and post.drafter.is_active else "")
            for post in rows.order_by("organization__path", "role", "user__username",
                                      "starts_on")]


def _form(layout: columns.Layout, rows) -> Form:
    return Form(
        title=layout.title, rows=rows,
        columns=[Column(column.title, column.width) for column in layout.columns],
        choices={place: OFFERED[column.kind] for place, column in enumerate(layout.columns)
                 if column.kind in OFFERED},
        notes={place: column.help for place, column in enumerate(layout.columns)})


def _explanation() -> Form:
    rows = [("总的", "", rule) for rule in RULES]
    rows += [(layout.title, column.title, ("必填。" if column.is_required else "") + column.help)
             for layout in LAYOUTS for column in layout.columns]
    return Form(title=EXPLANATION, rows=rows,
                columns=(Column("工作表", 10), Column("列", 14), Column("说明", 90)))
