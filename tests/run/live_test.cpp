// SPDX-License-Identifier: Apache-2.0
// A run over lanes of this machine's kernel. Needs no root; needs namespaces.
#include <gtest/gtest.h>

#include <map>

#include "run/run.h"
#include "scenario/catalogue.h"
#include "scenario/load.h"
#include "world/live_world.h"

namespace finack {
namespace {

TEST(LiveRun, PlaysInLanesAsConfigured) {
  const Profile profile = must(parse_profile(*builtin_profile("linux"), "linux.yaml"));
  std::vector<Program> programs;
  const auto add = [&](const std::string& name, const Configuration& sysctls) {
    const auto scenarios = must(load_scenario(
        "scenario: t\ngiven: ESTABLISHED\nsteps: [target: close, expect: FIN+ACK, state: FIN-WAIT-1]\n",
        name + ".yaml", profile));
    for (Program& program : compile(scenarios.at(0))) {
      program.sysctls = sysctls;
      programs.push_back(std::move(program));
    }
  };
  add("default", {});
  for (const char* value : {"0", "1", "off"})
    add(std::string("sack") + value, {{"net.ipv4.tcp_sack", value}, {"net.ipv4.tcp_fin_timeout", "9"}});
  programs.back().needs = {"telepathy"};

  std::map<std::string, InstanceFinished> finished;
  const EventSink sink = [&](const Event& event) {
    if (const auto* one = std::get_if<InstanceFinished>(&event)) finished.emplace(one->program->id, *one);
  };
  const Summary summary = must(run(programs, profile, live_world(), {7}, {}, sink));
  for (const char* id :
       {"default/ipv4", "default/ipv6", "sack0/ipv4", "sack0/ipv6", "sack1/ipv4", "sack1/ipv6"})
    EXPECT_EQ(finished.at(id).verdict, Verdict::pass) << id << ": " << finished.at(id).reason;
  EXPECT_EQ(summary.count(Verdict::skipped), 2u);
  EXPECT_EQ(finished.at("sackoff/ipv4").reason,
            "cannot set the sysctl net.ipv4.tcp_sack to `off`: the kernel does not take this value");
  EXPECT_EQ(finished.at("sackoff/ipv6").reason, "needs `telepathy`, which this target lacks");
}

}  // namespace
}  // namespace finack
