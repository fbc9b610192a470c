import io
import struct
import zipfile
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core.errors import Invalid
from apps.core.files import kinds, sentences
from apps.core.files.limits import Limits
from tests.core import hostile_files as made

HONEST = {
    "a.pdf": made.pdf(),
    "a.ofd": made.ofd(),
    "a.doc": made.compound("WordDocument"),
    "a.docx": made.open_xml("word"),
    "a.xls": made.compound("Workbook"),
    "a.xlsx": made.open_xml("xl"),
    "a.ppt": made.compound("PowerPoint Document"),
    "a.pptx": made.open_xml("ppt"),
    "a.wps": made.compound("WordDocument", "WpsCustomData"),
    "a.et": made.compound("Workbook", "ETExtData"),
    "a.jpg": made.jpg(),
    "a.JPEG": made.jpg(progressive=True),
    "a.png": made.png(),
}


@pytest.fixture
def check(tmp_path):
    def _check(name, data, limits=None):
        path = tmp_path / "received"
        path.write_bytes(data)
        kinds.check(path, kinds.by_name(name), limits or Limits())

    return _check


def refusal(check, name, data, limits=None) -> str:
    with pytest.raises(Invalid) as refused:
        check(name, data, limits)
    return refused.value.message


@pytest.mark.parametrize("name", HONEST)
def test_every_kind_on_the_list_is_taken(check, name):
    check(name, HONEST[name])


def test_a_kind_under_a_foreign_extension_is_refused(check):
    for name, data in HONEST.items():
        for other, kind in kinds.KINDS.items():
            if kind.found != kinds.by_name(name).found:
                assert refusal(check, f"a.{other}", data).startswith("没有上传：")


def test_the_sentence_names_the_right_extension(check):
    assert refusal(check, "a.jpg", made.png()) == (
        "没有上传：扩展名是.jpg，内容却是PNG图片。请把扩展名改成.png再传。"
    )


@pytest.mark.parametrize(
    "name", ["a.exe", "a.pdf.exe", "a.svg", "a.html", "a.zip", ".htaccess", "a", "a.tiff", "a.gif"]
)
def test_an_extension_off_the_list_is_refused(name):
    with pytest.raises(Invalid, match="这里只收图片和PDF、Word、Excel、PPT、OFD、WPS文件"):
        kinds.by_name(name)


def test_phone_photos_in_heic_get_their_own_advice():
    with pytest.raises(Invalid, match="JPG"):
        kinds.by_name("IMG_0001.HEIC")


@pytest.mark.parametrize(
    "name, right", [("a.docm", "docx"), ("a.xlsm", "xlsx"), ("a.pptm", "pptx")]
)
def test_an_extension_for_macros_is_refused_with_the_way_out(name, right):
    with pytest.raises(Invalid, match=f"另存为不带宏的{right}"):
        kinds.by_name(name)


@pytest.mark.parametrize("name", ["a.pdf", "a.jpg", "a.docx", "a.doc"])
def test_an_empty_file_is_refused(check, name):
    assert refusal(check, name, b"") == sentences.EMPTY


@pytest.mark.parametrize("name", ["a.pdf", "a.jpg", "a.png", "a.docx", "a.xls", "a.ofd"])
@pytest.mark.parametrize(
    "data",
    [
        b"<html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        made.EICAR,
        made.WINDOWS_PROGRAM,
        b"\x7fELF" + bytes(100),
        b"\0",
        b"GIF89a" + bytes(50),
        b"<html>%PDF-1.7\n%%EOF",
    ],
)
def test_foreign_content_under_a_good_name_is_refused(check, name, data):
    message = refusal(check, name, data)
    assert message == sentences.NO_MATCH.format(extension=name[2:])


def test_a_pdf_cut_short_is_refused(check):
    assert refusal(check, "a.pdf", made.pdf()[:-30]).startswith("没有上传：文件内容与扩展名")


def test_an_archive_behind_something_else_is_refused(check):
    docx = made.open_xml()
    assert refusal(check, "a.docx", made.jpg() + docx)
    assert refusal(check, "a.docx", b"PK\x03\x04<script>" + docx) == sentences.DAMAGED


# --- archives -------------------------------------------------------------------------


def test_a_zip_that_is_no_document_is_refused(check):
    assert "对不上" in refusal(check, "a.docx", made.archive({"x.txt": "x"}))


@pytest.mark.parametrize(
    "more",
    [
        {"word__vbaProject_dot_bin": b"x"},
        {"word__VBAPROJECT_dot_BIN": b"x"},
        {"word__harmless_dot_bin": b"..." + "_VBA_PROJECT".encode("utf-16-le")},
        {"word__embeddings__sheet_dot_xlsm": b"x"},
        {"types": "application/vnd.ms-word.document.macroEnabled.main+xml"},
        {"types": "application/vnd.ms-office.vbaProject"},
        {"types": "application/vnd.ms-word.document.macro&#69;nabled.main+xml"},
        {"word__embeddings__s_dot_xlsx": made.open_xml("xl", xl__vbaProject_dot_bin=b"x")},
    ],
    ids=range(8),
)
def test_macros_are_refused_wherever_they_hide(check, more):
    assert refusal(check, "a.docx", made.open_xml(**more)) == sentences.MACROS.format(right="文件")


@pytest.mark.parametrize(
    "more",
    [
        {"word__embeddings__setup_dot_exe": b"x"},
        {"word__embeddings__a_dot_BAT": b"x"},
        {"word__embeddings__a_dot_zip": b"x"},
        {"word__media__image1_dot_png": made.WINDOWS_PROGRAM},
        {"word__media__image1_dot_xml": made.WINDOWS_PROGRAM},
        {"word__media__image1_dot_jpeg": b"\x7fELF" + bytes(10)},
        # Its stub lies across the edge of two pieces of 256 KiB.
        {"word__embeddings__oleObject1_dot_bin": bytes(262_070) + made.WINDOWS_PROGRAM},
    ],
    ids=range(7),
)
def test_programs_are_refused_wherever_they_hide(check, more):
    assert refusal(check, "a.docx", made.open_xml(**more)) == sentences.PROGRAM


def test_words_about_programs_are_no_program(check):
    check("a.docx", made.open_xml(text="This program cannot be run in DOS mode"))


@pytest.mark.parametrize(
    "path", ["../x", "word/../../x", "/etc/passwd", "..\\..\\x.txt", "C:/x", "C:\\x", "\\\\host\\x"]
)
def test_paths_that_lead_out_of_the_archive_are_refused(check, path):
    assert refusal(check, "a.docx", made.open_xml(**{path: b"x"})) == sentences.ODD_PATHS


def test_a_nul_in_a_path_is_refused(check):
    data = made.open_xml(wordXx="x").replace(b"wordXx", b"word\0x")
    assert refusal(check, "a.docx", data) == sentences.ODD_PATHS


def test_a_link_in_the_archive_is_refused(check):
    out = io.BytesIO(made.open_xml())
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo("word/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert refusal(check, "a.docx", out.getvalue()) == sentences.ODD_PATHS


def test_too_many_members_are_refused(check):
    many = {f"word__m{number}": b"" for number in range(50)}
    check("a.docx", made.open_xml(**many))
    few = replace(Limits(), members=50)
    assert refusal(check, "a.docx", made.open_xml(**many), few) == sentences.TOO_MUCH_INSIDE


def test_a_hundred_thousand_members_are_refused_before_they_are_listed(check, monkeypatch):
    line = b"PK\1\2" + bytes(24) + struct.pack("<H", 5) + bytes(16) + b"aaaaa"
    data = b"PK\x03\x04" + line * 100_000
    data += struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 34464, 34464, len(data) - 4, 4, 0)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert refusal(check, "a.docx", data) == sentences.TOO_MUCH_INSIDE


def test_a_bomb_is_refused_by_what_it_declares_before_it_is_unpacked(check, monkeypatch):
    bomb = made.open_xml(word__document2_dot_xml=bytes(201 * 1024 * 1024))
    assert len(bomb) < 1024 * 1024
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    assert refusal(check, "a.docx", bomb) == sentences.TOO_MUCH_INSIDE


def test_a_bomb_that_declares_little_is_refused(check):
    bomb = made.open_xml(word__x_dot_xml=bytes(1_000_000))
    lying = bomb.replace(struct.pack("<I", 1_000_000), struct.pack("<I", 10))
    assert lying != bomb
    assert refusal(check, "a.docx", lying) == sentences.DAMAGED


def test_nested_archives_share_one_limit_and_end_at_the_second(check):
    inner = made.open_xml("xl", xl__x_dot_bin=bytes(600_000))
    check("a.docx", made.open_xml(word__embeddings__a_dot_xlsx=inner))
    tight = replace(Limits(), unpacked_bytes=500_000)
    message = refusal(check, "a.docx", made.open_xml(word__embeddings__a_dot_xlsx=inner), tight)
    assert message == sentences.TOO_MUCH_INSIDE
    beside = made.open_xml(word__embeddings__a_dot_xlsx=inner, word__z_dot_bin=bytes(450_000))
    check("a.docx", beside)
    tight = replace(Limits(), unpacked_bytes=1_000_000)
    assert refusal(check, "a.docx", beside, tight) == sentences.TOO_MUCH_INSIDE
    deep = made.open_xml("xl", xl__embeddings__b_dot_xlsx=inner)
    message = refusal(check, "a.docx", made.open_xml(word__embeddings__a_dot_xlsx=deep))
    assert message == sentences.TOO_MUCH_INSIDE


def test_a_list_of_types_too_long_to_be_read_is_refused(check):
    hidden = " " * (4 * 1024 * 1024) + "macroEnabled"
    assert refusal(check, "a.docx", made.open_xml(types=hidden)) == sentences.TOO_MUCH_INSIDE


def test_an_encrypted_archive_asks_for_the_password_to_be_removed(check):
    data = bytearray(made.open_xml())
    directory = data.rindex(b"PK\1\2")
    data[directory + 8] |= 1
    assert refusal(check, "a.docx", bytes(data)) == sentences.LOCKED


def test_an_odd_compression_is_refused(check):
    data = made.archive({"[Content_Types].xml": "x", "word/a": "x"}, compression=zipfile.ZIP_LZMA)
    assert refusal(check, "a.docx", data) == sentences.DAMAGED


TEMPLATE = '<Relationship Type=".../attachedTemplate" Target="{}" TargetMode="External"/>'


@pytest.mark.parametrize(
    "target", ["http://evil.example/t.dotm", "\\\\evil\\t.dotm", "&#104;ttps://evil/t.dotm"]
)
def test_a_template_from_the_network_is_refused(check, target):
    rels = {"word___rels__settings_dot_xml_dot_rels": TEMPLATE.format(target)}
    assert refusal(check, "a.docx", made.open_xml(**rels)) == sentences.REMOTE_TEMPLATE


def test_a_template_on_the_writers_own_disk_and_links_are_fine(check):
    local = TEMPLATE.format("file:///C:\\Users\\li\\Normal.dotm")
    link = '<Relationship Type=".../hyperlink" Target="https://www.gov.cn" TargetMode="External"/>'
    check("a.docx", made.open_xml(word___rels__settings_dot_xml_dot_rels=local + link))


@pytest.mark.parametrize(
    "name, data",
    [
        ("a.docx", made.open_xml(text="机</w:t></w:r><w:r><w:t>密★10年")),
        ("a.ofd", made.ofd("秘密★1年")),
        ("a.xlsx", made.open_xml("xl", xl__sharedStrings_dot_xml="<si><t>绝密 ★</t></si>")),
    ],
)
def test_a_mark_of_secrecy_at_the_head_of_a_document_is_refused(check, name, data):
    assert "密级标志" in refusal(check, name, data)


def test_a_mark_further_down_may_be_the_subject_of_a_lesson(check):
    check("a.docx", made.open_xml(text="学" * 600 + "机密★"))


@given(data=st.data())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_mutated_file_is_taken_or_refused_but_never_breaks(check, data):
    name = data.draw(st.sampled_from(sorted(HONEST)))
    body = bytearray(HONEST[name])
    for _ in range(data.draw(st.integers(1, 8))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(body)))
    try:
        check(name, bytes(body[: cut or len(body)]))
    except Invalid as refused:
        assert refused.message.startswith("没有上传：")


# --- old Office -----------------------------------------------------------------------


def test_the_kind_of_a_compound_file_is_that_of_its_top_level(check):
    check("a.doc", made.compound("WordDocument", inside=["Workbook"]))
    check("a.xls", made.compound("Workbook", inside=["WordDocument"]))
    assert refusal(check, "a.xls", made.compound("WordDocument", inside=["Workbook"]))


@pytest.mark.parametrize("storage", ["VBA", "_VBA_PROJECT_CUR", "Macros", "_VBA_PROJECT"])
def test_macros_in_old_files_are_refused(check, storage):
    assert refusal(check, "a.doc", made.compound("WordDocument", storage)) == sentences.OLD_MACROS
    nested = made.compound("Workbook", inside=[storage])
    assert refusal(check, "a.xls", nested) == sentences.OLD_MACROS


def test_the_macro_flag_of_old_slides_is_read(check):
    record = bytes.fromhex("1f00ff0314000000020000040c000000") + struct.pack("<III", 5, 1, 2)
    slides = made.compound("PowerPoint Document", body=record)
    assert refusal(check, "a.ppt", slides) == sentences.OLD_MACROS
    without = record[:20] + bytes(4) + record[24:]
    check("a.ppt", made.compound("PowerPoint Document", body=without))


def test_a_program_in_an_old_file_is_refused(check):
    data = made.compound("WordDocument", body=made.WINDOWS_PROGRAM)
    assert refusal(check, "a.doc", data) == sentences.PROGRAM


def test_an_encrypted_docx_asks_for_the_password_to_be_removed(check):
    data = made.compound("EncryptedPackage", "EncryptionInfo")
    assert refusal(check, "a.docx", data) == sentences.LOCKED


@pytest.mark.parametrize(
    "data",
    [
        made.compound("WordDocument", circular=True),
        made.compound("WordDocument")[:600],
        made.compound("WordDocument")[:100],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 600,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    ],
    ids=range(5),
)
def test_a_broken_compound_file_is_refused(check, data):
    assert refusal(check, "a.doc", data).startswith("没有上传：")


def test_an_installer_is_no_document(check):
    assert "对不上" in refusal(check, "a.doc", made.compound("Property", "Icon"))


# --- pictures -------------------------------------------------------------------------


@pytest.mark.parametrize("width, height", [(20000, 20000), (9000, 9000), (2**31 - 1, 1)])
def test_a_picture_of_too_many_pixels_is_refused_by_its_header(check, width, height):
    message = sentences.TOO_MANY_PIXELS.format(millions=40)
    assert message == "没有上传：这张图片太大，超过4000万像素。请缩小后再传。"
    assert refusal(check, "a.png", made.png_claiming(width, height)) == message


def test_the_same_holds_for_jpg(check):
    message = refusal(check, "a.jpg", made.jpg_claiming(30000, 2000))
    assert message == sentences.TOO_MANY_PIXELS.format(millions=40)


def test_a_picture_of_40_million_pixels_is_taken(check):
    check("a.png", made.png_claiming(8000, 5000))
    check("a.jpg", made.jpg_claiming(8000, 5000))


@pytest.mark.parametrize(
    "data", [b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\xff\xff", b"\xff\xd8\xff\xda", made.png()[:20],
             made.png_claiming(0, 10)]
)
def test_a_picture_without_a_size_is_refused(check, data):
    name = "a.png" if data.startswith(b"\x89") else "a.jpg"
    assert refusal(check, name, data) == sentences.UNREADABLE_PICTURE
