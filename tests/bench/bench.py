#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs floor and finack in turns and prints figures and ratios: bench.py BUILD CLOSES [--table FILE.svg]"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TURNS = 3
CLOSE = "suites/close/active-close.yaml"
COUNTS = [100, 300, 1000, 3000, 10_000, 30_000, 100_000]


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


def floor(build, closes):
    out = subprocess.run(
        ["unshare", "-Urn", f"{build}/tests/bench_floor", str(closes)], check=True, capture_output=True, text=True
    ).stdout
    return {name: float(value) for name, value in (line.split() for line in out.splitlines())}


def finack(build, rounds):
    """Seconds, seconds of processor, instances, MiB and timing of that many closes for one family."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "run.json")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.monotonic()
        run = subprocess.Popen(
            [f"{build}/finack", "run", CLOSE, "--family", "ipv4", "--repeat", str(rounds), "--quiet", "--timing",
             "--json", str(report)],
            stdout=subprocess.DEVNULL,
            env={**os.environ, "XDG_STATE_HOME": folder},
        )
        memory = 0
        while run.poll() is None:
            memory = max(memory, peak_memory(run.pid))
            time.sleep(0.02)
        wall = time.monotonic() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        result = json.loads(report.read_text())
        if result["summary"]["pass"] != rounds:
            print(f"  {rounds} closes: {result['summary']}", file=sys.stderr)
        return {"wall": wall, "used": used, "memory": memory, "duration": result["summary"]["duration"],
                "timing": result["timing"], "at_once": result["environment"]["at_once"]}


def plot(rows, file):
    """Seconds over instances, both logarithmic."""
    from math import log10

    def x(count):
        return 70 + (log10(count) - 2) / 3 * 500

    def y(seconds):
        return 330 - (log10(seconds) + 1) / 3.5 * 290

    marks = []
    for count in (100, 1000, 10_000, 100_000):
        marks.append(f'<line x1="{x(count):.0f}" y1="40" x2="{x(count):.0f}" y2="330" stroke="#ddd"/>'
                     f'<text x="{x(count):.0f}" y="350" text-anchor="middle">{count:,}</text>')
    for seconds in (0.1, 1, 10, 100):
        marks.append(f'<line x1="70" y1="{y(seconds):.0f}" x2="570" y2="{y(seconds):.0f}" stroke="#ddd"/>'
                     f'<text x="62" y="{y(seconds) + 4:.0f}" text-anchor="end">{seconds:g} s</text>')
    line = " ".join(f"{x(n):.1f},{y(row['duration']):.1f}" for n, row in rows)
    dots = "".join(f'<circle cx="{x(n):.1f}" cy="{y(row["duration"]):.1f}" r="4" fill="#06c"/>' for n, row in rows)
    Path(file).write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="390" font-family="sans-serif" font-size="13">'
        '<rect width="600" height="390" fill="white"/>'
        '<text x="70" y="24" font-size="15">Duration of a run of active closes, by their number</text>'
        + "".join(marks) + f'<polyline points="{line}" fill="none" stroke="#06c" stroke-width="2"/>' + dots
        + '<text x="320" y="376" text-anchor="middle">instances</text></svg>\n')


def main():
    build, closes = sys.argv[1], int(sys.argv[2])
    floors, runs = [], []
    for turn in range(TURNS):
        floors.append(floor(build, closes))
        runs.append(finack(build, closes))
        print(f"turn {turn + 1}: floor {floors[-1]['close_p50']:.0f} us a close (median; mean "
              f"{floors[-1]['close_mean']:.0f}), finack {runs[-1]['duration'] / closes * 1e6:.0f} us, load "
              f"{os.getloadavg()[0]:.1f}", flush=True)
    bare = statistics.median(each["close_mean"] for each in floors)
    whole = statistics.median(each["duration"] for each in runs)
    print(f"closes a second      {closes / whole:8.0f}")
    print(f"wall, of bare        {whole / closes * 1e6 / bare:8.1f} times")
    print(f"processor a close    {statistics.median(r['used'] for r in runs) / closes * 1e6:8.0f} us")
    print(f"system calls alone   {statistics.median(each['calls_mean'] for each in floors):8.1f} us")
    print(f"peak memory          {max(r['memory'] for r in runs):8.0f} MiB, {runs[0]['at_once']} at once")
    one = finack(build, 20)["timing"]["reaction"]
    handshake = statistics.median(each["syn_to_syn_ack_p50"] for each in floors)
    print(f"reaction, few        {one['p50'] * 1e6:8.1f} us; SYN to SYN-ACK {handshake:.1f} us")
    if len(sys.argv) > 4 and sys.argv[3] == "--table":
        rows = []
        for count in COUNTS:
            rows.append((count, finack(build, count)))
            row = rows[-1][1]
            print(f"| {count:,} | {row['duration']:.2f} | {count / row['duration']:.0f} | "
                  f"{row['used'] / count * 1e6:.0f} | {row['memory']:.0f} |", flush=True)
        plot(rows, sys.argv[4])


main()
