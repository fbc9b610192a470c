import json
import logging
import sys

import pytest

from apps.core.logs import JsonLine


def line(message: str, *args, level=logging.INFO, exc_info=None, **fields) -> str:
    """One formatted record."""
    record = logging.LogRecord("fangzhen.x", level, "", 1, message, args, exc_info)
    if fields:
        record.fields = fields
    return JsonLine().format(record)


def test_a_record_is_one_json_object_with_its_fields():
    found = json.loads(line("办了%s件", 3, level=logging.WARNING, job=7))
    assert found.pop("at")
    assert found == {"level": "WARNING", "logger": "fangzhen.x", "message": "办了3件", "job": 7}


@pytest.mark.parametrize("evil", ["一\n二", "一\r\n{\"level\": \"ERROR\"}", "\x1b[2J", "\u0000"])
def test_nobody_can_forge_a_second_line(evil):
    text = line(evil, path=evil)
    assert len(text.splitlines()) == 1
    assert not any(ord(sign) < 32 for sign in text)
    assert json.loads(text)["path"] == evil


def test_an_exception_stands_in_the_same_line():
    try:
        raise ValueError("坏了")
    except ValueError:
        text = line("failed", exc_info=sys.exc_info())
    assert len(text.splitlines()) == 1
    assert "ValueError: 坏了" in json.loads(text)["exception"]


def requests(caplog) -> list[dict]:
    """Fields of the request lines."""
    return [each.fields for each in caplog.records if each.name == "fangzhen.request"]


def test_each_request_leaves_one_line_without_its_contents(login, caplog):
    client = login("jyj_zb1")
    with caplog.at_level(logging.INFO, "fangzhen"):
        response = client.get("/me/?q=私密", headers={"referer": "http://testserver/私密"})
    (fields,) = requests(caplog)
    assert set(fields) == {"request_id", "method", "path", "status", "milliseconds", "user"}
    assert (fields["method"], fields["path"], fields["status"]) == ("GET", "/me/", 200)
    assert fields["request_id"] == response["X-Request-Id"]
    assert fields["milliseconds"] > 0
    assert "私密" not in caplog.text


def test_a_password_is_never_logged(client, db, caplog):
    with caplog.at_level(logging.DEBUG, "fangzhen"):
        client.post("/accounts/login/", {"login": "nobody", "password": "geheim-0815"})
    (fields,) = requests(caplog)
    assert fields["user"] is None
    assert "geheim-0815" not in caplog.text + repr([vars(each) for each in caplog.records])
