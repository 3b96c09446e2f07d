// SPDX-License-Identifier: Apache-2.0
#include "model/mutant.h"

#include <algorithm>
#include <set>

#include "exchange.h"
#include "model/edges.h"
#include "scenario/catalogue.h"

namespace finack::model {
namespace {

const CatalogueEdge* in_catalogue(std::string_view id) {
  const auto all = catalogue_edges();
  const auto at = std::ranges::find(all, id, &CatalogueEdge::id);
  return at == all.end() ? nullptr : &*at;
}

TEST(Edges, AreThoseOfTheCatalogue) {
  for (const Edge& edge : edges()) {
    const CatalogueEdge* there = in_catalogue(edge.id);
    ASSERT_TRUE(there) << edge.id;
    EXPECT_EQ(edge.from, there->from) << edge.id;
    EXPECT_EQ(edge.to, there->to) << edge.id;
    EXPECT_EQ(edge.emits == Emission::Kind::none, there->emits == "none") << edge.id;
    EXPECT_EQ(find_edge(edge.event, edge.from, edge.to), &edge) << edge.id;
  }
}

// What RFC 9293 prescribes to everyone the model knows, but for what sockets cannot ask for.
TEST(Edges, LackNothingThatIsPrescribed) {
  for (const CatalogueEdge& edge : catalogue_edges()) {
    if (edge.standing != Standing::base || edge.id == "T-004" || edge.id == "T-005") continue;
    EXPECT_TRUE(find_edge(edge.id)) << edge.id << " " << edge.event;
  }
}

TEST(MutantNames, AreTheirOwn) {
  std::set<std::string> names;
  for (const Mutant& mutant : model_mutants()) {
    EXPECT_TRUE(names.insert(mutant.name).second) << mutant.name;
    EXPECT_FALSE(mutant.about.empty()) << mutant.name;
    EXPECT_NE(mutant.edge.has_value(), mutant.defect.has_value()) << mutant.name;
    EXPECT_EQ(find_mutant(mutant.name), &mutant);
  }
  EXPECT_GT(names.size(), 900u);
  EXPECT_FALSE(find_mutant(""));
}

class Mutants : public Exchange {};

TEST_F(Mutants, ChangeOneEdge) {
  begin({}, "T-022-suppressed");
  establish();
  shutdown();
  EXPECT_EQ(came(), "");
  EXPECT_EQ(state(), TcpState::established);

  begin({}, "T-022-silent");
  establish();
  shutdown();
  EXPECT_EQ(came(), "");
  EXPECT_EQ(state(), TcpState::fin_wait_1);

  begin({}, "T-022-wrong-seq");
  establish();
  shutdown();
  EXPECT_EQ(came(), "FIN+ACK 2 1");

  begin({}, "T-023-reset");
  establish();
  send("FIN+ACK");
  EXPECT_EQ(came(), "RST 1");

  begin({}, "T-023-wrong-ack");
  establish();
  send("FIN+ACK");
  EXPECT_EQ(came(), "ACK 1 3");

  begin({}, "T-054-to-TIME-WAIT");
  lead_to(TcpState::last_ack);
  send("ACK");
  EXPECT_EQ(state(), TcpState::time_wait);
}

TEST_F(Mutants, HaveTheirDefects) {
  begin({}, "closing-skipped");
  lead_to(TcpState::fin_wait_1);
  send("FIN+ACK ack=next-1");
  EXPECT_EQ(state(), TcpState::time_wait);

  begin({}, "time-wait-short");
  lead_to(TcpState::time_wait);
  pass(60s);
  EXPECT_EQ(state(), TcpState::closed);

  begin({}, "fin-beyond-hole");
  establish();
  send("FIN+ACK seq=next+100");
  EXPECT_EQ(state(), TcpState::close_wait);

  begin({}, "any-ack-ends-last-ack");
  lead_to(TcpState::last_ack);
  send("ACK ack=una");
  EXPECT_EQ(state(), TcpState::closed);

  begin({}, "fin-renumbered");
  lead_to(TcpState::fin_wait_1);
  pass(1s);
  EXPECT_EQ(came(), "FIN+ACK 2 1");

  begin({}, "no-back-off");
  lead_to(TcpState::fin_wait_1);
  pass(3s);
  EXPECT_EQ(came(), "FIN+ACK 1 1, FIN+ACK 1 1, FIN+ACK 1 1");

  begin({}, "no-reset-on-unread");
  establish();
  send("ACK len=1");
  came();
  close();
  EXPECT_EQ(came(), "FIN+ACK 1 2");
}

// Whatever a mutant does to a close, it stays within its memory and its time.
TEST_F(Mutants, Survive) {
  for (const Mutant& mutant : model_mutants()) {
    begin({}, mutant.name);
    listener = std::make_shared<Socket>(*host, Family::ipv4);
    static_cast<void>(listener->bind(pair.target));
    static_cast<void>(listener->listen(4));
    for (const char* text : {"SYN", "ACK", "ACK len=10", "ACK seq=next+20 len=10", "ACK ack=next+1", "SYN",
                             "RST seq=next+1", "FIN+ACK ack=una", "ACK", "FIN+ACK", "ACK len=5", "RST"}) {
      send(text);
      if (!connection) {
        if (auto accepted = listener->accept()) connection = *accepted;
      } else if (written < 3000) {
        static_cast<void>(connection->send(Bytes(1000), false));
        written += 1000;
      } else {
        static_cast<void>(connection->shutdown(Socket::How::both));
      }
      pass(1s);
    }
    if (connection) close();
    listener->close();
    pass(1000s);
    host->take_sent();
    arrived.clear();
    written = 0;
    EXPECT_LE(host->connections(), 1u) << mutant.name;
  }
}

}  // namespace
}  // namespace finack::model
