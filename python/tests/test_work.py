"""Long work leaves the interpreter to others, and can be stopped."""

import signal
import subprocess
import sys
import threading
import time

import clvcast
import numpy
import polars
import pytest

CUSTOMERS = 60_000
#: Futures of each customer: hours of work.
DRAWS = 100_000


def transactions():
    """Purchases of two years at rates that differ, from a fixed seed."""
    random = numpy.random.default_rng(1)
    counts = random.poisson(random.gamma(1.5, 3.0, CUSTOMERS)) + 1
    ids = numpy.repeat(numpy.arange(CUSTOMERS), counts)
    days = random.integers(0, 730, len(ids))
    return polars.DataFrame(
        {
            "customer": ids,
            "date": numpy.datetime64("2016-01-01") + days,
            "amount": random.integers(100, 9_999, len(ids)) / 100,
        }
    )


def test_other_threads_go_on():
    frame = transactions()
    done, ticks = threading.Event(), []

    def tick():
        while not done.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.001)

    other = threading.Thread(target=tick)
    other.start()
    try:
        since = time.perf_counter()
        panel = clvcast.Panel.from_transactions(frame)
        clvcast.Forecaster(method="posterior", frequency="pareto-nbd").fit(panel)
        until = time.perf_counter()
    finally:
        done.set()
        other.join()
    # With the lock held it would not run at all in between.
    assert len([at for at in ticks if since < at < until]) > 5


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
def test_an_interrupt_stops_the_work():
    work = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import clvcast, test_work\n"
        "panel = clvcast.Panel.from_transactions(test_work.transactions())\n"
        "forecaster = clvcast.Forecaster(method='posterior', frequency='pdo', tau='1d').fit(panel)\n"
        "print('ready', flush=True)\n"
        f"forecaster.forecast(12, quantiles=[0.05, 0.95], draws={DRAWS})\n"
        "print('not stopped', flush=True)\n"
    )
    folder = __file__.rpartition("/")[0]
    command = [sys.executable, "-W", "ignore", "-c", work, folder]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert "KeyboardInterrupt" in err
    assert out == "" and process.returncode != 0
