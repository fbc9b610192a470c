"""Forms about what is kept of a person."""

from django import forms

from apps.core.forms import TakesRefusals
from apps.organizations.models.corrections import ANSWER_LENGTH, REQUEST_LENGTH

DONE, DECLINED = "settle", "decline"


class PhoneForm(TakesRefusals, forms.Form):
    """One's own work telephone."""

    work_phone = forms.CharField(
        label="工作电话", required=False, max_length=40,
        help_text="办公电话或工作手机，别人看到的是138****1234，查看号码会记入审计。",
        error_messages={"max_length": "太长了，请核对号码。"},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}))


class CorrectionForm(TakesRefusals, forms.Form):
    """What should be put right."""

    request = forms.CharField(
        label="哪一处不对、应该是什么", max_length=REQUEST_LENGTH,
        help_text="如姓名、职务、任职的起止日期。管账号的人会在待办里看到。",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写清哪一处不对、应该是什么。",
                        "max_length": f"太长了，请写在{REQUEST_LENGTH}字以内。"})


class AnswerForm(TakesRefusals, forms.Form):
    """Whether it was put right."""

    decision = forms.ChoiceField(
        label="答复", choices=((DONE, "已经更正"), (DECLINED, "不更正")), widget=forms.RadioSelect,
        error_messages={"required": "请选一个答复。", "invalid_choice": "请选一个答复。"})
    answer = forms.CharField(
        label="说明", required=False, max_length=ANSWER_LENGTH,
        help_text="不更正的，请写明理由。", widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"太长了，请写在{ANSWER_LENGTH}字以内。"})
    seen = forms.IntegerField(widget=forms.HiddenInput)
