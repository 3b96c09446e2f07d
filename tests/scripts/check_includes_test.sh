#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/check-includes can fail: each kind of violation in a tiny tree is found.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=expect.sh
source "$(dirname "$(readlink -f "$0")")/expect.sh"

# What is right stays unsaid.
file harness/CMakeLists.txt <<<'# include "nothing"'
file harness/base/text.h <<<'#include <string>'
file harness/base/pattern.h <<<'#include <string>'
file harness/net/links.h <<<'#include "base/text.h"'
file harness/net/links.cpp <<'E'
#include "net/links.h"

#include <net/if.h>
#include <netlink/route/link.h>
E
file harness/target/protocol.h <<<'#include "base/pattern.h"'
file harness/agent/agent.h <<<'#include "target/protocol.h"'
file harness/agent/agent.cpp <<'E'
#include "agent/agent.h"

#include <sys/socket.h>
E
file harness/scenario/generator/main.cpp <<'E'
#include <yaml-cpp/yaml.h>
const char* text = "#include \"run/run.h\"";
E
file harness/judge/judge.cpp <<'E'
#include <fmt/format.h>
#include "base/text.h"
#include "packet/segment.h"
#include "scenario/step.h"
E
file harness/world/world.h <<<'#include "packet/segment.h"'
file harness/run/run.h <<<'#include "net/links.h"'
file harness/cli/main.cpp <<'E'
#include <boost/program_options.hpp>
#include "report/text_report.h"
#include "run/run.h"
E
run "$scripts/check-includes" "$tree"
expect_status 0
expect_count 0

# Each of these is wrong.
file harness/loose.cpp <<<''
file harness/extras/x.h <<<''
file harness/base/up.h <<'E'
// Upwards.
#include "packet/segment.h"
E
file harness/packet/side.cpp <<<'  #  include "scenario/step.h"'
file harness/judge/world.cpp <<<'#include "world/world.h"'
file harness/peer/judge.h <<<'#include "judge/judge.h" // for once'
file harness/net/packet.h <<<'#include "packet/segment.h"'
file harness/report/run.cpp <<<'#include "run/run.h"'
file harness/report/text_report.h <<<''
file harness/run/angle.cpp <<<'#include <report/text_report.h>'
file harness/world/agent.cpp <<<'#include "agent/agent.h"'
file harness/wire/unknown.cpp <<<'#include "extras/x.h"'
file harness/judge/yaml.cpp <<<'#include <yaml-cpp/yaml.h>'
file harness/world/netlink.cpp <<<'#include "netlink/route/link.h"'
file harness/run/options.cpp <<<'#include <boost/program_options/options_description.hpp>'
file harness/agent/needy.cpp <<'E'
#include "base/text.h"
#include <fmt/format.h>
#include "base/pattern.h"
E
file harness/target/protocol.h <<'E'
#include "base/pattern.h"
#include "base/text.h"
#include <sys/socket.h>
E
file harness/base/pattern.h <<'E'
#include <string>
#include <fmt/format.h>
#include "base/text.h"
E
file harness/packet/relative.cpp <<'E'
#include "../run/run.h"
#include "segment.h"
#include SEGMENT
E
run "$scripts/check-includes" "$tree"
expect_status 1
expect_line 'harness/loose.cpp:1: belongs into a folder'
expect_line 'harness/extras/x.h:1: no folder extras in the table of scripts/check-includes'
expect_line 'harness/base/up.h:2: base may not include packet'
expect_line 'harness/packet/side.cpp:1: packet may not include scenario'
expect_line 'harness/judge/world.cpp:1: judge may not include world'
expect_line 'harness/peer/judge.h:1: peer may not include judge'
expect_line 'harness/net/packet.h:1: net may not include packet'
expect_line 'harness/report/run.cpp:1: report may not include run'
expect_line 'harness/run/angle.cpp:1: run may not include report'
expect_line 'harness/world/agent.cpp:1: world may not include agent'
expect_line 'harness/wire/unknown.cpp:1: no folder extras in the table of scripts/check-includes'
expect_line 'harness/judge/yaml.cpp:1: only scenario may include yaml-cpp/'
expect_line 'harness/world/netlink.cpp:1: only net may include netlink/'
expect_line 'harness/run/options.cpp:1: only cli may include boost/program_options'
expect_line 'harness/agent/needy.cpp:1: agent/ may not include base/text.h: it builds alone'
expect_line 'harness/agent/needy.cpp:2: agent/ may not include fmt/format.h: it builds alone'
expect_line 'harness/agent/needy.cpp:3: agent/ may not include base/pattern.h: it builds alone'
expect_line 'harness/target/protocol.h:2: target/protocol.h may not include base/text.h: it builds alone'
expect_line 'harness/target/protocol.h:3: target/protocol.h may not include sys/socket.h: it builds alone'
expect_line 'harness/base/pattern.h:2: base/pattern.h may not include fmt/format.h: it builds alone'
expect_line 'harness/base/pattern.h:3: base/pattern.h may not include base/text.h: it builds alone'
expect_line 'harness/packet/relative.cpp:1: name ../run/run.h from harness/ on'
expect_line 'harness/packet/relative.cpp:2: say which folder segment.h is in'
expect_line 'harness/packet/relative.cpp:3: cannot tell what this includes: SEGMENT'
expect_count 24

# No tree is no success.
run "$scripts/check-includes" "$room"
expect_status 2

finish
