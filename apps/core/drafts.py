"""What somebody is typing, kept on the server. Outside workflow and audit on purpose:
half a sentence is nobody's business but the writer's."""

from datetime import timedelta
from uuid import UUID

from apps.core.calendar import now
from apps.core.files import check_total, has_secret_mark
from apps.core.models import Draft, DraftFile, StoredFile

TYPING_NOW = timedelta(minutes=30)


def load(*, user, target) -> Draft | None:
    """The person's own draft for `target`, with its files."""
    return Draft.objects.of(user).for_target(target).prefetch_related("files__file").first()


def save(*, user, target, data: dict, submit_key: UUID | None = None) -> Draft:
    """Keep what was typed, under the key with which it will be submitted.

    A field with a mark of secrecy is not kept: it stays as it was saved before.
    """
    marked = [name for name, text in data.items() if has_secret_mark(str(text))]
    if marked:
        before = load(user=user, target=target)
        kept = before.data if before else {}
        data = data | {name: kept.get(name, "") for name in marked}
    values = {"data": data, "saved_at": now()}
    if submit_key:
        values["submit_key"] = submit_key
    draft, _is_new = Draft.objects.update_or_create(
        user=user, target_type=target._meta.label_lower, target_id=str(target.pk),
        defaults=values,
    )
    return draft


def others(*, user, target) -> list[Draft]:
    """Drafts of other people for `target` who typed within the last half hour."""
    return list(
        Draft.objects.for_target(target)
        .exclude(user=user)
        .filter(saved_at__gte=now() - TYPING_NOW)
        .select_related("user")
        .order_by("-saved_at")
    )


def add_file(*, draft: Draft, file: StoredFile) -> DraftFile:
    """Attach a stored file. Raises Invalid above the size limit of one report."""
    check_total(file.size + sum(each.file.size for each in draft.files.select_related("file")))
    return DraftFile.objects.create(draft=draft, file=file)


def remove_file(*, draft: Draft, pk: int) -> None:
    """Take a file off the draft; `daily` deletes its bytes when nothing else uses them."""
    draft.files.filter(pk=pk).delete()


def discard(*, draft: Draft) -> None:
    """Forget a draft that was submitted."""
    draft.delete()


def give(*, draft: Draft, to) -> None:
    """Hand an unsent draft with its files to another person, who has none for the target."""
    draft.user = to
    draft.save(update_fields=["user"])
