from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.core.errors import Refused
from apps.dashboard.demo import build
from apps.dashboard.demo.people import PEOPLE, TOLD
from apps.organizations.roles import RoleCode

OTHERS = (
    "  其余单位的账号由单位代号和职务组成：如科技局kjj_shuji（党组书记）、kjj_cy1（班子成员）、\n"
    "  kjj_jb（党组和机关党委经办人）、kjj_jw（机关纪委书记）、kjj_zb1（支部书记）；"
    "工委经办人gongwei2至gongwei7"
)


class Command(BaseCommand):
    help = "Fill an empty database with demo data, then print the accounts and their password."

    def handle(self, *args, **options):
        """Build once; afterwards only print."""
        if not settings.DEMO:
            raise CommandError("演示数据只在DEMO=1时装入。")
        if build.is_empty():
            try:
                reports = build.build()
            except Refused as refusal:
                raise CommandError(refusal.message) from refusal
            self.stdout.write(f"演示数据已装入（{reports}次填报）。")
        for person in PEOPLE[:TOLD]:
            roles = "、".join(RoleCode(role).label for role, _place in person.posts)
            self.stdout.write(f"  {person.username:<15}{person.name}　{roles}")
        others = "、".join(person.username for person in PEOPLE[TOLD:])
        self.stdout.write(f"  另有：{others}")
        self.stdout.write(OTHERS)
        self.stdout.write(f"密码: {build.password()}")
