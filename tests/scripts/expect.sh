# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# A few words for tests of scripts, to be sourced: a tree of files in a temporary folder, runs, what they should print.
# shellcheck disable=SC2034 # some of it is for those who source this

scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../scripts" && pwd)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
tree=$room/tree
wrongs=0

# file PATH: what the file of the tree holds comes on standard input.
file() {
  mkdir -p "$(dirname "$tree/$1")"
  cat >"$tree/$1"
}

wrong() {
  printf '%s\n--- it printed, with status %s:\n%s\n---\n' "$1" "$status" "$output"
  wrongs=$((wrongs + 1))
}

# Runs a command, and keeps its status and all that it printed.
run() {
  status=0
  output=$("$@" 2>&1 </dev/null) || status=$?
}
expect_status() {
  if [[ $status != "$1" ]]; then wrong "line ${BASH_LINENO[0]}: expected the status $1"; fi
}
expect_line() {
  if ! grep -qxF -- "$1" <<<"$output"; then wrong "line ${BASH_LINENO[0]}: expected the line: $1"; fi
}
expect_count() {
  if [[ $(grep -c . <<<"$output") != "$1" ]]; then wrong "line ${BASH_LINENO[0]}: expected $1 lines"; fi
}

finish() {
  if ((wrongs)); then
    echo "$wrongs failed"
    exit 1
  fi
  echo "all as expected"
}
