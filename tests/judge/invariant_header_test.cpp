// SPDX-License-Identifier: Apache-2.0
// The invariants of a single header and their near misses.
#include <fmt/format.h>

#include <fstream>
#include <set>

#include "base/text.h"
#include "judge/talk.h"
#include "packet/codec.h"
#include "scenario/catalogue.h"

namespace finack {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// --- the table

TEST(InvariantTable, NamesEachOnceAndCitesWhatThereIs) {
  std::set<std::string_view> ids;
  for (const Invariant& each : invariants()) {
    EXPECT_TRUE(each.id.starts_with("INV-")) << each.id;
    EXPECT_TRUE(ids.insert(each.id).second) << each.id;
    EXPECT_EQ(&invariant(each.rule), &each);
    EXPECT_THAT(std::string(each.source), HasSubstr("RFC ")) << each.id;
    EXPECT_TRUE(each.sentence.ends_with('.')) << each.id;
    for (const std::string_view entry : split_words(each.entries)) {
      EXPECT_NE(std::ranges::find(catalogue_entries(), entry, &CatalogueEntry::id), catalogue_entries().end())
          << each.id << " " << entry;
    }
  }
}

TEST(InvariantTable, StandsInTheLanguageReference) {
  std::ifstream file(std::string(FINACK_SOURCE_DIR) + "/docs/language.md");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  for (const Invariant& each : invariants()) {
    EXPECT_THAT(text, HasSubstr(fmt::format("\n| `{}` | {} | {} | {}", each.id, to_string(each.level),
                                            each.sentence, each.source)));
  }
}

// --- checksums

Broken unreadable(const Segment& segment, std::uint8_t protocol = ip_protocol::tcp) {
  Segment sent = segment;
  sent.ip_defects.protocol = protocol;
  const auto packets = encode_packets(sent);
  EXPECT_TRUE(packets);
  Talk talk;
  return talk.observe({talk.now(), Unreadable{"whatever is wrong",
                                              encode_ethernet({}, {}, ether_type::ipv4, packets->front())}});
}

TEST(InvIpChecksum, IsRight) {
  Talk talk;
  Segment segment = talk.theirs(flag::ack, 1, 1);
  segment.source.address = *Address::parse("192.0.2.1");
  segment.destination.address = *Address::parse("192.0.2.2");
  EXPECT_THAT(unreadable(segment, 17), IsEmpty()) << "no TCP, but a right header";
  segment.ip_defects.bad_checksum = true;
  EXPECT_THAT(unreadable(segment), ElementsAre("INV-IP-CHECKSUM"));
}

TEST(InvTcpChecksum, IsRight) {
  Talk talk;
  Segment segment = talk.theirs(flag::ack, 5, 77);
  segment.bad_checksum = true;
  EXPECT_THAT(talk.arrive(segment), ElementsAre("INV-TCP-CHECKSUM")) << "and nothing else is looked at";
  EXPECT_EQ(talk.found().source, "RFC 9293 3.1");
  EXPECT_EQ(talk.found().level, InvariantLevel::must);
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 1, 1)), IsEmpty());
}

// --- bits

TEST(InvReserved, AreZero) {
  Talk talk;
  Segment segment = talk.theirs(flag::ack, 1, 1);
  for (const int bits : {1, 2, 4, 8}) {
    segment.reserved = static_cast<std::uint8_t>(bits);
    EXPECT_THAT(talk.arrive(segment), ElementsAre("INV-RESERVED")) << bits;
  }
}

TEST(InvReserved, LeaveOneToAccurateEcn) {
  Talk talk(Talk::Begin::nothing);
  Segment syn = talk.theirs(flag::syn + flag::ece + flag::cwr, 0, 0);
  syn.reserved = 1;
  EXPECT_THAT(talk.arrive(syn), IsEmpty());
  syn.reserved = 3;
  EXPECT_THAT(talk.arrive(syn), ElementsAre("INV-RESERVED"));
}

TEST(InvAckFlag, IsThereOnceTheConnectionIs) {
  Talk talk;
  EXPECT_THAT(talk.arrive(talk.theirs(flag::fin, 1, 0)), ElementsAre("INV-ACK-FLAG"));
  EXPECT_THAT(talk.arrive(talk.theirs(flag::rst, 1, 0)), IsEmpty());
  Talk opens(Talk::Begin::nothing);
  EXPECT_THAT(opens.arrive(opens.theirs(flag::syn, 0, 0)), IsEmpty());
}

TEST(InvEcn, IsSetOnlyAsNegotiated) {
  const auto talk_of = [](Flags our_syn, Flags their_syn_ack, Flags later) {
    Talk talk(Talk::Begin::nothing);
    talk.inject(talk.ours(flag::syn + our_syn, 0, 0));
    Broken out = talk.arrive(talk.theirs(syn_ack + their_syn_ack, 0, 1));
    talk.inject(talk.ours(flag::ack, 1, 1));
    for (std::string& each : talk.arrive(talk.theirs(flag::ack + later, 1, 1))) out.push_back(each);
    return out;
  };
  constexpr Flags none, setup = flag::ece + flag::cwr;
  EXPECT_THAT(talk_of(setup, flag::ece, flag::ece), IsEmpty());
  EXPECT_THAT(talk_of(setup, flag::ece, flag::cwr), IsEmpty());
  EXPECT_THAT(talk_of(setup, none, flag::ece), ElementsAre("INV-ECN")) << "not agreed to";
  EXPECT_THAT(talk_of(none, none, flag::cwr), ElementsAre("INV-ECN"));
  EXPECT_THAT(talk_of(none, flag::ece, none), ElementsAre("INV-ECN")) << "not offered";
  EXPECT_THAT(talk_of(flag::ece, flag::ece, none), ElementsAre("INV-ECN")) << "not offered by one bit alone";
}

// RFC 3168 6.1.1
TEST(InvEcn, IsAgreedOnByOneFlagOfASynAck) {
  const auto talk_of = [](Flags our_syn_ack) {
    Talk talk(Talk::Begin::nothing);
    talk.arrive(talk.theirs(flag::syn + flag::ece + flag::cwr, 0, 0));
    talk.inject(talk.ours(syn_ack + our_syn_ack, 0, 1));
    return talk.arrive(talk.theirs(flag::ack + flag::cwr, 1, 1));
  };
  EXPECT_THAT(talk_of(flag::ece), IsEmpty());
  EXPECT_THAT(talk_of(flag::ece + flag::cwr), ElementsAre("INV-ECN"));
  EXPECT_THAT(talk_of({}), ElementsAre("INV-ECN"));
}

TEST(InvEcn, MayBeOfferedByTheTargetsSyn) {
  Talk talk(Talk::Begin::nothing);
  EXPECT_THAT(talk.arrive(talk.theirs(flag::syn + flag::ece + flag::cwr, 0, 0)), IsEmpty());
}

// --- options

TEST(InvOptionLength, IsThatOfTheKind) {
  Talk talk({timestamps(1), sack_permitted}, {timestamps(1, 1)});
  Segment segment = talk.theirs(flag::ack, 1, 1);
  segment.options = {timestamps(2, 1), {254, {1, 2, 3}}};
  EXPECT_THAT(talk.arrive(segment), IsEmpty()) << "of an unknown kind any length will do";
  segment.options = {timestamps(2, 1), {option_kind::sack, Bytes(7)}};
  EXPECT_THAT(talk.arrive(segment), ElementsAre("INV-OPTION-LENGTH sack"));
  segment.options = {timestamps(2, 1)};
  segment.malformed_options = true;
  EXPECT_THAT(talk.arrive(segment), ElementsAre("INV-OPTION-LENGTH"));
}

TEST(InvOptionSyn, KeepsTheOptionsOfASynToIt) {
  Talk talk({mss_option(1460), window_scale(7), sack_permitted},
            {mss_option(1460), window_scale(7), sack_permitted});
  Segment segment = talk.theirs(flag::ack, 1, 1);
  segment.options = {mss_option(1460), window_scale(7), sack_permitted};
  EXPECT_THAT(talk.arrive(segment),
              ElementsAre("INV-OPTION-SYN mss", "INV-OPTION-SYN wscale", "INV-OPTION-SYN sackok"));
  EXPECT_EQ(talk.found().difference,
            "the option `mss 1460` belongs on a SYN (RFC 9293 3.2, RFC 7323 2.2, RFC 2018 2)");
}

Broken answer_to_our_syn(std::vector<Option> ours, std::vector<Option> theirs) {
  Talk talk(Talk::Begin::nothing);
  talk.inject(Talk::with(talk.ours(flag::syn, 0, 0), std::move(ours)));
  return talk.arrive(Talk::with(talk.theirs(syn_ack, 0, 1), std::move(theirs)));
}

TEST(InvOptionOffer, LetsAnAnswerUseWhatOurSynOffered) {
  EXPECT_THAT(answer_to_our_syn({}, {window_scale(7)}), ElementsAre("INV-OPTION-OFFER wscale"));
  EXPECT_THAT(answer_to_our_syn({}, {sack_permitted}), ElementsAre("INV-OPTION-OFFER sackok"));
  EXPECT_THAT(answer_to_our_syn({}, {timestamps(1, 0)}), ElementsAre("INV-OPTION-OFFER ts"));
  EXPECT_THAT(answer_to_our_syn({}, {mss_option(1460)}), IsEmpty());
  EXPECT_THAT(answer_to_our_syn({window_scale(2), sack_permitted, timestamps(5)},
                                {window_scale(7), sack_permitted, timestamps(1, 5)}),
              IsEmpty());
}

TEST(InvOptionOffer, HoldsAfterTheHandshakeToo) {
  Talk talk({timestamps(5)}, {});
  EXPECT_THAT(talk.arrive(Talk::with(talk.theirs(flag::ack, 1, 1), {timestamps(1, 5)})),
              ElementsAre("INV-OPTION-OFFER ts"))
      << "its own SYN had none";
  EXPECT_THAT(talk.arrive(Talk::with(talk.theirs(flag::ack, 1, 1), {Talk::sack({5, 6})})),
              ElementsAre("INV-OPTION-OFFER sack", "INV-SACK not sent"));
}

TEST(InvOptionOffer, LetsTheTargetsOwnSynOfferWhatItLikes) {
  Talk talk(Talk::Begin::nothing);
  const std::vector<Option> options = {mss_option(1460), window_scale(7), timestamps(1)};
  EXPECT_THAT(talk.arrive(Talk::with(talk.theirs(flag::syn, 0, 0), options)), IsEmpty());
  talk.inject(talk.ours(flag::syn, 0, 0));
  // Where SYNs cross, the SYN+ACK is its SYN once more (RFC 9293 figure 8).
  EXPECT_THAT(talk.arrive(Talk::with(talk.theirs(syn_ack, 0, 1), options)), IsEmpty());
  EXPECT_THAT(talk.arrive(Talk::with(talk.theirs(flag::ack, 1, 1), {timestamps(1)})),
              ElementsAre("INV-OPTION-OFFER ts"))
      << "and nothing but a SYN";
}

// --- sizes

TEST(InvMss, CountsDataAndOptions) {
  Talk talk({mss_option(1000), timestamps(1)}, {timestamps(1, 1)});
  const auto of = [&](std::size_t length) {
    return talk.arrive(Talk::with(talk.theirs(flag::ack, 1, 1, length), {{}, {}, timestamps(1, 1)}));
  };
  EXPECT_THAT(of(988), IsEmpty());
  EXPECT_THAT(of(989), ElementsAre("INV-MSS"));
}

TEST(InvMss, HasADefault) {
  Talk talk({}, {});
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 1, 1, 536)), IsEmpty());
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 1, 1, 537)), ElementsAre("INV-MSS"));
  Segment ipv6 = talk.theirs(flag::ack, 1, 1, 1220);
  ipv6.source.address = *Address::parse("2001:db8::1");
  EXPECT_THAT(talk.arrive(ipv6), IsEmpty());
}

TEST(InvWindow, EndsWhatMayBeSent) {
  Talk talk;
  talk.inject(Talk::with_window(talk.ours(flag::ack, 1, 1), 10500));
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 9501, 1, 1000)), IsEmpty());
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 9502, 1, 1000)), ElementsAre("INV-WINDOW"));
}

TEST(InvWindow, ReachesAsFarAsAnyWindowOfOurs) {
  Talk talk;
  talk.inject(Talk::with_window(talk.ours(flag::ack, 1, 1), 20000));
  talk.inject(Talk::with_window(talk.ours(flag::ack, 1, 1), 0));
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 19001, 1, 1000)), IsEmpty())
      << "it may not have seen the last one";
}

TEST(InvWindow, CountsWhatAcknowledgesOctetsThatAreOnTheirWay) {
  Talk talk;
  talk.call_send(10'100);
  talk.inject(talk.ours(flag::ack, 1, 101));
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 9001, 1, 1100)), IsEmpty());
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 10001, 1, 101)), ElementsAre("INV-WINDOW"));
}

TEST(InvWindow, LetsOneOctetProbe) {
  Talk talk;
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 10001, 1, 1)), IsEmpty());
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 10001, 1, 2)), ElementsAre("INV-WINDOW"));
  Talk beyond;
  EXPECT_THAT(beyond.arrive(beyond.theirs(flag::ack, 10002, 1, 1)), ElementsAre("INV-WINDOW"));
}

TEST(InvWindow, IsScaledButOnSyns) {
  Talk talk({mss_option(1460), window_scale(2)}, {window_scale(0)});
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 39001, 1, 1000)), IsEmpty());
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 39002, 1, 1000)), ElementsAre("INV-WINDOW"));
}

TEST(InvWindow, LetsAFinStandAtItsEdge) {
  Talk talk;
  EXPECT_THAT(talk.arrive(talk.theirs(fin_ack, 9001, 1, 1000)), IsEmpty()) << "only octets count";
}

}  // namespace
}  // namespace finack
