"""Acts with ready answers, for tests that are about what follows."""

import uuid
from datetime import date

from apps.checklists.services import reporting
from apps.core import drafts
from apps.core.models import AuditEvent, StoredFile

FRIDAY = date(2026, 11, 20)


def hand_in(task, by, **answers):
    """Submit `task` with good answers, except for those given."""
    good = {"activity_on": FRIDAY, "words": "支委会研究了两件事。", "document_number": "",
            "submit_key": uuid.uuid4()}
    return reporting.submit(occurrence=task, by=by, **good | answers)


def attach(task, by, name="记录.pdf"):
    """A file on `by`'s draft of `task`; its bytes do not matter here."""
    draft = drafts.load(user=by, target=task) or drafts.save(user=by, target=task, data={})
    file = StoredFile.objects.create(sha256="0" * 64, name=name, size=7, uploaded_by=by,
                                     content_type="application/pdf")
    drafts.add_file(draft=draft, file=file)
    return file


def codes(obj) -> list[str]:
    """What was done to `obj`, oldest first, as audit codes without their prefix."""
    events = AuditEvent.objects.about(obj).done().order_by("number")
    return [event.code.removeprefix("checklists.occurrence.") for event in events]
