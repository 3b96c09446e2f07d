// SPDX-License-Identifier: Apache-2.0
#include "judge/outcome.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace finack {

namespace {

std::string outcome_text(Returned::Kind kind, const std::string& text,
                         const std::optional<std::uint64_t>& octets) {
  switch (kind) {
    case Returned::Kind::error:
      return text;
    case Returned::Kind::refused:
      return "refused by the agent: " + printable(text);
    case Returned::Kind::end:
      return fmt::format("end of the stream after {} octets", octets.value_or(0));
    case Returned::Kind::done:
      break;
  }
  return octets ? fmt::format("{} octets", *octets) : "done";
}

Returned::Kind wanted_kind(const CallOutcome& outcome) {
  switch (outcome.kind) {
    case CallOutcome::Kind::end:
      return Returned::Kind::end;
    case CallOutcome::Kind::error:
      return Returned::Kind::error;
    case CallOutcome::Kind::done:
      break;
  }
  return Returned::Kind::done;
}

std::string wanted_text(const CallOutcome& outcome) {
  return outcome.value ? *outcome.value
                       : outcome_text(wanted_kind(outcome), outcome.error_name, outcome.octets);
}

std::string got_text(const Returned& returned) {
  if (returned.kind == Returned::Kind::done && returned.value) return printable(*returned.value);
  return outcome_text(returned.kind, returned.text, returned.octets);
}

bool is(const CallOutcome& wanted, const Returned& got) {
  return got.kind == wanted_kind(wanted) &&
         (wanted.kind != CallOutcome::Kind::error || got.text == wanted.error_name) &&
         (!wanted.octets || got.octets == wanted.octets) && (!wanted.value || got.value == wanted.value);
}

}  // namespace

std::string describe_outcomes(const CallStep& call, const std::vector<CallOutcome>& wanted) {
  std::vector<std::string> parts;
  for (const CallOutcome& outcome : wanted) parts.push_back(wanted_text(outcome));
  return fmt::format("`{}`: {}", call.word, join(parts, " or "));
}

std::string describe_return(const CallStep& call, const Returned& returned) {
  return fmt::format("{}: {}", call.word, got_text(returned));
}

std::string outcome_error(const CallStep& call, const std::vector<CallOutcome>& wanted,
                          const Returned& returned) {
  const bool wished =
      std::ranges::any_of(wanted, [&](const CallOutcome& outcome) { return is(outcome, returned); });
  if (!wished) return fmt::format("`{}`: {}", call.word, got_text(returned));
  if (returned.mismatch)
    return fmt::format("octet {} of the stream is not the one that was sent", *returned.mismatch);
  if (!returned.digest_agrees) return "octets whose digest is not that of what was sent";
  return {};
}

}  // namespace finack
