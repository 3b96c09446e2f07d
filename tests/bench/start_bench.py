#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long finack takes from its start to the first segment on the wire.

usage: start_bench.py FINACK SCENARIO.yaml [TIMES]

The moment of the first segment is taken from the capture that the run writes. Beside the figure stands its floor: the
same program printing its version, which is what the system needs to start it.
"""
import pathlib
import statistics
import struct
import subprocess
import sys
import tempfile
import time


def first_frame(capture: bytes) -> float:
    """Seconds since 1970 of the first enhanced packet block; finack writes big-endian files in nanoseconds."""
    at = 0
    while at < len(capture):
        kind, length = struct.unpack_from(">II", capture, at)
        if kind == 6:
            high, low = struct.unpack_from(">II", capture, at + 12)
            return (high << 32 | low) / 1e9
        at += length
    raise SystemExit("start_bench: a capture without a frame")


def start_to_segment(finack: str, scenario: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        begun = time.time()
        subprocess.run([finack, "run", scenario, "--family", "ipv4", "--pcap", folder], check=True, stdout=subprocess.DEVNULL)
        capture = next(pathlib.Path(folder).rglob("*.pcapng"))
        return first_frame(capture.read_bytes()) - begun


def start_to_version(finack: str) -> float:
    begun = time.time()
    subprocess.run([finack, "--version"], check=True, stdout=subprocess.DEVNULL)
    return time.time() - begun


def main() -> None:
    finack, scenario = sys.argv[1:3]
    times = int(sys.argv[3]) if len(sys.argv) > 3 else 20
    floor, figure = [], []
    for _ in range(times):
        floor.append(start_to_version(finack) * 1e3)
        figure.append(start_to_segment(finack, scenario) * 1e3)
    for name, values in (("start and end of the program alone", floor), ("start to the first segment", figure)):
        print(f"{name:<36} median {statistics.median(values):6.1f} ms, longest {max(values):6.1f} ms of {times}")


main()
