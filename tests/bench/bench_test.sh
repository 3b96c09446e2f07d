#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The benchmark itself, small: bench_test.sh BUILD. Its figures are no reason to pass or fail; that there are some is.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
out=$(python3 -B tests/bench/bench.py "$1" 10 --turns 2 --table "$folder/plot.svg" --counts 10,100 --instances 0)
for line in 'closes a second +[0-9]+' 'wall, of the bare loop.s +[0-9.]+ times' 'processor a close +[0-9]+ us; bare [0-9]+ us' \
  'peak memory +[0-9]+ MiB' 'reaction at once +[0-9]+ us.*; load [0-9.]+$' \
  'reaction, 300 ms apart +[0-9]+ us.*; load [0-9.]+$' '^\| 10 \| [0-9.]+ \|.* [0-9.]+ \|$' '^\| 100 \| [0-9.]+ \|.* [0-9.]+ \|$'; do
  grep -qE "$line" <<<"$out" || {
    printf 'no line for %s in:\n%s\n' "$line" "$out" >&2
    exit 1
  }
done
python3 -c 'import sys, xml.dom.minidom as dom; assert len(dom.parse(sys.argv[1]).getElementsByTagName("circle")) == 4' \
  "$folder/plot.svg"
