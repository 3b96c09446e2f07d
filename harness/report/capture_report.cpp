// SPDX-License-Identifier: Apache-2.0
#include "report/capture_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "judge/outcome.h"
#include "packet/pcapng.h"

namespace finack {

namespace {

// What is no frame but explains the next one.
struct Note {
  const Program& program;
  std::string operator()(const Injected&) const { return {}; }
  std::string operator()(const InjectedIcmp&) const { return {}; }
  std::string operator()(const Arrived&) const { return {}; }
  std::string operator()(const Unreadable& unreadable) const { return unreadable.why; }
  std::string operator()(const Called& called) const { return "target: " + call(called.step).word; }
  std::string operator()(const Returned& returned) const {
    return describe_return(call(returned.step), returned);
  }
  std::string operator()(const Told& told) const { return "told: " + told.what; }
  std::string operator()(const Reading& reading) const {
    return fmt::format("state {}", to_string(reading.with_listener()));
  }
  std::string operator()(const Disturbed& disturbed) const { return disturbed.what; }
  const CallStep& call(std::size_t step) const { return std::get<CallStep>(program.steps.at(step).body); }
};

struct Frames {
  std::vector<BytesView> list = {};
  CaptureDirection direction = CaptureDirection::unknown;
};

Frames frames_of(const Observation& observation) {
  if (const auto* injected = std::get_if<Injected>(&observation.what)) {
    return {{injected->frames.begin(), injected->frames.end()}, CaptureDirection::outbound};
  }
  if (const auto* icmp = std::get_if<InjectedIcmp>(&observation.what))
    return {{icmp->frame}, CaptureDirection::outbound};
  if (const auto* arrived = std::get_if<Arrived>(&observation.what))
    return {{arrived->frame}, CaptureDirection::inbound};
  if (const auto* unreadable = std::get_if<Unreadable>(&observation.what))
    return {{unreadable->frame}, CaptureDirection::inbound};
  return {};
}

Bytes capture(const InstanceFinished& event) {
  CaptureOrigin origin;
  origin.application = "finack";
  origin.comment = fmt::format("{}: {}, {}", id_of(event), event.program->title, to_string(event.verdict));
  if (!event.reason.empty()) origin.comment += "; " + event.reason;
  PcapngWriter writer(origin);
  std::vector<const Observation*> order;
  for (const Observation& observation : event.trace) order.push_back(&observation);
  std::ranges::stable_sort(order, {}, [](const Observation* observation) { return observation->at; });
  std::string notes;
  for (const Observation* observation : order) {
    const std::string note = std::visit(Note{*event.program}, observation->what);
    if (!note.empty()) notes += (notes.empty() ? "" : "; ") + note;
    const Frames frames = frames_of(*observation);
    for (const BytesView frame : frames.list) {
      if (frame.empty()) continue;
      writer.add(observation->at.time_since_epoch().count() + event.realtime_offset_ns, frame,
                 frames.direction, notes);
      notes.clear();
    }
  }
  return writer.bytes();
}

}  // namespace

EventSink capture_report(std::function<void(const std::string&, const Bytes&)> write) {
  return [write = std::move(write)](const Event& event) {
    const auto* finished = std::get_if<InstanceFinished>(&event);
    if (finished && !finished->trace.empty()) write(id_of(*finished) + ".pcapng", capture(*finished));
  };
}

}  // namespace finack
