// SPDX-License-Identifier: Apache-2.0
#include "scenario/load_step.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "packet/icmp.h"
#include "packet/notation.h"
#include "scenario/expression.h"
#include "scenario/given.h"
#include "scenario/load_call.h"
#include "scenario/load_stream.h"
#include "scenario/mapping.h"
#include "scenario/step_words.h"

namespace finack {

namespace {

constexpr std::string_view told_names[] = {"readable", "end", "reset", "error"};
constexpr std::size_t most_steps = 10'000, most_uses = 32, most_at_once = 16;

std::size_t weight_of(const Step& step) {
  const auto* all = std::get_if<AllOfStep>(&step.body);
  return all ? all->segments.size() : 1;
}

Result<SegmentSpec> segment_of(const YamlNode& value, std::string_view key, Direction direction) {
  const auto text = text_of(value, key);
  if (!text) return pass_on(text.error());
  auto segment = parse_segment(*text, direction, value.place);
  if (segment) return segment;
  Error error = at_source(segment.error(), value);
  // A line below that lacks its colon goes on with the text.
  if (error.message.starts_with("`within` ") || error.message.starts_with("`after` ")) {
    const std::string_view word = error.message.starts_with("`within` ") ? "within" : "after";
    const std::size_t at = text->find(word);
    const std::vector<std::string_view> rest = split_words(std::string_view(*text).substr(at + word.size()));
    error.hint = fmt::format("a key wants a `:`, and a line of its own: `{}: {}`", word,
                             rest.empty() ? "500ms" : rest[0]);
  }
  return pass_on(std::move(error));
}

class StepLoader {
 public:
  explicit StepLoader(const StepContext& context) : context_(context) {}

  Result<void> list(const YamlNode& node) {
    if (node.kind != YamlNode::Kind::sequence || node.items.empty()) {
      const bool empty = node.kind == YamlNode::Kind::sequence;
      return fail(node.place, fmt::format("`steps` wants a list of steps, got {}",
                                          empty ? "an empty one" : kind_name(node.kind)));
    }
    for (const YamlNode& item : node.items) {
      if (auto done = entry(item); !done) return done;
    }
    return {};
  }
  std::vector<Step> take() { return std::move(steps_); }

 private:
  Result<void> entry(const YamlNode& node) {
    const auto words = step_words_of(node);
    if (!words) return pass_on(words.error());
    const auto mapping = Mapping::of(node, fmt::format("a step `{}`", (*words)->key), (*words)->keys());
    if (!mapping) return pass_on(mapping.error());
    const YamlNode& value = *mapping->find((*words)->key);
    switch ((*words)->kind) {
      case StepKind::target:
        return target(value, *mapping);
      case StepKind::returns:
        return returns(value, *mapping);
      case StepKind::told:
        return told(value, *mapping);
      case StepKind::send:
        return send(value, *mapping);
      case StepKind::icmp:
        return icmp(value, *mapping);
      case StepKind::expect:
        return expect(value, *mapping);
      case StepKind::quiet:
        return quiet(value, *mapping);
      case StepKind::wait:
        return wait(value, *mapping);
      case StepKind::state:
        return state(value, *mapping);
      case StepKind::one_of:
        return one_of(value, *mapping);
      case StepKind::all_of:
        return all_of(value, *mapping);
      case StepKind::allow:
        return allow(value, *mapping);
      case StepKind::stream:
        return stream(value, *mapping);
      case StepKind::use:
        break;
    }
    return use(value, *mapping);
  }

  Result<void> add(Step step, const Mapping& mapping) {
    count_ += weight_of(step);
    if (count_ > most_steps)
      return fail(mapping.place(), fmt::format("the scenario grows beyond {} steps", most_steps));
    step.place = mapping.place();
    steps_.push_back(std::move(step));
    return {};
  }
  Result<void> add(Result<Step> step, const Mapping& mapping) {
    if (!step) return pass_on(step.error());
    return add(std::move(*step), mapping);
  }

  Result<std::optional<Duration>> optional_duration(const Mapping& step, std::string_view key) const {
    const YamlNode* node = step.find(key);
    if (!node) return std::nullopt;
    const auto duration = duration_of(*node, key, context_.profile);
    if (!duration) return pass_on(duration.error());
    return *duration;
  }

  Result<void> target(const YamlNode& value, const Mapping& step) {
    return add(load_call(value, step), step);
  }
  Result<void> returns(const YamlNode& value, const Mapping& step) {
    auto returns = load_returns(value, step);
    if (!returns) return pass_on(returns.error());
    const auto& loaded = std::get<ReturnsStep>(returns->body);
    const auto is_receive = [&](const Step& each) {
      const auto* call = std::get_if<CallStep>(&each.body);
      return call && call->later == loaded.name && call->word == "receive";
    };
    const auto counts = [](const CallOutcome& outcome) { return outcome.kind != CallOutcome::Kind::error; };
    if (std::ranges::any_of(loaded.outcomes, counts) && std::ranges::any_of(steps_, is_receive)) {
      return fail(step.find("result")->place, "`end` or `success` of a `receive` stands beside the call",
                  "it decides how many octets are asked for");
    }
    return add(std::move(*returns), step);
  }

  Result<void> told(const YamlNode& value, const Mapping& step) {
    const auto what = text_of(value, "told");
    if (!what) return pass_on(what.error());
    if (std::ranges::find(told_names, *what) == std::end(told_names)) {
      return fail(value.place, fmt::format("`{}` is nothing that an application is told", printable(*what)),
                  suggest(*what, told_names));
    }
    const auto limit = optional_duration(step, "within");
    if (!limit) return pass_on(limit.error());
    ToldStep out{*what};
    out.within = *limit;
    if (const YamlNode* on = step.find("on")) {
      auto name = socket_name_of(*on);
      if (!name) return pass_on(name.error());
      out.socket = std::move(*name);
    }
    return add(Step{std::move(out)}, step);
  }

  Result<void> send(const YamlNode& value, const Mapping& step) {
    auto segment = segment_of(value, "send", Direction::sending);
    if (!segment) return pass_on(segment.error());
    return add(Step{SendStep{std::move(*segment)}}, step);
  }
  Result<void> icmp(const YamlNode& value, const Mapping& step) {
    const auto text = text_of(value, "icmp");
    if (!text) return pass_on(text.error());
    auto message = parse_icmp(*text, value.place);
    if (!message) return pass_on(at_source(message.error(), value));
    return add(Step{IcmpStep{std::move(*message)}}, step);
  }
  Result<void> expect(const YamlNode& value, const Mapping& step) {
    auto segment = segment_of(value, "expect", Direction::expecting);
    if (!segment) return pass_on(segment.error());
    const auto limit = optional_duration(step, "within");
    if (!limit) return pass_on(limit.error());
    const auto after = optional_duration(step, "after");
    if (!after) return pass_on(after.error());
    if (*after && **after >= limit->value_or(context_.profile.reaction)) {
      return fail(step.find("after")->place,
                  fmt::format("`after` ({}) leaves no time until `within` ({})", to_text(**after),
                              to_text(limit->value_or(context_.profile.reaction))));
    }
    return add(Step{ExpectStep{std::move(*segment), *limit, after->value_or(Duration{})}}, step);
  }
  Result<void> quiet(const YamlNode& value, const Mapping& step) {
    const auto duration = duration_of(value, "quiet", context_.profile);
    if (!duration) return pass_on(duration.error());
    return add(Step{QuietStep{*duration}}, step);
  }
  Result<void> wait(const YamlNode& value, const Mapping& step) {
    const auto duration = duration_of(value, "wait", context_.profile);
    if (!duration) return pass_on(duration.error());
    return add(Step{WaitStep{*duration}}, step);
  }
  Result<void> state(const YamlNode& value, const Mapping& step) {
    const auto text = text_of(value, "state");
    if (!text) return pass_on(text.error());
    const auto state = parse_tcp_state(*text);
    if (!state)
      return fail(value.place, fmt::format("`{}` is no TCP state", printable(*text)), suggest_state(*text));
    const auto limit = optional_duration(step, "within");
    if (!limit) return pass_on(limit.error());
    return add(Step{StateStep{*state, *limit}}, step);
  }
  Result<void> allow(const YamlNode& value, const Mapping& step) {
    auto segment = segment_of(value, "allow", Direction::expecting);
    if (!segment) return pass_on(segment.error());
    return add(Step{AllowStep{std::move(*segment)}}, step);
  }

  Result<void> stream(const YamlNode& value, const Mapping& step) {
    auto loaded = load_stream(value, step);
    if (!loaded) return pass_on(loaded.error());
    const auto limit = optional_duration(step, "within");
    if (!limit) return pass_on(limit.error());
    loaded->within = *limit;
    if (loaded->rest && !was_halted())
      return fail(value.place, "there is no stream that this could be the rest of",
                  "`until: zero-window` beside the `stream` before it");
    return add(Step{std::move(*loaded)}, step);
  }

  bool was_halted() const {
    const auto is_stream = [](const Step& each) { return std::holds_alternative<StreamStep>(each.body); };
    const auto last = std::find_if(steps_.rbegin(), steps_.rend(), is_stream);
    return last != steps_.rend() && std::get<StreamStep>(last->body).until_zero_window;
  }

  Result<void> all_of(const YamlNode& value, const Mapping& step) {
    if (value.kind != YamlNode::Kind::sequence || value.items.size() < 2)
      return fail(value.place, "`all-of` wants a list of two or more `expect`",
                  "all-of: [{expect: ACK}, {expect: FIN+ACK}]");
    if (value.items.size() > most_at_once)
      return fail(
          value.items[most_at_once].place,
          fmt::format("`all-of` has {} entries; more than {} are refused", value.items.size(), most_at_once));
    AllOfStep all;
    constexpr std::string_view keys[] = {"expect"};
    for (const YamlNode& item : value.items) {
      const auto mapping = Mapping::of(item, "an entry of `all-of`", keys);
      if (!mapping) return pass_on(mapping.error());
      const auto node = mapping->require("expect");
      if (!node) return pass_on(node.error());
      auto segment = segment_of(**node, "expect", Direction::expecting);
      if (!segment) return pass_on(segment.error());
      all.segments.push_back(std::move(*segment));
    }
    const auto limit = optional_duration(step, "within");
    if (!limit) return pass_on(limit.error());
    all.within = *limit;
    return add(Step{std::move(all)}, step);
  }

  // The branches come one behind the other, each with its steps; the last step of each leads behind them all.
  Result<void> one_of(const YamlNode& value, const Mapping& step) {
    if (value.kind != YamlNode::Kind::sequence || value.items.size() < 2)
      return fail(value.place, "`one-of` wants a list of two or more readings",
                  "one-of: [{reading: RFC 9293, expect: RST}, {reading: RFC 1122, expect: FIN+ACK}]");
    const std::size_t self = steps_.size();
    if (auto done = add(Step{OneOfStep{}}, step); !done) return done;
    std::vector<OneOfStep::Branch> branches;
    std::vector<std::size_t> ends;
    for (const YamlNode& item : value.items) {
      const auto reading = branch(item, self);
      if (!reading) return pass_on(reading.error());
      const auto same = [&](const auto& other) { return other.reading == reading->reading; };
      if (std::ranges::any_of(branches, same))
        return fail(reading->place,
                    fmt::format("the reading `{}` stands twice", printable(reading->reading)));
      branches.push_back(*reading);
      ends.push_back(steps_.size());
    }
    for (std::size_t i = 0; i < branches.size(); ++i) {
      for (std::size_t at = self + branches[i].first; at < ends[i]; ++at) {
        if (at + steps_[at].then == ends[i]) steps_[at].then = steps_.size() - at;
      }
    }
    std::get<OneOfStep>(steps_[self].body).branches = std::move(branches);
    return {};
  }

  Result<OneOfStep::Branch> branch(const YamlNode& item, std::size_t self) {
    if (item.kind != YamlNode::Kind::mapping)
      return fail(item.place,
                  fmt::format("a branch of `one-of` is a mapping with `reading` and a step, got {}",
                              kind_name(item.kind)));
    YamlNode rest{item.kind, item.place};
    const YamlNode *reading = nullptr, *inner = nullptr;
    for (const auto& [key, value] : item.entries) {
      if (key.scalar == "reading") {
        reading = &value;
      } else {
        if (key.scalar == "steps") inner = &value;
        rest.entries.emplace_back(key, value);
      }
    }
    if (!reading) {
      return fail(item.place, "a branch of `one-of` needs the key `reading`",
                  "say which text permits it: `reading: RFC 1337 F1, the reset is ignored`");
    }
    const auto text = text_of(*reading, "reading");
    if (!text) return pass_on(text.error());
    OneOfStep::Branch out{*text, item.place, steps_.size() - self};
    if (rest.entries.empty()) return fail(item.place, "a branch of `one-of` needs a step, or `steps`");
    if (inner && rest.entries.size() > 1)
      return fail(item.place, "a branch of `one-of` has either one step or `steps`");
    if (auto done = inner ? list(*inner) : entry(rest); !done) return pass_on(done.error());
    const auto& first = steps_[self + out.first];
    const bool decides = std::holds_alternative<ExpectStep>(first.body) ||
                         std::holds_alternative<QuietStep>(first.body) ||
                         std::holds_alternative<StateStep>(first.body);
    if (!decides) {
      return fail(first.place, "a branch of `one-of` begins with `expect`, `quiet` or `state`",
                  "by its first step the branch is told from the others");
    }
    return out;
  }

  // The steps of a sequence in the place of its name.
  Result<void> use(const YamlNode& value, const Mapping& step) {
    auto done = write_out(value, step);
    if (done) return done;
    // The outermost `use` is in the file that the author looks at.
    Error error = done.error();
    if (open_.empty() && !blamed_.empty()) {
      error.hint += fmt::format("{}in the sequence `{}`, used in {}", error.hint.empty() ? "" : "; ", blamed_,
                                to_string(value.place));
    }
    return pass_on(std::move(error));
  }

  Result<void> write_out(const YamlNode& value, const Mapping& step) {
    const auto name = text_of(value, "use");
    if (!name) return pass_on(name.error());
    if (std::ranges::find(open_, *name) != open_.end()) {
      return fail(value.place, fmt::format("the sequence `{}` uses itself: {} -> {}", printable(*name),
                                           join(open_, " -> "), printable(*name)));
    }
    if (open_.size() == most_uses)
      return fail(value.place, fmt::format("sequences use each other more than {} deep", most_uses));
    const auto body = context_.sequences.find(*name, value.place);
    if (!body) return pass_on(body.error());
    context_.used_sequences.insert(*name);
    const auto own = own_values(step);
    if (!own) return pass_on(own.error());
    Case values = *own;
    values.insert(values.end(), context_.values.begin(), context_.values.end());
    std::set<std::string> used;
    open_.push_back(printable(*name));
    const auto steps = substitute(**body, values, used);
    const auto done =
        !steps ? Result<void>(pass_on(steps.error())) : check_values(*own, used, step, **body, *name);
    const auto listed = !done ? done : list(*steps);
    if (!listed && blamed_.empty() && !values_at_fault_) blamed_ = join(open_, " -> ");
    open_.pop_back();
    for (const auto& [owned, text] : *own) used.erase(owned);
    context_.used.insert(used.begin(), used.end());
    return listed;
  }

  static Result<Case> own_values(const Mapping& step) {
    const YamlNode* with = step.find("with");
    if (!with) return Case{};
    if (with->kind != YamlNode::Kind::mapping)
      return fail(with->place, fmt::format("`with` wants names with values, got {}", kind_name(with->kind)),
                  "with: {octets: 500}");
    Case values;
    for (const auto& [key, node] : with->entries) {
      const auto text = text_of(node, key.scalar);
      if (!text) return pass_on(text.error());
      values.emplace_back(key.scalar, *text);
    }
    return values;
  }

  Result<void> check_values(const Case& own, const std::set<std::string>& used, const Mapping& step,
                            const YamlNode& body, const std::string& sequence) {
    for (std::size_t i = 0; i < own.size(); ++i) {
      const std::string& name = own[i].first;
      if (used.contains(name)) continue;
      values_at_fault_ = true;
      const std::set<std::string> names = names_in(body);
      const std::vector<std::string_view> words(names.begin(), names.end());
      return fail(step.find("with")->entries[i].first.place,
                  fmt::format("the sequence `{}` has no `${}`", printable(sequence), printable(name)),
                  words.empty() ? "" : suggest(name, words));
    }
    return {};
  }

  const StepContext& context_;
  std::vector<Step> steps_;
  std::size_t count_ = 0;          // as count_steps() counts them
  std::vector<std::string> open_;  // sequences being written out
  std::string blamed_;             // those that were when the error was found
  bool values_at_fault_ = false;   // the error is in the `use`, not in its sequence
};

}  // namespace

std::size_t count_steps(const std::vector<Step>& steps) {
  std::size_t count = 0;
  for (const Step& step : steps) count += weight_of(step);
  return count;
}

std::span<const std::string_view> told_words() {
  return told_names;
}

Result<std::vector<Step>> load_steps(const YamlNode& list, const StepContext& context) {
  StepLoader loader(context);
  if (auto done = loader.list(list); !done) return pass_on(done.error());
  return loader.take();
}

}  // namespace finack
