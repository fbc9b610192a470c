"""Forms of petitions: ask, and answer."""

from django import forms

from apps.checklists.forms import TakesRefusals
from apps.checklists.models import Petition
from apps.core.dates import ChineseDateField

Kind = Petition.Kind
# What each door is for, in one line beside its radio.
EXPLAINED = {
    Kind.EXTENSION: "这一次要报，只是来不及。写明延到哪天。",
    Kind.EXCUSE: "这一期确实没有这件事，这一次不用报。",
    Kind.EXPLANATION: "标记没有错，说清是什么原因。采纳后标记旁边写“已说明”。",
    Kind.APPEAL: "标记本身错了，例如期限算错、早已报过。同意后标记撤销。",
}
TOO_LONG = "太长了，请写在{limit}字以内。"


def _sentences(label: str, *, required: bool) -> forms.CharField:
    """Free words of at most 400 characters."""
    return forms.CharField(
        label=label, required=required, max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写一句理由。", "max_length": TOO_LONG.format(limit=400)})


class PetitionForm(TakesRefusals, forms.Form):
    """What is asked of one task, why, and for an extension until when."""

    kind = forms.ChoiceField(
        label="申请什么", widget=forms.RadioSelect,
        error_messages={"required": "请选一项。", "invalid_choice": "这一项现在不能申请。"})
    proposed_on = ChineseDateField(label="延到哪天", required=False)
    reason = _sentences("理由", required=True)

    def __init__(self, *args, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]
        if Kind.EXTENSION not in kinds:
            del self.fields["proposed_on"]

    def radios(self) -> list[dict]:
        """Each kind with the line that says what it is for."""
        return [{"tag": radio.tag(), "id": radio.id_for_label, "label": radio.choice_label,
                 "explained": EXPLAINED[Kind(radio.data["value"])]} for radio in self["kind"]]


class ItemPetitionForm(TakesRefusals, forms.Form):
    """Why an item does not apply here."""

    reason = _sentences("为什么不适用", required=True)


class AnswerForm(TakesRefusals, forms.Form):
    """The decision: consent or not, with a sentence, and for a date another day."""

    decision = forms.ChoiceField(
        choices=[(name, name) for name in ("grant", "refuse", "revoke")],
        widget=forms.HiddenInput,
        error_messages={"required": "请选一个答复。", "invalid_choice": "请选一个答复。"})
    until = ChineseDateField(label="最迟改到", required=False)
    answer = _sentences("答复", required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, has_day: bool, is_decided: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not has_day:
            del self.fields["until"]
        # Once decided, all that is left is to take the consent back, with a reason. Whoever
        # answers from an older page is told so by the service and not by this form.
        if is_decided and self.data.get("decision", "revoke") == "revoke":
            self.fields["answer"].label, self.fields["answer"].required = "理由", True

    def take(self, refusal) -> None:
        """The workflow says `reason` where this form says `answer`."""
        fields = getattr(refusal, "fields", {})
        if "reason" in fields:
            fields["answer"] = fields.pop("reason")
        super().take(refusal)
