from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from apps.core import files
from apps.organizations.models import User
from tests.core import hostile_files as made

pytestmark = pytest.mark.django_db

STRICT = "default-src 'none'; sandbox"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, settings):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files"), "base_url": None},
        }
    }


@pytest.fixture
def sent():
    """Responses of one test, closed behind it as a server would."""
    responses = []
    yield lambda response: responses.append(response) or response
    for each in responses:
        each.close()


@pytest.fixture
def store(db):
    li = User.objects.create(username="li", name="李一帆")
    return lambda name, data: files.store(SimpleUploadedFile(name, data), by=li)


def change_last_byte(path):
    with default_storage.open(path) as file:
        data = bytearray(file.read())
    data[-1] ^= 1
    default_storage.delete(path)
    default_storage.save(path, ContentFile(bytes(data)))


@pytest.mark.parametrize(
    "name, data",
    [("会议记录.docx", made.open_xml()), ("a.pdf", made.pdf()), ("现场.jpg", made.jpg())],
)
def test_the_original_is_only_ever_an_attachment(store, sent, name, data):
    stored = store(name, data)
    response = sent(files.as_attachment(stored))
    body = response.getvalue()
    assert response["Content-Disposition"].startswith("attachment; filename")
    assert response["Content-Security-Policy"] == STRICT
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Type"] == stored.content_type
    assert int(response["Content-Length"]) == len(body) == stored.size


def test_a_chinese_name_travels_by_rfc_6266(store, sent):
    response = sent(files.as_attachment(store("会议记录（终稿）.docx", made.open_xml())))
    assert response["Content-Disposition"] == (
        f"attachment; filename*=utf-8''{quote('会议记录（终稿）.docx', safe='')}"
    )


def test_no_name_breaks_the_header(store, sent):
    stored = store("a.docx", made.open_xml())
    stored.name = 'a"; filename="x.exe\r\nSet-Cookie: a=b.docx'
    header = sent(files.as_attachment(stored))["Content-Disposition"]
    assert "\r" not in header
    assert "\n" not in header
    assert header.startswith("attachment;")


def test_a_changed_byte_is_found_before_anything_is_sent(store):
    stored = store("a.docx", made.open_xml())
    assert files.verify(stored)
    change_last_byte(stored.path)
    assert not files.verify(stored)
    with pytest.raises(files.FileDamaged) as damaged:
        files.as_attachment(stored)
    assert damaged.value.message == "“a.docx”与上传时不一样，暂不能下载。请告诉系统管理员。"
    assert damaged.value.stored == stored


def test_missing_bytes_are_damage_too(store):
    stored = store("a.docx", made.open_xml())
    default_storage.delete(stored.path)
    assert not files.verify(stored)
    with pytest.raises(files.FileDamaged):
        files.as_attachment(stored)


def test_a_preview_is_a_picture_of_our_own_making(store, sent):
    response = sent(files.as_preview(store("a.pdf", made.pdf())))
    body = response.getvalue()
    assert body.startswith(b"\xff\xd8\xff")
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("inline")
    assert response["Content-Security-Policy"] == STRICT
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


def test_there_is_no_preview_of_what_was_not_drawn(store):
    stored = store("a.docx", made.open_xml())
    with pytest.raises(Http404):
        files.as_preview(stored)
    picture = store("a.jpg", made.jpg())
    default_storage.delete(picture.preview_path)
    with pytest.raises(Http404):
        files.as_preview(picture)
