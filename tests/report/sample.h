// SPDX-License-Identifier: Apache-2.0
// A finished instance to report on: an active close whose FIN never came.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "judge/event.h"
#include "scenario/load.h"

namespace finack {

inline Environment environment() {
  return {"kernel", "Linux 6.1.0 x86_64", "6.1.0", {{"net.ipv4.tcp_sack", "1"}}, 42,
          "linux",  {{"finack", "0.1.0"}}};
}

struct Sample {
  Program program;
  InstanceFinished event;

  Sample() {
    const auto scenarios = load_scenario(
        "scenario: Active close\ncovers: [CR-001]\ngiven: ESTABLISHED\nsteps:\n  - target: close\n  - "
        "expect: FIN+ACK\n",
        "suites/close/sample.yaml", Profile{});
    EXPECT_TRUE(scenarios) << to_string(scenarios.error());
    program = compile(scenarios->at(0))[0];
    event.program = &program;
    event.verdict = Verdict::fail;
    event.reason = "expect: FIN+ACK: wanted FIN+ACK seq=1 ack=1, got nothing within 1 s";
    event.started = Time(5s);
    event.duration = 1234ms;
    event.base = {Seq{1000}, Seq{2000}};
    event.finding = Finding{program.steps.size() - 1,
                            {"suites/close/sample.yaml", 6, 5},
                            "expect: FIN+ACK",
                            "FIN+ACK seq=1 ack=1",
                            "nothing within 1 s",
                            {},
                            "the target is in FIN-WAIT-1"};
    exchange();
  }

 private:
  void exchange() {
    Segment syn;
    syn.flags = flag::syn;
    syn.seq = Seq{1000};
    syn.window = 65535;
    syn.options = {mss_option(1460)};
    Segment syn_ack;
    syn_ack.flags = flag::syn + flag::ack;
    syn_ack.seq = Seq{2000};
    syn_ack.ack = Seq{1001};
    syn_ack.window = 64240;
    const std::size_t close = program.steps.size() - 2;
    const auto at = [](Duration offset) { return Time(5s + offset); };
    event.trace.push_back({at(100us), Injected{syn, {Bytes(60, 1)}}});
    event.trace.push_back({at(117us), Arrived{syn_ack, Bytes(60, 2)}});
    event.trace.push_back({at(200us), Called{close}});
    event.trace.push_back({at(260us), Returned{close}});
    event.trace.push_back({at(300us), Reading{TcpState::fin_wait_1, "timer retransmit 200 ms"}});
    event.trace.push_back({at(400us), Unreadable{"IP protocol 1, not TCP", Bytes(40, 3)}});
  }
};

}  // namespace finack
