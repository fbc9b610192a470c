"""Which passwords are taken: sixty of them, and each rule alone."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from apps.core.act import SYSTEM
from apps.organizations import accounts, passwords
from apps.organizations.models import PasswordHash, User
from tests.city import PASSWORD
from tests.organizations.at_the_door import NEW, person

GOOD_ONES = """
Zhi-Shu-Jie-37-Ke  san-shan-wu-yue-88  Kx7#mPq2  tR9$wLz4  Yun.Duan.7.Ke  q8Z!nVb3  河边有36棵柳Tree
Xiao-Qiao-88-Liu   Mh5&dRk9  horse-Battery-9  Lan,Lan,Tian7  9pQ-zt4-Wm  Ni.Hao.Da.Hai.5
fangzhen-Qiu-Tian-Lu-Ye-52  Gongwei-Men-Qian-Yin-Xing-40  Dongfeng-Tuolaji-12  uV3_hJ6_sT
"""
# The word that is guessed first, with what people put around it.
BAD_ONES = """
Kx7#mPq            Kx7mpq           abcdefgh          ABCDEFGH         12345678         !@#$%^&*
kx7mpqzw           KXMPQZWT         kxmpqzwTRS        Aa1!Aa1!         aaaaAAAA1111     Passw0rd!
P@ssw0rd2026       Password123!     Admin@123         admin@2026       Admin123456!     Root@1234
Qwer1234!          1qaz@WSX         1qaz2wsx!QAZ      Qwerty@123       Asdf1234!        Zxcv!2345
Huawei@123         Dangjian@2026    dangjian2026!     DangJian#123     D@ngj1@n2026     Gongwei@123
Gongwei2026!       Fangzhen@2026    FangZhen123!      F@ngzhen2026     Yunchuan@2026    Shuji@2026
Jyj_Zb1@2026       jyj_zb1!A        Liyifan@2026      LiYiFan1990!     liyifan_88A
Jiaoyuju@2026      Abcd1234!          Test@2026        Welcome@1
Aa123456!          Dangyuan@71
"""
GOOD, BAD = GOOD_ONES.split(), BAD_ONES.split()


def refused(password: str, user=None) -> set[str]:
    """Codes of the rules that refuse."""
    try:
        validate_password(password, user)
    except ValidationError as problem:
        return {each.code for each in problem.error_list}
    return set()


@pytest.fixture
def branch(city) -> User:
    """李一帆, secretary of a branch: eight characters are enough."""
    return city.user("jyj_zb1")


def test_there_are_sixty():
    assert len(GOOD) + len(BAD) >= 60


@pytest.mark.parametrize("password", GOOD)
def test_a_good_one_is_taken(branch, password):
    assert refused(password, branch) == set()


@pytest.mark.parametrize("password", BAD)
def test_a_bad_one_is_not(branch, password):
    assert refused(password, branch)


@pytest.mark.parametrize("password, code", [
    ("Kx7#mPq", "password_too_short"), ("kx7mpqzw", "password_few_kinds"),
    ("Dangjian@2026", "password_guessable"), ("Aa1!Aa1!", "password_repeats"),
    ("jyj_zb1!A", "password_guessable"), ("san-shan-wu-yue-88", None)])
def test_the_rule_that_refuses_is_the_one_that_is_broken(branch, password, code):
    assert refused(password, branch) == ({code} if code else set())


@pytest.mark.parametrize("rule", ["Guessable", "Kinds", "Length"])
def test_without_its_rule_each_is_taken(branch, monkeypatch, rule):
    password, code = {"Guessable": ("Dangjian@2026", "password_guessable"),
                      "Kinds": ("kx7mpqzw", "password_few_kinds"),
                      "Length": ("Kx7#mPq", "password_too_short")}[rule]
    assert refused(password, branch) == {code}
    monkeypatch.setattr(getattr(passwords, rule), "validate", lambda *args: None)
    assert refused(password, branch) == set()


@pytest.mark.parametrize("length, taken", [(11, False), (12, True)])
@pytest.mark.parametrize("username", ["gongwei", "gongwei_admin", "ducha", "xitong", "shenji"])
def test_committee_and_technical_posts_need_twelve(city, username, length, taken):
    password = "Kx7#mPq2wLz4"[:length]
    assert (refused(password, city.user(username)) == set()) is taken


def test_the_lengths_are_settings(city, branch, settings):
    settings.PASSWORD_LENGTH, settings.PASSWORD_LENGTH_STAFF = 10, 14
    assert refused("Kx7#mPq2w", branch) == {"password_too_short"}
    assert refused("Kx7#mPq2wLz4t", city.user("gongwei")) == {"password_too_short"}


@pytest.mark.parametrize("length", [64, 128, 4096])
def test_a_long_one_is_taken_whole(branch, length):
    password = ("Kx7#mPq2wLz4-" * length)[:length]
    assert refused(password, branch) == set()
    branch.set_password(password)
    assert branch.check_password(password)
    assert not branch.check_password(password[:-1])


@pytest.mark.parametrize("password", ["kx7mpqzwtr", "correct horse staple"])
def test_the_plain_profile_asks_no_kinds(branch, settings, password):
    assert refused(password, branch) == {"password_few_kinds"}
    settings.PASSWORD_PROFILE = "plain"
    assert refused(password, branch) == set()


@pytest.mark.parametrize("password", ["dangjian2026", "kx7mpqz", "jyj_zb1_2026", "password1"])
def test_but_it_refuses_what_anybody_guesses(branch, settings, password):
    settings.PASSWORD_PROFILE = "plain"
    assert refused(password, branch)


@pytest.mark.parametrize("name, typed", [
    ("欧阳德清", "Ouyangdeqing@1"), ("单雄", "Shanxiong@2026"),
    ("阿卜杜拉·买买提", "Abudula.maimaiti1")])
def test_a_name_is_known_in_every_reading(city, name, typed):
    user = person(city, "mouren", name=name)
    assert "password_guessable" in refused(typed, user)


def test_without_a_person_the_general_rules_hold(db):
    assert refused("Liyifan@2026") == set()
    assert refused("Dangjian@2026") == {"password_guessable"}


# --- the last five ----------------------------------------------------------------------


def change(user, number: int) -> str:
    """Set the password number so-and-so."""
    password = f"Kx{number}#mPq-Wan{number}"
    accounts.set_password(user=user, password=password, by=user)
    return password


def test_the_last_five_are_not_taken_again(city, later):
    user = person(city, "shi")
    used = []
    for number in range(7):
        later(minutes=1)
        used.append(change(user, number))
    assert [refused(each, user) == {"password_used"} for each in used] == [
        False, False, True, True, True, True, True]


def test_how_many_is_a_setting(city, settings, later):
    settings.PASSWORD_HISTORY = 2
    user = person(city, "shi")
    used = []
    for number in range(4):
        later(minutes=1)
        used.append(change(user, number))
    assert [bool(refused(each, user)) for each in used] == [False, False, True, True]


def test_only_hashes_are_kept_and_no_more_than_five(city):
    user = person(city, "shi")
    used = [change(user, number) for number in range(8)]
    rows = PasswordHash.objects.filter(user=user)
    assert rows.count() == 5
    assert not any(password in str(list(rows.values())) for password in used)


def test_the_present_one_counts_even_without_a_history(branch):
    PasswordHash.objects.filter(user=branch).delete()
    assert refused(PASSWORD, branch) == {"password_used"}
    assert refused(NEW, branch) == set()


def test_the_history_of_one_is_not_that_of_another(city):
    accounts.set_password(user=city.user("jyj_zb1"), password=NEW, by=SYSTEM)
    assert refused(NEW, city.user("jyj_zb2")) == set()


def test_the_plain_profile_keeps_none_against_anybody(city, settings):
    user = person(city, "shi")
    password = change(user, 1)
    settings.PASSWORD_PROFILE = "plain"
    assert refused(password, user) == set()


def test_our_file_of_words_holds_what_is_tried_here_first():
    words = passwords.local_words()
    assert {"fangzhen", "dangjian", "gongwei", "admin", "qwer"} <= words
    assert not any(" " in word or "#" in word for word in words)
