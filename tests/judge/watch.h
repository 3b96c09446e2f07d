// SPDX-License-Identifier: Apache-2.0
// What a judge does with each observation before it looks at the scenario.
#pragma once

#include <cstddef>
#include <variant>
#include <vector>

#include "judge/invariants.h"
#include "judge/long_talk.h"
#include "judge/tracker.h"
#include "packet/conversation.h"

namespace finack {

class Watch {
 public:
  explicit Watch(const Program& program) : program_(program) {}

  bool see(const Observation& observation) {
    found_ += invariants_.observe(observation).size();
    std::visit([&](const auto& what) { see(observation.at, what); }, observation.what);
    return found_ == 0 && !tracker_.contradiction() && !tracker_.overflowed();
  }
  bool is_in(TcpState state) const { return tracker_.states() == std::vector{state}; }

 private:
  const CallStep& call(std::size_t step) const { return std::get<CallStep>(program_.steps[step].body); }
  void see(Time at, const Injected& injected) {
    tracker_.injected(at, injected.segment, conversation_);
    conversation_.injected(injected.segment);
  }
  void see(Time at, const Arrived& arrived) {
    conversation_.arrived(arrived.segment);
    tracker_.arrived(at, arrived.segment, conversation_);
  }
  void see(Time at, const Called& called) { tracker_.called(at, call(called.step)); }
  void see(Time at, const Returned& returned) { tracker_.returned(at, call(returned.step), returned); }
  void see(Time at, const Reading& reading) { tracker_.read(at, reading); }
  template <class Other>
  void see(Time, const Other&) {}

  Program program_;
  Profile profile_ = LongTalk::profile();
  Invariants invariants_{program_, profile_, LongTalk::their_seed};
  Tracker tracker_{program_, profile_};
  Conversation conversation_;
  std::size_t found_ = 0;
};

}  // namespace finack
