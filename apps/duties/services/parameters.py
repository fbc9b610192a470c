"""Verb on the values that the sources leave open: the site sets its own."""

from apps.core.act import act, record
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.files import CLASSIFIED, has_secret_mark
from apps.duties.models import Parameter, committee
from apps.organizations.permissions import Permission

LONGEST = Parameter._meta.get_field("value").max_length
TOO_LONG = f"太长了，请写在{LONGEST}字以内。"


def set_parameter(*, parameter: Parameter, value: str, by) -> Parameter:
    """Set the value that duties and pages print from now on; return the row.

    The same value again changes nothing. Raises NotAllowed without the right at the
    committee, Conflict for one that is changed in its duty, Invalid for a value that is
    empty, too long or bears a mark of secrecy.
    """
    with act(by=by):
        row = Parameter.objects.select_for_update().get(pk=parameter.pk)
        root = committee()
        if not by.may(Permission.CATALOGUE_EDIT, at=root.path if root else ""):
            raise NotAllowed("本市设定由工委管理员修改。", target=row)
        if row.lives_in:
            raise Conflict(f"“{row.name}”写在职责里（{row.lives_in}），请在责任目录的草稿里改。",
                           target=row)
        new, old = checked(value), row.value
        if new != old:
            row.value = new
            row.save(update_fields=["value"])
            record("duties.parameter.set", row, old=old, new=new)
        return row


def checked(value: str) -> str:
    """The value as it is kept. Raises Invalid with a sentence at the field `value`."""
    text = value.strip()
    if not text:
        sentence = "请填本市的设定。"
    elif len(text) > LONGEST:
        sentence = TOO_LONG
    elif has_secret_mark(text):
        sentence = CLASSIFIED
    else:
        return text
    raise Invalid(fields={"value": sentence})
