// SPDX-License-Identifier: Apache-2.0
#include "model/receiving.h"

#include <algorithm>

#include "model/sending.h"

namespace finack::model {

namespace {

// Of holes, so of memory beside the octets, which the window bounds.
constexpr std::size_t most_pieces = 64;

std::uint32_t room(const Tcb& tcb, const Turn& turn) {
  const std::uint32_t size = tcb.options.receive_buffer.value_or(turn.settings.receive_buffer);
  const auto used = static_cast<std::uint32_t>(tcb.received.size());
  return size > used ? size - used : 0;
}

void deliver(Tcb& tcb, BytesView octets) {
  for (const std::uint8_t octet : octets) {
    if (tcb.urgent_at == tcb.rcv_nxt && !tcb.options.urgent_inline) {
      tcb.urgent_octet = octet;
    } else {
      tcb.received.push_back(octet);
    }
    tcb.rcv_nxt = tcb.rcv_nxt + 1;
  }
}

void deliver_held(Tcb& tcb, const Turn& turn) {
  while (!tcb.held.empty() && tcb.held.front().begin <= tcb.rcv_nxt) {
    const Piece piece = std::move(tcb.held.front());
    tcb.held.erase(tcb.held.begin());
    if (piece.end() > tcb.rcv_nxt)
      deliver(tcb, BytesView(piece.octets).subspan(static_cast<std::size_t>(tcb.rcv_nxt - piece.begin)));
  }
  if (tcb.peer_fin && tcb.rcv_nxt > *tcb.peer_fin && !turn.has(Defect::text_after_fin)) tcb.held.clear();
}

// Between its neighbours, which it may overlap; what was there first stays.
void hold(Tcb& tcb, Piece piece) {
  auto at = std::ranges::find_if(tcb.held, [&](const Piece& other) { return other.end() >= piece.begin; });
  while (at != tcb.held.end() && at->begin <= piece.end()) {
    Piece merged{at->begin < piece.begin ? at->begin : piece.begin, {}};
    const Seq end = later(at->end(), piece.end());
    merged.octets.resize(static_cast<std::size_t>(end - merged.begin));
    std::ranges::copy(piece.octets, merged.octets.begin() + (piece.begin - merged.begin));
    std::ranges::copy(at->octets, merged.octets.begin() + (at->begin - merged.begin));
    piece = std::move(merged);
    at = tcb.held.erase(at);
  }
  if (tcb.held.size() < most_pieces) tcb.held.insert(at, std::move(piece));
}

}  // namespace

std::uint16_t announce_window(Tcb& tcb, const Turn& turn, bool syn) {
  const std::uint8_t shift = syn ? 0 : tcb.rcv_shift;
  const std::uint32_t old = tcb.rcv_wnd();
  std::uint32_t window = room(tcb, turn);
  const std::uint32_t worth = std::min<std::uint32_t>(receive_mss(tcb, turn.settings), (window + 1) / 2);
  if (window < old + worth) window = old;
  window = std::min<std::uint32_t>(window, 0xffffu << shift);
  // Rounded up: the edge that was announced stands.
  const std::uint32_t field = std::min<std::uint32_t>((window + (1u << shift) - 1) >> shift, 0xffff);
  tcb.rcv_adv = later(tcb.rcv_adv, tcb.rcv_nxt + (field << shift));
  return static_cast<std::uint16_t>(field);
}

bool window_worth_telling(const Tcb& tcb, const Turn& turn) {
  const std::uint32_t now = room(tcb, turn), told = tcb.rcv_wnd();
  const std::uint32_t size = tcb.options.receive_buffer.value_or(turn.settings.receive_buffer);
  const std::uint32_t most = 0xffffu << tcb.rcv_shift;
  return told < most && now >= told + std::min(size / 2, 2u * receive_mss(tcb, turn.settings));
}

void take_text(Tcb& tcb, const Turn& turn, Seq begin, BytesView octets) {
  const bool bounded = tcb.peer_fin && !turn.has(Defect::text_after_fin);
  const Seq edge = bounded && *tcb.peer_fin < tcb.rcv_adv ? *tcb.peer_fin : tcb.rcv_adv;
  Seq end = begin + static_cast<std::uint32_t>(octets.size());
  if (begin < tcb.rcv_nxt) {
    if (end <= tcb.rcv_nxt) return;
    octets = octets.subspan(static_cast<std::size_t>(tcb.rcv_nxt - begin));
    begin = tcb.rcv_nxt;
  }
  if (begin >= edge) return;
  if (end > edge) octets = octets.first(static_cast<std::size_t>(edge - begin));
  if (octets.empty()) return;
  if (begin == tcb.rcv_nxt) {
    deliver(tcb, octets);
  } else if (!turn.has(Defect::text_beyond_hole_lost)) {
    tcb.latest_piece = begin;
    hold(tcb, {begin, Bytes(octets.begin(), octets.end())});
  }
  deliver_held(tcb, turn);
}

void note_fin(Tcb& tcb, Seq number) {
  // The first end is the end (3.10.7.4, eighth). Octets held beyond it are none of the stream's.
  const bool later = tcb.peer_fin && number >= *tcb.peer_fin;
  if (later || number >= tcb.rcv_adv || number < tcb.rcv_nxt) return;
  tcb.peer_fin = number;
  std::erase_if(tcb.held, [&](const Piece& piece) { return piece.begin >= number; });
  for (Piece& piece : tcb.held) {
    if (piece.end() > number) piece.octets.resize(static_cast<std::size_t>(number - piece.begin));
  }
}

bool has_hole(const Tcb& tcb) {
  return !tcb.held.empty();
}

}  // namespace finack::model
