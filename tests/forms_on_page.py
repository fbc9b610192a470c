"""Read a form off a page the way a browser does: what would be sent if nothing were changed."""

from html.parser import HTMLParser

from django.http import QueryDict


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms: list[dict] = []
        self.inside = self.text = None

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "form":
            self.inside = {"id": values.get("id", ""), "action": values.get("action", ""),
                           "fields": []}
            self.forms.append(self.inside)
        elif tag == "textarea" and self.inside:
            self.text = [values["name"], ""]
        elif tag == "input" and self.inside and values.get("name"):
            kind = values.get("type", "text")
            if kind not in ("radio", "checkbox", "file") or "checked" in values:
                self.inside["fields"].append((values["name"], values.get("value", "")))

    def handle_data(self, data):
        if self.text:
            self.text[1] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = None
        elif tag == "textarea" and self.text:
            self.inside["fields"].append((self.text[0], self.text[1].removeprefix("\n")))
            self.text = None


def forms(response) -> list[dict]:
    """Every form of the page: id, action, fields."""
    reader = _Reader()
    reader.feed(response.text)
    return reader.forms


def form_on(response, key: str, **typed) -> dict:
    """What the form with this id or action sends, after `typed` was typed into it."""
    found = [each for each in forms(response) if key in (each["id"], each["action"])]
    assert len(found) == 1, f"{key}: {[(f['id'], f['action']) for f in forms(response)]}"
    sent = QueryDict(mutable=True)
    for name, value in found[0]["fields"]:
        sent.appendlist(name, value)
    for name, value in typed.items():
        assert name in sent or value is not None
        sent[name] = value
    sent.pop("csrfmiddlewaretoken", None)
    return {name: values if len(values) > 1 else values[0] for name, values in sent.lists()}
