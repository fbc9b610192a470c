"""Runs alone as a short-lived process: opens one hostile file and makes pictures of it.

Started by `child.py` as `python -I child_main.py …`, so it imports nothing of the app, and
Pillow and pdfium only after the limits stand. What it made lies in its folder, what it
found is its exit code.
"""

import os
import resource
import sys

DONE, UNREADABLE, TOO_MANY_PIXELS, LOCKED, SCRIPT, PROGRAM = 0, 3, 4, 5, 6, 7

CLEAN, PREVIEW, OPENING = "clean", "preview.jpg", "opening.txt"

# Longest edge in pixels: an A4 page stays readable at 2400, a phone screen is full at 1200.
CLEAN_EDGE = 2400
PREVIEW_EDGE = 1200
CLEAN_QUALITY = 88
PREVIEW_QUALITY = 80
OPENING_CHARACTERS = 500

PROGRAM_ENDINGS = (
    ".exe", ".dll", ".com", ".scr", ".bat", ".cmd", ".ps1", ".vbs", ".js", ".hta", ".lnk",
    ".msi", ".jar",
)


def main(arguments: list[str]) -> int:
    """`job source folder pixels cpu_seconds memory_bytes output_bytes` -> exit code."""
    job, source, folder, *figures = arguments
    pixels, cpu_seconds, memory_bytes, output_bytes = map(int, figures)
    limit(cpu_seconds, memory_bytes, output_bytes)
    try:
        if job == "picture":
            return clean_picture(source, folder, pixels)
        return open_pdf(source, folder)
    except Exception:  # whatever a hostile file provokes, the answer is the same
        return UNREADABLE


def limit(cpu_seconds: int, memory_bytes: int, output_bytes: int) -> None:
    """Bound this process; behind the web workers in the queue for the processor."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output_bytes, output_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def clean_picture(source: str, folder: str, pixels: int) -> int:
    """The picture itself, upright and without any metadata, and its preview."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # we compare ourselves: Pillow only warns up to twice this
    with Image.open(source, formats=("JPEG", "PNG")) as picture:
        if picture.width * picture.height > pixels:
            return TOO_MANY_PIXELS
        form = "PNG" if picture.format == "PNG" else "JPEG"
        picture.draft("RGB", (CLEAN_EDGE, CLEAN_EDGE))  # a JPEG is decoded at a lower scale
        clean = upright(shrunk(picture))
    if form == "JPEG":
        clean = flat(clean)
    # Place, device, comments, colour profile: the savers take some of them from here.
    clean.info = {}
    save(clean, f"{folder}/{CLEAN}", form, CLEAN_QUALITY)
    preview = flat(clean)
    preview.thumbnail((PREVIEW_EDGE, PREVIEW_EDGE))
    save(preview, f"{folder}/{PREVIEW}", "JPEG", PREVIEW_QUALITY)
    return DONE


def shrunk(picture):
    """At most 2400 px, in a mode that both formats know; first of all, to spare memory."""
    if picture.mode.startswith("I;16"):
        picture = picture.point(lambda value: value / 256).convert("L")
    if picture.mode not in ("L", "RGB", "RGBA"):
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    picture.thumbnail((CLEAN_EDGE, CLEAN_EDGE))
    return picture


def upright(picture):
    """Turned as the camera was held; as it is when the camera wrote nonsense."""
    from PIL import ImageOps

    try:
        return ImageOps.exif_transpose(picture)
    except Exception:
        return picture


def flat(picture):
    """Transparent parts become white."""
    from PIL import Image

    if picture.mode != "RGBA":
        return picture.copy()
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def save(picture, path: str, form: str, quality: int) -> None:
    """Write `picture`; quality 1 to 95 counts for JPEG only."""
    options = {"quality": quality} if form == "JPEG" else {"compress_level": 4}
    picture.save(path, form, **options)


def open_pdf(source: str, folder: str) -> int:
    """The first page as a picture, title and first words, and what the document carries along."""
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as refusal:
        return LOCKED if refusal.err_code == raw.FPDF_ERR_PASSWORD else UNREADABLE
    if raw.FPDFDoc_GetJavaScriptActionCount(document) > 0:
        return SCRIPT
    for index in range(document.count_attachments()):
        attachment = document.get_attachment(index)
        name = attachment.get_name().lower()
        if name.endswith(PROGRAM_ENDINGS) or bytes(attachment.get_data()[:2]) == b"MZ":
            return PROGRAM
    page = document[0]
    text = page.get_textpage()
    words = text.get_text_range(0, min(OPENING_CHARACTERS, text.count_chars()))
    with open(f"{folder}/{OPENING}", "w", encoding="utf-8", errors="replace") as opening:
        opening.write(f"{document.get_metadata_value('Title')}\n{words}")
    width, height = page.get_size()
    scale = min(PREVIEW_EDGE / max(width, height, 1), 3)
    save(page.render(scale=scale).to_pil().convert("RGB"), f"{folder}/{PREVIEW}", "JPEG",
         PREVIEW_QUALITY)
    return DONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
