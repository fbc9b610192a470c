"""Takes an upload in: checked, made harmless, written and synced, then its row."""

import hashlib
import logging
import os
import tempfile
import uuid
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import transaction

from apps.core.errors import Invalid
from apps.core.files import child, kinds, names, sentences
from apps.core.files.kinds import Kind
from apps.core.files.limits import MIB, Limits
from apps.core.models import StoredFile

CHUNK = 256 * 1024

logger = logging.getLogger("fangzhen.files")


def store(upload, *, by) -> StoredFile:
    """Keep `upload` (a Django UploadedFile) for `by`. Called before any transaction.

    A picture is kept only as the child re-encoded it, at most 2400 px and without place,
    device or other metadata: the bytes as they were sent are not kept anywhere, and
    `size` and `sha256` are those of the re-encoded file. Every other file is kept as sent.
    Raises Invalid with the sentence to show; RuntimeError inside a transaction.
    """
    limits = Limits.from_settings()
    names.refuse_secret(upload.name or "", where="文件名")
    name = names.clean_name(upload.name or "")
    kind = kinds.by_name(name)
    try:
        with tempfile.TemporaryDirectory(prefix="fangzhen-upload-") as folder:
            received = _receive(upload, Path(folder) / "received", limits)
            kinds.check(received, kind, limits)
            content, preview = _make_harmless(received, kind, limits)
            return _keep(content, preview, name=name, kind=kind, by=by)
    except OSError as full:
        logger.exception("upload could not be written")
        raise Invalid(sentences.NO_ROOM) from full


def check_total(total_bytes: int) -> None:
    """Raises Invalid when the files of one report together are larger than allowed."""
    limits = Limits.from_settings()
    if total_bytes > limits.report_bytes:
        raise Invalid(sentences.REPORT_TOO_LARGE.format(mb=limits.report_bytes // MIB))


def _receive(upload, path: Path, limits: Limits) -> Path:
    """A private copy: what is checked is what is kept, whatever becomes of the upload."""
    size = 0
    with path.open("wb") as copy:
        for chunk in upload.chunks(CHUNK):
            size += len(chunk)
            if size > limits.file_bytes:
                raise Invalid(sentences.TOO_LARGE.format(mb=limits.file_bytes // MIB))
            copy.write(chunk)
    return path


def _make_harmless(received: Path, kind: Kind, limits: Limits) -> tuple[Path, Path | None]:
    """The bytes to keep and, where there is one, the picture to show inline."""
    if kind.is_picture:
        made = child.clean_picture(received, received.parent, limits)
        return made.clean or received, made.preview
    if kind.found == "pdf":
        made = child.open_pdf(received, received.parent, limits)
        names.refuse_secret(made.opening, where="文件开头")
        return received, made.preview
    return received, None


def _keep(content: Path, preview: Path | None, *, name: str, kind: Kind, by) -> StoredFile:
    """Write the bytes, then the row; bytes without a row go again, a row always has bytes."""
    stored = StoredFile(
        id=uuid.uuid4(), name=name, content_type=kind.content_type, uploaded_by=by
    )
    stored.size = content.stat().st_size
    stored.preview_path = f"{stored.path}.jpg" if preview else ""
    written = []
    try:
        written.append(stored.path)
        stored.sha256 = _write(content, stored.path)
        if preview:
            written.append(stored.preview_path)
            _write(preview, stored.preview_path)
        with transaction.atomic(durable=True):
            stored.save(force_insert=True)
    except BaseException:
        for path in written:
            default_storage.delete(path)
        raise
    return stored


def _write(source: Path, path: str) -> str:
    """Write `source` to the default storage under `path`; the SHA-256 in hex."""
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        saved = default_storage.save(path, File(file))
    if saved != path:
        default_storage.delete(saved)
        raise FileExistsError(path)
    _sync(path)
    return digest


def _sync(path: str) -> None:
    """On a disk: the bytes and both new directory entries survive a power cut."""
    if not isinstance(default_storage, FileSystemStorage):
        return  # a remote store acknowledges only what it keeps
    local = Path(default_storage.path(path))
    for each in (local, local.parent, local.parent.parent):
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
