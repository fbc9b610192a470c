import secrets

from django.core.management.base import BaseCommand, CommandError

from apps.core.act import SYSTEM, act
from apps.core.calendar import today
from apps.core.errors import Refused
from apps.organizations import services
from apps.organizations.models import Appointment, Organization
from apps.organizations.roles import ROLES, Lane, RoleCode

POSTS = (
    ("admin1", RoleCode.COMMITTEE_ADMIN),
    ("admin2", RoleCode.COMMITTEE_ADMIN),
    ("system", RoleCode.SYSTEM_ADMIN),
    ("auditor", RoleCode.AUDITOR),
)


class Command(BaseCommand):
    help = ("Make the first two 工委管理员, one 系统管理员 and one 安全审计员, with passwords that "
            "are shown once. Refused when any of them exists.")

    def add_arguments(self, parser):
        parser.add_argument("--committee", required=True, help="full name of the work committee")
        for key, role in POSTS:
            parser.add_argument(f"--{key}", required=True, metavar="账号:姓名", help=role.label)

    def handle(self, *args, **options):
        """Everything or nothing."""
        people = [options[key].partition(":") for key, _role in POSTS]
        if any(not username or not name for username, _colon, name in people):
            raise CommandError("每个人都写成“账号:姓名”，如 zhn:周海宁。")
        if len({username for username, _colon, _name in people}) < len(POSTS):
            raise CommandError("四个职务要由四个不同的人担任。")
        try:
            lines = self.make(options["committee"], people)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write("\n".join(lines))
        self.stdout.write("密码只显示这一次，请当面交给本人，首次登录后修改。")

    def make(self, committee: str, people) -> list[str]:
        """Found the committee where it is missing, and appoint the four."""
        technical = [code for code, role in ROLES.items() if role.lane != Lane.BUSINESS]
        with act(by=SYSTEM):
            taken = Appointment.unscoped.filter(role__in=[RoleCode.COMMITTEE_ADMIN, *technical])
            if taken.exists():
                raise Refused("已经有管理员了，请由他们登记其他人。")
            root = Organization.objects.filter(depth=1).first() or services.found(
                kind=Organization.Kind.COMMITTEE, name=committee, short_name=committee[-12:],
                code="GW", by=SYSTEM)
            lines = []
            for (username, _colon, name), (_key, role) in zip(people, POSTS, strict=True):
                password = secrets.token_urlsafe(12)
                user = services.create_user(username=username, name=name, password=password,
                                            by=SYSTEM)
                services.appoint(user=user, role=role, organization=root, starts_on=today(),
                                 by=SYSTEM)
                lines.append(f"{role.label}　{name}　账号 {user.username}　密码 {password}")
            return lines
