"""How long it takes to bring a school on: ``python -m tests.benchmarks.onboard_school``.

Row, host, keysets, schema, migrations, categories, groups and first administrator, without the
start of Python and Django; the median of five, each beside the schools that came before.
"""

import time
from statistics import median

from tests.benchmarks.platform_up import platform_up, tell

ROUNDS = 5


def main() -> None:
    """Onboard five schools."""
    with platform_up():
        tell(benchmark="onboard_school", **_measure())


def _measure() -> dict[str, object]:
    from schools.services.onboarding import onboard_school

    seconds = []
    for number in range(ROUNDS):
        begin = time.perf_counter()
        onboard_school(
            slug=f"bench-{number}",
            name=f"Bench {number}",
            urn=f"{990000 + number}",
            admin_email=f"head@bench{number}.example",
        )
        seconds.append(time.perf_counter() - begin)
    return {"s": round(median(seconds), 2), "first_s": round(seconds[0], 2)}


if __name__ == "__main__":
    main()
