// SPDX-License-Identifier: Apache-2.0
#include "packet/number.h"

#include <fmt/format.h>

#include <cstdlib>
#include <limits>

#include "base/text.h"
#include "packet/literal.h"

namespace finack {

namespace {

constexpr int most_windows = 9;

}  // namespace

Result<Number> parse_number(std::string_view name, std::string_view value) {
  const auto wrong = [&](std::string why) {
    return fail(std::move(why),
                fmt::format("write `{0}=1`, `{0}=next`, `{0}=next-1`, `{0}=una` or `{0}=#NUMBER`", name));
  };
  Number number;
  if (value == "any" || value == "above") {
    number.base = value == "any" ? Number::Base::any : Number::Base::above;
    return number;
  }
  std::string_view terms = value;
  if (value.starts_with("next") || value.starts_with("una")) {
    number.base = value.starts_with("next") ? Number::Base::next : Number::Base::una;
    terms.remove_prefix(value.starts_with("next") ? 4 : 3);
    if (terms.empty()) return number;
    if (terms.front() != '+' && terms.front() != '-')
      return wrong(fmt::format("`{}` is no number", printable(value)));
  } else if (value.starts_with('#')) {
    number.base = Number::Base::absolute;
    terms.remove_prefix(1);
  }
  const auto sum = parse_sum(terms);
  if (!sum) return wrong(fmt::format("`{}` wants a number, got `{}`", name, printable(value)));
  constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
  if (sum->integers > most || sum->integers < -most || std::abs(sum->windows) > most_windows ||
      (sum->integers < 0 && number.base == Number::Base::absolute)) {
    return wrong(fmt::format("`{}` is out of the range of sequence numbers", printable(value)));
  }
  number.offset = sum->integers;
  number.windows = sum->windows;
  return number;
}

std::string to_string(const Number& number) {
  std::string out;
  if (number.base == Number::Base::any) return "any";
  if (number.base == Number::Base::above) return "above";
  if (number.base == Number::Base::next) out = "next";
  if (number.base == Number::Base::una) out = "una";
  if (number.base == Number::Base::absolute) out = fmt::format("#{}", number.offset);
  if (number.base == Number::Base::isn && number.windows == 0) return fmt::format("{}", number.offset);
  for (int i = 0; i < std::abs(number.windows); ++i)
    out += number.windows < 0 ? "-window" : out.empty() ? "window" : "+window";
  if (number.base != Number::Base::absolute && number.offset != 0) out += fmt::format("{:+}", number.offset);
  return out;
}

Number relative_number(Seq value, const std::optional<Seq>& isn) {
  if (isn) return {Number::Base::isn, value - *isn};
  return {Number::Base::absolute, value.value};
}

}  // namespace finack
