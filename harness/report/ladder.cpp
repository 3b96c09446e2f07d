// SPDX-License-Identifier: Apache-2.0
#include "report/ladder.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "judge/outcome.h"

namespace finack {

namespace {

constexpr std::size_t column = 44;  // how far the target stands from us

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

// One observation as a line without its time.
class LadderLine {
 public:
  explicit LadderLine(const InstanceFinished& instance) : instance_(instance) {}

  std::string operator()(const Injected& injected) const {
    const std::string text = to_string(injected.segment, instance_.base) + " ";
    const std::size_t dashes = text.size() + 4 < column ? column - text.size() - 1 : 3;
    return text + std::string(dashes, '-') + ">";
  }
  std::string operator()(const Arrived& arrived) const {
    return "<" + std::string(column - 1, '-') + " " + to_string(arrived.segment, instance_.base.reversed());
  }
  std::string operator()(const Unreadable& unreadable) const {
    return "<" + std::string(column - 1, '-') + " not a TCP segment: " + unreadable.why;
  }
  std::string operator()(const Called& called) const {
    return at_target(call_of(called.step) ? call_of(called.step)->word : "?");
  }
  std::string operator()(const Returned& returned) const {
    const CallStep* call = call_of(returned.step);
    return at_target(call ? describe_return(*call, returned) : "?");
  }
  std::string operator()(const Reading& reading) const {
    std::string text(to_string(reading.effective()));
    if (!reading.detail.empty()) text += ", " + reading.detail;
    return at_target("state " + text);
  }
  std::string operator()(const Disturbed& disturbed) const { return "!! " + disturbed.what; }

 private:
  static std::string at_target(const std::string& text) {
    return std::string(column + 1, ' ') + "[" + text + "]";
  }
  const CallStep* call_of(std::size_t step) const {
    const auto& steps = instance_.program->steps;
    return step < steps.size() ? std::get_if<CallStep>(&steps[step].body) : nullptr;
  }

  const InstanceFinished& instance_;
};

}  // namespace

std::string ladder(const InstanceFinished& instance, std::size_t most_lines) {
  // Reports of the application are stamped when we read them, segments when the kernel did: by time, then.
  std::vector<const Observation*> order;
  for (const Observation& observation : instance.trace) order.push_back(&observation);
  std::ranges::stable_sort(order, {}, [](const Observation* observation) { return observation->at; });
  std::string out;
  const std::size_t skipped = order.size() > most_lines ? order.size() - most_lines : 0;
  if (skipped > 0) out += fmt::format("     ... {} earlier\n", skipped);
  for (std::size_t i = skipped; i < order.size(); ++i) {
    const std::string text = std::visit(LadderLine(instance), order[i]->what);
    out += fmt::format("  {:11.6f}  {}\n", seconds(order[i]->at - instance.started), text);
  }
  return out;
}

}  // namespace finack
