"""Gives files out: the original only as an attachment, inline only what we made ourselves."""

import hashlib
import hmac

from django.core.files import File
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404

from apps.core.models import StoredFile

CHUNK = 256 * 1024
HEADERS = {
    # Even opened in a tab, the answer may load, run and submit nothing.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class FileDamaged(Exception):
    """The bytes are gone or are not those that were stored: a matter for the administrator.

    Not a refusal: the person did nothing wrong, so the answer is 500. `message` is the
    sentence to show; the caller records the event before it lets this through.
    """

    def __init__(self, stored: StoredFile):
        super().__init__(f"stored file {stored.pk} is missing or changed")
        self.stored = stored
        self.message = f"“{stored.name}”与上传时不一样，暂不能下载。请告诉系统管理员。"


def as_attachment(stored: StoredFile) -> FileResponse:
    """The original as a download under its own name. Raises FileDamaged.

    The caller has checked the right: this function knows no persons.
    """
    file = _opened(stored)
    return FileResponse(
        file,
        as_attachment=True,
        filename=stored.name,
        content_type=stored.content_type,
        headers=HEADERS | {"Content-Length": str(stored.size)},
    )


def as_preview(stored: StoredFile) -> FileResponse:
    """The picture made at upload, inline. Raises Http404 when there is none."""
    if not stored.preview_path:
        raise Http404("no preview was made")
    try:
        file = default_storage.open(stored.preview_path)
    except FileNotFoundError as missing:
        raise Http404("the preview is gone") from missing
    return FileResponse(file, content_type="image/jpeg", filename="preview.jpg", headers=HEADERS)


def verify(stored: StoredFile) -> bool:
    """True when the bytes are those that were stored."""
    try:
        _opened(stored).close()
    except FileDamaged:
        return False
    return True


def _opened(stored: StoredFile) -> File:
    """The bytes, compared with their hash and wound back. Raises FileDamaged."""
    try:
        file = default_storage.open(stored.path)
    except FileNotFoundError as missing:
        raise FileDamaged(stored) from missing
    digest = hashlib.sha256()
    for chunk in file.chunks(CHUNK):
        digest.update(chunk)
    if not hmac.compare_digest(digest.hexdigest(), stored.sha256):
        file.close()
        raise FileDamaged(stored)
    file.seek(0)
    return file
