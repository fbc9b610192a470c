"""Uploaded files: taken in, kept, given out. Callers need only these names."""

from apps.core.files.intake import check_total, store
from apps.core.files.kinds import ACCEPT
from apps.core.files.names import CLASSIFIED, has_secret_mark
from apps.core.files.serve import FileDamaged, as_attachment, as_preview, verify

__all__ = [
    "ACCEPT",
    "CLASSIFIED",
    "FileDamaged",
    "as_attachment",
    "as_preview",
    "check_total",
    "has_secret_mark",
    "store",
    "verify",
]
