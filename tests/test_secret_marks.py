"""绝密★, 机密★ and 秘密★ come in nowhere: no form, no name, no draft, no file keeps them."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
from django import forms
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from apps.core import drafts, workflow
from apps.core.act import SYSTEM
from apps.core.errors import Invalid
from apps.core.files import CLASSIFIED, store
from apps.core.forms import HouseForm, no_secret_mark
from apps.core.models import AuditEvent
from apps.organizations import services
from tests.core import hostile_files as made
from tests.scene import CAST, all_routes
from tests.test_conventions import SOURCES

MARKED = "见机密★5年渔火一号文"
TRACE = "渔火"
# What these forms take is compared and never kept, or is a search.
NOT_KEPT = {"LoginForm", "ChangePasswordForm", "ResetForm", "CodeForm", "CodeAgainForm",
            "EnrolForm", "SearchForm"}


WRITERS = ("own", "superior", "holder", "committee", "admin", "system", "auditor")


def our_forms() -> list[type]:
    """Every form class of ours, found by walking the subclasses of Django's."""
    for path in SOURCES:
        if "forms" in path.name or "views" in path.parts:
            __import__(".".join(path.relative_to(path.parents[len(path.parts) - path.parts.index(
                "apps") - 1]).with_suffix("").parts))
    found, queue = [], [forms.BaseForm]
    while queue:
        for each in queue.pop().__subclasses__():
            queue.append(each)
            if each.__module__.startswith("apps."):
                found.append(each)
    return found


def takes_words(form: type) -> bool:
    return any(isinstance(each, forms.CharField) and not each.widget.is_hidden
               for each in form.base_fields.values())


def test_every_form_that_takes_words_refuses_marks():
    """A form without the house's base: put HouseForm or TakesRefusals in front of it."""
    found = [form for form in our_forms() if takes_words(form)]
    assert len(found) > 25
    assert [form.__name__ for form in found
            if not issubclass(form, HouseForm) and form.__name__ not in NOT_KEPT] == []


def test_a_form_without_the_base_is_found():
    careless = type("Careless", (forms.Form,), {"words": forms.CharField()})
    assert takes_words(careless) and not issubclass(careless, HouseForm)


@pytest.mark.parametrize("value", ["绝密★", "機密☆", "秘 密 ★ 10年", "a\n机密⭐", ["好", "机密★"]])
def test_the_shared_check_refuses_a_mark(value):
    with pytest.raises(forms.ValidationError, match="密级标志"):
        no_secret_mark(value)


@pytest.mark.parametrize("value", ["保密教育", "秘密战线", "★★★", ["机密", "★"], 7, None])
def test_and_nothing_else(value):
    no_secret_mark(value)


def test_a_field_that_is_added_late_refuses_them_too():
    class Late(HouseForm, forms.Form):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.fields["words"] = forms.CharField()

    assert Late({"words": "机密★"}).errors == {"words": [CLASSIFIED]}
    assert Late({"words": "保密"}).is_valid()


# --- every form of every page, sent with a mark in each of its text fields ----------------


@dataclass
class Form:
    """A form as a page shows it."""

    action: str
    method: str
    sent: dict = field(default_factory=dict)
    texts: list = field(default_factory=list)
    # What each of its buttons sends along; a form of several steps is judged at the last.
    buttons: list = field(default_factory=lambda: [{}])


class Reader(HTMLParser):
    """Reads the forms off a page the way a browser does."""

    def __init__(self):
        super().__init__()
        self.forms, self.inside, self.select, self.area = [], None, None, None

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        name, kind = values.get("name"), values.get("type") or "text"
        if tag == "form":
            self.inside = Form(values.get("action", ""), values.get("method", "get").lower())
            self.forms.append(self.inside)
        if self.inside is None or (not name and tag != "option"):
            return
        if tag == "button":
            self.inside.buttons.insert(0, {name: values.get("value") or ""})
        elif tag == "textarea":
            self.area = name
            self.inside.sent[name] = ""
            self.inside.texts.append(name)
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select:
            if "selected" in values or self.select not in self.inside.sent:
                self.inside.sent[self.select] = values.get("value", "")
        elif tag == "input" and kind in ("text", "search", "tel"):
            self.inside.sent[name] = values.get("value") or ""
            self.inside.texts.append(name)
        elif tag == "input" and (kind in ("hidden", "radio") or "checked" in values):
            self.inside.sent.setdefault(name, values.get("value") or "")

    def handle_data(self, data):
        if self.area:
            self.inside.sent[self.area] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None


def traces() -> list[str]:
    """Tables in which the marked words stand. What was refused is quoted nowhere."""
    found = []
    for model in apps.get_models():
        quoted = connection.ops.quote_name
        columns = [quoted(each.column) for each in model._meta.concrete_fields
                   if isinstance(each, (models.CharField, models.TextField, models.JSONField))]
        if columns:
            fits = " OR ".join(f"CAST({column} AS text) LIKE %s" for column in columns)
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT 1 FROM {quoted(model._meta.db_table)} WHERE {fits} LIMIT 1",
                               [f"%{TRACE}%"] * len(columns))
                if cursor.fetchone():
                    found.append(model._meta.label_lower)
    return found


def body_of(answer) -> str:
    """The whole answer; a file is read to its end, which closes it (and not the connection)."""
    content = b"".join(answer) if answer.streaming else answer.content
    return content.decode("utf-8", "replace")


@dataclass
class Walk:
    """Every page as everybody who writes; each form is sent once for each text field."""

    scene: object
    asked: set = field(default_factory=set)
    refused: set = field(default_factory=set)
    kept: list = field(default_factory=list)

    def go(self, names=None) -> "Walk":
        for person in WRITERS:
            client = Client(raise_request_exception=False)
            client.force_login(self.scene.city.user(CAST[person]))
            for _route, name in all_routes():
                if names is None or name in names:
                    self.page(client, name)
        return self

    def page(self, client, name: str) -> None:
        try:
            url = reverse(name, kwargs=self.scene.samples.get(name, {}))
        except NoReverseMatch:
            return
        answer = client.get(url)
        text = body_of(answer)
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            return
        reader = Reader()
        reader.feed(text)
        for each in reader.forms:
            if each.method == "post":
                self.send(client, name, urljoin(url, each.action), each)

    def send(self, client, name: str, url: str, each: Form) -> None:
        url = url.partition("#")[0]
        body = {**each.sent, **self.scene.bodies.get(name, {})}
        body.pop("csrfmiddlewaretoken", None)
        for text in each.texts:
            key = (re.sub(r"\d+", "N", url.partition("?")[0]), re.sub(r"\d+", "N", text))
            if key in self.asked:
                continue
            self.asked.add(key)
            for button in each.buttons:
                if key not in self.refused:
                    self.knock(client, url, body | button | {text: MARKED}, key)

    def knock(self, client, url: str, body: dict, key: tuple) -> None:
        """One request whose effects are undone."""
        mark, cookies = transaction.savepoint(), client.cookies.copy()
        answer = client.post(url, body)
        if "密级标志" in body_of(answer):
            self.refused.add(key)
        stands = traces()
        if stands:
            self.kept.append((*key, answer.status_code, stands))
        transaction.savepoint_rollback(mark)
        client.cookies = cookies


# These take no words of their own: a date, a number, a search, an account that is only compared.
NO_WORDS = re.compile(
    r"_on$|^(first|last|on|since|until|starts_on|ends_on|last_day|runs_\w+|proposed_on|held_on|"
    r"due_\w+|(\w+-)?days\w*|minutes|events_a_year|year|q|login|code|code_\w+|username|month|day)$")


def test_no_form_of_any_page_keeps_a_mark(scene):
    walk = Walk(scene).go()
    assert walk.kept == []
    silent = {key for key in walk.asked - walk.refused if not NO_WORDS.search(key[1])}
    assert sorted(silent) == []
    assert len(walk.refused) > 20


def test_without_the_check_they_would_come_in(scene, monkeypatch):
    """The control of the walk: a text field whose verb does not look either."""
    monkeypatch.setattr("apps.core.forms.has_secret_mark", lambda text: False)
    monkeypatch.setattr("apps.organizations.services.personal_data.has_secret_mark",
                        lambda text: False)
    walk = Walk(scene).go({"dashboard:my_data"})
    assert [(url, name) for url, name, _status, _stands in walk.kept] == [
        ("/me/data/correction/", "request")]


# --- what comes in past the forms ---------------------------------------------------------


def test_a_draft_does_not_keep_a_mark_and_loses_no_other_word(scene):
    user, task = scene.city.user("jyj_zb1"), scene.open
    drafts.save(user=user, target=task, data={"words": "开了会。", "document_number": "1号"})
    drafts.save(user=user, target=task, data={"words": MARKED, "document_number": "2号"})
    draft = drafts.load(user=user, target=task)
    assert draft.data == {"words": "开了会。", "document_number": "2号"} and traces() == []


def test_the_writer_is_told_while_typing(scene, login):
    url = reverse("checklists:draft_save", args=[scene.open.pk])
    body = scene.bodies["checklists:draft_save"]
    phone = login("jyj_zb1")
    answer = phone.post(url, body | {"words": MARKED}, headers={"X-Requested-With": "fetch"})
    assert answer.json()["refused"] == CLASSIFIED
    answer = phone.post(url, body, headers={"X-Requested-With": "fetch"})
    assert "refused" not in answer.json()


def test_no_reason_of_any_step_carries_a_mark(scene):
    with pytest.raises(Invalid) as refusal:
        workflow.advance(scene.waiting, "accept", by=scene.city.user("jyj_jgdw"), note=MARKED)
    assert refusal.value.fields == {"reason": CLASSIFIED}
    assert not AuditEvent.objects.filter(target_label__contains=TRACE).exists()


@pytest.mark.parametrize("field, make", [
    ("name", lambda city: services.create_user(username="x1", name="机密★", password="x",
                                               by=SYSTEM)),
    ("username", lambda city: services.create_user(username="机密★", name="某", password="x",
                                                   by=SYSTEM)),
    ("name", lambda city: services.correct(user=city.user("jyj_zb1"), name="机密★", by=SYSTEM)),
    ("short_name", lambda city: services.found(
        kind="branch", name="某支部", short_name="机密★", code="X", by=SYSTEM,
        parent=city.place("jyj_jgdw"))),
    ("code", lambda city: services.found(
        kind="branch", name="某支部", short_name="某", code="机密★", by=SYSTEM,
        parent=city.place("jyj_jgdw"))),
    ("name", lambda city: services.rename(
        organization=city.place("jyj_zb1"), name="机密★", short_name="某",
        on=city.place("jyj_zb1").founded_on, by=SYSTEM)),
])
def test_no_name_carries_a_mark_not_even_from_a_roster(city, field, make):
    with pytest.raises(Invalid) as refusal:
        make(city)
    assert refusal.value.fields == {field: CLASSIFIED}


WORD = '<w:hdr xmlns:w="w"><w:p>机密★10年</w:p></w:hdr>'


@pytest.mark.parametrize("members", [
    {"word__header2_dot_xml": WORD}, {"word__header3_dot_xml": WORD},
    {"docProps__core_dot_xml": "<cp><dc:title>机密★方案</dc:title></cp>"}])
def test_a_document_with_a_mark_in_any_head_or_title_is_refused(city, members):
    data = made.open_xml(**members)
    with pytest.raises(Invalid, match="带有“机密★”一类的密级标志"):
        store(SimpleUploadedFile("方案.docx", data), by=city.user("jyj_zb1"))
