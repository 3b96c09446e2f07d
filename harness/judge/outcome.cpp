// SPDX-License-Identifier: Apache-2.0
#include "judge/outcome.h"

#include <fmt/format.h>

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

}  // namespace

std::string describe_outcome(const CallStep& call) {
  return fmt::format("`{}`: {}", call.word,
                     outcome_text(wanted_kind(call.outcome), call.outcome.error_name, call.outcome.octets));
}

std::string describe_return(const CallStep& call, const Returned& returned) {
  return fmt::format("{}: {}", call.word, outcome_text(returned.kind, returned.text, returned.octets));
}

std::string outcome_error(const CallStep& call, const Returned& returned) {
  const CallOutcome& wanted = call.outcome;
  const bool same_kind = returned.kind == wanted_kind(wanted) &&
                         (wanted.kind != CallOutcome::Kind::error || returned.text == wanted.error_name);
  const bool same_octets = !wanted.octets || returned.octets == wanted.octets;
  if (!same_kind || !same_octets)
    return fmt::format("`{}`: {}", call.word, outcome_text(returned.kind, returned.text, returned.octets));
  if (returned.mismatch)
    return fmt::format("octet {} of the stream is not the one that was sent", *returned.mismatch);
  if (!returned.digest_agrees) return "octets whose digest is not that of what was sent";
  return {};
}

}  // namespace finack
