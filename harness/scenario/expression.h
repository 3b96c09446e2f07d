// SPDX-License-Identifier: Apache-2.0
// Durations as scenarios write them: `500ms`, `2*MSL - 1s`, `(RTO + 50ms)/2`. Names are those of the target's
// profile in capitals.
#pragma once

#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "scenario/profile.h"
#include "scenario/yaml_tree.h"

namespace finack {

// The value of such a text; never negative, and a day at most. Errors point into the text when `at` is its
// place.
Result<Duration> evaluate_duration(std::string_view text, const Profile& profile, const Place& at);

// The duration of a scalar node; `key` names it in messages.
Result<Duration> duration_of(const YamlNode& node, std::string_view key, const Profile& profile);

}  // namespace finack
