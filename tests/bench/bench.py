#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs finack beside what the kernel alone needs, in turns, and prints figures and ratios.

usage: bench.py BUILD CLOSES [--turns N] [--undisturbed] [--table FILE.svg [--counts N,N,...] [--instances N]]

--undisturbed gives all that is measured priority over whatever else the machine does, for which it takes root.
With --table also: how the cost grows with the number of instances, as a table and a picture, and that many instances of
TIME-WAIT at once, for which it takes more than a minute.
"""

import argparse
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import plot

CLOSE = "suites/close/active-close.yaml"
TIME_WAIT = "suites/close/time-wait/lasts-two-msl.yaml"
COUNTS = "100,300,1000,3000,10000,30000,100000"
PROFILE = Path("suites/targets/linux.yaml")
SETTLE = 300  # ms that finack listens after each close, by that profile


def load():
    """Of the last minute. It stands beside every figure, as those of a quiet machine are others."""
    return f"{os.getloadavg()[0]:.1f}"


def peak_memory(pid):
    """VmHWM of a process and those it started, in MiB; 0 when it is over."""
    total = 0
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                total += int(line.split()[1]) / 1024
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            total += peak_memory(child)
    except OSError:
        pass
    return total


def floor(build, closes, pause=0):
    out = subprocess.run(
        ["unshare", "-Urn", f"{build}/tests/bench_floor", str(closes), str(pause)],
        check=True, stdout=subprocess.PIPE, text=True,
    ).stdout
    return {name: float(value) for name, value in (line.split() for line in out.splitlines())}


def finack(build, scenario, *options, told=False, sampled=False):
    """Seconds from start to end and seconds of processor of a run that must pass; where it is told to write a report,
    also what that says; where it is sampled, which disturbs it, MiB of memory."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "run.json")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.monotonic()
        run = subprocess.Popen(
            [f"{build}/finack", "run", scenario, "--quiet", *options, *(["--timing", "--json", report] if told else [])],
            stdout=subprocess.DEVNULL,
            env={**os.environ, "XDG_STATE_HOME": folder},
        )
        memory = 0
        while sampled and run.poll() is None:
            memory = max(memory, peak_memory(run.pid))
            time.sleep(0.02)
        run.wait()
        wall = time.monotonic() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if run.returncode != 0:
            sys.exit(f"bench: a run of {scenario} ended with status {run.returncode}")
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        row = {"wall": wall, "used": used, "memory": memory}
        if told:
            result = json.loads(report.read_text())
            row["longest"] = max(each["duration"] for each in result["scenarios"])
            row["reaction"] = result["timing"]["reaction"]["p50"] * 1e6
            row["total"] = result["summary"]["pass"]
        return row


def closes_of(build, count, *options, **how):
    return finack(build, CLOSE, "--family", "ipv4", "--repeat", str(count), *options, **how)


def least(rows, key):
    """What else the machine does only adds."""
    return min(row[key] for row in rows)


def batch(build, closes, turns):
    floors, runs = [], []
    for turn in range(turns):
        floors.append(floor(build, closes))
        runs.append(closes_of(build, closes))
        print(f"turn {turn + 1}: bare {floors[-1]['close_mean']:.0f} us a close, finack "
              f"{runs[-1]['wall'] / closes * 1e6:.0f} us; load {load()}", flush=True)
    ratios = [run["wall"] / closes * 1e6 / bare["close_mean"] for run, bare in zip(runs, floors)]
    print(f"closes a second          {closes / least(runs, 'wall'):8.0f}, median "
          f"{closes / statistics.median(run['wall'] for run in runs):.0f}")
    print(f"wall, of the bare loop's {min(ratios):8.1f} times, median {statistics.median(ratios):.1f}")
    print(f"processor a close        {least(runs, 'used') / closes * 1e6:8.0f} us; bare "
          f"{least(floors, 'used_mean'):.0f} us, its calls of the application alone "
          f"{least(floors, 'calls_mean'):.0f} us of time")
    print(f"peak memory              {closes_of(build, closes, sampled=True)['memory']:8.0f} MiB", flush=True)


def reaction(build, closes, turns):
    """One at a time, with and without a pause in which caches forget."""
    with tempfile.TemporaryDirectory() as folder:
        restless = Path(folder, "restless.yaml")
        restless.write_text(re.sub("(?m)^settle:.*", "settle: 100us", PROFILE.read_text(encoding="utf-8")),
                            encoding="utf-8")
        for name, pause, count, options in [
            ("reaction at once", 0, 20 * closes, ["--profile", str(restless)]),
            (f"reaction, {SETTLE} ms apart", SETTLE, closes, []),
        ]:
            ours, bare = [], []
            for _ in range(turns):
                bare.append(floor(build, count, pause)["reaction_p50"])
                ours.append(closes_of(build, count, "--jobs", "1", *options, told=True)["reaction"])
            print(f"{name:<24} {min(ours):8.0f} us, median of {turns} runs {statistics.median(ours):.0f}; bare "
                  f"{min(bare):.0f}, {statistics.median(bare):.0f}; load {load()}", flush=True)


def time_wait(build, count):
    row = finack(build, TIME_WAIT, "--slow", "--repeat", str(max(1, count // 8)), told=True)
    print(f"TIME-WAIT                {row['total']:8} at once: {row['wall']:.1f} s, the longest {row['longest']:.1f} s; "
          f"load {load()}", flush=True)


def table(build, counts, file):
    rows = []
    print("\n| instances | seconds | a second | processor, us each | peak memory, MiB | load |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    for count in counts:
        row = closes_of(build, count)
        row["memory"] = closes_of(build, count, sampled=True)["memory"]
        rows.append(row)
        print(f"| {count:,} | {row['wall']:.2f} | {count / row['wall']:,.0f} | "
              f"{row['used'] / count * 1e6:.0f} | {row['memory']:.0f} | {load()} |", flush=True)
    lines = [("from start to end", [row["wall"] for row in rows]), ("of processor", [row["used"] for row in rows])]
    Path(file).write_text(plot.picture("Seconds of a run of active closes, by their number", counts, lines),
                          encoding="utf-8")


def main():
    options = argparse.ArgumentParser(usage=__doc__)
    options.add_argument("build")
    options.add_argument("closes", type=int)
    options.add_argument("--turns", type=int, default=5)
    options.add_argument("--undisturbed", action="store_true")
    options.add_argument("--table")
    options.add_argument("--counts", default=COUNTS)
    options.add_argument("--instances", type=int, default=1000)
    chosen = options.parse_args()
    if chosen.undisturbed:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(20))  # what is started inherits it
    batch(chosen.build, chosen.closes, chosen.turns)
    reaction(chosen.build, min(20, chosen.closes), chosen.turns)
    if chosen.table:
        if chosen.instances:
            time_wait(chosen.build, chosen.instances)
        table(chosen.build, [int(count) for count in chosen.counts.split(",")], chosen.table)


if __name__ == "__main__":
    main()
