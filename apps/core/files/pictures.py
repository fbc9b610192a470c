"""How large a picture is, read from its header, before anything is decoded."""

import struct
from typing import BinaryIO

from apps.core.errors import Invalid
from apps.core.files import sentences
from apps.core.files.limits import Limits

# Start-of-frame markers; 0xC4, 0xC8 and 0xCC in the same range are tables.
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def refuse_too_many_pixels(file: BinaryIO, kind: str, limits: Limits) -> None:
    """Raises Invalid when the header shows too many pixels or cannot be read."""
    size = _png_size(file) if kind == "png" else _jpg_size(file)
    if size is None or 0 in size:
        raise Invalid(sentences.UNREADABLE_PICTURE)
    if size[0] * size[1] > limits.pixels:
        raise Invalid(sentences.TOO_MANY_PIXELS.format(millions=limits.pixels // 1_000_000))


def _png_size(file: BinaryIO) -> tuple[int, int] | None:
    head = file.read(24)
    if len(head) < 24 or head[12:16] != b"IHDR":
        return None
    return struct.unpack(">II", head[16:24])


def _jpg_size(file: BinaryIO) -> tuple[int, int] | None:
    file.seek(2)
    while True:
        byte = file.read(1)
        while byte == b"\xff":
            byte = file.read(1)  # any number of fill bytes may stand before a marker
        if not byte or byte[0] == 0xDA:
            return None
        segment = file.read(2)
        if len(segment) < 2:
            return None
        length = struct.unpack(">H", segment)[0]
        if byte[0] in _FRAMES:
            frame = file.read(5)
            return struct.unpack(">HH", frame[1:])[::-1] if len(frame) == 5 else None
        file.seek(max(length - 2, 0), 1)
