from uuid import uuid4

from django import forms

from apps.checklists.services.reporting import is_submitted
from apps.checklists.services.reviewing import CANNED_REASONS
from apps.core.dates import ChineseDateField
from apps.core.forms import TakesRefusals
from apps.duties.models import Duty


class ReportForm(TakesRefusals, forms.Form):
    """What is asked of a task: date, words, number. Files travel by their own address."""

    activity_on = ChineseDateField(
        label="哪天做的", error_messages={"required": "请填做这件事的日期。"})
    words = forms.CharField(
        label="做了什么", required=False, max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"max_length": "太长了，请写在5000字以内。"},
    )
    document_number = forms.CharField(
        label="文号或纪要编号", required=False, max_length=100,
        error_messages={"max_length": "文号太长了，请写在100字以内。"},
    )
    files = forms.CharField(required=False, label="文件", widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput)
    submit_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, duty: Duty, **kwargs):
        super().__init__(*args, **kwargs)
        if duty.evidence == Duty.Evidence.NONE:
            self.fields["words"].label = "想补充的话"

    @classmethod
    def fresh(cls, occurrence, draft) -> "ReportForm":
        """The form as the person left it, else as the returned version was."""
        key = draft.submit_key if draft else None
        # A draft saved in the same moment as its submission would come back with a spent key.
        if key is None or is_submitted(occurrence, by=draft.user_id, submit_key=key):
            key = uuid4()
        initial = {"seen": occurrence.version, "submit_key": key}
        last = occurrence.report
        if last and occurrence.state == occurrence.State.RETURNED:
            initial |= {"activity_on": last.activity_on, "words": last.words,
                        "document_number": last.document_number}
        initial |= draft.data if draft else {}
        return cls(initial=initial, duty=occurrence.item.duty)

    def typed(self) -> dict:
        """What goes into the draft, whether it is valid or not."""
        names = ("activity_on", "words", "document_number")
        return {name: self.data.get(name, "") for name in names}

    def answers(self) -> dict:
        """What goes to the service verb."""
        return {name: value for name, value in self.cleaned_data.items() if name != "files"}


class ReasonForm(TakesRefusals, forms.Form):
    """A reason, canned or in own words; both together make one sentence."""

    canned = forms.ChoiceField(
        label="常用理由", required=False, widget=forms.RadioSelect,
        choices=list(CANNED_REASONS.items()),
    )
    reason = forms.CharField(
        label="自己写", required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "理由太长了，请写在400字以内。"},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def sentence(self) -> str:
        """The reason as it will be read."""
        canned = CANNED_REASONS.get(self.cleaned_data["canned"], "")
        return f"{canned}{self.cleaned_data['reason']}".strip()


class EventForm(TakesRefusals, forms.Form):
    """What happened, and when."""

    event = forms.CharField(label="什么事", max_length=60, error_messages={
        "required": "请写一句是什么事。", "max_length": "请写在60字以内。"})
    happened_on = ChineseDateField(
        label="哪天发生的", error_messages={"required": "请填发生的日期。"})
