// SPDX-License-Identifier: Apache-2.0
// An endpoint in any state, what comes to it, and what it may be afterwards.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "judge/flags.h"
#include "judge/machine.h"

namespace finack {

inline constexpr Seq endpoint_iss{0xfffffff0}, endpoint_irs{0x7ffffff0};
inline constexpr std::uint32_t receive_window = 1000;
inline constexpr TcpState synchronized[] = {TcpState::established, TcpState::fin_wait_1, TcpState::fin_wait_2,
                                            TcpState::close_wait,  TcpState::closing,    TcpState::last_ack,
                                            TcpState::time_wait};

inline bool is_one_of(TcpState state, std::initializer_list<TcpState> states) {
  return std::ranges::find(states, state) != states.end();
}

// An endpoint that has sent and received 100 octets, those acknowledged, and what else its state says.
inline Hypothesis endpoint_in(TcpState state) {
  Hypothesis out;
  out.state = state;
  if (is_one_of(state, {TcpState::closed, TcpState::listen})) {
    out.listening = state == TcpState::listen;
    return out;
  }
  out.known = true;
  out.iss = out.snd_una = endpoint_iss;
  out.snd_nxt = endpoint_iss + 1;
  if (state == TcpState::syn_sent) return out;
  out.passive = out.listening = true;
  out.irs = endpoint_irs;
  out.rcv_nxt = endpoint_irs + 1;
  if (state != TcpState::syn_received) {
    out.snd_una = out.snd_nxt = endpoint_iss + 101;
    out.rcv_nxt = endpoint_irs + 101;
  }
  if (is_one_of(state, {TcpState::fin_wait_1, TcpState::fin_wait_2, TcpState::closing, TcpState::last_ack,
                        TcpState::time_wait})) {
    out.fin_sent = out.snd_nxt;
    out.snd_nxt = out.snd_nxt + 1;
  }
  if (is_one_of(state, {TcpState::fin_wait_2, TcpState::time_wait})) out.snd_una = out.snd_nxt;
  if (is_one_of(state, {TcpState::close_wait, TcpState::closing, TcpState::last_ack, TcpState::time_wait})) {
    out.fin_taken = out.rcv_nxt;
    out.rcv_nxt = out.rcv_nxt + 1;
  }
  out.rcv_edge = out.rcv_nxt + receive_window;
  return out;
}

// `seq` counts from RCV.NXT, `ack` from SND.NXT.
inline Stimulus segment_to(const Hypothesis& endpoint, Flags flags, int seq = 0, int ack = 0,
                           std::uint32_t text = 0) {
  Stimulus out;
  out.flags = flags;
  out.seq = endpoint.rcv_nxt + static_cast<std::uint32_t>(seq);
  if (flags.has(flag::ack)) out.ack = endpoint.snd_nxt + static_cast<std::uint32_t>(ack);
  out.text = text;
  out.window = out.most_window = 65535;
  return out;
}

inline Facts facts_in(TcpState state, Flags flags, int seq = 0, int ack = 0, std::uint32_t text = 0) {
  const Hypothesis endpoint = endpoint_in(state);
  return facts_of(endpoint, segment_to(endpoint, flags, seq, ack, text), true);
}

inline std::set<std::string> ids_of(const Hypothesis& endpoint) {
  std::set<std::string> out;
  for (std::size_t i = 0; i < catalogue_edges().size(); ++i) {
    if (endpoint.edges[i]) out.insert(std::string(catalogue_edges()[i].id));
  }
  return out;
}

inline std::vector<Hypothesis> after(const Hypothesis& endpoint, const Stimulus& stimulus) {
  std::vector<Hypothesis> out;
  act(endpoint, stimulus, {500ms, 50ms}, out);
  return out;
}

// The states that may follow, and the deeds that are owed then.
using Successor = std::pair<TcpState, std::vector<Deed>>;
inline std::vector<Successor> successors(const Hypothesis& endpoint, const Stimulus& stimulus) {
  std::vector<Successor> out;
  for (const Hypothesis& each : after(endpoint, stimulus)) {
    std::vector<Deed> deeds;
    for (const Owed& owed : each.owed) deeds.push_back(owed.deed);
    out.emplace_back(each.state, deeds);
  }
  return out;
}
inline std::vector<Successor> successors(TcpState state, Flags flags, int seq = 0, int ack = 0,
                                         std::uint32_t text = 0) {
  const Hypothesis endpoint = endpoint_in(state);
  return successors(endpoint, segment_to(endpoint, flags, seq, ack, text));
}
inline std::vector<Successor> successors_of(TcpState state, Facts call) {
  Stimulus stimulus;
  stimulus.kind = Stimulus::Kind::call;
  stimulus.facts = call;
  return successors(endpoint_in(state), stimulus);
}

inline Successor to(TcpState state, std::vector<Deed> owed = {}) {
  return {state, std::move(owed)};
}

}  // namespace finack
