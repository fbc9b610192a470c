"""Builds files, honest and hostile, from nothing: no binary stands in the repository."""

import io
import struct
import zipfile
import zlib

from PIL import Image

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
WINDOWS_PROGRAM = (
    b"MZ" + bytes(58) + struct.pack("<I", 128)
    + b"This program cannot be run in DOS mode".ljust(64, b"\0") + b"PE\0\0" + bytes(200)
)
CONTENT_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def jpg(width=640, height=480, *, exif=None, **options) -> bytes:
    """A picture with an edge in it, so that turning it can be seen."""
    picture = Image.new("RGB", (width, height), "white")
    picture.paste("red", (0, 0, width // 2, height))
    out = io.BytesIO()
    picture.save(out, "JPEG", **({"exif": exif} if exif else {}), **options)
    return out.getvalue()


def gps_exif(orientation=1) -> Image.Exif:
    """Where and with what a picture was taken."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "SpyCam", orientation
    exif.get_ifd(0x8825).update({1: "N", 2: (25.0, 2.0, 30.0), 3: "E", 4: (102.0, 42.0, 0.0)})
    return exif


def png(width=640, height=480, mode="RGB", **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height)).save(out, "PNG", **options)
    return out.getvalue()


def png_claiming(width, height) -> bytes:
    """A PNG whose header claims a size; its pixels are missing."""

    def part(name, body):
        checksum = struct.pack(">I", zlib.crc32(name + body))
        return struct.pack(">I", len(body)) + name + body + checksum

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header)
        + part(b"IDAT", zlib.compress(bytes(100))) + part(b"IEND", b"")
    )


def jpg_claiming(width, height) -> bytes:
    """A JPEG whose frame header claims a size."""
    plain = bytearray(jpg())
    frame = plain.index(b"\xff\xc0")
    plain[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(plain)


def archive(members: dict, *, compression=zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as made:
        for name, body in members.items():
            made.writestr(name, body)
    return out.getvalue()


def open_xml(folder="word", *, types=CONTENT_TYPES, text="支委会会议记录", **more) -> bytes:
    """A docx, xlsx or pptx; `more` adds members, __ stands for / and _dot_ for a dot."""
    main = {"word": "word/document.xml", "xl": "xl/workbook.xml", "ppt": "ppt/presentation.xml"}
    members = {
        "[Content_Types].xml": f'<Types><Override ContentType="{types}"/></Types>',
        "_rels/.rels": "<Relationships/>",
        main[folder]: f"<w:document><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:document>",
    }
    for name, body in more.items():
        members[name.replace("__", "/").replace("_dot_", ".")] = body
    return archive(members)


def ofd(text="通知") -> bytes:
    page = f"<ofd:Page><ofd:TextCode>{text}</ofd:TextCode></ofd:Page>"
    return archive(
        {"OFD.xml": "<ofd:OFD/>", "Doc_0/Document.xml": "<a/>",
         "Doc_0/Pages/Page_0/Content.xml": page}
    )


def compound(*top, inside=(), body=b"", circular=False) -> bytes:
    """An OLE2 file: `top` are streams under the root, `inside` those of a storage below."""
    free, end, fat = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    names = [("Root Entry", 5), *((name, 2) for name in top)]
    if inside:
        names += [("ObjectPool", 1), *((name, 2) for name in inside)]
    pool = 1 + len(top)
    entries = b""
    for number, (name, kind) in enumerate(names):
        left, right, child = free, free, free
        if number == 0:
            child = 1
        elif number == pool:
            child = pool + 1
        last_on_level = number in (len(top) if not inside else pool, len(names) - 1)
        if number and not last_on_level:
            right = number + 1
        wide = name.encode("utf-16-le")
        rest = struct.pack("<HBBIII", len(wide) + 2, kind, 1, left, right, child)
        entries += (wide.ljust(64, b"\0") + rest).ljust(128, b"\0")
    sectors = -(-len(entries) // 512)
    entries = entries.ljust(sectors * 512, b"\0")
    chain = [fat] + [2 + number for number in range(sectors)]
    chain[-1] = 1 if circular else end
    table = struct.pack("<128I", *(chain + [free] * (128 - len(chain))))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(24, b"\0") + struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0
    )
    head += struct.pack("<109I", 0, *([free] * 108))
    return head + table + entries + body


def pdf(*, catalog=b"", text="", extra=(), trailer=b"") -> bytes:
    """A PDF of one page; `extra` are the bodies of objects from number 6 on."""
    words = text.encode("utf-16-be").hex().encode()
    content = b"BT /F1 24 Tf 50 700 Td <" + words + b"> Tj ET"
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong/Encoding/UniGB-UCS2-H/DescendantFonts"
        b"[<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>]>>"
    )
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page + b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n" % len(content) + content + b"\nendstream",
        font,
        *extra,
    ]
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj" % number + body + b"endobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R" % (len(bodies) + 1) + trailer + b">>\n"
    return out + b"startxref\n%d\n%%%%EOF\n" % start
