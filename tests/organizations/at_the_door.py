"""Short ways through the login, for the tests of it."""

from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from apps.core import audit
from apps.core.act import SYSTEM
from apps.core.calendar import now
from apps.core.models import AuditEvent
from apps.organizations import services
from apps.organizations.models import User
from tests.city import PASSWORD, TODAY
from tests.forms_on_page import form_on

DOOR = "/accounts/login/"
CHANGE = "/accounts/password/change/"
CODE = "/accounts/2fa/authenticate/"
ENROL = "/accounts/2fa/totp/activate/"
AGAIN = "/accounts/reauthenticate/"
LOCKED = "连错5次，账号锁30分钟，请稍后再登录。"
ELSEWHERE = "这个地址一分钟里试得太多，请过一分钟再登录。"
NEW = "Zhi-Shu-Jie-37-Ke"


def knock(phone, username="jyj_zb1", password=PASSWORD, **extra):
    """Post name and password."""
    return phone.post(DOOR, {"login": username, "password": password}, **extra)


def is_in(phone) -> bool:
    """Whether somebody is logged in, whatever he may see."""
    return "_auth_user_id" in phone.session


def miss(phone, times: int, username="jyj_zb1", **extra):
    """Try a wrong password so often; the last answer."""
    for _ in range(times):
        answer = knock(phone, username, "falsch", **extra)
    return answer


def sentence(answer) -> str:
    """What the form says; empty when there is none."""
    form = answer.context.get("form") if answer.context else None
    return "".join(form.non_field_errors()) if form else ""


def person(city, username: str, *posts, settled: bool = True, name: str = "石可久") -> User:
    """A real account, no demo one, with these (role, place) posts; `settled`: its password is
    its own and new."""
    user = services.create_user(username=username, name=name, password=PASSWORD, by=SYSTEM)
    for role, place in posts:
        services.appoint(user=user, role=role, organization=city.place(place),
                         starts_on=TODAY, by=SYSTEM)
    if settled:
        User.objects.filter(pk=user.pk).update(must_change_password=False,
                                               password_changed_at=now())
    return city.user(username)


def code_for(secret: str, steps: int = 0) -> str:
    """The code that a telephone shows now, or so many steps of half a minute away."""
    counters = list(totp.yield_hotp_counters_from_time())
    middle = counters[len(counters) // 2] + steps
    return totp.format_hotp_value(totp.hotp_value(secret, middle))


def enrol(phone, password: str = PASSWORD) -> str:
    """Enrol a second factor through the pages; its secret."""
    page = phone.get(ENROL, follow=True)
    if page.request["PATH_INFO"] == AGAIN:
        page = phone.post(AGAIN, form_on(page, AGAIN, password=password), follow=True)
    secret = page.context["form"].secret
    answer = phone.post(ENROL, form_on(page, ENROL, code=code_for(secret)))
    assert answer.status_code == 302, answer.context["form"].errors
    return secret


def enrolled(city, username: str, later) -> str:
    """Enrol that person in a browser of his own, log out, and wait until codes are new."""
    phone = Client()
    knock(phone, username)
    secret = enrol(phone)
    phone.post("/accounts/logout/")
    later(minutes=2)
    return secret


def done(since: int = 0) -> list[str]:
    """What the audit says of accounts, in sentences."""
    events = AuditEvent.objects.filter(code__startswith="organizations.user.",
                                       outcome="done", number__gt=since)
    return [audit.sentence(event) for event in events.order_by("number")]


def last_number() -> int:
    """The end of the audit."""
    return AuditEvent.objects.order_by("-number").values_list("number", flat=True).first() or 0


def opens(phone, url: str = "/me/") -> bool:
    """Whether a page of the app answers."""
    return phone.get(url).status_code == 200


def leads_to(answer) -> str:
    """Where a redirect goes, without its query."""
    return answer.get("Location", "").partition("?")[0]
