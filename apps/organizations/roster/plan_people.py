"""The sheet of people: accounts made, names put right."""

from collections import defaultdict
from datetime import date

from apps.core.act import SYSTEM
from apps.organizations.models import User
from apps.organizations.permissions import Permission
from apps.organizations.roles import RoleCode
from apps.organizations.roster.columns import PEOPLE, key_of
from apps.organizations.roster.lines import Outcome, Plan
from apps.organizations.roster.present import Present

OUTSIDE = "没有这个账号，或者不在您的范围内"


class People:
    """Accounts by name, those of the file among them."""

    def __init__(self, present: Present, by, today: date, plan: Plan):
        self.present, self.by, self.today, self.plan = present, by, today, plan
        self.by_key = {key_of(user.username): user for user in present.people}
        self.names: dict[str, list[str]] = defaultdict(list)
        for user in present.people:
            if user.pk in present.seen:
                self.names[user.name].append(user.username)
        self.vague: set[str] = set()
        # The name that an account will have: what rows of posts are compared with.
        self.called: dict[str, str] = {}

    def take(self, rows: list[dict]) -> None:
        """Plan all rows."""
        first: dict[str, int] = {}
        for row in rows:
            values, problems = row["values"], list(row["problems"])
            key = key_of(values["username"])
            if key and key in first:
                problems.append(f"账号{values['username']}和第{first[key]}行重复")
            first.setdefault(key, row["row"])
            self._take(row["row"], values, problems)

    def find(self, typed: str) -> User | str:
        """The account that the importer sees, or a sentence; "" for a row that was refused."""
        key = key_of(typed)
        user = self.by_key.get(key)
        if user is not None and self.is_seen(user):
            return user
        return "" if key in self.vague else f"账号{typed}：{OUTSIDE}"

    def is_seen(self, user: User) -> bool:
        """Whether the importer sees the person; whom he enters himself he does."""
        return user.pk is None or user.pk in self.present.seen

    def _take(self, number: int, values: dict, problems: list[str]) -> None:
        username, name = values["username"].lower(), values["name"]
        label, user = f"{username} {name}".strip(), self.by_key.get(key_of(username))
        if " " in username:
            problems.append("账号中间不能有空格")
        if not (self.by is SYSTEM or self.by.holds(Permission.ACCOUNT_EDIT)):
            problems.append("账号由工委管理员、机关党委或者系统管理员建立")
        if user is not None and user.pk is not None and not problems:
            problems += self._why_not(user, name)
        if problems:
            self.vague.add(key_of(username))
            words = "；".join(dict.fromkeys(problems))
            self.plan.note(PEOPLE, number, label, Outcome.REFUSED, words)
        elif user is None:
            self._add(number, username, name, label)
        elif user.name == name:
            self.plan.note(PEOPLE, number, label, Outcome.SAME)
        else:
            words = f"姓名：{user.name}→{name}"
            self.called[key_of(username)] = name
            self.plan.name_changes.append((user, name, words))
            self.plan.note(PEOPLE, number, label, Outcome.CHANGED, words)

    def _add(self, number: int, username: str, name: str, label: str) -> None:
        same = self.names[name][:3]
        words = "另有同名的账号：" + "、".join(same) if same else ""
        user = User(username=username, name=name, is_active=True)
        self.by_key[key_of(username)] = user
        self.names[name].append(username)
        self.plan.people.append(user)
        self.plan.note(PEOPLE, number, label, Outcome.NEW, words)

    def _why_not(self, user: User, name: str) -> list[str]:
        """As services.people.correct asks it, for many at once."""
        if user.pk not in self.present.seen:
            return [f"账号{user.username}已经有人用了"]
        if user.name == name or self.by is SYSTEM:
            return []
        if user.pk == self.by.pk:
            return ["自己的姓名请另一位工委管理员改"]
        watches = any(post.role == RoleCode.AUDITOR
                      for post in self.present.posts_of(user, self.today))
        if watches and self.by.holds(Permission.ACCOUNT_RESET):
            return ["安全审计员监督系统管理，他的姓名由工委管理员改"]
        if not all(self.by.may(Permission.ACCOUNT_EDIT, at=path)
                   for path in self.present.paths_of(user, self.today)):
            return [f"{user.name}在别处还有任职，姓名由工委管理员改"]
        return []
