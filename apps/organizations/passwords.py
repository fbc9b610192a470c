"""What a password must be: profile 等保三级, or `plain` for a site under other rules.

GB/T 22239-2019 8.1.4.1 a) asks for 复杂度 and 定期更换; the figures are examiners' custom. ASVS 5.0
(6.2.5, 6.2.10) forbids both, so a site may choose `plain`: length and guessable words only.
"""

import re
import unicodedata
from functools import cache
from itertools import islice, product
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from pypinyin import Style, lazy_pinyin, pinyin

from apps.organizations.models import Organization, PasswordHash

WORDS = Path(__file__).with_name("local_words.txt")
# What must be left of a password beside the words that anybody would try first.
LEFT, DISTINCT = 6, 5
LOOKALIKES = str.maketrans("@01$3!", "aoisei")
TITLES = re.compile(r"^(中共|市|省|县|区)+|(党组|党委|机关党委|机关|党总支|总支|党支部|支部)+$")


def least_length(user) -> int:
    """Fewest characters: more for committee and technical posts."""
    if user is not None and user.pk and user.is_staff:
        return max(settings.PASSWORD_LENGTH, settings.PASSWORD_LENGTH_STAFF)
    return settings.PASSWORD_LENGTH


def is_strict() -> bool:
    """Whether the profile asks for kinds of characters, age and history."""
    return settings.PASSWORD_PROFILE == "dengbao3"


def help_sentence(user) -> str:
    """The rules, before anybody breaks them."""
    text = f"至少{least_length(user)}位"
    if is_strict():
        text += f"，大写、小写、数字、符号里有三种；不用最近{settings.PASSWORD_HISTORY}个用过的"
    return f"{text}；不要用账号、姓名拼音、单位简称和常见的词。"


class Rule:
    """Base of the validators: Django asks for a help text, ours is one sentence for all."""

    def get_help_text(self) -> str:
        return ""


class Length(Rule):
    """Long enough; there is no upper limit and nothing is cut off."""

    def validate(self, password: str, user=None) -> None:
        least = least_length(user)
        if len(password) < least:
            raise ValidationError(f"太短，至少要{least}位。", code="password_too_short")


class Kinds(Rule):
    """Three of the four kinds of characters."""

    def validate(self, password: str, user=None) -> None:
        kinds = {kind(sign) for sign in password}
        if is_strict() and len(kinds) < 3:
            raise ValidationError("大写字母、小写字母、数字、符号，至少要有三种。",
                                  code="password_few_kinds")


def kind(sign: str) -> str:
    """Which of the four kinds a character is of; 汉字 count as signs."""
    if sign.isdigit():
        return "digit"
    if "a" <= sign.lower() <= "z":
        return "upper" if sign.isupper() else "lower"
    return "sign"


class Guessable(Rule):
    """Not a word that anybody here would try first, with a few characters around it."""

    def validate(self, password: str, user=None) -> None:
        if len(set(password.lower())) < DISTINCT:
            raise ValidationError("重复的字符太多，容易猜到。", code="password_repeats")
        words = local_words() | site_words() | (words_of(user) if user else set())
        lower = unicodedata.normalize("NFKC", password).lower()
        for spelling in {lower, lower.translate(LOOKALIKES)}:
            if is_mostly(plain(spelling), words):
                raise ValidationError("太容易猜到：去掉账号、姓名、单位或常见的词，剩下的太少。",
                                      code="password_guessable")


class Used(Rule):
    """Not one of the last ones, the present one among them."""

    def validate(self, password: str, user=None) -> None:
        if not is_strict() or user is None or user.pk is None:
            return
        last = PasswordHash.objects.filter(user=user).order_by("-set_at", "-pk")
        hashes = list(last.values_list("hash", flat=True)[:settings.PASSWORD_HISTORY])
        if user.password and user.password not in hashes:
            hashes.append(user.password)
        if any(check_password(password, each) for each in hashes):
            raise ValidationError(f"最近{settings.PASSWORD_HISTORY}个密码里用过，请换一个。",
                                  code="password_used")


def plain(text: str) -> str:
    """Letters and digits alone."""
    return "".join(sign for sign in text if sign.isalnum())


def is_mostly(text: str, words: set[str]) -> bool:
    """Whether `text` holds one of the words and too little besides.

    A run of digits counts as two at most: a year behind a word is no secret.
    """
    found = text
    for word in sorted(words, key=len, reverse=True):
        found = found.replace(word, " ")
    if found == text:
        return False
    letters = sum(sign.isalnum() and not sign.isdigit() for sign in found)
    digits = sum(min(len(run), 2) for run in re.findall(r"\d+", found))
    return letters + digits < LEFT


@cache
def local_words() -> set[str]:
    """The words of our own file, without its comments."""
    lines = (line.partition("#")[0].strip() for line in WORDS.read_text("utf-8").splitlines())
    return {plain(line.lower()) for line in lines if line}


def site_words() -> set[str]:
    """The site's name and that of its city."""
    name = settings.SITE_NAME
    return spellings(name) | spellings(re.split("[省市县区]", name)[0])


def words_of(user) -> set[str]:
    """Account, name and posts of a person, as they would be typed."""
    found = {plain(user.username.lower())} | spellings(user.name)
    found |= {plain(part) for part in re.split(r"[\W_]+", user.username.lower())}
    posts = user.posts if user.pk else []
    paths = {path for post in posts for path in
             (post.organization.path, *post.organization.parent_paths())}
    for short_name in Organization.objects.filter(path__in=paths).values_list(
            "short_name", flat=True):
        found |= spellings(TITLES.sub("", short_name))
    return {word for word in found if len(word) >= 3}


def spellings(text: str) -> set[str]:
    """Pinyin in every reading of its characters, and the initials where there are enough."""
    signs = "".join(sign for sign in text if sign.isalnum())
    if not signs:
        return set()
    readings = pinyin(signs, style=Style.NORMAL, heteronym=True)
    found = {"".join(each) for each in islice(product(*readings), 64)}
    found.add("".join(lazy_pinyin(signs)))
    initials = "".join(lazy_pinyin(signs, style=Style.FIRST_LETTER))
    return {plain(word.lower()) for word in found | {initials} if len(word) >= 4}
