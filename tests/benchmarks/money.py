"""How long the pages of points and costs take on a demo hospital: python -m tests.benchmarks.money DATA [times]."""

import os
import statistics
import sys
import time

from crew_app import create_app
from crew_app.core.clock import now
from crew_app.core.db import session
from crew_app.demo.at_hand import store
from crew_app.people.models import Site
from crew_app.reports.cost_months import table
from crew_app.reports.periods import months_later
from crew_app.reports.point_rows import month_of
from tests.support.counting import statements


def main(folder: str, times: int = 9) -> None:
    """Print the median of several looks at each, in milliseconds, with the statements it takes."""
    os.environ |= {"CREW_DATA": folder, "CREW_DEMO": "1"}
    app = create_app()
    with app.app_context():
        site = session.get_one(Site, store().site_id)
        this = now().astimezone(site.zone).date().replace(day=1)
        looks = {
            "points, settled": (month_of, months_later(this, -2)),
            "points, as they stand": (month_of, months_later(this, -1)),
            "costs, closed": (table, months_later(this, -2)),
            "costs, open, with what came late": (table, months_later(this, -1)),
        }
        for words, (look, month) in looks.items():
            spent = []
            many = 0
            for _ in range(times):
                session.expire_all()
                with statements(app) as asked:
                    begun = time.perf_counter()
                    look(session.get_one(Site, store().site_id), month)
                spent.append((time.perf_counter() - begun) * 1000)
                many = len(asked)
            print(f"{words}: {statistics.median(spent):.0f} ms, {many} statements")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
