// SPDX-License-Identifier: Apache-2.0
// What is known of a kind of target: how long things may take there. suites/targets/linux.yaml explains each.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace finack {

struct Profile {
  std::string name;
  std::string about = {};
  Duration msl = 0s;
  Duration rto = 0s;
  Duration reaction = 0s;
  Duration state = 0s;
  Duration call = 0s;
  Duration processing = 0s;
  Duration settle = 0s;
  Duration lateness = 0s;
};

// All keys but `about` must be there.
Result<Profile> parse_profile(std::string_view text, const std::string& file);

}  // namespace finack
