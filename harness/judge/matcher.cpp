// SPDX-License-Identifier: Apache-2.0
#include "judge/matcher.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace finack {

namespace {

// The numbers that a field may have: none when any will do.
std::vector<Seq> wanted_numbers(const std::optional<Number>& number, const std::vector<Seq>& due,
                                const std::optional<Seq>& isn, Seq una) {
  if (!number) return due;
  const auto offset = static_cast<std::uint32_t>(number->offset);
  switch (number->base) {
    case Number::Base::any:
    case Number::Base::above:  // see is_above()
      break;
    case Number::Base::una:
      return {una + offset};
    case Number::Base::absolute:
      return {Seq{offset}};
    case Number::Base::isn:
      return {isn.value_or(Seq{}) + offset};
    case Number::Base::next:
      if (due.empty()) break;
      return {due.front() + offset};
  }
  return {};
}

std::vector<Seq> wanted_seqs(const SegmentSpec& wanted, const Expected& expected) {
  // An initial sequence number is the target's own choice; the number of a reset is not.
  const bool opens = wanted.any_flags || wanted.flags.has(flag::syn);
  if (!wanted.seq && expected.first_segment && opens) return {};
  return wanted_numbers(wanted.seq, {expected.seq}, expected.base.sender, expected.seq_una);
}

std::vector<Seq> wanted_acks(const SegmentSpec& wanted, const Expected& expected) {
  return wanted_numbers(wanted.ack, expected.acks, expected.base.receiver, expected.ack_una);
}

// An option without octets, `kind 254`, stands for whatever they are.
bool option_agrees(const Option& wanted, const Option& got) {
  const bool any = wanted.data.empty() && !wanted.raw && !wanted.length;
  if (wanted.any_value) {
    const auto stamps = timestamps_of({got});
    return stamps && stamps->echo == timestamps_of({wanted})->echo;
  }
  return wanted == got || (any && wanted.kind == got.kind && !got.raw);
}

bool is_any(const Option& wanted) {
  return wanted.any_value || (wanted.data.empty() && !wanted.raw && !wanted.length);
}

bool is_padding(const Option& option) {
  return !option.raw && option.kind <= option_kind::nop;
}

// How options are laid out is the sender's choice: where no padding is written they come in any order, with
// any.
bool options_agree(const std::vector<Option>& wanted, const std::vector<Option>& got) {
  if (std::ranges::any_of(wanted, is_padding)) return std::ranges::equal(wanted, got, option_agrees);
  std::vector<Option> left = got;
  std::erase_if(left, is_padding);
  // Those written out first: what stands for any of a kind would take theirs.
  for (const bool any : {false, true}) {
    for (const Option& each : wanted) {
      if (is_any(each) != any) continue;
      const auto at = std::ranges::find_if(left, [&](const Option& one) { return option_agrees(each, one); });
      if (at == left.end()) return false;
      left.erase(at);
    }
  }
  return left.empty();
}

bool is_above(const std::optional<Number>& wanted) {
  return wanted && wanted->base == Number::Base::above;
}

// No lower than the number due, around the circle (RFC 9293 3.4).
void compare_above(std::string_view field, Seq due, Seq got, const std::optional<Seq>& base,
                   std::vector<std::string>& out) {
  if (got >= due) return;
  out.push_back(fmt::format("{}: wanted {} or higher, got {}", field, to_string(relative_number(due, base)),
                            to_string(relative_number(got, base))));
}

void compare_number(std::string_view field, const std::vector<Seq>& wanted, Seq got,
                    const std::optional<Seq>& base, std::vector<std::string>& out) {
  if (wanted.empty() || std::ranges::find(wanted, got) != wanted.end()) return;
  out.push_back(fmt::format("{}: wanted {}, got {}", field, to_string(relative_number(wanted.front(), base)),
                            to_string(relative_number(got, base))));
}

template <class T>
void compare(std::string_view field, const std::optional<T>& wanted, T got, std::vector<std::string>& out) {
  if (wanted && *wanted != got) out.push_back(fmt::format("{}: wanted {}, got {}", field, *wanted, got));
}

bool flags_agree(const SegmentSpec& wanted, Flags got) {
  if (wanted.any_flags) return true;
  const Flags free = (free_flags + wanted.optional_flags) - wanted.flags - wanted.absent_flags;
  return got - free == wanted.flags;
}

}  // namespace

std::vector<std::string> differences(const SegmentSpec& wanted, const Segment& got,
                                     const Expected& expected) {
  std::vector<std::string> out;
  if (!flags_agree(wanted, got.flags)) {
    SegmentSpec flags_only;
    flags_only.flags = wanted.flags;
    flags_only.optional_flags = wanted.optional_flags;
    flags_only.absent_flags = wanted.absent_flags;
    out.push_back(fmt::format("flags: wanted {}, got {}", to_string(flags_only), to_string(got.flags)));
  }
  compare_number("seq", wanted_seqs(wanted, expected), got.seq, expected.base.sender, out);
  if (is_above(wanted.seq)) compare_above("seq", expected.seq, got.seq, expected.base.sender, out);
  if (got.flags.has(flag::ack) && is_above(wanted.ack) && !expected.acks.empty())
    compare_above("ack", expected.acks.front(), got.ack, expected.base.receiver, out);
  if (got.flags.has(flag::ack))
    compare_number("ack", wanted_acks(wanted, expected), got.ack, expected.base.receiver, out);
  if (!wanted.any_flags || wanted.length) {
    compare("len", std::optional(wanted.length.value_or(0)), static_cast<std::uint32_t>(got.payload.size()),
            out);
  }
  if (wanted.data && *wanted.data != got.payload) out.push_back("data: other octets than those wanted");
  compare("win", wanted.window, got.window, out);
  compare("urg", wanted.urgent, got.urgent, out);
  compare("reserved", wanted.reserved, got.reserved, out);
  compare("ttl", wanted.ttl, got.ip.ttl, out);
  compare("tos", wanted.tos, got.ip.tos, out);
  compare("id", wanted.id, got.ip.id, out);
  compare("df", wanted.dont_fragment, got.ip.dont_fragment, out);
  compare("flow", wanted.flow, got.ip.flow, out);
  if (wanted.options && !options_agree(*wanted.options, got.options)) {
    out.push_back(
        fmt::format("options: wanted {}, got {}", to_string(*wanted.options), to_string(got.options)));
  }
  return out;
}

std::string describe(const SegmentSpec& wanted, const Expected& expected) {
  SegmentSpec rest = wanted;
  rest.seq.reset();
  rest.ack.reset();
  const std::string text = to_string(rest);
  const std::size_t flags_end = std::min(text.find(' '), text.size());
  std::string out = text.substr(0, flags_end);
  if (const auto seqs = wanted_seqs(wanted, expected); !seqs.empty())
    out += " seq=" + to_string(relative_number(seqs.front(), expected.base.sender));
  if (is_above(wanted.seq)) out += " seq=above";
  if (wanted.ack || wanted.flags.has(flag::ack)) {
    if (const auto acks = wanted_acks(wanted, expected); !acks.empty())
      out += " ack=" + to_string(relative_number(acks.front(), expected.base.receiver));
  }
  return out + text.substr(flags_end);
}

}  // namespace finack
