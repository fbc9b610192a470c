from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction

from apps.core import audit, triggers
from apps.core.act import SYSTEM, act, record
from apps.core.models import AppendOnly, AuditEvent
from tests.conftest import AUDIT

CODE = "organizations.user.login_failed"
# Past the model: what somebody with the database in hand would do.
RAW = models.QuerySet(AuditEvent)


@pytest.fixture
def chain(city) -> list[AuditEvent]:
    """Five events more, of one act."""
    with act(by=SYSTEM):
        for number in range(5):
            record(CODE, None, username=f"用户{number}", nested={"名": ["1", 2, None, True]})
    return list(AuditEvent.objects.order_by("-number")[:5])[::-1]


@pytest.fixture
def guarded(chain) -> list[AuditEvent]:
    """The same with the trigger in place, as on every site."""
    triggers.install(connection, AUDIT)
    assert triggers.missing(connection) == []
    return chain


# --- the chain ------------------------------------------------------------------------


def test_the_chain_of_a_whole_city_holds(chain):
    assert audit.broken_at() is None
    first = AuditEvent.objects.order_by("number").first()
    assert (first.number, first.previous_hash) == (1, audit.GENESIS)
    assert [b.previous_hash for b in chain[1:]] == [a.hash for a in chain[:-1]]


@pytest.mark.parametrize("field, value", [
    ("at", "2026-11-20T00:00:00+00:00"), ("actor_id", "7"), ("actor_name", "别人"),
    ("code", "organizations.user.login"), ("target_type", "x"), ("target_id", "7"),
    ("target_label", "别的"), ("parent_type", "x"), ("parent_id", "7"), ("path", "0002"),
    ("details", {"username": "别人"}), ("outcome", "refused"), ("ip", "10.0.0.1"),
    ("request_id", "x"), ("hash", "f" * 64),
])
def test_a_changed_field_is_found_where_it_was_changed(chain, field, value):
    RAW.filter(pk=chain[2].pk).update(**{field: value})
    assert audit.broken_at() == (chain[2].number, "内容与校验值不符")


def test_every_field_is_covered_by_the_digest_or_is_the_digest():
    """The list above grows with the model."""
    assert {field.name for field in AuditEvent._meta.fields} == {
        "id", "number", "at", "actor_id", "actor_name", "code", "target_type", "target_id",
        "target_label", "parent_type", "parent_id", "path", "details", "outcome", "ip",
        "request_id", "previous_hash", "hash"}


def test_a_changed_link_is_found(chain):
    RAW.filter(pk=chain[2].pk).update(previous_hash=chain[0].hash)
    assert audit.broken_at() == (chain[2].number, "与前一条接不上")


@pytest.mark.parametrize("place", [0, 2])
def test_a_deleted_event_is_found(chain, place):
    RAW.filter(pk=chain[place].pk).delete()
    assert audit.broken_at() == (chain[place].number, f"缺第{chain[place].number}条")


def test_a_deleted_event_is_found_when_the_others_are_numbered_anew(chain):
    RAW.filter(pk=chain[2].pk).delete()
    for event in chain[3:]:
        RAW.filter(pk=event.pk).update(number=event.number - 1)
    assert audit.broken_at() == (chain[2].number, "与前一条接不上")


def test_an_event_inserted_with_another_key_is_found(chain, settings):
    real = settings.AUDIT_KEY
    settings.AUDIT_KEY = "k" * 40
    with transaction.atomic():
        audit.write([audit.event(CODE, None, by=SYSTEM, details={"username": "x"})])
    settings.AUDIT_KEY = real
    assert audit.broken_at() == (chain[-1].number + 1, "内容与校验值不符")


def test_with_another_key_nothing_fits(chain, settings):
    settings.AUDIT_KEY = "k" * 40
    assert audit.broken_at() == (1, "内容与校验值不符")


def test_two_events_that_changed_places_are_found(chain):
    one, other = chain[1], chain[2]
    for pk, number in ((one.pk, 10**9), (other.pk, one.number), (one.pk, other.number)):
        RAW.filter(pk=pk).update(number=number)
    assert audit.broken_at()[0] == one.number


def test_an_act_that_is_rolled_back_leaves_no_gap(chain):
    with pytest.raises(ValueError), act(by=SYSTEM):
        record(CODE, None, username="x")
        raise ValueError
    with act(by=SYSTEM):
        record(CODE, None, username="y")
    assert AuditEvent.objects.order_by("-number").first().number == chain[-1].number + 1
    assert audit.broken_at() is None


# --- manage.py verify_audit -------------------------------------------------------------


def verify(**options) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("verify_audit", stdout=out, **options)
    return out.getvalue()


def test_the_command_prints_the_head_of_a_whole_chain(chain):
    assert verify() == f"审计链完整。末条 {chain[-1].number}:{chain[-1].hash}\n"


def test_the_command_fails_where_the_chain_is_broken(chain):
    RAW.filter(pk=chain[2].pk).update(actor_name="别人")
    with pytest.raises(CommandError, match=f"第{chain[2].number}条断开：内容与校验值不符"):
        verify()


def test_a_cut_end_is_found_by_the_head_that_was_noted(chain):
    head = f"{chain[-1].number}:{chain[-1].hash}"
    assert verify(head=head)
    RAW.filter(pk=chain[-1].pk).delete()
    assert verify()
    with pytest.raises(CommandError, match="末尾被截断或改写过"):
        verify(head=head)


def test_the_command_answers_for_an_empty_audit(city):
    RAW.all().delete()
    assert verify() == "审计链完整。末条 0:\n"


# --- never changed, never deleted -----------------------------------------------------


@pytest.mark.parametrize("change", [
    lambda event: event.save(),
    lambda event: event.delete(),
    lambda event: AuditEvent.objects.filter(pk=event.pk).update(actor_name="别人"),
    lambda event: AuditEvent.objects.filter(pk=event.pk).delete(),
    lambda event: AuditEvent.objects.bulk_update([event], ["actor_name"]),
], ids=["save", "delete", "update", "delete rows", "bulk_update"])
def test_the_model_refuses_every_change(chain, change):
    with pytest.raises(AppendOnly):
        change(chain[0])


def replaced(event) -> None:
    """An upsert, which is a change by the back door."""
    event.actor_name = "别人"
    AuditEvent.objects.bulk_create([event], update_conflicts=True, unique_fields=["number"],
                                   update_fields=["actor_name"])


PAST_THE_MODEL = {
    "update": lambda event: RAW.filter(pk=event.pk).update(actor_name="别人"),
    "delete": lambda event: RAW.filter(pk=event.pk).delete(),
    "upsert": replaced,
}


@pytest.mark.parametrize("way", PAST_THE_MODEL)
def test_the_trigger_refuses_what_goes_past_the_model(guarded, way):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        PAST_THE_MODEL[way](guarded[0])
    assert audit.broken_at() is None


@pytest.mark.parametrize("way", PAST_THE_MODEL)
def test_without_the_trigger_it_would_happen_and_the_chain_tells(chain, way):
    PAST_THE_MODEL[way](chain[0])
    assert audit.broken_at()[0] == chain[0].number


def test_the_trigger_refuses_to_empty_or_replace_the_table(guarded):
    statement = ("TRUNCATE core_auditevent" if connection.vendor == "postgresql" else
                 "REPLACE INTO core_auditevent SELECT * FROM core_auditevent")
    with (pytest.raises(DatabaseError, match="append-only"), transaction.atomic(),
          connection.cursor() as cursor):
        cursor.execute(statement)


def test_with_the_trigger_events_are_still_added(guarded):
    with act(by=SYSTEM):
        record(CODE, None, username="x")
    assert AuditEvent.objects.order_by("-number").first().number == guarded[-1].number + 1


# --- reading --------------------------------------------------------------------------


def test_the_last_event_is_the_last_thing_done_and_no_refusal(city):
    user = city.user("jyj_zb1")
    with act(by=user):
        record("organizations.user.login", user)
    with transaction.atomic():
        audit.write([audit.event(audit.REFUSED, user, by=user,
                                 details={"message": "不行", "view": ""},
                                 outcome=AuditEvent.Outcome.REFUSED)])
    assert audit.sentence(audit.last_event(user)) == "李一帆登录"


def test_the_audit_is_read_whole_or_not_at_all(city):
    auditor, officer = city.user("shenji"), city.user("gongwei")
    everything = AuditEvent.objects.count()
    assert AuditEvent.objects.visible_to(auditor, for_="audit.view").count() == everything
    assert AuditEvent.objects.visible_to(officer, for_="audit.view").count() == 0
