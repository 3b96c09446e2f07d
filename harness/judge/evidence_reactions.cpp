// SPDX-License-Identifier: Apache-2.0
// The reactions of scenario/evidence_words.h, each as a question about what came after a situation.
#include <algorithm>
#include <optional>

#include "judge/evidence.h"
#include "judge/story_words.h"

namespace finack {

namespace {

using Kind = Moment::Kind;

class After {
 public:
  After(const Story& story, std::size_t situation)
      : story_(story), all_(story.moments), at_(situation), now_(all_[situation]) {}

  bool shows(Reaction word) const {
    switch (word) {
      case Reaction::fin_before_their_ack:
        return fin_before_their_ack();
      case Reaction::push_at_the_end:
        return any([&](const Moment& each) {
          const bool last = story_.their_fin && each.text > 0 && each.fin() == *story_.their_fin;
          return each.kind == Kind::came && each.has(flag::psh) && (each.has(flag::fin) || last);
        });
      case Reaction::syn_answered_at_once:
        return syn_answered_at_once();
      case Reaction::fin_acknowledged:
        return any([&](const Moment& each) { return acknowledges_fin(each); });
      case Reaction::fin_acknowledged_within_half_a_second:
        return any([&](const Moment& each) { return acknowledges_fin(each) && each.at <= now_.at + 500ms; });
      case Reaction::delivered_then_end:
        return any([&](const Moment& each) {
          return story_.our_fin && ends_stream(each) &&
                 delivers_all(each, octets_between(each.our_isn, *story_.our_fin));
        });
      case Reaction::delivered_at_once:
        return delivered_at_once();
      case Reaction::one_ack_past_fin:
        return one_ack_past_fin();
      case Reaction::ack_short_of_fin:
        return ack_short_of_fin();
      case Reaction::at_most_one_answer:
        return count_until_act([](const Moment& each) { return each.kind == Kind::came; }) <= 1 && listened();
      case Reaction::state_kept:
        return state_kept();
      case Reaction::not_reopened:
        return listened() && count_until_act([](const Moment& each) {
                               return each.kind == Kind::came && each.has(flag::syn + flag::ack);
                             }) == 0;
      case Reaction::fewer_answers:
        return fewer_answers();
      case Reaction::not_aborted:
        return not_aborted();
      default:
        return shows_end(word);
    }
  }

 private:
  bool shows_end(Reaction word) const {
    switch (word) {
      case Reaction::reset_and_nothing_after:
        return reset_and_nothing_after();
      case Reaction::reset_with_timestamps:
        return any([](const Moment& each) { return is_reset(each) && timestamps_of(each.segment.options); });
      case Reaction::reset_echoes_timestamp:
        return reset_echoes_timestamp();
      case Reaction::each_reset:
        return each_reset();
      case Reaction::reset:
        return count_until_act(is_reset) > 0;
      case Reaction::gives_up_by_user_timeout:
        return gives_up_by(now_.user_timeout);
      case Reaction::gives_up_by_agreed_timeout:
        return gives_up_by(std::max({*now_.our_user_timeout, *now_.their_user_timeout, Duration(100s)}));
      case Reaction::not_dropped_for_one_probe:
        return unanswered([&](const Moment& each) {
          return is_keep_alive_probe(each) ||
                 (is_alive(each) && each.at >= now_.at + story_.profile.reaction);
        });
      case Reaction::alive_a_minute_later:
        return unanswered([&](const Moment& each) {
          return (is_keep_alive_probe(each) || is_alive(each)) && each.at >= now_.at + 60s;
        });
      case Reaction::no_probe_within_user_timeout:
        return no_probe_within_user_timeout();
      case Reaction::not_timed_out:
        return not_timed_out();
      case Reaction::told_which:
        return told_which();
      case Reaction::read_ends:
        return read_ends();
      case Reaction::pending_calls_reset:
        return pending_calls_reset();
      case Reaction::told_of_trouble:
        return told_of_trouble();
      case Reaction::answered_by_ack:
        return count_until_act([this](const Moment& each) { return is_ack_of_before(each); }) > 0;
      case Reaction::our_reset_obeyed:
        return our_reset_obeyed();
      default:
        return false;
    }
  }

  static bool is_reset(const Moment& each) { return each.kind == Kind::came && each.has(flag::rst); }
  static bool is_alive(const Moment& each) { return each.kind == Kind::read && !is_over(each); }
  static bool ends_stream(const Moment& each) {
    const auto* returned = std::get_if<Returned>(&each.seen->what);
    return returned && each.call && each.call->word == "receive" && returned->kind == Returned::Kind::end;
  }
  static bool failed_with(const Moment& each, std::string_view name) {
    const auto* returned = std::get_if<Returned>(&each.seen->what);
    return returned && returned->kind == Returned::Kind::error && returned->text == name;
  }
  static bool was_told(const Moment& each, std::string_view what) {
    const auto* told = std::get_if<Told>(&each.seen->what);
    return told && told->what == what;
  }

  bool any(const auto& is) const {
    return std::any_of(all_.begin() + static_cast<std::ptrdiff_t>(at_) + 1, all_.end(), is);
  }
  std::size_t count_until_act(const auto& is) const {
    const auto begin = all_.begin() + static_cast<std::ptrdiff_t>(at_) + 1;
    const auto end = all_.begin() + static_cast<std::ptrdiff_t>(story_.next_act(at_));
    return static_cast<std::size_t>(std::count_if(begin, end, is));
  }
  // Long enough for an answer, before we or the application did something else.
  bool listened() const {
    const std::size_t act = story_.next_act(at_);
    const Moment& last = act < all_.size() ? all_[act] : all_.back();
    return last.at >= now_.at + story_.profile.processing;
  }
  // One that is so comes, and we send nothing before.
  bool unanswered(const auto& is) const {
    for (std::size_t i = at_ + 1; i < all_.size(); ++i) {
      if (is(all_[i])) return true;
      if (all_[i].kind == Kind::sent) return false;
    }
    return false;
  }

  bool acknowledges_fin(const Moment& each) const {
    return each.kind == Kind::came && each.has(flag::ack) && !each.has(flag::rst) &&
           each.segment.ack == now_.fin() + 1;
  }
  bool delivers_all(const Moment& each, std::uint64_t octets) const {
    const auto* returned = std::get_if<Returned>(&each.seen->what);
    return returned && !returned->mismatch && returned->digest_agrees && each.delivered_well &&
           each.delivered + returned->octets.value_or(0) == octets;
  }

  bool fin_before_their_ack() const {
    for (std::size_t i = at_ + 1; i < all_.size(); ++i) {
      const Moment& each = all_[i];
      if (each.kind == Kind::came && each.has(flag::fin)) return true;
      if (each.kind == Kind::sent && each.has(flag::ack) && each.segment.ack > now_.their_una) return false;
    }
    return false;
  }
  bool syn_answered_at_once() const {
    std::optional<Seq> answer;
    for (std::size_t i = at_ + 1; i < all_.size(); ++i) {
      const Moment& each = all_[i];
      if (each.at >= now_.at + 2 * story_.profile.msl) return false;
      if (each.kind == Kind::sent) {
        answer.reset();
        if (each.has(flag::syn) && !each.has(flag::ack) && !each.has(flag::rst)) answer = each.end();
      }
      if (answer && each.kind == Kind::came && each.has(flag::syn + flag::ack) && each.segment.ack == *answer)
        return true;
    }
    return false;
  }
  // Once it is asked for, where no read was waiting.
  bool delivered_at_once() const {
    return any([&](const Moment& each) {
      if (each.kind != Kind::returned || !each.call || each.call->word != "receive" ||
          !delivers_all(each, octets_between(each.our_isn, now_.fin())))
        return false;
      const auto asked = std::ranges::find_if(
          all_, [&](const Moment& call) { return call.kind == Kind::called && call.step == each.step; });
      const Time since = asked == all_.end() ? now_.at : std::max(now_.at, asked->at);
      return each.at <= since + story_.profile.reaction;
    });
  }
  bool one_ack_past_fin() const {
    for (std::size_t i = at_ + 1; i < all_.size(); ++i) {
      const Moment& each = all_[i];
      if (each.kind == Kind::came && each.has(flag::ack) && each.segment.ack > now_.our_next)
        return each.segment.ack == now_.our_next_after;
    }
    return false;
  }
  bool ack_short_of_fin() const {
    const Seq first = now_.segment.seq;
    const Seq least = now_.their_edge == first ? first : first + 1;  // a window of zero has room for nothing
    const auto short_of = [&](const Moment& each) {
      return each.kind == Kind::came && each.has(flag::ack) && each.segment.ack >= least &&
             each.segment.ack <= now_.fin();
    };
    const auto past = [&](const Moment& each) {
      return each.kind == Kind::came && each.has(flag::ack) && each.segment.ack > now_.fin();
    };
    return count_until_act(short_of) > 0 && count_until_act(past) == 0;
  }
  // What is as it was may not have been looked at yet.
  bool state_kept() const {
    bool answered = false;
    for (std::size_t i = at_ + 1; i < story_.next_act(at_); ++i) {
      const Moment& each = all_[i];
      answered = answered || each.kind == Kind::came;
      const auto* reading = std::get_if<Reading>(&each.seen->what);
      if (reading && reading->state && reading->state == now_.state &&
          (answered || each.at >= now_.at + story_.profile.processing))
        return true;
    }
    return false;
  }
  bool fewer_answers() const {
    std::size_t asked = 0, answered = 0;
    for (std::size_t i = at_; i < all_.size(); ++i) {
      const Moment& each = all_[i];
      if (each.at > now_.at + 5s + story_.profile.reaction) break;
      if (draws_challenge(each) && each.at <= now_.at + 5s) ++asked;
      if (each.kind == Kind::came && each.has(flag::ack) && each.length() == 0) ++answered;
    }
    return answered < asked;
  }
  bool not_aborted() const {
    for (std::size_t i = at_ + 1; i < all_.size(); ++i) {
      const Moment& each = all_[i];
      if (is_reset(each)) return false;
      if (each.kind == Kind::read && is_over(each)) return false;
      if (each.kind == Kind::came && each.at >= now_.at) return true;
      if (is_alive(each) && each.at >= now_.at + story_.profile.processing) return true;
    }
    return false;
  }
  bool reset_and_nothing_after() const {
    bool reset = false;
    for (std::size_t i = at_ + 1; i < all_.size(); ++i) {
      const Moment& each = all_[i];
      if (each.kind == Kind::sent && each.has(flag::syn)) break;
      if (is_reset(each)) reset = true;
      if (reset && each.kind == Kind::came && !each.has(flag::rst)) return false;
    }
    return reset;
  }
  bool reset_echoes_timestamp() const {
    const auto ours = timestamps_of(now_.segment.options);
    return ours && count_until_act([&](const Moment& each) {
                     const auto theirs = timestamps_of(each.segment.options);
                     return is_reset(each) && theirs && theirs->value == 0 && theirs->echo == ours->value;
                   }) > 0;
  }
  // Until we or the application do something else than sending octets.
  bool each_reset() const {
    std::size_t asked = 1, resets = 0;
    for (std::size_t i = at_ + 1; i < all_.size(); ++i) {
      const Moment& each = all_[i];
      if (each.kind == Kind::sent && each.text == 0) break;
      if (each.kind == Kind::called) break;
      asked += each.kind == Kind::sent ? 1 : 0;
      resets += is_reset(each) ? 1 : 0;
    }
    return asked >= 2 && resets >= asked;
  }
  // Not sooner either; and nobody acknowledges anything meanwhile.
  bool gives_up_by(Duration timeout) const {
    const Time due = now_.outstanding_since.value_or(now_.at) + timeout;
    const Duration slack = story_.profile.reaction + story_.profile.granularity;
    return unanswered([&](const Moment& each) {
      const bool over =
          (each.kind == Kind::read && is_over(each)) || is_reset(each) || failed_with(each, "ETIMEDOUT");
      return over && each.at >= due - timeout / 10 && each.at <= due + slack;
    });
  }
  bool no_probe_within_user_timeout() const {
    for (std::size_t i = at_ + 1; i < all_.size(); ++i) {
      const Moment& each = all_[i];
      if (each.at >= now_.at + now_.user_timeout) return true;
      if (is_keep_alive_probe(each) || each.kind == Kind::sent || is_over(each)) return false;
    }
    return false;
  }
  bool not_timed_out() const {
    const Duration timeout = now_.user_timeout > Duration{} ? now_.user_timeout : Duration(100s);
    return any([&](const Moment& each) {
      return each.at >= now_.at + timeout && each.their_una < each.their_next &&
             (is_alive(each) || (each.kind == Kind::came && !each.has(flag::rst)));
    });
  }
  bool told_which() const {
    return any([&](const Moment& each) {
      if (now_.has(flag::rst)) return failed_with(each, "ECONNRESET") || was_told(each, "reset");
      return ends_stream(each) || was_told(each, "end");
    });
  }
  bool returns(std::size_t step, const auto& how) const {
    return any(
        [&](const Moment& each) { return each.kind == Kind::returned && each.step == step && how(each); });
  }
  bool read_ends() const {
    const auto pending = pending_calls(story_, at_, "receive");
    return std::ranges::any_of(pending, [&](std::size_t step) { return returns(step, ends_stream); });
  }
  bool pending_calls_reset() const {
    const auto all_fail = [&](std::string_view word) {
      const auto fails = [&](const Moment& each) {
        return failed_with(each, "ECONNRESET") || (word == "send" && failed_with(each, "EPIPE"));
      };
      return std::ranges::all_of(pending_calls(story_, at_, word),
                                 [&](std::size_t step) { return returns(step, fails); });
    };
    return all_fail("receive") && all_fail("send");
  }
  // What is told does not come by the wire, and may be there a little sooner than the segment. That the
  // connection lives must show afterwards: the application is told of its end, too.
  bool told_of_trouble() const {
    bool told = false;
    for (const Moment& each : all_) {
      if (each.at + story_.profile.processing < now_.at) continue;
      if (is_over(each)) return false;
      told = told || was_told(each, "error");
      if (told && is_alive(each)) return true;
    }
    return false;
  }

  // RFC 9293 3.10.7.4: <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>, of what was so when the segment came.
  bool is_ack_of_before(const Moment& each) const {
    return each.kind == Kind::came && each.segment.flags - flag::psh == flag::ack && each.text == 0 &&
           each.segment.seq == each.their_next && each.segment.ack == now_.our_next;
  }
  bool our_reset_obeyed() const {
    bool sent = false;
    for (std::size_t i = at_ + 1; i < all_.size(); ++i) {
      sent = sent || is_reset_at_next(all_[i]);
      if (all_[i].kind == Kind::read && is_over(all_[i])) return sent;
    }
    return false;
  }

  const Story& story_;
  const std::vector<Moment>& all_;
  std::size_t at_;
  const Moment& now_;
};

}  // namespace

bool is_reaction(const Story& story, std::size_t situation, Reaction word) {
  return After(story, situation).shows(word);
}

}  // namespace finack
