"""Papers of the demo: small Word files, each of its own, written straight into the storage.

They are ours and not uploads, so no child process has to make them harmless.
"""

import hashlib
import io
import uuid
import zipfile
from datetime import date
from random import Random

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from apps.core.files import kinds
from apps.core.models import StoredFile

TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/word/document.xml" ContentType="{content}"/></Types>"""
CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
RELATIONS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="word/document.xml" Type="{kind}"/></Relationships>"""
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
DOCUMENT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>
{paragraphs}</w:body></w:document>"""
NAMES = {"报告": "年度报告.docx", "申报": "申报表.docx"}
POINTS = (
    "党课排得晚，改为每季度第一个月上完。",
    "会议记录隔几天才补，改为当天记、支委签。",
    "外出党员联系少，改为每月一次电话，写进小组记录。",
    "学习结合本科业务不够，每次会带一个办件例子。",
    "老党员来不了，改为分片上门。",
    "党费有人拖到下月，改为每月5日前提醒。",
    "小组会常和业务会合开，改为分开开、分开记。",
    "群众意见收了没有回音，改为一周内当面答复。",
    "先锋岗设了没换过人，改为每季度轮一次。",
)


def paper(organization: str, title: str, day: date, random: Random, *, by: int) -> StoredFile:
    """A page with a title, a date and a few points; the row is not saved yet."""
    points = random.sample(POINTS, random.randint(3, 5))
    lines = [f"{organization}：{title}", f"{day.year}年{day.month}月{day.day}日",
             *(f"{number}．{point}" for number, point in enumerate(points, start=1))]
    data = _word(lines)
    name = next((name for word, name in NAMES.items() if word in title), "整改清单.docx")
    stored = StoredFile(
        id=uuid.UUID(int=random.getrandbits(128), version=4), name=name, size=len(data),
        sha256=hashlib.sha256(data).hexdigest(), content_type=kinds.by_name(name).content_type,
        uploaded_by_id=by)
    if not default_storage.exists(stored.path):
        default_storage.save(stored.path, ContentFile(data))
    return stored


def _word(lines: list[str]) -> bytes:
    """A Word file of plain paragraphs, the same bytes for the same lines."""
    paragraphs = "\n".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    parts = {
        "[Content_Types].xml": TYPES.format(content=CONTENT),
        "_rels/.rels": RELATIONS.format(kind=KIND),
        "word/document.xml": DOCUMENT.format(paragraphs=paragraphs),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text)
    return made.getvalue()
