// SPDX-License-Identifier: Apache-2.0
#include "scenario/step.h"

#include <fmt/format.h>

#include "base/text.h"
#include "packet/notation.h"

namespace finack {

namespace {

struct Printer {
  std::string operator()(const SendStep& step) const { return "send: " + to_string(step.segment); }
  std::string operator()(const ExpectStep& step) const { return "expect: " + to_string(step.segment); }
  std::string operator()(const QuietStep& step) const { return "quiet: " + to_text(step.lasting); }
  std::string operator()(const WaitStep& step) const { return "wait: " + to_text(step.lasting); }
  std::string operator()(const StateStep& step) const {
    return fmt::format("state: {}", to_string(step.state));
  }
  std::string operator()(const CallStep& step) const {
    std::string out = "target: " + step.word;
    if (step.word == "shutdown" && !step.fields.empty()) out += " " + step.fields[0].second;
    if (step.length) out += fmt::format(" {}", *step.length);
    return out;
  }
  std::string operator()(const AwaitStep&) const { return "target: the call begun before returns"; }
};

}  // namespace

std::string to_string(const Step& step) {
  return std::visit(Printer{}, step.body);
}

}  // namespace finack
