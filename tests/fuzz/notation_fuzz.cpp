// SPDX-License-Identifier: Apache-2.0
// Any text as a segment, an ICMP error, a duration and a given state, without the YAML around it: what is
// read prints, and what is printed reads the same again.
#include <cstdlib>
#include <string_view>

#include "packet/icmp.h"
#include "packet/notation.h"
#include "scenario/catalogue.h"
#include "scenario/expression.h"
#include "scenario/given.h"

namespace finack {
namespace {

const Place place{"fuzz.yaml", 1, 1};

template <class Parse>
void try_text(Parse parse) {
  const auto first = parse.of(parse.text);
  if (!first) {
    if (first.error().message.empty()) abort();
    return;
  }
  const auto second = parse.of(to_string(*first));
  if (!second || !(*second == *first)) abort();
}

struct Sent {
  std::string_view text;
  static Result<SegmentSpec> of(std::string_view text) {
    return parse_segment(text, Direction::sending, place);
  }
};
struct Expected {
  std::string_view text;
  static Result<SegmentSpec> of(std::string_view text) {
    return parse_segment(text, Direction::expecting, place);
  }
};
struct Icmp {
  std::string_view text;
  static Result<IcmpSpec> of(std::string_view text) { return parse_icmp(text, place); }
};
struct Beginning {
  std::string_view text;
  static Result<Given> of(std::string_view text) { return parse_given(text, place); }
};

void try_duration(std::string_view text) {
  static const Profile profile = parse_profile(builtin_profile("linux").value(), "linux.yaml").value();
  const auto duration = evaluate_duration(text, profile, place);
  if (duration && (*duration < Duration{} || *duration > 24h)) abort();
}

}  // namespace
}  // namespace finack

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace finack;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try_text(Sent{text});
  try_text(Expected{text});
  try_text(Icmp{text});
  try_text(Beginning{text});
  try_duration(text);
  return 0;
}
