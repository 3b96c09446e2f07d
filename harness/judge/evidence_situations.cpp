// SPDX-License-Identifier: Apache-2.0
// The situations of scenario/evidence_words.h, each as a question about one moment.
#include <algorithm>

#include "judge/evidence.h"
#include "judge/story_words.h"

namespace finack {

namespace {

using Kind = Moment::Kind;

// RFC 5961 7 has ten in five seconds as its example.
constexpr int many_challenges = 11;

bool is_pure_ack(const Moment& each) {
  return each.segment.flags - flag::psh == flag::ack && each.text == 0;
}

// Everything that the target sends once timestamps are negotiated has them (RFC 7323 3.2), but a RST may not.
bool all_have_timestamps(const Story& story) {
  return std::ranges::none_of(story.moments, [](const Moment& each) {
    return each.kind == Kind::came && each.timestamps && !each.has(flag::rst) &&
           !timestamps_of(each.segment.options);
  });
}

bool silent_for_2msl(const Story& story, std::size_t at) {
  const Moment& now = story.moments[at];
  if (now.kind != Kind::read || std::get<Reading>(now.seen->what).state != now.state) return false;
  for (std::size_t i = at; i-- > 0;) {
    const Moment& before = story.moments[i];
    if (before.kind == Kind::read) continue;
    return now.at - before.at >= 2 * story.profile.msl;
  }
  return false;
}

bool fin_tried_for_100s(const Story& story, std::size_t at) {
  const Moment& now = story.moments[at];
  if (!story.their_fin || now.their_una > *story.their_fin || now.repeats == 0 || !now.outstanding_since)
    return false;
  if (now.kind == Kind::read && is_over(now)) return false;
  if (now.kind != Kind::read && !(now.kind == Kind::came && now.has(flag::fin))) return false;
  for (const Moment& first : story.moments) {
    if (first.kind == Kind::came && first.has(flag::fin)) return now.at - first.at >= 100s;
  }
  return false;
}

bool fin_behind_unpushed_octets(const Story& story, std::size_t at) {
  const Moment& now = story.moments[at];
  if (!is_fin_in_order(now) || now.has(flag::psh)) return false;
  const auto pushed = [&](const Moment& each) { return each.kind == Kind::sent && each.has(flag::psh); };
  const auto before = story.moments.begin() + static_cast<std::ptrdiff_t>(at);
  return octets_between(now.our_isn, now.fin()) > now.delivered &&
         std::none_of(story.moments.begin(), before, pushed);
}

bool hole_before_fin_filled(const Story& story, std::size_t at) {
  const Moment& now = story.moments[at];
  if (now.kind != Kind::sent || now.has(flag::fin) || now.segment.seq > now.our_next) return false;
  return std::any_of(story.moments.begin(), story.moments.begin() + static_cast<std::ptrdiff_t>(at),
                     [&](const Moment& each) {
                       return each.kind == Kind::sent && each.has(flag::fin) &&
                              each.segment.seq > each.our_next && each.fin() >= now.our_next &&
                              now.our_next_after == each.fin() + 1;
                     });
}

bool challenged_again_and_again(const Story& story, std::size_t at) {
  if (!draws_challenge(story.moments[at])) return false;
  int found = 0;
  for (std::size_t i = at; i < story.moments.size(); ++i) {
    if (story.moments[i].at <= story.moments[at].at + 5s && draws_challenge(story.moments[i])) ++found;
  }
  return found >= many_challenges;
}

bool fixes_another_timeout(const Moment& now) {
  return now.our_user_timeout && *now.our_user_timeout != now.user_timeout;
}

bool sent_with_option(const Moment& now, std::uint8_t kind) {
  return std::ranges::find(now.segment.options, kind, &Option::kind) != now.segment.options.end();
}

// RFC 5961 5.2
bool is_ack_too_old(const Moment& now) {
  return now.has(flag::ack) && !now.has(flag::rst) && !now.has(flag::syn) &&
         now.segment.seq == now.our_next && now.segment.ack < now.their_una - now.our_largest_window;
}

bool is_syn(const Moment& now) {
  return now.has(flag::syn) && !now.has(flag::rst);
}

bool lies_in_window(const Moment& now) {
  return now.segment.seq >= now.our_next && now.segment.seq < now.their_edge;
}

bool challengeable(const Moment& now, Situation word) {
  switch (word) {
    case Situation::ack_too_old:
      return is_ack_too_old(now);
    case Situation::reset_inside_window:
      return now.has(flag::rst) && lies_in_window(now) && now.segment.seq != now.our_next;
    case Situation::syn_on_connection:
      return is_syn(now);
    case Situation::syn_outside_window:
      return is_syn(now) && !lies_in_window(now);
    default:
      return false;
  }
}

bool sent_by_us(const Story& story, std::size_t at, Situation word) {
  const Moment& now = story.moments[at];
  switch (word) {
    case Situation::last_ack:
      return now.has(flag::ack) && !now.has(flag::rst) && story.their_fin &&
             now.their_una <= *story.their_fin && now.segment.ack == *story.their_fin + 1;
    case Situation::fin_in_order:
      return is_fin_in_order(now);
    case Situation::octets_with_fin:
      return is_fin_in_order(now) && now.text > 0;
    case Situation::fin_behind_unpushed_octets:
      return fin_behind_unpushed_octets(story, at);
    case Situation::hole_before_fin_filled:
      return hole_before_fin_filled(story, at);
    case Situation::fin_past_window:
      return is_fin_in_order(now) && now.their_edge >= now.segment.seq && now.fin() >= now.their_edge;
    case Situation::pure_ack_in_order:
      return is_pure_ack(now) && now.segment.seq == now.our_next && now.segment.ack == now.their_next;
    case Situation::syn_at_number_of_fin:
      return now.has(flag::syn) && !now.has(flag::ack) && !now.has(flag::rst) && story.our_fin &&
             now.segment.seq == *story.our_fin;
    case Situation::challenged_again_and_again:
      return challenged_again_and_again(story, at);
    case Situation::timestamps_left_out:
      return now.timestamps && !now.has(flag::syn) && !now.has(flag::rst) &&
             !timestamps_of(now.segment.options);
    case Situation::timestamps_to_nobody:
      return !now.has(flag::rst) && timestamps_of(now.segment.options);
    case Situation::octets_after_full_close:
      return now.closed_both_ways && now.text > 0 && now.segment.seq == now.our_next;
    case Situation::window_probe_after_full_close:
      return now.closed_both_ways && now.their_edge == now.our_una && !now.has(flag::rst) &&
             (now.text > 0 || now.segment.seq == now.our_next - 1);
    case Situation::window_shrunk_behind_octets:
      return now.has(flag::ack) && now.our_next_after == now.our_next && now.their_una < now.their_next &&
             edge_announced(story, at) < now.their_next && edge_announced(story, at) < now.our_edge;
    case Situation::user_timeout_option:
      return sent_with_option(now, 28) && !now.has(flag::rst);
    case Situation::fin_or_reset:
      return is_fin_in_order(now) || is_reset_at_next(now);
    case Situation::fin_while_reading:
      return is_fin_in_order(now) && !pending_calls(story, at, "receive").empty();
    case Situation::reset_while_call_pends:
      return is_reset_at_next(now) &&
             !(pending_calls(story, at, "receive").empty() && pending_calls(story, at, "send").empty());
    default:
      return challengeable(now, word);
  }
}

bool called_by_user(const Story& story, const Moment& now, Situation word) {
  const auto acknowledged = octets_between(now.their_isn, now.their_una);
  switch (word) {
    case Situation::close_with_octets_unacknowledged:
      return now.facts.has(Fact::close) && now.their_una < now.their_next;
    case Situation::abort_with_octets_outstanding:
      return now.facts.has(Fact::abort) && now.asked > acknowledged;
    case Situation::abort_with_timestamps:
      return now.facts.has(Fact::abort) && now.timestamps;
    case Situation::read_with_octets_left:
      return now.call && now.call->word == "receive" && our_octets(story, now) > now.delivered;
    default:
      return false;
  }
}

// Of what had come by then: a segment may be handed over after a call that it came before.
bool close_with_octets_queued(const Story& story, std::size_t at) {
  const Moment& now = story.moments[at];
  if (now.kind != Kind::called || !now.facts.has(Fact::close)) return false;
  std::uint64_t came = 0;
  for (const Moment& each : story.moments) {
    if (each.kind == Kind::came && each.at <= now.at && each.text > 0)
      came = std::max(came, octets_between(each.their_isn, each.segment.seq + each.text));
  }
  return now.asked > came;
}

bool shown_by_target(const Story& story, std::size_t at, Situation word) {
  const Moment& now = story.moments[at];
  const bool came = now.kind == Kind::came;
  const bool leaves_something = came && !now.has(flag::rst) && now.length() > 0 && now.end() > now.their_una;
  const bool outstanding = leaves_something || (now.outstanding_since && now.their_una < now.their_next);
  switch (word) {
    case Situation::ack_after_both_fins:
      return came && is_pure_ack(now) && story.their_fin && story.our_fin &&
             now.segment.seq == *story.their_fin + 1 && now.segment.ack == *story.our_fin + 1;
    case Situation::timestamps_on_all:
      return came && now.timestamps && !now.has(flag::rst) && !now.has(flag::syn) &&
             all_have_timestamps(story);
    case Situation::outstanding_under_user_timeout:
      return outstanding && now.user_timeout > Duration{};
    case Situation::outstanding_under_fixed_timeout:
      return outstanding && now.user_timeout > Duration{} && fixes_another_timeout(now);
    case Situation::outstanding_under_agreed_timeout:
      return outstanding && now.user_timeout == Duration{} && now.our_user_timeout && now.their_user_timeout;
    case Situation::keep_alive_probe:
      return came && is_keep_alive_probe(now);
    case Situation::keep_alive_with_user_timeout:
      return now.keep_alive && now.user_timeout > Duration{};
    case Situation::repeated_three_times:
      return came && now.length() > 0 && now.segment.seq == now.their_una && now.repeats >= 2;
    default:
      return false;
  }
}

}  // namespace

bool is_situation(const Story& story, std::size_t at, Situation word) {
  const Kind kind = story.moments[at].kind;
  if (word == Situation::silent_for_2msl) return silent_for_2msl(story, at);
  if (word == Situation::fin_tried_for_100s) return fin_tried_for_100s(story, at);
  if (word == Situation::close_with_octets_queued) return close_with_octets_queued(story, at);
  if (kind == Kind::sent) return sent_by_us(story, at, word);
  if (kind == Kind::called) return called_by_user(story, story.moments[at], word);
  return (kind == Kind::came || kind == Kind::read) && shown_by_target(story, at, word);
}

}  // namespace finack
