"""Forms of 临时任务 and 催办."""

from django import forms

from apps.checklists.forms import TakesRefusals
from apps.checklists.services.asks import EVENT_LENGTH, MOST_MINUTES, TITLE_LENGTH, Ask, Opening
from apps.checklists.services.nudging import WORDS_LENGTH
from apps.checklists.services.recipients import Shape
from apps.core.calendar import today
from apps.core.dates import ChineseDateField
from apps.duties.models import Chapter, Duty
from apps.duties.predicates import PREDICATES
from apps.organizations.models import Organization, Portfolio, User
from apps.organizations.permissions import Permission

EMPTY = "这里不能空着。"
# A task goes to units: the committee's own list is no address.
SUBJECTS = [choice for choice in Duty.Subject.choices if choice[0] != Duty.Subject.COMMITTEE]


def words(label: str, length: int, *, rows: int = 0, **options) -> forms.CharField:
    """A text of at most `length` characters; with `rows` in a box of its own."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput
    return forms.CharField(label=label, max_length=length, widget=widget, error_messages={
        "required": EMPTY, "max_length": f"请写在{length}字以内。"}, **options)


class NudgeForm(TakesRefusals, forms.Form):
    """What is said along with a 催办."""

    words = forms.CharField(
        label="捎一句话", required=False, max_length=WORDS_LENGTH,
        error_messages={"max_length": f"请写在{WORDS_LENGTH}字以内。"})


class WithdrawForm(TakesRefusals, forms.Form):
    """Why a task is taken back; the units read it."""

    reason = words("为什么撤回", 300, rows=3)
    seen = forms.IntegerField(widget=forms.HiddenInput)


class UnitsForm(forms.Form):
    """To whom: filters that tick, then ticks by hand."""

    shape = forms.ChoiceField(label="机构", required=False,
                              choices=[("", "不限"), *Shape.choices])
    officer = forms.ModelChoiceField(User.objects.none(), label="联络员", required=False,
                                     empty_label="不限")
    facts = forms.MultipleChoiceField(
        label="符合", required=False, choices=list(PREDICATES.items()),
        widget=forms.CheckboxSelectMultiple)
    units = forms.ModelMultipleChoiceField(
        Organization.objects.none(), label="单位", required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "没有这个单位。", "invalid_pk_value": "没有这个单位。"})
    # What was shown in the preview, so that nothing else is sent.
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        entrusted = Portfolio.objects.visible_to(user, for_=Permission.TASK_SEND).on(today())
        people = User.objects.visible_to(user, for_=Permission.TASK_SEND)
        self.fields["officer"].queryset = people.filter(
            appointments__portfolios__in=entrusted.filter(
                organization__kind=Organization.Kind.UNIT,
                appointment__organization__kind=Organization.Kind.COMMITTEE)).distinct()
        places = Organization.objects.visible_to(user, for_=Permission.TASK_SEND)
        self.fields["units"].queryset = places.units().active().order_by("path")
        self.fields["units"].label_from_instance = lambda unit: unit.short_name
        for name in ("shape", "officer"):
            self.fields[name].widget.attrs["class"] = "fz-input fz-input--dense"

    def filters(self) -> dict:
        """For `ad_hoc.choose`."""
        officer = self.cleaned_data.get("officer")
        return {"shape": self.cleaned_data.get("shape", ""),
                "officer": officer.pk if officer else None,
                "facts": self.cleaned_data.get("facts", [])}


class AskForm(TakesRefusals, UnitsForm):
    """Something asked anew."""

    title = words("名称", TITLE_LENGTH)
    basis = words("依据", 200, help_text="文号或会议，例如市直工委〔2026〕12号。")
    text = words("要做什么", 2000, rows=4)
    standard = words("写到什么程度就够", 2000, rows=2, required=False)
    subject = forms.ChoiceField(label="由谁的清单办", choices=SUBJECTS)
    chapter = forms.ModelChoiceField(Chapter.objects.order_by("number"), label="归入哪一章",
                                     empty_label="请选择",
                                     error_messages={"required": "请选归入哪一章。"})
    evidence = forms.ChoiceField(label="要什么佐证", choices=Duty.Evidence)
    evidence_why = words("为什么要这种佐证", 120,
                         help_text="取最省事而够用的：文号够用就不要文件。")
    due_on = ChineseDateField(label="最迟哪天报")
    minutes = forms.IntegerField(
        label="预计一份要写几分钟", min_value=1, max_value=MOST_MINUTES, initial=10,
        error_messages={"required": EMPTY, "invalid": "请填数字，如10。",
                        "min_value": f"请填1至{MOST_MINUTES}分钟。",
                        "max_value": f"请填1至{MOST_MINUTES}分钟。"})

    def ask(self) -> Ask:
        """For `ad_hoc.preview` and `send`."""
        names = ("title", "basis", "text", "standard", "subject", "chapter", "evidence",
                 "evidence_why", "due_on", "minutes")
        return Ask(**{name: self.cleaned_data[name] for name in names})


class EventDutyField(forms.ModelChoiceField):
    """A duty on event, with who bears it."""

    def label_from_instance(self, duty) -> str:
        """Title, subject, and in how many working days it is due."""
        return (f"{duty.title}（{duty.get_subject_display()}，"
                f"{duty.days_after_event}个工作日内报）")


class OpeningForm(TakesRefusals, UnitsForm):
    """A duty on event of the catalogue, opened for many units at once."""

    duty = EventDutyField(Duty.objects.none(), label="哪一项责任", empty_label=None,
                          error_messages={"required": "请选一项发生一次报一次的责任。",
                                          "invalid_choice": "没有这一项。"})
    title = words("什么事", EVENT_LENGTH, help_text="各单位的任务以它为名，例如学习市委全会精神。")
    basis = words("依据", 200, help_text="文号或会议，例如市直工委〔2026〕12号。")
    happened_on = ChineseDateField(label="哪天发生的")

    def __init__(self, *args, duties, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["duty"].queryset = duties

    def ask(self) -> Opening:
        """For `ad_hoc.preview` and `send`."""
        names = ("title", "basis", "duty", "happened_on")
        return Opening(**{name: self.cleaned_data[name] for name in names})
