import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.errors import Invalid
from apps.core.files.names import clean_name, extension_of, has_secret_mark, refuse_secret


@pytest.mark.parametrize(
    "raw, shown",
    [
        ("会议记录（终稿）(1).docx", "会议记录（终稿）(1).docx"),
        ("..\\..\\x.txt", "x.txt"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\张三\\支委会.jpg", "支委会.jpg"),
        ("报告\u202efdp.exe", "报告fdp.exe"),
        ("a\u200bb\ufeff.pdf", "ab.pdf"),
        ("a\0.pdf", "a.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("cafe\u0301.pdf", "café.pdf"),
        ("a.pdf ", "a.pdf"),
        ("a.pdf.", "a.pdf"),
        ("阿卜杜拉·买买提𬭩㛃.pdf", "阿卜杜拉·买买提𬭩㛃.pdf"),
        (".pdf", "未命名.pdf"),
        ("", "未命名"),
        ("a\ud800.pdf", "a.pdf"),
    ],
)
def test_a_name_is_cleaned_and_the_rest_stays(raw, shown):
    assert clean_name(raw) == shown


def test_a_long_name_keeps_its_extension():
    name = clean_name("长" * 300 + ".docx")
    assert len(name) == 200
    assert name.endswith("长.docx")


@given(st.text(max_size=400))
def test_no_name_keeps_a_path_or_an_unseen_character(raw):
    name = clean_name(raw)
    assert name
    assert len(name) <= 200
    assert not set(name) & {"/", "\\"}
    assert not [c for c in name if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]
    assert unicodedata.is_normalized("NFC", name)
    name.encode()


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing_more(raw):
    once = clean_name(raw)
    assert clean_name(once) == once


def test_the_extension_is_read_after_the_last_dot():
    assert extension_of("a.PDF") == "pdf"
    assert extension_of("a.pdf.exe") == "exe"
    assert extension_of("没有扩展名") == ""


@pytest.mark.parametrize(
    "text",
    [
        "绝密★",
        "机密★10年.docx",
        "秘密★长期",
        "秘密☆1年",
        "机 密 ★",
        "机　密　★",
        "机\u200b密\u200b★",
        "機密★",
        "绝密 ⭐启用前",
        "第一行\n绝密★",
    ],
)
def test_a_mark_of_secrecy_is_found(text):
    assert has_secret_mark(text)
    with pytest.raises(Invalid, match="密级标志"):
        refuse_secret(text, where="文件名")


@pytest.mark.parametrize(
    "text",
    ["保密教育学习", "严守秘密", "严守秘密\n★第二项", "★重点", "学习保守国家秘密法", ""],
)
def test_talk_about_secrecy_is_no_mark(text):
    assert not has_secret_mark(text)
    refuse_secret(text, where="文件名")
