// SPDX-License-Identifier: Apache-2.0
// What is known of a kind of target: how long things take there, what it can do, and where it is known to
// depart from the RFCs. docs/profiles.md explains it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace finack {

// A failure that is known and explained. It counts as `known`, and only for this failure.
struct Deviation {
  Place place = {};
  std::string scenario = {};   // a glob over the ids of instances
  std::string signature = {};  // of the failure (judge/verdict.h), word for word
  std::string why = {};
  std::vector<std::string> covers = {};  // the rules that the target breaks
  std::string source = {};               // where to read more
  std::string since = {}, until = {};    // the first and last release of the target that does so; empty: any
};

struct Profile {
  std::string name;
  std::string about = {};
  Duration msl = 0s;          // maximum segment lifetime (RFC 9293 3.4.2)
  Duration rto = 0s;          // the shortest retransmission timeout
  Duration initial_rto = 0s;  // that of a SYN
  Duration rto_max = 0s;      // the longest
  Duration fin_timeout = 0s;  // of FIN-WAIT-2 after close()
  Duration delayed_ack = 0s;  // the longest that an ACK is put off
  Duration granularity = 0s;  // how much later than due a timer of some seconds may go off
  Duration reaction = 0s;
  Duration state = 0s;
  Duration call = 0s;
  Duration processing = 0s;
  Duration settle = 0s;
  Duration lateness = 0s;
  std::vector<std::string> capabilities = {};
  std::vector<Deviation> deviations = {};
};

// All keys but `based-on`, `about`, `capabilities` and `deviations` must be there. What is missing comes from
// the profile that it is based on, one of those compiled in; so do the deviations, to which it may add.
Result<Profile> parse_profile(std::string_view text, const std::string& file);

// A duration of the profile by its name in expressions: its key in capitals.
std::optional<Duration> profile_value(const Profile& profile, std::string_view name);
std::span<const std::string_view> profile_value_names();
// The keys of a profile, and of each of its deviations.
std::span<const std::string_view> profile_key_names();
std::span<const std::string_view> deviation_key_names();

}  // namespace finack
