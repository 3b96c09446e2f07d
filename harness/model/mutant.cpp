// SPDX-License-Identifier: Apache-2.0
#include "model/mutant.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "model/edges.h"
#include "model/tcb.h"

namespace finack::model {

namespace {

using Kind = EdgeMutation::Kind;

void add(std::vector<Mutant>& out, const Edge& edge, Kind kind, std::string_view word, std::string about) {
  out.push_back({fmt::format("{}-{}", edge.id, word), std::move(about), EdgeMutation{edge.id, kind, {}}, {}});
}

// Where else the edge might lead by mistake: to the end too early, to where others lead, or nowhere.
std::set<TcpState> wrong_successors(const Edge& edge) {
  std::set<TcpState> out;
  for (const Edge& other : edges()) {
    if (other.from == edge.from) out.insert(other.to);
  }
  if (synchronized(edge.from)) out.insert({TcpState::closed, TcpState::time_wait});
  out.insert(edge.from);
  out.erase(edge.to);
  return out;
}

void add_edge(std::vector<Mutant>& out, const Edge& edge) {
  const bool moves = edge.from != edge.to;
  if (moves || edge.emits != Emission::Kind::none) {
    add(out, edge, Kind::suppressed, "suppressed", fmt::format("{} is not taken", edge.id));
  }
  const bool of_listener = edge.event == Event::passive_open ||
                           (edge.from == TcpState::listen && moves && edge.emits == Emission::Kind::none);
  if (of_listener) return;  // there is no connection yet that could do otherwise
  // From CLOSED and LISTEN a segment that is not welcome must not even make a record.
  const bool has_record = edge.from != TcpState::closed && edge.from != TcpState::listen;
  if (has_record) {
    for (const TcpState to : wrong_successors(edge)) {
      add(out, edge, Kind::diverted, fmt::format("to-{}", to_string(to)),
          fmt::format("{} leads to {}, not {}", edge.id, to_string(to), to_string(edge.to)));
      out.back().edge->to = to;
    }
  }
  using Sent = Emission::Kind;
  if (edge.emits == Sent::text) return;
  if (edge.emits != Sent::none && moves)
    add(out, edge, Kind::silent, "silent", fmt::format("{} sends nothing", edge.id));
  if (edge.emits != Sent::reset)
    add(out, edge, Kind::reset, "reset", fmt::format("{} sends a reset", edge.id));
  if (edge.emits == Sent::none) return;
  add(out, edge, Kind::wrong_seq, "wrong-seq",
      fmt::format("what {} sends has a sequence number one too high", edge.id));
  // A SYN that opens has no ACK bit, so nobody looks at its number.
  const bool no_ack =
      edge.emits == Sent::syn || (edge.from == TcpState::syn_sent && edge.emits == Sent::oldest);
  if (edge.emits == Sent::reset || no_ack) return;
  add(out, edge, Kind::wrong_ack, "wrong-ack",
      fmt::format("what {} sends acknowledges one octet too many", edge.id));
}

std::vector<Mutant> make_mutants() {
  std::vector<Mutant> out;
  for (const Edge& edge : edges()) add_edge(out, edge);
  for (const DefectEntry& entry : defects())
    out.push_back({std::string(entry.name), std::string(entry.about), {}, entry.defect});
  return out;
}

}  // namespace

const std::vector<Mutant>& model_mutants() {
  static const std::vector<Mutant> all = make_mutants();
  return all;
}

const Mutant* find_mutant(std::string_view name) {
  const auto at = std::ranges::find(model_mutants(), name, &Mutant::name);
  return at == model_mutants().end() ? nullptr : &*at;
}

std::optional<Outcome> mutate(const Mutant& mutant, Outcome outcome) {
  if (!mutant.edge || mutant.edge->edge != outcome.edge) return outcome;
  constexpr std::uint32_t wrong_by = 1;
  switch (mutant.edge->kind) {
    case Kind::suppressed:
      return std::nullopt;
    case Kind::diverted:
      outcome.next = mutant.edge->to;
      break;
    case Kind::silent:
      outcome.emits = {};
      break;
    case Kind::reset:
      outcome.emits = {};
      outcome.emits.kind = Emission::Kind::reset;
      break;
    case Kind::wrong_seq:
      outcome.emits.seq_error = wrong_by;
      break;
    case Kind::wrong_ack:
      outcome.emits.ack_error = wrong_by;
      break;
  }
  return outcome;
}

}  // namespace finack::model
