"""Every field of every model is declared as personal or not; the manual says the same."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from apps.core import checks, privacy
from apps.core.privacy import ORDINARY, SENSITIVE, Personal
from apps.organizations.models import User

MANUAL = Path(__file__).resolve().parent.parent.parent / "docs" / "个人信息.md"


@pytest.fixture
def registry(monkeypatch):
    """A copy that a test may spoil."""
    loaded = privacy._registry.load()
    copy = privacy._Registry(
        personal={model: dict(fields) for model, fields in loaded.personal.items()},
        rest={model: set(fields) for model, fields in loaded.rest.items()},
        owners=dict(loaded.owners), names=dict(loaded.names))
    monkeypatch.setattr(privacy, "_registry", copy)
    return copy


def test_every_field_of_every_model_is_declared():
    """A new field: name it in PERSONAL or REST of its app's personal.py."""
    assert privacy.unclassified() == []


def test_a_field_without_an_entry_is_found(registry):
    del registry.personal["organizations.user"]["work_phone"]
    registry.rest["checklists.item"].discard("measures")
    assert privacy.unclassified() == [
        "checklists.item.measures: 没有归类", "organizations.user.work_phone: 没有归类"]


def test_a_model_without_an_entry_is_found(registry):
    del registry.rest["organizations.partnership"]
    assert [line for line in privacy.unclassified() if "partnership" in line] == [
        f"organizations.partnership.{name}: 没有归类"
        for name in ("branch", "ends_on", "id", "starts_on", "unit")]


def test_an_entry_without_a_field_and_one_in_both_are_found(registry):
    registry.rest["organizations.user"] |= {"blood_group", "name"}
    assert privacy.unclassified() == [
        "organizations.user.blood_group: 没有这个字段", "organizations.user.name: 归了两类"]


def test_every_reference_to_a_person_is_personal():
    """Who is named in a row is always a fact about him."""
    rest = privacy._registry.load().rest
    assert [f"{way.model._meta.label_lower}.{way.lookup}" for way in privacy.holdings()
            if way.lookup in rest.get(way.model._meta.label_lower, ())] == []


def test_what_lets_somebody_in_is_sensitive_and_never_shown():
    secrets = {field for _model, field, _label, each in privacy.table() if each.is_secret}
    assert {"organizations.user.password", "organizations.passwordhash.hash",
            "organizations.passwordreset.token_hash", "mfa.authenticator.data",
            "organizations.loginsession.session_key", "sessions.session.session_data"} <= secrets
    assert all(each.grade == SENSITIVE for _model, field, _label, each in privacy.table()
               if field in secrets and not field.startswith("django_tasks"))


@pytest.mark.parametrize("field", ["id_number", "birth", "address", "wechat", "email", "gender"])
def test_nothing_is_kept_that_the_work_does_not_need(field):
    assert not any(field in each.name for each in User._meta.fields)


def test_each_entry_says_what_for_how_long_and_who():
    for model, field, label, each in privacy.table():
        assert each.grade in (ORDINARY, SENSITIVE)
        assert each.purpose and each.retention and each.seen_by, field
        assert not label.isascii() and not model.isascii(), field
        assert "{" not in each.retention, field


def test_the_manual_is_the_table():
    """`manage.py privacy_table > docs/个人信息.md`."""
    out = StringIO()
    call_command("privacy_table", stdout=out)
    assert MANUAL.read_text("utf-8") == out.getvalue()


def test_a_period_follows_its_setting(settings):
    settings.DRAFT_KEEP_DAYS = 45
    assert Personal("x", "{DRAFT_KEEP_DAYS}天", "x").retention == "45天"
    with pytest.raises(AttributeError):
        Personal("x", "{NO_SUCH_SETTING}天", "x").retention  # noqa: B018


@pytest.mark.parametrize("name, floor", checks.FLOORS.items())
def test_a_period_below_its_floor_stops_the_start(settings, name, floor):
    setattr(settings, name, floor)
    assert checks.nothing_is_forgotten_too_early() == []
    setattr(settings, name, floor - 1)
    (error,) = checks.nothing_is_forgotten_too_early()
    assert (error.id, error.msg) == ("fangzhen.E014", f"{name} must be at least {floor}.")
