#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/lib.sh: what is installed when, and whose build folder is used. dpkg, apt-get, id and cmake are false here.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=expect.sh
source "$(dirname "$(readlink -f "$0")")/expect.sh"

file scripts/lib.sh <"$scripts/lib.sh"
file CMakePresets.json <<<'{}'
mkdir -p "$tree"/{harness,tests,suites/catalogue,suites/targets} "$room/tmp"
touch "$tree/CMakeLists.txt"

# fake PROGRAM: its text, on standard input, stands in for it.
fake() {
  mkdir -p "$room/bin"
  { echo '#!/bin/bash' && cat; } >"$room/bin/$1"
  chmod +x "$room/bin/$1"
}
# Runs a line of shell as if it stood in a script named conform.
in_script() {
  run env -u DEBIAN_FRONTEND TMPDIR="$room/tmp" PATH="$room/bin:$PATH" \
    bash -c "set -euo pipefail; source '$tree/scripts/lib.sh'; $1" conform
}

# Only what is missing is installed, and removed packages are missing too.
fake dpkg-query <<<'printf "%s\n" "installed here" "config-files removed" "installed two"; exit 1'
fake apt-get <<<"echo \"\$DEBIAN_FRONTEND \$*\" >>'$room/apt'"
fake id <<<'echo 0'
in_script 'need_packages here two'
expect_status 0
expect_count 0
in_script 'need_packages here removed two absent'
expect_status 0
expect_line 'conform: installing: removed absent'
expect_count 1
run cut -d ' ' -f 1,4- "$room/apt"
expect_line ' update'
expect_line 'noninteractive install -y --no-install-recommends removed absent'
expect_count 2

# What cannot be installed is said, with the words of apt-get.
fake apt-get <<<'echo "E: no network" >&2; exit 100'
in_script 'need_packages absent'
expect_status 3
expect_line 'E: no network'
expect_line 'conform: apt-get could not install: absent'

# An ordinary user is told what to do, and nothing is tried.
fake id <<<'echo 1000'
in_script 'need_packages here removed absent'
expect_status 3
expect_line "conform: missing Debian packages; install them as root: apt-get update && apt-get install -y --no-install-recommends removed absent"
expect_count 1
rm "$room/bin/id"

# Our own checkout is built in place.
in_script build_home
expect_status 0
expect_line "$tree"
expect_count 1

# Another's is not, nor ours with a build folder of somebody else: as root we make one, else we take our own rights away.
make_foreign() { if [[ $EUID == 0 ]]; then chown 65534 "$1"; else chmod a-w "$1"; fi; }
make_ours() { if [[ $EUID == 0 ]]; then chown 0 "$1"; else chmod u+w "$1"; fi; }
mkdir "$tree/build-asan"
for folder in "$tree" "$tree/build-asan"; do
  make_foreign "$folder"
  in_script build_home
  expect_status 0
  expect_count 2
  private=${output##*$'\n'}
  if [[ $private != "$room"/tmp/finack-$EUID-* || $(stat -c %a "$private") != 700 ]]; then
    wrong "expected a private folder, not $private"
  fi
  # One that is not ours is refused: it may be a trap.
  mv "$private" "$room/elsewhere"
  ln -s "$room/elsewhere" "$private"
  in_script build_home
  expect_status 3
  expect_line "conform: cannot build: the checkout $tree belongs to somebody else, and $private is not ours to use"
  rm "$private"
  mkdir "$private"
  make_foreign "$private"
  in_script build_home
  expect_status 3
  make_ours "$private"
  rm -r "$private" "$room/elsewhere"
  make_ours "$folder"
done

# A build folder is configured once, and again after a move or a change of the presets.
fake cmake <<E
echo "\$*" >>'$room/cmake'
if [[ \$1 == --fresh ]]; then
  printf '%s\n' CMAKE_HOME_DIRECTORY:INTERNAL="\$3" CMAKE_CACHEFILE_DIR:INTERNAL="\$7" >"\$7/CMakeCache.txt"
  touch "\$7/build.ninja"
fi
E
build() {
  rm -f "$room/cmake"
  in_script "build release '$tree/build' finack"
  expect_status 0
}
configure="--fresh -S $tree --preset release -B $tree/build"
build
expect_line 'conform: building release (a few minutes the first time)'
run cat "$room/cmake"
expect_line "$configure"
expect_line "--build $tree/build --target finack -- --quiet"
build
expect_count 0
run cat "$room/cmake"
expect_count 1
mv "$tree" "$room/moved"
tree=$room/moved
build
run cat "$room/cmake"
expect_line "${configure//$room\/tree/$tree}"
touch -d '1 minute' "$tree/CMakeLists.txt"
build
expect_line 'conform: building release'
run cat "$room/cmake"
expect_count 1
touch -d '1 minute' "$tree/CMakePresets.json"
build
run cat "$room/cmake"
expect_line "${configure//$room\/tree/$tree}"

# A failing build is no verdict of the suite.
fake cmake <<<"[[ \$1 == --fresh ]]"
in_script "build release '$tree/build' finack"
expect_status 3
expect_line 'conform: the build failed'

finish
