// SPDX-License-Identifier: Apache-2.0
// How long loading and compiling 1,000 scenario files takes, beside merely reading them: bench_load [FILES].
// The bar is one second.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "scenario/catalogue.h"
#include "scenario/load.h"
#include "scenario/yaml_tree.h"

namespace finack {
namespace {

using Clock = std::chrono::steady_clock;

// The kinds of files that a suite is made of. `#` becomes the number of the file.
constexpr const char* templates[] = {
    // A plain exchange, with comments as authors write them.
    R"(# SPDX-License-Identifier: Apache-2.0
# RFC 9293 figure 12: the target closes first, number #.
scenario: Active close number #
covers: [CR-001, CR-002, CR-005, T-022, T-035, T-041, MUST-13]
tags: [close, basic]
given: ESTABLISHED
steps:
  - target: close
  - expect: FIN+ACK
    within: 2*RTO + 10ms
  - state: FIN-WAIT-1
  - send: ACK
  - state: FIN-WAIT-2
  - send: FIN+ACK
  - expect: ACK
  - state: TIME-WAIT
  - quiet: DELAYED_ACK + 50ms
)",
    // A table over states and the ways into them.
    R"(# SPDX-License-Identifier: Apache-2.0
scenario: A reset at offset $offset ends $state, number #
for:
  - state: [ESTABLISHED, CLOSE-WAIT]
    offset: [0, 1, window-1, window]
  - state: [FIN-WAIT-1 by close, FIN-WAIT-2 by shutdown]
    offset: [0, 1]
covers: [CR-076, T-029]
given: $state, active
steps:
  - one-of:
      - reading: RFC 9293 3.10.7.4, the reset is taken
        steps:
          - state: CLOSED
      - reading: RFC 5961 3.2, a challenge ACK answers a reset that is not exactly next
        steps:
          - expect: ACK
          - state: ESTABLISHED
  - send: RST seq=next+$offset
  - quiet: 250ms
)",
    // Sequences, own and shared, with values.
    R"(# SPDX-License-Identifier: Apache-2.0
scenario: Data in both directions, then the close, number #
tags: [data]
peer: {options: "<mss 1460, sackok, ts 1 0, nop, wscale 7>", window: 30000}
configure: {net.ipv4.tcp_timestamps: 1, nodelay: 1}
given: ESTABLISHED
define:
  exchange:
    - send: PSH+ACK len=$octets
    - expect: ACK
    - target: receive $octets
    - target: send $octets
    - expect: PSH+ACK len=$octets
    - send: ACK
steps:
  - {use: exchange, with: {octets: 100}}
  - {use: exchange, with: {octets: 200}}
  - {use: exchange, with: {octets: 1#}}
  - use: close from us
  - all-of: [{expect: ACK}, {expect: FIN+ACK}]
    within: 1s
)",
    // Defects and errors of ICMP.
    R"(# SPDX-License-Identifier: Apache-2.0
scenario: What must be dropped is dropped, number #
family: [ipv4, ipv6]
for: {defect: [bad-checksum, reserved=0, seq=next+window, "len=10 <nop, nop, kind 254 len=9 0a0b>"]}
given: CLOSE-WAIT
steps:
  - allow: ACK
  - send: ACK ttl=5 tos=8 $defect
  - icmp: host-unreachable seq=next-1
  - quiet: 300ms
  - target: close
  - expect: FIN+ACK ttl=64
    after: 1us
    within: 500ms
)",
};

class Suite {
 public:
  explicit Suite(std::size_t files) {
    std::string name = (std::filesystem::temp_directory_path() / "finack-bench-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("cannot make " + name);
    root_ = name;
    std::filesystem::create_directories(folder());
    std::ofstream(folder() / "sequences.yaml")
        << "define:\n  close from us:\n    - send: FIN+ACK\n    - expect: ACK\n    - state: CLOSE-WAIT\n"
           "    - target: close\n";
    for (std::size_t i = 0; i < files; ++i) {
      std::string text = templates[i % std::size(templates)];
      for (std::size_t at = text.find(" #"); at != std::string::npos; at = text.find(" #", at + 1)) {
        if (text[at + 2] == ' ') continue;  // a comment
        text.replace(at + 1, 1, std::to_string(i));
      }
      if (const std::size_t at = text.find("1#"); at != std::string::npos)
        text.replace(at + 1, 1, std::to_string(i % 10));
      std::filesystem::create_directories(folder() / fmt::format("topic{}", i / 50));
      std::ofstream(folder() / fmt::format("topic{}/scenario{}.yaml", i / 50, i)) << text;
    }
  }
  Suite(const Suite&) = delete;
  Suite& operator=(const Suite&) = delete;
  ~Suite() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  std::filesystem::path folder() const { return root_ / "suites"; }

 private:
  std::filesystem::path root_;
};

double milliseconds(Clock::time_point since) {
  return std::chrono::duration<double, std::milli>(Clock::now() - since).count();
}

int measure(std::size_t files) {
  const Suite suite(files);
  const auto profile = parse_profile(*builtin_profile("linux"), "linux.yaml");
  const std::vector<std::string> paths = {suite.folder().string()};
  double load = 1e9, compiling = 1e9, floor = 1e9;
  std::size_t scenarios = 0, programs = 0, octets = 0;
  constexpr int rounds = 5;
  for (int round = 0; round < rounds; ++round) {
    Clock::time_point start = Clock::now();
    octets = 0;
    const auto names = scenario_files(paths);
    for (const std::string& file : *names) octets += read_text_file(file)->size();
    floor = std::min(floor, milliseconds(start));

    start = Clock::now();
    const auto loaded = load_scenarios(paths, *profile);
    if (!loaded) {
      fmt::print(stderr, "{}\n", to_string(loaded.error()));
      return 1;
    }
    load = std::min(load, milliseconds(start));

    start = Clock::now();
    scenarios = loaded->size();
    programs = 0;
    for (const Scenario& scenario : *loaded) programs += compile(scenario).size();
    compiling = std::min(compiling, milliseconds(start));
  }
  fmt::print("{} files, {} octets, {} scenarios, {} programs; the best of {} rounds\n", files, octets,
             scenarios, programs, rounds);
  fmt::print(
      "load     {:8.1f} ms\ncompile  {:8.1f} ms\ntogether {:8.1f} ms\nfloor    {:8.1f} ms, reading alone\n",
      load, compiling, load + compiling, floor);
  return 0;
}

}  // namespace
}  // namespace finack

int main(int count, char** arguments) {
  const std::size_t files = count > 1 ? std::strtoul(arguments[1], nullptr, 10) : 1000;
  return finack::measure(files);
}
