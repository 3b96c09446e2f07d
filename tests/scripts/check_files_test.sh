#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/check-files can fail: a missing licence line and a long file are found.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=expect.sh
source "$(dirname "$(readlink -f "$0")")/expect.sh"

licence='SPDX-License-Identifier: Apache-2.0'
lines() { printf "// $licence\n%.0s" $(seq "$1"); }

# What is right stays unsaid; so does what is not ours.
file CMakeLists.txt <<<"# $licence"
file harness/base/text.h <<<"// $licence"
lines 500 | file harness/base/text.cpp
file tests/base/data.txt <<<'no licence'
seq 1000 | file tests/fuzz/corpus/long
file scripts/conform <<<$'#!/bin/bash\n# '"$licence"
file suites/close/close.yaml <<<"# $licence"
file build/harness/generated.cpp <<<''
run "$scripts/check-files" "$tree"
expect_status 0
expect_count 0

# Each of these is wrong.
file .ci/run <<<'#!/bin/bash'
file harness/CMakeLists.txt <<<''
file harness/base/empty.h </dev/null
file harness/base/late.cpp <<<$'1\n2\n3\n// '"$licence"
file harness/base/other.h <<<'// SPDX-License-Identifier: MIT'
lines 501 | file harness/base/long.cpp
lines 700 | file tests/base/long_test.cpp
file scripts/helper <<<''
file suites/close/bare.yaml <<<'scenario: x'
file tests/scripts/run_it <<<'#!/bin/sh'
run "$scripts/check-files" "$tree"
expect_status 1
for bare in .ci/run harness/CMakeLists.txt harness/base/empty.h harness/base/late.cpp harness/base/other.h \
  scripts/helper suites/close/bare.yaml tests/scripts/run_it; do
  expect_line "$bare:1: no SPDX-License-Identifier: Apache-2.0 in the first three lines"
done
expect_line 'harness/base/long.cpp:501: 501 lines; 500 are enough'
expect_line 'tests/base/long_test.cpp:501: 700 lines; 500 are enough'
expect_count 10

# No tree is no success.
run "$scripts/check-files" "$room"
expect_status 2

finish
