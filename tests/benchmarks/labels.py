"""How long 5,000 labels take and what memory, and which share of labels scans after which treatment.

python -m tests.benchmarks.labels [SEEDS]
"""

import random
import resource
import sys
import time

from crew_app.core.codes import ALPHABET, RANDOM, check_character
from crew_app.labels import colours, symbols
from crew_app.labels.layout import Label
from crew_app.labels.pdf import pdf
from crew_app.labels.stocks import STOCKS, Setup
from tests.support import degraded

BASE = "https://crew.hospital.example.cn/t/"
WAY = "南院 / 住院楼 / 七楼"


def label(number: int) -> Label:
    """One label, always the same for its number."""
    body = "".join(random.Random(number).choices(ALPHABET, k=RANDOM))
    code = body + check_character(body)
    return Label(BASE + code, code, f"{number}号增压泵", f"Booster pump {number}", WAY, "水泵", "Pump", colours.BLANK)


def speed() -> None:
    """Time, size, and how much memory grows from 500 labels to 5,000."""
    for count in (500, 5_000):
        start, begun, size = time.perf_counter(), time.process_time(), 0
        for part in pdf(map(label, range(count)), Setup(STOCKS["a4-24"])):
            size += len(part)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        taken, used = time.perf_counter() - start, time.process_time() - begun
        print(
            f"{count} labels: {taken:.1f} s ({used:.1f} s of one core), {size / 1e6:.2f} MB, at most {memory} MB in all"
        )


def shares(seeds: int) -> None:
    """Of four labels of each stock, seen so many times: how many scan, by stock and treatment."""
    print("stock".ljust(12), *(how.rjust(13) for how in degraded.SPOILT))
    for code, stock in STOCKS.items():
        labels = [label(number) for number in range(4)]
        pages = degraded.rendered(b"".join(pdf(labels, Setup(stock))))
        places = zip(stock.spots(), labels, strict=False)
        images = [degraded.cut(pages[page], left, top, stock.width, stock.height) for (page, left, top), _ in places]
        row = []
        for how in degraded.SPOILT:
            tries = [(one, image, seed) for one, image in zip(labels, images, strict=True) for seed in range(seeds)]
            read = sum(
                one.address in degraded.read(degraded.photographed(image, how, seed)) for one, image, seed in tries
            )
            row.append(f"{read}/{len(tries)}".rjust(13))
        print(code.ljust(12), *row)


def main() -> None:
    """All of it, with the fixed pattern over the code and then with the best of eight."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    speed()
    shares(seeds)
    symbols.MASK = None  # type: ignore[assignment]
    print("the best of eight patterns for each code:")
    shares(seeds)


if __name__ == "__main__":
    main()
