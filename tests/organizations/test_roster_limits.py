"""What is too much for a roster is refused while the server lives on."""

from dataclasses import replace

import pytest

from apps.core.errors import Invalid
from apps.core.tables import read
from apps.core.tables.limits import MIB, Limits
from tests.organizations import roster_files as made
from tests.organizations.test_roster_cases import check, refused

# Every 135th row of the people is spoilt.
BAD, ROWS = 37, 5000


def spoilt(rows: list) -> list:
    """The rows, 37 of them without what they need, each in one of several ways."""
    ways = (("", "辛仁"), ("a b", "辛仁"), ("rare", ""), ("x" * 61, "辛仁"), ("ok", "秘密★"))
    for number in range(BAD):
        account, name = ways[number % len(ways)]
        rows[number * 135] = (f"{account}{number}" if account == "ok" else
                              f"{account}{number}" if account == "rare" else account, name)
    return rows


def test_thirty_seven_bad_rows_among_five_thousand_are_thirty_seven_lines(city):
    people = spoilt([(f"n{number}", f"人员{number}") for number in range(ROWS)])
    roster = check(city, made.workbook(people=people))
    assert roster.counts == {"new": ROWS - BAD, "changed": 0, "same": 0, "refused": BAD}
    assert len(roster.lines) == ROWS
    first = roster.lines[:BAD]
    assert {line[3] for line in first} == {"refused"}
    assert [line[1] for line in first] == [2 + number * 135 for number in range(BAD)]
    assert all(line[4] for line in first)


def test_five_thousand_rows_of_three_sheets_refer_to_one_another(city):
    places, people, posts = made.city_rows(ROWS)
    roster = check(city, made.workbook(places, people, posts))
    assert refused(roster) == []
    assert roster.counts["new"] == ROWS


@pytest.mark.parametrize("bomb, sentence", [
    (made.packed_bomb, "解开后超过20 MB"), (made.far_bomb, "有内容的列超过60列")])
def test_a_small_file_that_would_stop_the_server_is_refused(bomb, sentence):
    file = bomb()
    assert file.size < 10 * MIB
    with pytest.raises(Invalid, match=sentence):
        read.read(file)
    assert len(read.read(made.workbook(people=[made.PERSON])).sheets) == 1


def test_what_unpacks_to_too_much_is_refused_before_it_is_read():
    limits = replace(Limits(), unpacked_bytes=1000)
    with pytest.raises(Invalid, match="解开后超过0 MB"):
        read.read(made.workbook(people=[made.PERSON] * 50), limits)


def with_workbook(body: str) -> str:
    """The child's program, its reader replaced by an expression."""
    return ("import sys; sys.path.insert(0, sys.argv.pop(1)); "
            "from apps.core.tables import child_main; "
            f"child_main.Workbook = lambda *given: {body}; "
            "sys.exit(child_main.main(sys.argv[1:]))")


def test_a_child_that_works_too_long_is_killed(monkeypatch):
    monkeypatch.setattr(read, "PROGRAM", with_workbook("exec('while True: pass')"))
    with pytest.raises(Invalid, match="读了30秒还没有读完"):
        read.read(made.workbook(people=[made.PERSON]), replace(Limits(), cpu_seconds=1))


def test_a_child_that_hangs_is_killed(monkeypatch):
    monkeypatch.setattr(read, "PROGRAM", "import time; time.sleep(60)")
    with pytest.raises(Invalid, match="读了1秒还没有读完"):
        read.read(made.workbook(people=[made.PERSON]), replace(Limits(), wall_seconds=1))


def test_a_child_has_no_more_memory_than_it_is_given(monkeypatch):
    monkeypatch.setattr(read, "PROGRAM", with_workbook("bytearray(400_000_000)"))
    with pytest.raises(Invalid, match="内容太多"):
        read.read(made.workbook(people=[made.PERSON]))


def test_the_child_starts_without_the_secrets_of_the_app(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "geheim")
    monkeypatch.setattr(read, "PROGRAM", (
        "import os, sys; sys.exit(0 if os.environ.get('SECRET_KEY') else 5)"))
    with pytest.raises(Invalid, match="数据超过5000行"):
        read.read(made.workbook(people=[made.PERSON]))


def test_a_file_of_ten_megabytes_is_not_even_looked_at():
    with pytest.raises(Invalid, match="文件超过10 MB"):
        read.read(made.upload(b"PK\x03\x04" + bytes(10 * MIB)))


def test_too_many_members_are_refused():
    limits = replace(Limits(), members=3)
    with pytest.raises(Invalid, match="内容太多"):
        read.read(made.workbook(people=[made.PERSON]), limits)
