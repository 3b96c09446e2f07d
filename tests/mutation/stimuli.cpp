// SPDX-License-Identifier: Apache-2.0
#include "mutation/stimuli.h"

#include <string>
#include <type_traits>
#include <utility>

namespace finack {

namespace {

// Long enough for the model to answer, and for its application; too short for a timer.
constexpr Duration pause = 20ms;

// What takes the place of a step that looks at the target.
Duration time_of(const Step& step) {
  return std::visit(
      [](const auto& body) -> Duration {
        using Body = std::decay_t<decltype(body)>;
        if constexpr (std::is_same_v<Body, ExpectStep>) return body.after + pause;
        if constexpr (std::is_same_v<Body, QuietStep>) return body.lasting;
        // Where the author gives a state more time than usual, it is a timer that leads there.
        if constexpr (std::is_same_v<Body, StateStep>) return body.within.value_or(pause);
        return pause;
      },
      step.body);
}

bool is_stimulus(const Step& step) {
  return std::holds_alternative<SendStep>(step.body) || std::holds_alternative<IcmpStep>(step.body) ||
         std::holds_alternative<WaitStep>(step.body) || std::holds_alternative<StreamStep>(step.body);
}

// How far the step behind a one-of and all its branches is: the last step of the first branch knows.
std::size_t length_of(const std::vector<Step>& steps, std::size_t at) {
  const std::size_t last = std::get<OneOfStep>(steps[at].body).branches.at(1).first - 1;
  return last + steps[at + last].then;
}

// No branch is left, so each step is followed by the next.
void add(Program& program, const Step& like, decltype(Step::body) body) {
  program.steps.push_back({std::move(body), like.place, like.preamble, 1});
}

void add_call(Program& program, const Step& step) {
  CallStep call = std::get<CallStep>(step.body);
  const bool waited_for = call.later.empty();
  // Nothing collects it, so it may come to whatever it comes to.
  if (waited_for) call.later = "stimulus " + std::to_string(program.steps.size());
  add(program, step, std::move(call));
  if (waited_for) add(program, step, WaitStep{pause});
}

}  // namespace

Program stimuli_of(const Program& program) {
  Program out = program;
  out.steps.clear();
  AllowStep anything;
  anything.segment.any_flags = true;
  anything.segment.seq = anything.segment.ack = Number{Number::Base::any};
  out.steps.push_back({anything});
  for (std::size_t at = 0; at < program.steps.size();) {
    const Step& step = program.steps[at];
    if (std::holds_alternative<CallStep>(step.body)) {
      add_call(out, step);
    } else if (is_stimulus(step)) {
      add(out, step, step.body);
    } else if (!std::holds_alternative<AllowStep>(step.body)) {
      add(out, step, WaitStep{time_of(step)});
    }
    at += std::holds_alternative<OneOfStep>(step.body) ? length_of(program.steps, at) : 1;
  }
  return out;
}

}  // namespace finack
