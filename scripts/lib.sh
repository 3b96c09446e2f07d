# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What conform and test share, to be sourced: Debian packages, where to build, building. Standard output stays the
# caller's: all this speaks on standard error.
# shellcheck disable=SC2034 # the lists are for those who source this

checkout=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd -P)

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# The same status as finack's for a machine that does not let it work.
give_up() {
  say "$@"
  exit 3
}

build_packages=(
  cmake ninja-build g++      # the build
  pkg-config                 # finds libnl
  libnl-3-dev                # netlink: namespaces, links, addresses
  libnl-route-3-dev          # its part for links, addresses, routes
  libyaml-cpp-dev            # scenarios and the catalogue
  libboost-program-options-dev # the command line
  libfmt-dev                 # text
  libexpected-dev            # tl::expected, which g++ 12 has not
  nlohmann-json3-dev         # the JSON report
  libpugixml-dev             # the JUnit report
  libgtest-dev libgmock-dev  # the tests; here too, so that one build folder serves all
)
test_packages=(
  iproute2   # ip, ss: a second opinion on links and sockets
  nftables   # drops and rewrites segments on the way
  procps     # ps, pgrep: no process is left behind
  python3    # tries what README.md and docs/ show
  python3-jsonschema python3-yaml # hold the suites against suites/*.schema.json: a validator that is not ours
  tshark     # reads the captures that we write
  util-linux # unshare, setpriv: runs without rights
  clang libclang-rt-14-dev # a second compiler's warnings; libFuzzer
)

# Which of these packages are not installed, on one line.
missing_packages() {
  local package status
  local -A installed=()
  while read -r status package; do
    if [[ $status == installed ]]; then installed[$package]=1; fi
  done < <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null)
  local missing=()
  for package; do
    if [[ ! -v installed[$package] ]]; then missing+=("$package"); fi
  done
  echo "${missing[*]}"
}

# Installs those of these packages that are missing; never asks anything.
need_packages() {
  if ! command -v dpkg-query >/dev/null; then
    say "this is no Debian: taking for granted that these are here: $*"
    return
  fi
  local names missing log
  names=$(missing_packages "$@")
  if [[ -z $names ]]; then return; fi
  if [[ $(id -u) != 0 ]]; then
    give_up "missing Debian packages; install them as root: apt-get update && apt-get install -y --no-install-recommends $names"
  fi
  read -ra missing <<<"$names"
  say "installing: $names"
  log=$(mktemp)
  # A machine that has just booted may be busy with updates of its own: wait for its lock.
  if ! {
    apt-get -o DPkg::Lock::Timeout=300 update &&
      DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${missing[@]}"
  } </dev/null >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    give_up "apt-get could not install: $names"
  fi
  rm -f "$log"
}

# Prints the folder for build folders: the checkout when it is ours, else a private one, so that nobody's files end up
# in another's checkout.
build_home() {
  local folder ours=yes
  if [[ ! -O $checkout || ! -w $checkout ]]; then ours=; fi
  for folder in "$checkout"/build "$checkout"/build-*; do
    if [[ -e $folder && (! -O $folder || ! -w $folder) ]]; then ours=; fi
  done
  if [[ $ours ]]; then
    echo "$checkout"
    return
  fi
  folder=$(printf %s "$checkout" | sha256sum)
  folder=$(realpath -m "${TMPDIR:-/tmp}")/finack-$(id -u)-${folder:0:12}
  mkdir -m 700 "$folder" 2>/dev/null || true # it may be there from the last time
  if [[ -L $folder || ! -d $folder || ! -O $folder || ! -w $folder ]]; then
    give_up "cannot build: the checkout $checkout belongs to somebody else, and $folder is not ours to use"
  fi
  say "building in $folder, for the checkout belongs to somebody else"
  echo "$folder"
}

cached() { sed -n "s/^$2:[A-Z]*=//p" "$1/CMakeCache.txt"; }

# Whether this build folder is ready to build this checkout: it may have been moved or copied here.
is_configured() {
  [[ -e $1/CMakeCache.txt && $1/build.ninja -nt $checkout/CMakePresets.json &&
    $(cached "$1" CMAKE_HOME_DIRECTORY) == "$checkout" && $(cached "$1" CMAKE_CACHEFILE_DIR) == "$1" ]]
}

# Prints one file that has changed since the last build here, if any. Only for what we say: ninja knows better.
changed_since() {
  find "$checkout"/CMakeLists.txt "$checkout"/{harness,tests,suites/catalogue,suites/targets} -newer "$1" \
    \( -name '*.cpp' -o -name '*.h' -o -name '*.yaml' -o -name CMakeLists.txt \) -print -quit
}

# build PRESET FOLDER [TARGET...]: all when no target is named.
build() {
  local preset=$1 folder=$2 lock progress=
  if [[ -t 2 ]]; then progress=yes; fi
  shift 2
  local -r stamp=$folder/.built-${*//\//-}
  mkdir -p "$folder"
  exec {lock}>"$folder/.lock"
  if ! flock -n "$lock"; then
    say "waiting for another build in $folder"
    flock "$lock"
  fi
  if ! is_configured "$folder"; then
    say "building $preset (a few minutes the first time)"
    cmake --fresh -S "$checkout" --preset "$preset" -B "$folder" >/dev/null || give_up "cmake could not configure $folder"
  elif [[ ! -e $stamp || $(changed_since "$stamp") ]]; then
    say "building $preset"
  else
    progress=
  fi
  if [[ $progress ]]; then
    cmake --build "$folder" ${1+--target "$@"} >&2
  else
    cmake --build "$folder" ${1+--target "$@"} -- --quiet | sed '/^-- /d; /^ninja: no work to do\.$/d' >&2
  fi || give_up "the build failed"
  touch "$stamp"
  exec {lock}>&-
}
