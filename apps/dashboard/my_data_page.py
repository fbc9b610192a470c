"""What is kept about a person, for himself: the page, the file, his requests for correction."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO

from apps.core import privacy, spreadsheets
from apps.core.badges import Badge
from apps.core.calendar import now, today
from apps.core.clock import SHANGHAI
from apps.core.dates import day_label, full_label, moment_label
from apps.core.models import AuditEvent
from apps.core.spreadsheets import Column
from apps.organizations.models import Correction, User
from apps.organizations.services import personal_data

State = Correction.State
MOST_VIEWS = 10
BADGES = {State.ASKED: Badge("is-sent", "m-sent", State.ASKED.label),
          State.DONE: Badge("is-done", "m-done", State.DONE.label),
          State.DECLINED: Badge("is-off", "m-off", State.DECLINED.label)}
COLUMNS = (Column("类别", 16), Column("您在其中", 12), Column("内容", 90), Column("用途", 30),
           Column("保存多久", 30))


def page(user) -> dict:
    """The account in words, everything else as numbers of rows, and the requests."""
    asked = list(personal_data.corrections_of(user))
    return {
        "account": account(user), "phone": user.work_phone, "kinds": kinds(user),
        "asked": [request_row(each) for each in asked],
        "viewed": [f"{moment_label(each.at)}，{each.actor_name}" for each in viewed(user)],
        "may_ask": not any(each.state == State.ASKED for each in asked),
    }


def viewed(user):
    """Who looked at the whole telephone number, the latest first."""
    looks = AuditEvent.objects.about(user).filter(code="organizations.user.phone_view")
    return looks.order_by("-number")[:MOST_VIEWS]


def account(user) -> list[tuple[str, str]]:
    """The row of the person himself; the password only since when."""
    changed = user.password_changed_at or user.created_at
    return [("姓名", user.name), ("账号", user.username),
            ("建立", moment_label(user.created_at)),
            ("最近登录", moment_label(user.last_login) if user.last_login else "没有登录过"),
            ("密码", f"{day_label(changed.date())}设置，只存校验值，谁也看不到原文")]


def kinds(user) -> list[dict]:
    """What is kept elsewhere: how many rows, what for, how long, who sees it."""
    found = []
    for way, count in privacy.counts(user):
        shown = list(privacy.declared(way.model).values())
        first = next((each for each in shown if not each.is_secret), shown[0])
        found.append({"label": way.label, "role": way.role, "count": count,
                      "purpose": first.purpose, "kept": first.retention,
                      "seen_by": first.seen_by})
    return found


def request_row(row: Correction) -> dict:
    """One request for correction with its answer."""
    answered = (f"{row.answered_by.name}，{moment_label(row.answered_at)}"
                if row.answered_by_id else "")
    return {"request": row.request, "when": moment_label(row.asked_at), "badge": BADGES[row.state],
            "answer": row.answer, "answered": answered}


# --- the file ---------------------------------------------------------------------------


def parts(user) -> Iterator[tuple[privacy.Holding, list[dict]]]:
    """Everything, kind by kind. Secrets are not in it: nobody can read them anyway."""
    for way, _count in privacy.counts(user):
        if way.fields:
            yield way, [{label: plain(value) for label, value in record.items()}
                        for record in privacy.records(way, user)]


def plain(value) -> str:
    """A value as it stands in a file for people."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)


def own_row(user) -> dict[str, str]:
    """The account itself, field by field."""
    return {privacy.field_name(User, name): plain(getattr(user, name))
            for name, each in privacy.declared(User).items() if not each.is_secret}


def as_json(user) -> BytesIO:
    """The file for machines (个人信息的转移)."""
    found = {
        "说明": "方阵中关于本人的全部信息；密码等只存校验值的不在其中。",
        "导出时间": plain(now()), "账号": own_row(user),
        "记录": [{"类别": way.label, "本人在其中": way.role, "条": rows}
               for way, rows in parts(user)],
    }
    return BytesIO(json.dumps(found, ensure_ascii=False, indent=1).encode("utf-8", "replace"))


def as_excel(user):
    """The file for people."""
    return spreadsheets.table(
        title=f"{user.name}的个人信息", columns=COLUMNS, rows=lines(user), is_long=True,
        facts=[f"{full_label(today())}由本人从方阵导出；密码等只存校验值的不在其中。"])


def lines(user) -> Iterator[tuple]:
    """One row a record."""
    for name, each in privacy.declared(User).items():
        if not each.is_secret:
            yield ("账号", privacy.field_name(User, name), plain(getattr(user, name)),
                   each.purpose, each.retention)
    for way, rows in parts(user):
        first = next(iter(way.fields.values()))
        for record in rows:
            text = "\n".join(f"{label}：{value}" for label, value in record.items() if value)
            yield (way.label, way.role, text, first.purpose, first.retention)
