// SPDX-License-Identifier: Apache-2.0
#include "model/fast_open.h"

#include <algorithm>

#include "base/pattern.h"
#include "model/receiving.h"

namespace finack::model {

namespace {

// 4.1.1: 4 to 16 octets, an even number of them.
constexpr std::size_t least_cookie = 4, most_cookie = 16, our_cookie = 8;
constexpr std::size_t most_option_octets = 40;

// Of the option: empty asks for a cookie.
std::optional<Bytes> cookie_of(const Segment& syn) {
  const auto at = std::ranges::find(syn.options, fast_open_kind, &Option::kind);
  return at == syn.options.end() ? std::nullopt : std::optional(at->data);
}

}  // namespace

Bytes cookie_for(const Address& peer, const Settings& settings) {
  std::uint64_t hash = pattern_word(settings.secret, 1);
  hash = digest_add(hash, peer.octets.data(), peer.octets.size());
  Bytes out(our_cookie);
  fill_pattern(hash, 0, out.data(), out.size());
  return out;
}

void accept_fast_open(Tcb& child, const Turn& turn, const Segment& syn) {
  const FastOpen& how = turn.settings.fast_open;
  if (!how.server) return;
  const auto presented = cookie_of(syn);
  const Bytes ours = cookie_for(child.pair.peer.address, turn.settings);
  if (presented && *presented != ours && !how.server_asks_none) {
    child.cookie = ours;
    child.behind_syn.reset();  // its octets come again
    return;
  }
  // Urgent octets wait for the handshake: an application cares for them in its order.
  const bool permitted = presented || how.server_asks_none;
  if (!permitted || syn.payload.empty() || syn.flags.has(flag::urg)) return;
  child.fast_open = true;
  announce_window(child, turn, true);
  take_text(child, turn, syn.seq + 1, syn.payload);
}

bool may_send_with_syn(const Settings& settings, const Options& options, const ServerCookie* known) {
  const FastOpen& how = settings.fast_open;
  return how.client && options.fast_open_connect && (how.client_shows_none || known);
}

void prepare_fast_open(Tcb& tcb, const Settings& settings, const ServerCookie* known, BytesView first) {
  const FastOpen& how = settings.fast_open;
  if (!how.client || !tcb.options.fast_open_connect) return;
  if (known) tcb.snd_mss = known->mss;
  if (!how.client_shows_none) tcb.cookie = known ? known->cookie : Bytes{};
  first = first.first(
      std::min<std::size_t>(first.size(), tcb.options.send_buffer.value_or(settings.send_buffer)));
  tcb.stream.assign(first.begin(), first.end());
}

void note_cookie(Tcb& tcb, const Segment& syn_ack) {
  const auto given = cookie_of(syn_ack);
  if (!tcb.cookie || !given) return;
  const std::size_t size = given->size();
  if (size >= least_cookie && size <= most_cookie && size % 2 == 0) tcb.granted = given;
}

void add_fast_open_option(std::vector<Option>& options, const Tcb& tcb, bool answer) {
  const bool due = answer ? tcb.passive : is_first_syn(tcb);
  if (!due || !tcb.cookie) return;
  Option option{fast_open_kind, *tcb.cookie};
  if (size_of(options) + option.size() <= most_option_octets) options.push_back(std::move(option));
}

bool is_first_syn(const Tcb& tcb) {
  return tcb.state == TcpState::syn_sent && tcb.snd_nxt == tcb.iss;
}

}  // namespace finack::model
