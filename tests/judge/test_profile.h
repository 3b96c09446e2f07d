// SPDX-License-Identifier: Apache-2.0
// A target of which the tests of this folder know everything.
#pragma once

#include "scenario/profile.h"

namespace finack {

inline Profile test_profile() {
  Profile profile;
  profile.name = "test";
  profile.rto = 200ms;
  profile.reaction = 500ms;
  profile.state = 500ms;
  profile.call = 1s;
  profile.processing = 50ms;
  profile.settle = 300ms;
  profile.lateness = 100ms;
  return profile;
}

// The same where a test waits for its timers.
inline Profile test_profile_with_timers() {
  Profile profile = test_profile();
  profile.msl = 30s;
  profile.initial_rto = 1s;
  profile.rto_max = 120s;
  profile.fin_timeout = 60s;
  profile.granularity = 1s;
  return profile;
}

}  // namespace finack
