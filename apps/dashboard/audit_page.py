"""The audit as the 安全审计员 searches it: sentences first, fields behind them."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import cache
from urllib.parse import urlencode

from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Q

from apps.core import audit, chain
from apps.core.badges import Badge
from apps.core.clock import SHANGHAI
from apps.core.dates import ChineseDateField, full_label, moment_label
from apps.core.jobs import STOPPED, is_silent
from apps.core.models import AuditEvent, Job
from apps.core.privacy import model_name
from apps.core.spreadsheets import Column

PAGE = 100
# More lines than anybody reads; a file of this length is made in seconds.
MOST = 50_000
Outcome = AuditEvent.Outcome
DONE = Badge("is-done", "m-done", Outcome.DONE.label)
REFUSED = Badge("is-back", "m-back", Outcome.REFUSED.label)
HOLDS = Badge("is-done", "m-done", "完整")
BROKEN = Badge("is-late", "m-late", "断开")
UNCHECKED = Badge("is-off", "m-draft", "还没有校验")
RUNNING = Badge("is-sent", "m-sent", "正在校验")
# Families whose name is no model.
FAMILIES = {"core": "没有办成的", "core.calendar": "工作日", "core.file": "文件",
            "duties.beside": "目录的附表", "duties.catalogue": "责任目录", "duties.clauses": "条文"}
COLUMNS = (Column("序号", 8), Column("时间", 20), Column("办理人", 12), Column("做了什么", 60),
           Column("结果", 8), Column("对象", 30), Column("代码", 34), Column("地址", 16),
           Column("请求编号", 38))


def family(code: str) -> str:
    """What a code is about: the part before its verb."""
    return code.rpartition(".")[0]


@cache
def families() -> tuple[tuple[str, str], ...]:
    """Every family of codes with its name, in order of the names."""
    models = {model._meta.label_lower: model_name(model) for model in apps.get_models()}
    found = {name: FAMILIES.get(name) or models[name]
             for name in {family(code) for code in audit.codes()}}
    return tuple(sorted(found.items(), key=lambda pair: pair[1]))


class SearchForm(forms.Form):
    """What the auditor looks for. Nothing of it is kept, so any words are taken."""

    person = forms.CharField(label="谁", required=False, max_length=100)
    target = forms.CharField(label="对象", required=False, max_length=200)
    about = forms.ChoiceField(label="哪类事", required=False)
    since = ChineseDateField(label="从哪天", required=False)
    until = ChineseDateField(label="到哪天", required=False)
    outcome = forms.ChoiceField(label="结果", required=False,
                                choices=(("", "全部"), *Outcome.choices))
    request_id = forms.CharField(label="请求编号", required=False, max_length=36)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = (("", "全部"), *families())
        for name in ("about", "outcome"):
            self.fields[name].error_messages["invalid_choice"] = "没有这一项，请重新选。"

    def clean(self):
        """The first day is not after the last."""
        values = super().clean()
        since, until = values.get("since"), values.get("until")
        if since and until and until < since:
            raise ValidationError({"until": "这一天在第一天之前。"})
        return values

    @property
    def chosen(self) -> dict:
        """What was chosen and could be understood."""
        return {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}

    def words(self) -> str:
        """The filter as it stands in the head of a file and in the audit."""
        said = {name: full_label(value) if name in ("since", "until") else
                dict(self.fields[name].choices).get(value, value)
                if name in ("about", "outcome") else value
                for name, value in self.chosen.items()}
        return "，".join(f"{self.fields[name].label}：{value}"
                        for name, value in said.items()) or "全部"


def find(user, permission: str, chosen: dict):
    """The events that fit, the latest first."""
    rows = AuditEvent.objects.visible_to(user, for_=permission)
    if "person" in chosen:
        rows = rows.filter(Q(actor_name__icontains=chosen["person"])
                           | Q(actor_id=chosen["person"]))
    if "target" in chosen:
        rows = rows.filter(target_label__icontains=chosen["target"])
    if "about" in chosen:
        rows = rows.filter(code__in=[code for code in audit.codes()
                                     if family(code) == chosen["about"]])
    if "since" in chosen:
        rows = rows.filter(at__gte=_midnight(chosen["since"]))
    if "until" in chosen:
        rows = rows.filter(at__lt=_midnight(chosen["until"] + timedelta(days=1)))
    rows = rows.filter(outcome=chosen["outcome"]) if "outcome" in chosen else rows
    rows = rows.filter(request_id=chosen["request_id"]) if "request_id" in chosen else rows
    return rows.order_by("-number")


def page(rows, query, before: str) -> dict:
    """A page of events up to a number: no statement counts a table of millions."""
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(number__lt=int(before))
    else:
        before = ""
    found = list(rows[:PAGE + 1])
    kept = {name: value for name, value in query.items() if value and name != "before"}
    return {
        "rows": [row(each) for each in found[:PAGE]],
        "older_url": f"?{urlencode(kept | {'before': found[PAGE - 1].number})}"
        if len(found) > PAGE else "",
        "newest_url": f"?{urlencode(kept)}" if before else "",
    }


def row(event: AuditEvent) -> dict:
    """One event: the sentence, and what stands behind it."""
    return {
        "number": event.number, "sentence": audit.sentence(event),
        "when": moment_label(event.at), "who": event.actor_name, "ip": event.ip,
        "badge": DONE if event.outcome == Outcome.DONE else REFUSED,
        "facts": [(label, value) for label, value in (
            ("序号", event.number), ("代码", event.code), ("人员编号", event.actor_id),
            ("对象", event.target_label),
            ("对象编号", f"{event.target_type} {event.target_id}".strip()),
            ("请求编号", event.request_id), ("校验值", event.hash)) if value],
    }


def cells(rows) -> Iterator[tuple]:
    """The events for a file, read in pieces."""
    for each in rows[:MOST].iterator(chunk_size=2000):
        moment = each.at.astimezone(SHANGHAI)
        yield (each.number, f"{moment:%Y-%m-%d %H:%M:%S}", each.actor_name, audit.sentence(each),
               Outcome(each.outcome).label, each.target_label, each.code, each.ip,
               each.request_id)


def state() -> dict:
    """How the chain stands: its head, and what the last check found."""
    last, job = chain.head(), chain.last_check()
    running = Job.objects.filter(kind=chain.KIND).running().order_by("-pk").first()
    is_running = running is not None and not is_silent(running)
    badge = UNCHECKED if job is None else HOLDS if job.state == Job.State.DONE else BROKEN
    return {
        "number": last.number if last else 0, "hash": last.hash if last else "",
        "badge": RUNNING if is_running else badge, "is_running": is_running,
        "when": moment_label(job.finished_at) if job else "",
        "by": (job.created_by.name if job.created_by else "系统") if job else "",
        "message": (job.message or STOPPED) if job else "",
        "is_broken": job is not None and job.state == Job.State.FAILED,
    }


def _midnight(day) -> datetime:
    return datetime.combine(day, time.min, tzinfo=SHANGHAI)
