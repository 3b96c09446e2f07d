// SPDX-License-Identifier: Apache-2.0
#include "scenario/expression.h"

#include <fmt/format.h>

#include <cctype>
#include <cmath>

#include "base/text.h"
#include "scenario/mapping.h"

namespace finack {

namespace {

constexpr std::string_view form =
    "a number with ns, us, ms, s or min, or a value of the profile: `500ms`, `2*MSL - 1s`";

// A number of seconds, or a mere number.
struct Value {
  double amount = 0;  // nanoseconds for a time: exact up to 104 days
  bool is_time = false;
};

// sum = product (+|- product)*; product = atom (*|/ atom)*; atom = number [unit] | NAME | ( sum )
class Evaluator {
 public:
  Evaluator(std::string_view text, const Profile& profile, const Place& at)
      : text_(text), profile_(profile), at_(at) {}

  Result<Duration> evaluate() {
    const auto value = sum(0);
    if (!value) return pass_on(value.error());
    skip_space();
    if (position_ != text_.size())
      return error(position_, fmt::format("`{}` makes no sense here", rest()), std::string(form));
    if (!value->is_time) {
      const bool plain = text_.find_first_not_of("0123456789.") == std::string_view::npos;
      return error(
          0, fmt::format("`{}` is a mere number, not a time", printable(text_)),
          plain ? fmt::format("a unit is missing: `{0}ms` or `{0}s`", printable(text_)) : std::string(form));
    }
    constexpr double a_day = 24.0 * 3600 * 1e9;
    if (value->amount < 0 || value->amount > a_day || !std::isfinite(value->amount)) {
      return error(0, fmt::format("`{}` comes to {:.9g} s; a duration lies between 0 and a day",
                                  printable(text_), value->amount / 1e9));
    }
    return Duration(std::llround(value->amount));
  }

 private:
  tl::unexpected<Error> error(std::size_t offset, std::string message, std::string hint = {}) const {
    Place place = at_;
    place.column += static_cast<int>(offset);
    return fail(std::move(place), std::move(message), std::move(hint));
  }
  std::string rest() const { return printable(text_.substr(position_), 20); }
  void skip_space() {
    while (position_ < text_.size() && text_[position_] == ' ') ++position_;
  }
  char peek() {
    skip_space();
    return position_ < text_.size() ? text_[position_] : '\0';
  }

  Result<Value> sum(int depth) {
    auto left = product(depth);
    while (left && (peek() == '+' || peek() == '-')) {
      const std::size_t where = position_;
      const double sign = text_[position_++] == '+' ? 1 : -1;
      const auto right = product(depth);
      if (!right) return right;
      if (left->is_time != right->is_time)
        return error(where, "a time and a mere number do not add up", std::string(form));
      left->amount += sign * right->amount;
    }
    return left;
  }

  Result<Value> product(int depth) {
    auto left = atom(depth);
    while (left && (peek() == '*' || peek() == '/')) {
      const std::size_t where = position_;
      const bool times = text_[position_++] == '*';
      const auto right = atom(depth);
      if (!right) return right;
      if (right->is_time && (left->is_time || !times))
        return error(where, times ? "a time cannot be multiplied by a time" : "nothing is divided by a time");
      if (!times && right->amount == 0) return error(where, "division by zero");
      left->amount = times ? left->amount * right->amount : left->amount / right->amount;
      left->is_time = left->is_time || right->is_time;
    }
    return left;
  }

  Result<Value> atom(int depth) {
    const char c = peek();
    const std::size_t start = position_;
    if (c == '(') {
      constexpr int most_levels = 16;
      if (depth == most_levels)
        return error(start, fmt::format("more than {} parentheses deep", most_levels));
      ++position_;
      auto inner = sum(depth + 1);
      if (!inner) return inner;
      if (peek() != ')') return error(position_, "a `)` is missing");
      ++position_;
      return inner;
    }
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) return number();
    if (std::isalpha(static_cast<unsigned char>(c)) != 0) return name();
    if (c == '\0')
      return error(start, fmt::format("`{}` ends too soon", printable(text_)), std::string(form));
    return error(start, fmt::format("`{}` makes no sense here", rest()), std::string(form));
  }

  std::string_view take_while(bool (*wanted)(char)) {
    const std::size_t start = position_;
    while (position_ < text_.size() && wanted(text_[position_])) ++position_;
    return text_.substr(start, position_ - start);
  }

  Result<Value> number() {
    const std::size_t start = position_;
    const auto digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '.'; };
    const auto letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; };
    const std::string_view digits = take_while(digit);
    // A unit may stand behind a space, a name may not.
    const std::size_t before_unit = position_;
    skip_space();
    const std::string_view unit = take_while(letter);
    if (unit.empty()) position_ = before_unit;
    // Borrowed for its digits: so many seconds.
    const auto seconds = parse_duration(std::string(digits) + "s");
    if (!seconds) return error(start, fmt::format("`{}` is no number", printable(digits)), std::string(form));
    if (unit.empty()) return Value{std::chrono::duration<double>(*seconds).count(), false};
    const auto time = parse_duration(std::string(digits) + std::string(unit));
    if (!time)
      return error(start,
                   fmt::format("`{}` is no duration", printable(text_.substr(start, position_ - start))),
                   std::string(form));
    return Value{static_cast<double>(time->count()), true};
  }

  Result<Value> name() {
    const std::size_t start = position_;
    const auto part = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    const std::string_view word = take_while(part);
    if (const auto value = profile_value(profile_, word))
      return Value{static_cast<double>(value->count()), true};
    return error(start, fmt::format("`{}` is no value of the profile", printable(word)),
                 suggest(word, profile_value_names()));
  }

  std::string_view text_;
  const Profile& profile_;
  const Place& at_;
  std::size_t position_ = 0;
};

}  // namespace

Result<Duration> evaluate_duration(std::string_view text, const Profile& profile, const Place& at) {
  return Evaluator(text, profile, at).evaluate();
}

Result<Duration> duration_of(const YamlNode& node, std::string_view key, const Profile& profile) {
  if (node.kind != YamlNode::Kind::scalar || node.scalar.empty()) {
    const std::string_view got = node.kind == YamlNode::Kind::scalar ? "an empty text" : kind_name(node.kind);
    return fail(node.place, fmt::format("`{}` wants a duration, got {}", key, got), std::string(form));
  }
  auto value = evaluate_duration(node.scalar, profile, node.place);
  if (!value) {
    value.error().message = fmt::format("`{}` wants a duration: {}", key, value.error().message);
    return pass_on(at_source(value.error(), node));
  }
  if (*value == Duration{}) return fail(node.place, fmt::format("`{}` must be longer than 0", key));
  return value;
}

}  // namespace finack
