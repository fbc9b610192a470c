"""The form of one duty of a draft: every field in plain Chinese, the due rule without code."""

import re

from django import forms

from apps.checklists.forms import TakesRefusals
from apps.core.dates import ChineseDateField
from apps.duties import wording
from apps.duties.catalogue_entries import DutyEntry
from apps.duties.models import ActivityKind, Chapter, Duty, Parameter, Source
from apps.duties.predicates import PREDICATES

BETWEEN_CODES = re.compile(r"[\s、，,；;]+")
NO_DATE, BEFORE_END, AFTER_END, FROM_START, DAY_OF_YEAR = "", "before", "after", "start", "day"
DUE_RULES = (
    (NO_DATE, "没有固定日期（发生一次报一次、常态履行）"), (BEFORE_END, "每期结束前几天"),
    (AFTER_END, "每期结束后几天"), (FROM_START, "每期第几天"), (DAY_OF_YEAR, "每年几月几日"),
)
SHIFTS = (("earlier", "提前到最近的工作日"), ("later", "顺延到最近的工作日"))
# Heading of a part of the form and its fields, in the order of the page.
SECTIONS = (
    ("名称和归属", ("subject", "title", "chapter")),
    ("五个问题", ("text", "standard", "risks", "expected_effect", "why")),
    ("例子和依据", ("example", "sources", "clauses")),
    ("佐证和审核", ("evidence", "evidence_why", "review_mode")),
    ("频次和日期", ("cadence", "due_rule", "due_days", "due_month", "due_day", "due_shift",
                   "runs_from", "runs_to")),
    ("发生一次报一次的", ("event_label", "days_after_event", "events_a_year", "opened_by")),
    ("给谁、怎么履行", ("applies_to", "also_fulfils", "activity_kinds", "theme", "minutes",
                     "parameters")),
)
DUE_FIELDS = ("due_rule", "due_days", "due_month", "due_day", "due_shift")


class CodesField(forms.CharField):
    """Codes typed with blanks, commas or 、 between them."""

    def to_python(self, value) -> list[str]:
        """The codes in the order in which they were typed."""
        return [code for code in BETWEEN_CODES.split(super().to_python(value)) if code]

    def prepare_value(self, value):
        """Shown with 、 between them."""
        return "、".join(value) if isinstance(value, list) else value


def _text(rows: int, hint: str = "", **options) -> forms.CharField:
    return forms.CharField(help_text=hint, widget=forms.Textarea(attrs={"rows": rows}), **options)


def _number(label: str, hint: str = "", *, required: bool = False) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=hint, required=required, min_value=0,
                              error_messages={"invalid": "请填数字。", "min_value": "不能小于0。"})


def _choice(name: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=wording.label(name), choices=Duty._meta.get_field(name).choices)


def _ticks(label: str, hint: str = "", *, required: bool = False) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, help_text=hint, required=required,
                                     widget=forms.CheckboxSelectMultiple)


class DutyForm(TakesRefusals, forms.Form):
    """One duty. What is missing or impossible is said by the rules, at the field it is about."""

    subject = _choice("subject")
    title = forms.CharField(label="名称", help_text="办公室里怎么叫就怎么写，最多14个字")
    chapter = forms.TypedChoiceField(label="章", coerce=int)
    text = _text(3, "谁、做什么、多久一次，一到三句短话", label="做什么")
    standard = _text(3, "填报时写清哪几样、大概多少字", label="写到什么程度就够")
    risks = _text(2, "不做会给工作带来什么麻烦，一两句", label="不做会怎样", required=False)
    expected_effect = _text(2, "看得见的变化", label="做好了看到什么", required=False)
    why = _text(3, "写明出处；条号只写核对过原文的", label="为什么要做")
    example = _text(3, "一份好的填报，40至90个字", label="例子")
    sources = _ticks("来源", required=True)
    clauses = CodesField(label="条文号", help_text="最多12条，用、隔开，如4.1.3、4.1.4",
                         widget=forms.Textarea(attrs={"rows": 2}))
    evidence = _choice("evidence")
    evidence_why = forms.CharField(label="为什么要这种佐证")
    review_mode = _choice("review_mode")
    cadence = _choice("cadence")
    due_rule = forms.ChoiceField(label="最迟哪天", choices=DUE_RULES, required=False)
    due_days = _number("几天", "每期结束前后几天，0就是最后一天；或者每期第几天")
    due_month = _number("几月", "只用于每年、一次的")
    due_day = _number("几日", "只用于每年、一次的")
    due_shift = forms.ChoiceField(label="遇休息日", choices=SHIFTS, required=False)
    runs_from = ChineseDateField(label="从哪天起", required=False, help_text="长期的不填")
    runs_to = ChineseDateField(label="到哪天止", required=False, help_text="长期的不填")
    event_label = forms.CharField(label="按钮文字", required=False,
                                  help_text="接在“发生一次：”后面，最多10个字")
    days_after_event = _number("发生后几个工作日内报")
    events_a_year = _number("估计一年几次")
    opened_by = forms.ChoiceField(label="自动登记", required=False,
                                  choices=(("", "不自动"), *Duty.OpenedBy.choices))
    applies_to = _ticks("只给这样的单位", "都不勾就是每个单位都有")
    also_fulfils = CodesField(label="一并履行", required=False,
                              help_text="随这一项一起办、不另报的职责，写代码，用、隔开")
    activity_kinds = _ticks("哪类活动能履行")
    theme = forms.CharField(label="主题", required=False,
                            help_text="同频次、同主题的几项，一次活动就能履行；用小写字母和下划线")
    minutes = _number("填报一次几分钟", required=True)
    parameters = _ticks("用到的本市设定")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, entry: DutyEntry | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = dict(ActivityKind.objects.order_by("pk").values_list("code", "name"))
        for code in entry.activity_kinds if entry else ():
            kinds.setdefault(code, code)
        choices = {
            "chapter": [(c.number, f"{c.number} {c}") for c in Chapter.objects.order_by("number")],
            "sources": [(s.code, str(s)) for s in Source.objects.order_by("pk")],
            "activity_kinds": list(kinds.items()), "applies_to": list(PREDICATES.items()),
            "parameters": [(p.code, p.name) for p in Parameter.objects.all()],
        }
        for name, options in choices.items():
            self.fields[name].choices = options
        if entry is not None:
            del self.fields["subject"]
        for field in self.fields.values():
            field.error_messages["required"] = "请填这一栏。"

    @classmethod
    def of(cls, entry: DutyEntry, *, seen: str) -> "DutyForm":
        """The form as the duty stands."""
        values = {name: getattr(entry, name) for name in DutyEntry.__dataclass_fields__}
        return cls(entry=entry, initial=values | _due_initial(entry.due) | {"seen": seen})

    def clean(self) -> dict:
        """Put the due rule together; a part that is missing is said at its field."""
        cleaned = super().clean()
        rule, shift = cleaned.get("due_rule"), cleaned.get("due_shift") or SHIFTS[0][0]
        asked = {NO_DATE: (), DAY_OF_YEAR: ("due_month", "due_day")}.get(rule, ("due_days",))
        for name in asked:
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, "请填数字。")
        cleaned["due"] = {}
        if rule and not any(name in self.errors for name in asked):
            cleaned["due"] = _due(rule, cleaned) | {"shift": shift}
        return cleaned

    def values(self) -> dict:
        """What goes to the verb."""
        return {name: value for name, value in self.cleaned_data.items()
                if name not in (*DUE_FIELDS, "seen")}

    def take(self, refusal) -> None:
        """A sentence about the due rule stands at the choice that begins it."""
        if "due" in getattr(refusal, "fields", {}):
            refusal.fields["due_rule"] = refusal.fields.pop("due")
        super().take(refusal)

    def sections(self) -> list[dict]:
        """The parts of the page with their fields."""
        return [{"title": title, "fields": [self[name] for name in names if name in self.fields]}
                for title, names in SECTIONS]


def _due(rule: str, cleaned: dict) -> dict:
    if rule == DAY_OF_YEAR:
        return {"month": cleaned["due_month"], "day": cleaned["due_day"]}
    days = cleaned["due_days"]
    if rule == FROM_START:
        return {"anchor": "period_start", "days": days - 1}
    return {"anchor": "period_end", "days": days if rule == AFTER_END else -days}


def _due_initial(due: dict) -> dict:
    """The fields of a due rule, as the form shows them."""
    if not due:
        return {"due_rule": NO_DATE}
    shown = {"due_shift": due["shift"]}
    if "month" in due:
        return shown | {"due_rule": DAY_OF_YEAR, "due_month": due["month"], "due_day": due["day"]}
    days = due["days"]
    if due["anchor"] == "period_start":
        return shown | {"due_rule": FROM_START, "due_days": days + 1}
    return shown | {"due_rule": AFTER_END if days > 0 else BEFORE_END, "due_days": abs(days)}
