"""What a person and others do with what is kept about him: contact, correction, export."""

import re
import unicodedata

from apps.core.act import act, record
from apps.core.calendar import now, today
from apps.core.errors import Conflict, Invalid, NotAllowed, NotVisible
from apps.core.files import CLASSIFIED, has_secret_mark
from apps.core.workflow import advance
from apps.organizations.models import Appointment, Correction, Organization, User
from apps.organizations.models.corrections import ANSWER_LENGTH, REQUEST_LENGTH
from apps.organizations.permissions import Permission

# A desk telephone with its area and extension, or a mobile one. Eighteen digits in a row are an
# identity number, which nobody needs here.
_PHONE = re.compile(r"[0-9]{3,15}|0[0-9]{2,3}-[0-9]{7,8}(-[0-9]{1,6})?|[0-9]{7,8}-[0-9]{1,6}")
_DASHES = str.maketrans({"—": "-", "–": "-", "－": "-", "转": "-"})
WAYS = "请写办公电话或工作手机，如0571-88886666或13800001234。"


def plain_phone(typed: str) -> str:
    """The number as it is kept; empty for none. Raises Invalid for what is no telephone."""
    text = unicodedata.normalize("NFKC", typed).translate(_DASHES)
    text = re.sub(r"\s", "", text)
    if text and not _PHONE.fullmatch(text):
        raise Invalid(fields={"work_phone": WAYS})
    return text


def set_phone(*, user: User, work_phone: str, by) -> User:
    """Keep the work telephone of `user`, who sets his own. Raises NotAllowed, Invalid."""
    number = plain_phone(work_phone)
    with act(by=by):
        if by.pk != user.pk:
            raise NotAllowed("工作电话由本人填写。", target=user)
        row = User.objects.select_for_update().get(pk=user.pk)
        row.work_phone = number
        row.save(update_fields=["work_phone"])
        record("organizations.user.phone_set", row)
        return row


def view_phone(*, user: User, by) -> str:
    """The whole number, for who may see the person; looking stands in the audit.

    Raises NotVisible for anybody else and where there is no number.
    """
    with act(by=by):
        found = people_in_view(by).filter(pk=user.pk).first()
        if found is None or not found.work_phone:
            raise NotVisible("没有找到，或者不在您的范围内。")
        record("organizations.user.phone_view", found)
        return found.work_phone


def people_in_view(by):
    """Who holds a post in the organisations that `by` sees, now or soon; who sees the whole
    tree sees everybody, whose posts are over as well. Oneself is always in view."""
    reaches = by.reach(Permission.ORGANIZATION_VIEW)
    if any(each.is_subtree and len(each.path) == Organization.steplen for each in reaches):
        return User.objects.visible_to(by, for_=Permission.ORGANIZATION_VIEW)
    held = Appointment.objects.visible_to(by, for_=Permission.ORGANIZATION_VIEW).overlapping(
        today(), None)
    return (User.objects.filter(pk__in=held.values("user"))
            | User.objects.filter(pk=by.pk))


def ask_correction(*, request: str, by) -> Correction:
    """Ask that something be put right. Raises Invalid without words, Conflict while an earlier
    request waits."""
    text = request.strip()
    _check(request=text, longest=REQUEST_LENGTH, empty="请写清哪一处不对、应该是什么。")
    with act(by=by):
        row = User.objects.select_for_update().get(pk=by.pk)
        if Correction.unscoped.of(row).waiting().exists():
            raise Conflict("上一次的更正申请还没有答复。")
        home = by.posts[0].organization if by.posts else Organization.objects.get(depth=1)
        made = Correction.unscoped.create(organization=home, user=row, request=text,
                                          asked_at=now())
        record("organizations.correction.ask", made)
        return made


def corrections_of(user):
    """A person's own requests, the latest first."""
    return Correction.unscoped.of(user).select_related("answered_by").order_by("-pk")


def settle(*, correction: Correction, by, seen: int, answer: str = "") -> Correction:
    """Say that it was put right. Raises NotAllowed for one's own, Conflict when answered."""
    return _answer(correction, "settle", by, seen, answer)


def decline(*, correction: Correction, by, seen: int, answer: str) -> Correction:
    """Say that it stays and why. Raises NotAllowed, Conflict, Invalid without a reason."""
    return _answer(correction, "decline", by, seen, answer)


def note_export(*, user: User, form: str, by) -> None:
    """Write into the audit that what is kept about `user` left in a file."""
    with act(by=by):
        record("organizations.user.data_export", user, form=form)


def _answer(correction: Correction, step: str, by, seen: int, answer: str) -> Correction:
    text = answer.strip()
    _check(answer=text, longest=ANSWER_LENGTH)

    def prepare(row: Correction) -> list[str]:
        row.answer, row.answered_by, row.answered_at = text, by, now()
        return ["answer", "answered_by", "answered_at"]

    try:
        return advance(correction, step, by=by, seen=seen, note=text, prepare=prepare)
    except Invalid as refusal:
        if "reason" in refusal.fields:
            raise Invalid(fields={"answer": refusal.fields["reason"]}) from refusal
        raise


def _check(*, longest: int, empty: str = "", **texts: str) -> None:
    [(name, text)] = texts.items()
    if empty and not text:
        raise Invalid(fields={name: empty})
    if len(text) > longest:
        raise Invalid(fields={name: f"太长了，请写在{longest}字以内。"})
    if has_secret_mark(text):
        raise Invalid(fields={name: CLASSIFIED})
