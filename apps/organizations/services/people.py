"""Accounts of people: made, and a name put right."""

import unicodedata

from pypinyin import Style, lazy_pinyin

from apps.core.act import SYSTEM, act, record
from apps.core.calendar import now, today
from apps.core.errors import Invalid, NotAllowed, NotVisible
from apps.core.files import CLASSIFIED, has_secret_mark
from apps.core.workflow import locked
from apps.organizations import accounts
from apps.organizations.lockout import normal_username
from apps.organizations.models import Appointment, User
from apps.organizations.permissions import Permission

NAME_LENGTH, USERNAME_LENGTH = 60, 60
# Format characters turn a name round or hide in it; control and lone surrogate signs break exports.
_HIDDEN = {"Cc", "Cf", "Cs"}


def initials(text: str) -> str:
    """Pinyin initials in lower case: 市教育局 -> sjyj. Other signs stay as they are."""
    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()[:60]


def create_user(*, username: str, name: str, by, password: str | None = None,
                hashed: str = "", is_demo: bool = False) -> User:
    """Make an account with a password, or with one that is `hashed` already (a hash takes a third
    of a second, and all demo accounts have the same). Raises Invalid when the name is taken,
    NotAllowed for who makes no accounts."""
    username, name = normal_username(username), tidy(name)
    with act(by=by):
        if by is not SYSTEM and not by.holds(Permission.ACCOUNT_EDIT):
            raise NotAllowed("账号由工委管理员、机关党委或者系统管理员建立。")
        _ensure_spelling(username, name)
        if User.objects.filter(username=username).exists():
            raise Invalid(fields={"username": f"账号{username}已经有人用了。"})
        user = User(username=username, name=name, initials=initials(name)[:30], is_demo=is_demo,
                    must_change_password=not is_demo, password_changed_at=now())
        if hashed:
            user.password = hashed
        else:
            user.set_password(password)
        user.save()
        accounts.remember(user)
        record("organizations.user.create", user)
        return user


def correct(*, user: User, name: str, by) -> User:
    """Put a person's name right. Raises NotVisible out of reach, NotAllowed for one's own or
    where the person holds a post beyond the reach of `by`, Invalid for a name that is none."""
    name = tidy(name)
    with act(by=by):
        row = locked(user)
        _ensure_may_correct(row, by)
        _ensure_spelling(row.username, name)
        old, row.name, row.initials = row.name, name, initials(name)[:30]
        row.save(update_fields=["name", "initials"])
        record("organizations.user.correct", row, old=old)
        return row


def tidy(text: str) -> str:
    """A name without the blanks around it and in composed characters; 生僻字 and · stay."""
    return unicodedata.normalize("NFC", text).strip()


def _ensure_may_correct(row: User, by) -> None:
    if by is SYSTEM:
        return
    if not User.objects.visible_to(by, for_=Permission.ACCOUNT_EDIT).filter(pk=row.pk).exists():
        raise NotVisible("没有找到，或者不在您的范围内。")
    if row.pk == by.pk:
        raise NotAllowed("自己的姓名请工委管理员改。", target=row)
    # The system administrator keeps off who watches over him.
    if by.holds(Permission.ACCOUNT_RESET) and accounts.why_not(row, by):
        raise NotAllowed("安全审计员监督系统管理，他的姓名由工委管理员改。", target=row)
    # Posts to come as well: he will be somebody else's then.
    posts = Appointment.unscoped.filter(user=row).overlapping(today(), None).select_related(
        "organization")
    if not all(by.may(Permission.ACCOUNT_EDIT, at=post.organization.path) for post in posts):
        raise NotAllowed(f"{row.name}在别处还有任职，姓名由工委管理员改。", target=row)


def _ensure_spelling(username: str, name: str) -> None:
    fields = {}
    if not username or len(username) > USERNAME_LENGTH or _is_odd(username) or " " in username:
        fields["username"] = f"账号要填，不超过{USERNAME_LENGTH}个字，中间没有空格。"
    if not name or len(name) > NAME_LENGTH or _is_odd(name):
        fields["name"] = f"姓名要填，不超过{NAME_LENGTH}个字，没有看不见的字符。"
    fields |= {key: CLASSIFIED for key, text in (("username", username), ("name", name))
               if has_secret_mark(text)}
    if fields:
        raise Invalid(fields=fields)


def _is_odd(text: str) -> bool:
    return any(unicodedata.category(sign) in _HIDDEN for sign in text)
