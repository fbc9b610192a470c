import hashlib
import io
import os
import tempfile
from pathlib import Path

import pytest
from django.core.files.storage import InMemoryStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from apps.core.errors import Invalid
from apps.core.files import intake, kinds, sentences, serve
from apps.core.files.limits import MIB
from apps.core.models import StoredFile
from apps.organizations.models import User
from tests.core import hostile_files as made

pytestmark = pytest.mark.django_db


@pytest.fixture
def li(db):
    return User.objects.create(username="li", name="李一帆")


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    """Where the files of one test lie; empty again for the next."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files"), "base_url": None},
        }
    }
    return tmp_path / "files"


def upload(name, data):
    return SimpleUploadedFile(name, data)


def kept(folder) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def refusal(name, data, by) -> str:
    with pytest.raises(Invalid) as refused:
        intake.store(upload(name, data), by=by)
    return refused.value.message


def stored_bytes(stored) -> bytes:
    with default_storage.open(stored.path) as file:
        return file.read()


# --- what is kept ---------------------------------------------------------------------


def test_a_document_is_kept_as_it_was_sent(li, folder):
    data = made.open_xml()
    stored = intake.store(upload("会议记录（终稿）(1).docx", data), by=li)
    assert stored_bytes(stored) == data
    assert stored.sha256 == hashlib.sha256(data).hexdigest()
    assert (stored.size, stored.name) == (len(data), "会议记录（终稿）(1).docx")
    assert stored.content_type == kinds.KINDS["docx"].content_type
    assert stored.preview_path == ""
    assert StoredFile.objects.get().uploaded_by == li
    assert kept(folder) == [folder / stored.id.hex[:2] / str(stored.id)]


def test_two_uploads_of_one_name_are_two_files(li):
    first = intake.store(upload("a.pdf", made.pdf()), by=li)
    second = intake.store(upload("a.pdf", made.pdf()), by=li)
    assert first.path != second.path
    assert serve.verify(first)
    assert serve.verify(second)


def test_a_picture_loses_place_device_comment_and_profile(li):
    sent = made.jpg(exif=made.gps_exif(), comment=b"home address", icc_profile=b"profile" * 20)
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825)
    stored = intake.store(upload("IMG_0001.jpg", sent), by=li)
    data = stored_bytes(stored)
    picture = Image.open(io.BytesIO(data))
    assert not picture.getexif()
    assert not {"exif", "comment", "icc_profile", "xmp"} & set(picture.info)
    for secret in (b"Exif", b"SpyCam", b"home address", b"profile"):
        assert secret in sent
        assert secret not in data
    assert (stored.size, stored.sha256) == (len(data), hashlib.sha256(data).hexdigest())


def test_a_png_loses_its_texts_and_what_was_hidden_behind_it(li):
    from PIL.PngImagePlugin import PngInfo

    texts = PngInfo()
    texts.add_text("Comment", "home address")
    sent = made.png(pnginfo=texts, exif=made.gps_exif()) + b"<script>alert(1)</script>"
    stored = intake.store(upload("a.png", sent), by=li)
    data = stored_bytes(stored)
    for secret in (b"home address", b"SpyCam", b"<script>"):
        assert secret in sent
        assert secret not in data


def test_a_picture_is_turned_as_the_camera_was_held(li):
    stored = intake.store(upload("a.jpg", made.jpg(640, 480, exif=made.gps_exif(6))), by=li)
    picture = Image.open(io.BytesIO(stored_bytes(stored)))
    assert picture.size == (480, 640)
    red, white = picture.getpixel((240, 20)), picture.getpixel((240, 620))
    assert red[1] < 60
    assert white[1] > 200


@pytest.mark.parametrize(
    "name, data", [("a.jpg", made.jpg(3000, 1500)), ("a.png", made.png(3000, 1500))]
)
def test_a_large_picture_shrinks_and_its_preview_more(li, name, data):
    stored = intake.store(upload(name, data), by=li)
    assert Image.open(io.BytesIO(stored_bytes(stored))).size == (2400, 1200)
    with default_storage.open(stored.preview_path) as preview:
        shown = Image.open(preview)
        assert (shown.format, shown.size) == ("JPEG", (1200, 600))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_becomes_a_picture(li, mode):
    stored = intake.store(upload("a.png", made.png(40, 30, mode)), by=li)
    assert Image.open(io.BytesIO(stored_bytes(stored))).size == (40, 30)


def test_a_jpg_for_printers_becomes_one_for_screens(li):
    out = io.BytesIO()
    Image.new("CMYK", (40, 30)).save(out, "JPEG")
    stored = intake.store(upload("a.jpg", out.getvalue()), by=li)
    assert Image.open(io.BytesIO(stored_bytes(stored))).mode == "RGB"


def test_a_phone_picture_with_a_second_one_inside_is_taken(li):
    out = io.BytesIO()
    first, second = Image.new("RGB", (40, 30)), Image.new("RGB", (20, 15))
    first.save(out, "MPO", save_all=True, append_images=[second])
    stored = intake.store(upload("a.jpg", out.getvalue()), by=li)
    assert Image.open(io.BytesIO(stored_bytes(stored))).format == "JPEG"


def test_the_first_page_of_a_pdf_becomes_a_preview(li):
    data = made.pdf(text="支部委员会会议记录")
    stored = intake.store(upload("a.pdf", data), by=li)
    assert stored_bytes(stored) == data
    with default_storage.open(stored.preview_path) as preview:
        assert Image.open(preview).size == (848, 1200)


def test_a_pdf_that_cannot_be_drawn_is_kept_without_a_preview(li):
    stored = intake.store(upload("a.pdf", b"%PDF-1.7\nnonsense\n%%EOF"), by=li)
    assert stored.preview_path == ""


# --- what is refused ------------------------------------------------------------------


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9])
def test_a_picture_cut_short_is_refused(li, folder, cut):
    whole = made.jpg(1600, 1200, quality=95)
    sent = whole[: int(len(whole) * cut)]
    assert refusal("a.jpg", sent, li) == "没有上传：这张图片打不开，请换一张或重新拍。"
    assert not kept(folder)
    assert not StoredFile.objects.exists()


def test_a_picture_that_lies_about_its_size_is_refused(li):
    assert refusal("a.png", made.png_claiming(6000, 6000), li) == sentences.UNREADABLE_PICTURE


def test_one_byte_too_many_is_refused(li, settings, folder):
    settings.UPLOAD_FILE_MB = 1
    body = made.pdf()
    body += b"%" * (MIB - len(body) - 6) + b"\n%%EOF"
    assert intake.store(upload("a.pdf", body), by=li).size == MIB
    before = kept(folder)
    assert refusal("a.pdf", body + b"\n", li) == (
        "没有上传：单个文件不能超过1 MB。请压缩后再传。"
    )
    assert kept(folder) == before


def test_files_of_one_report_have_a_common_limit():
    intake.check_total(100 * MIB)
    with pytest.raises(Invalid, match="合计不能超过100 MB"):
        intake.check_total(100 * MIB + 1)


@pytest.mark.parametrize("name", ["机密★10年.pdf", "机密★\\会议.pdf", "长" * 200 + "绝密 ★.pdf"])
def test_a_name_with_a_mark_of_secrecy_is_refused(li, folder, name):
    sent = upload("a.pdf", made.pdf())
    sent._name = name
    with pytest.raises(Invalid, match="文件名带有“..★”一类的密级标志"):
        intake.store(sent, by=li)
    assert not kept(folder)


def test_a_pdf_with_a_mark_of_secrecy_at_its_head_is_refused(li):
    assert "文件开头带有“机密★”" in refusal("a.pdf", made.pdf(text="机密★10年"), li)


@pytest.mark.parametrize(
    "name", ["报告\u202efdp.exe", "..\\..\\x.txt", "a.pdf.exe", "a.svg", "\0", "a.pdf\0.exe"]
)
def test_a_name_that_hides_its_extension_is_refused(li, name):
    sent = upload("a.pdf", made.pdf())
    sent._name = name
    with pytest.raises(Invalid, match="这里只收"):
        intake.store(sent, by=li)


def test_a_pdf_with_a_script_is_refused(li):
    script = b"/Names<</JavaScript<</Names[(a)6 0 R]>>>>"
    action = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
    assert refusal("a.pdf", made.pdf(catalog=script, extra=[action]), li) == sentences.SCRIPT


def attached(name: bytes, body: bytes) -> bytes:
    names = b"/Names<</EmbeddedFiles<</Names[(a)6 0 R]>>>>"
    spec = b"<</Type/Filespec/F(" + name + b")/UF(" + name + b")/EF<</F 7 0 R>>>>"
    stream = b"<</Type/EmbeddedFile/Length %d>>stream\n" % len(body) + body + b"\nendstream"
    return made.pdf(catalog=names, extra=[spec, stream])


def test_a_pdf_with_a_program_attached_is_refused(li):
    assert refusal("a.pdf", attached(b"setup.exe", b"x"), li) == sentences.PROGRAM
    assert refusal("a.pdf", attached(b"a.dat", made.WINDOWS_PROGRAM), li) == sentences.PROGRAM


def test_an_electronic_invoice_with_its_data_attached_is_taken(li):
    intake.store(upload("a.pdf", attached(b"invoice.xml", b"<a/>")), by=li)


def test_a_pdf_with_a_password_is_refused(li):
    lock = b"<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>" % (b"00" * 32, b"11" * 32)
    key = b"/Encrypt 6 0 R/ID[<00><00>]"
    assert refusal("a.pdf", made.pdf(extra=[lock], trailer=key), li) == sentences.LOCKED


# --- bytes and rows -------------------------------------------------------------------


def test_bytes_and_directories_are_synced_to_the_disk(li, folder, monkeypatch):
    synced = []
    real = os.fsync

    def note(descriptor):
        synced.append(Path(os.readlink(f"/proc/self/fd/{descriptor}")))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    stored = intake.store(upload("a.docx", made.open_xml()), by=li)
    path = folder / stored.path
    assert {path, path.parent, folder} <= set(synced)


def test_a_row_that_cannot_be_written_leaves_no_bytes(li, folder, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("database gone")

    monkeypatch.setattr(StoredFile, "save", fail)
    with pytest.raises(RuntimeError):
        intake.store(upload("a.jpg", made.jpg()), by=li)
    assert not kept(folder)


def test_a_full_disk_leaves_nothing_and_says_so(li, folder, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert refusal("a.jpg", made.jpg(), li) == sentences.NO_ROOM
    assert not kept(folder)
    assert not StoredFile.objects.exists()


def test_an_upload_that_breaks_off_leaves_nothing(li, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    class BrokenOff(SimpleUploadedFile):
        def chunks(self, chunk_size=None):
            yield b"%PDF-1.7"
            raise ConnectionError("gone")

    with pytest.raises(Invalid):
        intake.store(BrokenOff("a.pdf", b"x"), by=li)
    assert not kept(folder)
    assert not list(tmp_path.glob("fangzhen-upload-*"))


def test_an_upload_that_changes_while_it_is_read_is_kept_as_it_was_checked(li):
    class Changing(SimpleUploadedFile):
        reads = 0

        def chunks(self, chunk_size=None):
            self.reads += 1
            yield made.open_xml() if self.reads == 1 else b"<html>"

    sent = Changing("a.docx", b"x")
    assert serve.verify(intake.store(sent, by=li))
    assert sent.reads == 1


@pytest.mark.django_db(transaction=True)
def test_storing_inside_a_transaction_is_a_mistake_of_the_caller(li, folder):
    with pytest.raises(RuntimeError), transaction.atomic():
        intake.store(upload("a.docx", made.open_xml()), by=li)
    assert not kept(folder)


def test_a_store_without_paths_works_the_same(li, monkeypatch):
    remote = InMemoryStorage()
    monkeypatch.setattr(intake, "default_storage", remote)
    monkeypatch.setattr(serve, "default_storage", remote)
    stored = intake.store(upload("a.jpg", made.jpg()), by=li)
    assert remote.exists(stored.path)
    assert remote.exists(stored.preview_path)
    assert serve.verify(stored)


@pytest.mark.parametrize(
    "size, label",
    [(1, "1 KB"), (412 * 1024, "412 KB"), (3_800_000, "3.6 MB"), (20 * MIB, "20.0 MB")],
)
def test_a_size_is_shown_for_people(size, label):
    assert StoredFile(size=size).size_label == label
