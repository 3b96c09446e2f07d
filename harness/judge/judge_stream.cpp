// SPDX-License-Identifier: Apache-2.0
// The step in which our end is an ordinary TCP for a while: what of the target's belongs to it, what our end
// has to send (judge/streaming.h), and when it is over.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "judge/judge.h"
#include "judge/segments.h"

namespace finack {

namespace {

// A segment of the stream, be it octets or the FIN.
bool has_content(const Segment& segment) {
  return segment.length() > 0 && !segment.flags.has(flag::syn) && !segment.flags.has(flag::rst);
}

// With any new octets in their place. What these are, and that ACK numbers neither run ahead nor go back, the
// invariants check; in the middle of a stream one that is a little behind is nobody's fault.
SegmentSpec any_octets(const Segment& segment) {
  SegmentSpec out;
  out.flags = flag::ack;
  out.optional_flags = flag::fin;
  out.seq = out.ack = Number{Number::Base::any};
  out.length = static_cast<std::uint32_t>(segment.payload.size());
  return out;
}

// What passes, not how.
Step without_manner(StreamStep step) {
  step.ack_every = StreamStep::usual_ack_every;
  step.within.reset();
  return {std::move(step)};
}

}  // namespace

// What came before this step and was new when it came belongs to it.
Seq Judge::first_not_taken() const {
  for (const Waiting& waiting : waiting_) {
    const bool fresh = has_content(segment_of(waiting)) && segment_of(waiting).end() > waiting.expected.seq;
    if (fresh) return waiting.expected.seq;
  }
  return conversation_.theirs.next();
}

// Takes what waits as far as it belongs to the stream or is free. False when the step has failed.
bool Judge::take_stream(Time latest) {
  Streaming& streaming = *streaming_;
  for (; !waiting_.empty() && waiting_.front().at <= latest; waiting_.pop_front()) {
    const Waiting& next = waiting_.front();
    const Segment& segment = segment_of(next);
    const Seq due = next.expected.seq;
    const bool fresh = has_content(segment) && segment.seq <= due && segment.end() > due;
    if (fresh && streaming.expects_more()) {
      Finding finding;
      finding.differences = differences(any_octets(segment), segment, next.expected);
      const auto wrong = streaming.wrong_with(segment);
      if (wrong) finding.differences.push_back(wrong->what);
      if (!finding.differences.empty()) {
        // Where a PSH stands is the target's choice.
        finding.signature = wrong ? wrong->signature : "unexpected " + to_string(segment.flags - flag::psh);
        finding.wanted = to_string(program_.steps[pc_]);
        finding.got = to_string(segment, next.expected.base);
        fail_step(std::move(finding));
        return false;
      }
      streaming.took(next.at, segment);
    } else if (fresh && (streaming.step().expected || streaming.is_over(conversation_))) {
      return true;  // a later step's
    } else {
      const bool passes = is_free(next) || (is_bare_ack(segment) && streaming.take_answer());
      if (!passes) {
        if (streaming.is_over(conversation_)) return true;
        fail_unexpected(next, to_string(program_.steps[pc_]));
        return false;
      }
      if (has_content(segment)) streaming.took_repetition();
    }
    since_ = std::max(since_, next.at);
    streaming.heard(next.at, conversation_);
  }
  return true;
}

// False when the step has failed.
bool Judge::begin_stream(const StreamStep& step) {
  if (!step.rest) {
    streaming_.emplace(step, conversation_, program_.family, first_not_taken(), since_);
  } else if (halted_) {
    streaming_ = std::move(halted_);
    streaming_->resume(step, conversation_, since_);
  } else {
    Finding finding;
    finding.wanted = to_string(program_.steps[pc_]);
    finding.got = finding.signature = "nothing is left";
    fail_step(std::move(finding));
  }
  halted_.reset();
  return streaming_.has_value();
}

void Judge::end_stream() {
  streaming_.reset();
  unanswered_since_.reset();
  const Time over = std::max(since_, acted_at_);
  finish_step(over, over);
}

std::optional<Want> Judge::go_on(const StreamStep& step, Time now) {
  const Time latest = ready_ + step.within.value_or(profile_.call);
  if (!streaming_ && !begin_stream(step)) return std::nullopt;
  if (!take_stream(latest)) return std::nullopt;
  if (streaming_->is_halted(conversation_)) {
    halted_ = std::move(streaming_);
    end_stream();
    return std::nullopt;
  }
  if (streaming_->is_over(conversation_)) {
    if (!step.until_zero_window) {
      end_stream();
      return std::nullopt;
    }
    Finding finding;
    finding.wanted = to_string(program_.steps[pc_]);
    finding.got = streaming_->progress(conversation_);
    finding.signature = "the window never was zero";
    fail_step(std::move(finding));
    return std::nullopt;
  }
  if (now >= latest) {
    Finding finding;
    finding.wanted = fmt::format("{}, within {}", to_string(without_manner(step)), to_text(latest - ready_));
    finding.got = streaming_->progress(conversation_);
    finding.signature = "not all in time";
    fail_step(std::move(finding));
    return std::nullopt;
  }
  stream_due_ = streaming_->due(conversation_, now);
  if (stream_due_) return Want{Want::Kind::act, pc_, never, &*stream_due_};
  return wait(std::min(latest, streaming_->next_look()));
}

// In a stream each act becomes due when something comes, or by a timer of ours.
Time Judge::due_at(Time at) const {
  const bool by_timer = streaming_ && streaming_->next_look() <= at;
  return by_timer ? std::max(since_, streaming_->next_look()) : since_;
}

// The target waits for each of these, and the next one waits for the target: being late is not added up.
void Judge::note_stream_act(Time at, const Injected& injected) {
  since_ = due_at(at);
  acted_at_ = at;
  streaming_->sent(at, injected.segment);
  note_look(since_, at + injected.took);
}

}  // namespace finack
