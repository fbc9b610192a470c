import logging
import time
from datetime import datetime, timedelta
from datetime import time as clock_time

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from apps.checklists import daily as checklists_daily
from apps.core import daily as core_daily
from apps.core.calendar import now, today
from apps.organizations import daily as organizations_daily

log = logging.getLogger("fangzhen.daily")
STEPS = {"core": core_daily.run, "organizations": organizations_daily.run,
         "checklists": checklists_daily.run}
HOUR = clock_time(2, 30)


class Command(BaseCommand):
    help = "Do each app's daily work: once, or with --forever every night at 02:30."

    def add_arguments(self, parser):
        parser.add_argument("--forever", action="store_true", help="stay and run every night")

    def handle(self, *args, **options):
        """Run now; then sleep until the next night, if asked to."""
        self.run()
        while options["forever"]:
            time.sleep(self.seconds_until_next())
            self.run()

    def run(self) -> None:
        """One app's failure does not keep the others from their work."""
        close_old_connections()
        for name, step in STEPS.items():
            try:
                log.info("daily", extra={"fields": {"app": name, **step(today())}})
            except Exception:
                log.exception("daily work failed", extra={"fields": {"app": name}})

    def seconds_until_next(self) -> float:
        """Until the next 02:30 in Asia/Shanghai."""
        moment = now()
        following = datetime.combine(moment.date(), HOUR, tzinfo=moment.tzinfo)
        if following <= moment:
            following += timedelta(days=1)
        return (following - moment).total_seconds()
