"""Forms of a list: its rows, what is filled into many, own items, adoption, links upward."""

from hashlib import sha256

from django import forms

from apps.checklists.forms import TakesRefusals
from apps.checklists.services.adopting import LONGEST_NUMBER
from apps.checklists.services.tailoring import LONGEST, MOST_DAYS, OWN_CADENCES, due_rule
from apps.core.dates import ChineseDateField
from apps.duties import load
from apps.duties.models import Chapter, Duty

Cadence, Evidence = Duty.Cadence, Duty.Evidence
ROW_FIELDS = ("measures", "owner", "days_earlier")
DENSE = "fz-input fz-input--dense"


def words(label: str, limit: int, *, required: str = "", rows: int = 0, **attrs) -> forms.CharField:
    """A field of free words; `required` is the sentence said when it stays empty."""
    widget = forms.Textarea(attrs={"rows": rows, **attrs}) if rows else forms.TextInput(attrs=attrs)
    errors = {"max_length": f"太长了，请写在{limit}字以内。", "required": required}
    return forms.CharField(label=label, required=bool(required), max_length=limit, widget=widget,
                           error_messages=errors)


def days(label: str, **attrs) -> forms.IntegerField:
    """How many days earlier; empty for none given."""
    wrong = f"请填0到{MOST_DAYS}的整数。"
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=MOST_DAYS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", **attrs}),
        error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong})


class RowForm(TakesRefusals, forms.Form):
    """What a list sets of one item, as it stands in a row of the table."""

    owner = words("责任人", LONGEST["owner"], **{"class": DENSE, "list": "owners"})
    measures = words("措施", LONGEST["measures"], rows=2, **{"class": DENSE})
    days_earlier = days("提前几天", **{"class": DENSE})

    def __init__(self, *args, item, **kwargs):
        self.item = item
        initial = {name: getattr(item, name) for name in ROW_FIELDS}
        super().__init__(*args, prefix=f"i{item.pk}", auto_id="%s", **kwargs,
                         initial=initial | {"days_earlier": item.days_earlier or ""})
        for name in ROW_FIELDS:
            self.fields[name].widget.attrs["aria-label"] = f"{self.fields[name].label}：{item}"

    def typed(self) -> dict:
        """The values, as they would be kept."""
        return plain(**{name: self.cleaned_data.get(name) for name in ROW_FIELDS})

    def seen_key(self) -> str:
        """Where the page says which values it showed."""
        return f"{self.prefix}-seen"


class BulkForm(TakesRefusals, forms.Form):
    """What is filled into all ticked items; an empty field leaves theirs as it is."""

    owner = words("责任人", LONGEST["owner"],
                  **{"class": DENSE, "list": "owners", "placeholder": "责任人"})
    measures = words("措施", LONGEST["measures"],
                     **{"class": DENSE, "placeholder": "给勾选的事项写同一条措施"})
    days_earlier = days("提前几天", **{"class": DENSE, "placeholder": "提前几天"})

    def given(self) -> dict:
        """Only what was typed."""
        return {name: value for name, value in self.cleaned_data.items()
                if value not in ("", None)}


def plain(*, measures, owner, days_earlier) -> dict:
    """Values of a row without what only the way over the network adds."""
    return {"measures": (measures or "").replace("\r\n", "\n").strip(),
            "owner": (owner or "").strip(), "days_earlier": days_earlier or 0}


def fingerprint(values: dict) -> str:
    """Short mark of a row's values: whether somebody changed it since the page was shown."""
    text = "\x1f".join(str(values[name]) for name in ROW_FIELDS)
    return sha256(text.encode()).hexdigest()[:12]


class OwnItemForm(TakesRefusals, forms.Form):
    """An own item, in the order in which one thinks of it."""

    title = words("叫什么", LONGEST["title"], required="请写事项名称。")
    text = words("做什么", LONGEST["text"], required="请写做什么。", rows=3)
    why = words("为什么要做", LONGEST["why"], required="请写一句为什么要做。", rows=2)
    chapter = forms.ModelChoiceField(
        Chapter.objects.order_by("number"), label="归到哪一章", empty_label="请选择",
        error_messages={"required": "请选归到哪一章。"})
    cadence = forms.ChoiceField(label="多久一次", widget=forms.RadioSelect,
                                error_messages={"required": "请选一个频次。"})
    last_day = ChineseDateField(label="最迟哪天办完", required=False,
                                help_text="每年一次的、只办一次的要填。")
    days_before_end = forms.IntegerField(
        label="最迟在期末前几天", required=False, min_value=0, max_value=25, initial=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text="每月、每季度、每半年的才用。0是期末当天，遇休息日提前。",
        error_messages={"invalid": "请填0到25的整数。", "min_value": "请填0到25的整数。",
                        "max_value": "请填0到25的整数。"})
    evidence = forms.ChoiceField(
        label="要什么佐证", widget=forms.RadioSelect, initial=Evidence.WORDS,
        choices=Evidence.choices, error_messages={"required": "请选一种佐证。"})
    minutes = forms.IntegerField(
        label="填一次要几分钟", initial=5, min_value=1, max_value=480,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"),
                                     "请填1到480的整数。"))
    standard = words("写到什么程度就够", LONGEST["standard"], rows=2)

    RHYTHM = ("cadence", "last_day", "days_before_end")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cadence"].choices = [(each, cadence_label(each)) for each in OWN_CADENCES]

    def answers(self) -> dict:
        """What goes to `tailoring.add_own`; raises Invalid where the rhythm lacks its day."""
        values = dict(self.cleaned_data)
        last_day, before = values.pop("last_day"), values.pop("days_before_end") or 0
        return values | {"due": due_rule(cadence=values["cadence"], last_day=last_day,
                                         days_before_end=before)}


class OwnWordsForm(OwnItemForm):
    """The words of an own item that stands already; its rhythm stays."""

    def __init__(self, *args, item, **kwargs):
        duty = item.duty
        super().__init__(*args, **kwargs, initial={
            "title": duty.title, "text": duty.text, "why": duty.why, "chapter": duty.chapter_id,
            "evidence": duty.evidence, "minutes": duty.minutes, "standard": duty.standard})
        for name in self.RHYTHM:
            del self.fields[name]

    def answers(self) -> dict:
        """What goes to `tailoring.change_own`."""
        return dict(self.cleaned_data)


class DeliberationForm(TakesRefusals, forms.Form):
    """When the meeting was held and where it is written down."""

    held_on = ChineseDateField(label="哪天开的会",
                               error_messages={"required": "请填开会的日期。"})
    minutes_number = words("会议纪要编号", LONGEST_NUMBER, required="请填会议纪要编号。")
    seen = forms.IntegerField(widget=forms.HiddenInput)


class SeenForm(TakesRefusals, forms.Form):
    """An act without words: only what was seen."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class WhyForm(TakesRefusals, forms.Form):
    """One sentence of reason."""

    reason = words("理由", 200, required="请写一句理由。", rows=3)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class UpperForm(forms.Form):
    """Which item of the list above each item of this list carries further down."""

    def __init__(self, *args, items, above, chosen: dict[int, int], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", "不关联"), *((str(each.pk), each.duty.title) for each in above)]
        for item in items:
            self.fields[f"upper-{item.pk}"] = forms.ChoiceField(
                label=item.duty.title, required=False, choices=choices,
                initial=str(chosen.get(item.pk, "")),
                widget=forms.Select(attrs={"class": "fz-input"}),
                error_messages={"invalid_choice": "请从上一级清单里选。"})

    def links(self) -> dict[int, int | None]:
        """The id of the item above by the id of the item."""
        return {int(name.rpartition("-")[2]): int(value) if value else None
                for name, value in self.cleaned_data.items()}


def cadence_label(cadence: str) -> str:
    """A rhythm with what it costs in a year."""
    times = load.PERIODS_A_YEAR.get(cadence, 0)
    label = Cadence(cadence).label
    return f"{label}，一年报{times}次" if times else f"{label}，不用报，年底自查时说一句"
