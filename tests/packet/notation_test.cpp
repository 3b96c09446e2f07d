// SPDX-License-Identifier: Apache-2.0
#include "packet/notation.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "packet/field.h"

namespace finack {
namespace {

std::string round_trip(std::string_view text, Direction direction = Direction::expecting) {
  const auto spec = parse_segment(text, direction);
  return spec ? to_string(*spec) : "error: " + spec.error().message;
}

TEST(Notation, IsWrittenAsItIsRead) {
  for (const char* text : {"ACK", "FIN+ACK", "SYN+ACK", "none", "any", "RST+ACK?", "FIN+ACK seq=next-1",
                           "RST seq=next+1000", "ACK seq=1 ack=any len=500 win=0", "ACK seq=#4294967295",
                           "URG+ACK urg=7", "SYN <mss 1460, nop, wscale 7, sackok, ts 1 0>",
                           "ACK <sack 100-200 300-400>", "SYN <kind 254 0a0b>", "ACK <>"}) {
    EXPECT_EQ(round_trip(text), text);
  }
  EXPECT_EQ(round_trip("ACK len=5 bad-checksum", Direction::sending), "ACK len=5 bad-checksum");
}

TEST(Notation, KnowsEveryFieldWhenSending) {
  for (const char* text :
       {"ACK seq=next+window-1 ack=una-1", "ACK seq=una", "ACK seq=window", "ACK seq=-window+3",
        "ACK seq=#7+window", "SYN reserved=0xf offset=15 sport=0 dport=65535 src=192.0.2.9 dst=192.0.2.8",
        "ACK data=00ff0a", "ACK checksum=0x00ff", "ACK ttl=0 tos=0xb8 id=65535 df=1", "ACK df=0 flow=0xfffff",
        "ACK ip-options=94040000 ip-length=20 ip-version=6 ip-header-length=4 protocol=17 bad-ip-checksum",
        "ACK ext=hop-by-hop+routing+destination+destination cut=3 fragments=16-reversed", "ACK fragments=2",
        "ACK ext=source-route fragments=3-overlapping", "ACK fragments=1", "SYN <mss 1460, kind 34 theirs>",
        "SYN src=2001:db8::1 <raw 0204, kind 254 len=0 0a, kind 2 len=4>"}) {
    EXPECT_EQ(round_trip(text, Direction::sending), text);
  }
  EXPECT_EQ(round_trip("ACK reserved=1 data=0a ttl=1 tos=0 id=1 df=0 flow=1"),
            "ACK data=0a reserved=0x1 ttl=1 tos=0x0 id=1 df=0 flow=0x1");
}

TEST(Notation, AddsUp) {
  EXPECT_EQ(round_trip("ACK seq=next+-1"), "ACK seq=next-1");
  EXPECT_EQ(round_trip("ACK seq=1+2--3"), "ACK seq=6");
  EXPECT_EQ(round_trip("ACK seq=next+1-1"), "ACK seq=next");
  EXPECT_EQ(round_trip("ACK len=10+1 win=0xff"), "ACK len=11 win=255");
  EXPECT_EQ(round_trip("ACK seq=next+window-window", Direction::sending), "ACK seq=next");
}

TEST(Notation, DropsWhatSaysNothing) {
  EXPECT_EQ(round_trip("ACK data=0a0b len=2", Direction::sending), "ACK data=0a0b");
  EXPECT_EQ(round_trip("SYN <kind 254 len=4 0A0B>", Direction::sending), "SYN <kind 254 0a0b>");
}

// Every field in every combination, with values of every size.
TEST(Notation, ReadsBackWhatItPrints) {
  std::mt19937 random(7);
  const auto any = [&](auto& member, std::uint32_t most) {
    if (random() % 3 == 0)
      member = static_cast<typename std::remove_cvref_t<decltype(member)>::value_type>(
          random() % (std::uint64_t{most} + 1));
  };
  const auto number = [&](std::optional<Number>& member) {
    constexpr Number::Base bases[] = {Number::Base::isn, Number::Base::next, Number::Base::absolute,
                                      Number::Base::una};
    if (random() % 3 == 0) return;
    member = Number{bases[random() % 4], static_cast<std::int64_t>(random() >> random() % 32),
                    static_cast<int>(random() % 5) - 2};
    if (member->base != Number::Base::absolute && random() % 2 == 0) member->offset = -member->offset;
  };
  const auto octets = [&](std::size_t size) {
    Bytes out(size);
    for (auto& octet : out) octet = static_cast<std::uint8_t>(random());
    return out;
  };
  for (int i = 0; i < 1000; ++i) {
    SegmentSpec spec;
    spec.flags = Flags(static_cast<std::uint8_t>(random()));
    number(spec.seq);
    number(spec.ack);
    any(spec.length, 1400);
    if (random() % 4 == 0) {
      spec.data = octets(1 + random() % 20);
      spec.length = static_cast<std::uint32_t>(spec.data->size());
    }
    any(spec.window, 0xffff);
    any(spec.urgent, 0xffff);
    any(spec.checksum, 0xffff);
    if (!spec.checksum) spec.bad_checksum = random() % 4 == 0;
    any(spec.reserved, 15);
    any(spec.data_offset, 15);
    any(spec.source_port, 0xffff);
    any(spec.destination_port, 0xffff);
    if (random() % 4 == 0) spec.source = Address::from_octets(octets(random() % 2 == 0 ? 4 : 16));
    if (random() % 4 == 0) spec.destination = Address::from_octets(octets(random() % 2 == 0 ? 4 : 16));
    any(spec.ttl, 0xff);
    any(spec.tos, 0xff);
    any(spec.id, 0xffff);
    any(spec.dont_fragment, 1);
    any(spec.flow, 0xfffff);
    if (random() % 4 == 0) spec.ip_options = octets(1 + random() % 40);
    if (random() % 4 == 0) {
      spec.extensions.emplace(1 + random() % 3, ExtensionHeader::routing);
      spec.extensions->push_back(ExtensionHeader::hop_by_hop);
    }
    any(spec.ip_length, 0xffff);
    any(spec.ip_version, 15);
    any(spec.ip_header_length, 15);
    any(spec.protocol, 0xff);
    spec.bad_ip_checksum = random() % 4 == 0;
    any(spec.cut, 0xffff);
    if (random() % 4 == 0)
      spec.fragments = Fragments{static_cast<std::uint8_t>(2 + random() % 15), random() % 2 == 0, false};
    if (random() % 3 == 0) {
      spec.options.emplace();
      if (random() % 2 == 0) spec.options->push_back(raw_option(octets(1 + random() % 4)));
      Option option{static_cast<std::uint8_t>(2 + random() % 254), octets(random() % 12)};
      if (random() % 2 == 0) option.length = static_cast<std::uint8_t>(random());
      if (option.length == option.size()) option.length.reset();
      if (random() % 4 != 0) spec.options->push_back(option);
      if (random() % 2 == 0) spec.options->push_back({option_kind::nop});
    }
    const std::string text = to_string(spec);
    const auto again = parse_segment(text, Direction::sending);
    ASSERT_TRUE(again) << text << ": " << again.error().message;
    ASSERT_EQ(*again, spec) << text;
  }
}

TEST(Notation, HasEveryFieldInTheReference) {
  std::ifstream file(FINACK_SOURCE_DIR "/docs/language.md");
  const std::string reference((std::istreambuf_iterator<char>(file)), {});
  for (const Field& field : segment_fields()) {
    EXPECT_NE(reference.find(fmt::format("`{}{}", field.name, field.has_value ? "=" : "`")),
              std::string::npos)
        << field.name;
  }
}

TEST(Notation, PutsFlagsInTheUsualOrder) {
  EXPECT_EQ(round_trip("ACK+FIN"), "FIN+ACK");
}

struct Refusal {
  const char* text;
  Direction direction;
  int column;  // counted from 1, where the word at fault stands
  const char* message;
};

TEST(Notation, PointsAtTheWordAtFault) {
  const Refusal refusals[] = {
      {"", Direction::sending, 1, "a segment begins with its flags"},
      {"FIN+ACKK", Direction::sending, 5, "`ACKK` is no TCP flag"},
      {"FIN+", Direction::sending, 5, "a flag is missing beside the `+`"},
      {"FIN+FIN", Direction::sending, 5, "the flag `FIN` stands twice"},
      {"any", Direction::sending, 1, "`any` is for `expect`; a segment that is sent needs definite flags"},
      {"RST+ACK?", Direction::sending, 5,
       "`ACK?` is for `expect`; a segment that is sent needs definite flags"},
      {"ACK seq=any", Direction::sending, 5,
       "`seq=any` is for `expect`; a segment that is sent needs definite numbers"},
      {"ACK seq=", Direction::sending, 5, "`seq` lacks its value"},
      {"ACK seq=next*2", Direction::sending, 5, "`next*2` is no number"},
      {"ACK seq=next+", Direction::sending, 5, "`seq` wants a number, got `next+`"},
      {"ACK seq=next+---2", Direction::sending, 5, "`seq` wants a number, got `next+---2`"},
      {"ACK seq=window", Direction::expecting, 5, "`seq=window`: `window` is for `send`"},
      {"ACK seq=unack", Direction::sending, 5, "`unack` is no number"},
      {"ACK len=1-2", Direction::sending, 5, "`len` is at least 0, got 1-2"},
      {"ACK len=window", Direction::sending, 5, "`len` wants a number, got `window`"},
      {"ACK win=99999999999999999999", Direction::sending, 5,
       "`win` is at most 65535, got 99999999999999999999"},
      {"ACK reserved=16", Direction::sending, 5, "`reserved` is at most 15, got 16"},
      {"ACK offset=5", Direction::expecting, 5, "`offset` is for `send`"},
      {"ACK checksum", Direction::sending, 5, "`checksum` lacks its value"},
      {"ACK bad-ip-checksum=1", Direction::sending, 5, "`bad-ip-checksum` takes no value"},
      {"ACK bad-checksum checksum=0", Direction::sending, 18,
       "`checksum` and `bad-checksum` exclude each other"},
      {"ACK data=0a0", Direction::sending, 5, "`data` wants octets, got `0a0`"},
      {"ACK data=", Direction::sending, 5, "`data` lacks its value"},
      {"ACK data=0a0b len=3", Direction::sending, 15, "`len` and `data` disagree"},
      {"ACK len=3 data=0a0b", Direction::sending, 11, "`len` and `data` disagree"},
      {"ACK df=2", Direction::sending, 5, "`df` is at most 1, got 2"},
      {"ACK src=1.2.3", Direction::sending, 5, "`src` wants an address, got `1.2.3`"},
      {"ACK ext=routing+hop-by-hopp", Direction::sending, 5, "`hop-by-hopp` is no IPv6 extension header"},
      {"ACK fragments=0", Direction::sending, 5, "`fragments` wants 1 to 16, got `0`"},
      {"ACK fragments=1-overlapping", Direction::sending, 5,
       "`fragments` wants 2 to 16, got `1-overlapping`"},
      {"ACK fragments=3-backwards", Direction::sending, 5, "`fragments` wants 1 to 16, got `3-backwards`"},
      {"ACK+!ECE", Direction::sending, 5,
       "`!ECE` is for `expect`; a segment that is sent needs definite flags"},
      {"ACK+!FIN", Direction::expecting, 5,
       "`!FIN` says nothing: flags that are not written are not set, but for PSH, ECE, CWR"},
      {"ACK+ECE+!ECE", Direction::expecting, 9, "the flag `ECE` stands twice"},
      {"ACK <kind 34 theirs>", Direction::expecting, 6,
       "`theirs` is for `send`; without it any octets will do"},
      {"ACK <ts any 1>", Direction::sending, 6,
       "`ts any` is for `expect`; a segment that is sent needs a definite timestamp"},
      {"SYN <raw>", Direction::sending, 6, "an option `raw` is written `raw 0204`"},
      {"SYN <kind 254 len=256>", Direction::sending, 6,
       "an option `kind` is written `kind 254 0a0b` or `kind 254 len=9 0a0b`"},
      {"ACK seq=99999999999", Direction::sending, 5, "`99999999999` is out of the range of sequence numbers"},
      {"ACK seq=#-1", Direction::sending, 5, "`#-1` is out of the range of sequence numbers"},
      {"ACK win=65536", Direction::sending, 5, "`win` is at most 65535, got 65536"},
      {"ACK len=1 len=2", Direction::sending, 11, "`len` stands twice"},
      {"ACK sek=1", Direction::sending, 5, "`sek=1` is no field of a segment"},
      {"ACK bad-checksum", Direction::expecting, 5, "a segment with a wrong checksum cannot be expected"},
      {"SYN <mss>", Direction::sending, 6, "an option `mss` is written `mss 1460`"},
      {"SYN <mss 1460, foo 1>", Direction::sending, 16, "`foo` is no option"},
      {"SYN <mss 1460", Direction::sending, 5, "the list of options lacks its closing `>`"},
      {"SYN <nop> seq=1", Direction::sending, 11, "`seq=1` stands after the options; options come last"},
      {"SYN <ts 1 2, ts 1 2, ts 1 2, ts 1 2, ts 1 2>", Direction::sending, 5,
       "50 octets of options; a TCP header holds 40"},
      {"SYN <nop,>", Direction::sending, 10, "an option is missing beside the `,`"},
      {"ACK+", Direction::sending, 5, "a flag is missing beside the `+`"},
  };
  for (const Refusal& refusal : refusals) {
    const auto spec = parse_segment(refusal.text, refusal.direction, Place{"f.yaml", 3, 1});
    ASSERT_FALSE(spec) << refusal.text;
    EXPECT_EQ(spec.error().message, refusal.message) << refusal.text;
    EXPECT_EQ(spec.error().place, (Place{"f.yaml", 3, refusal.column})) << refusal.text;
  }
}

TEST(Notation, SuggestsTheNearestWord) {
  EXPECT_EQ(parse_segment("FIN+AKC", Direction::sending).error().hint, "did you mean `ACK`?");
  EXPECT_EQ(parse_segment("ACK sqe=1", Direction::sending).error().hint, "did you mean `seq`?");
  const std::pair<const char*, const char*> mistyped[] = {
      {"ofset=1", "offset"},
      {"chksum=1", "checksum"},
      {"reservd=1", "reserved"},
      {"sprot=1", "sport"},
      {"dprt=1", "dport"},
      {"fragment=2", "fragments"},
      {"ip-option=01", "ip-options"},
      {"ip_length=5", "ip-length"},
      {"ipversion=5", "ip-version"},
      {"protcol=5", "protocol"},
      {"ip-header-len=1", "ip-header-length"},
      {"badchecksum", "bad-checksum"},
      {"bad-ip-chksum", "bad-ip-checksum"},
      {"tll=4", "ttl"},
      {"flwo=4", "flow"},
  };
  for (const auto& [written, meant] : mistyped) {
    EXPECT_EQ(parse_segment(fmt::format("ACK {}", written), Direction::sending).error().hint,
              fmt::format("did you mean `{}`?", meant));
  }
  EXPECT_EQ(parse_segment("ACK window=5", Direction::sending).error().hint, "did you mean `win`?");
  for (const char* flags : {"FINACK", "fin/ack", "FIN,ACK", "FIN ACK"}) {
    EXPECT_EQ(parse_segment(flags, Direction::sending).error().hint, "flags join with `+`: `FIN+ACK`")
        << flags;
  }
  for (const char* spaced : {"ACK seq = 5", "ACK seq= 5", "ACK seq =5", "ACK seq 5"}) {
    EXPECT_EQ(parse_segment(spaced, Direction::sending).error().hint, "without spaces: `seq=5`") << spaced;
  }
  EXPECT_EQ(parse_segment("ACK seq", Direction::sending).error().hint, "write `seq=VALUE`");
  EXPECT_EQ(parse_segment("ACK+none", Direction::sending).error().hint, "`none` stands alone");
  EXPECT_EQ(parse_segment("ACK ext=rooting", Direction::sending).error().hint, "did you mean `routing`?");
  EXPECT_EQ(parse_segment("SYN <rwa 00>", Direction::sending).error().hint, "did you mean `raw`?");
}

TEST(Notation, PrintsNumbersRelativeToEachSidesIsn) {
  Segment segment;
  segment.flags = flag::fin + flag::ack;
  segment.seq = Seq{1001};
  segment.ack = Seq{1};
  segment.window = 64240;
  EXPECT_EQ(to_string(segment, {Seq{1000}, Seq{0xffffffff}}), "FIN+ACK seq=1 ack=2 win=64240");
  EXPECT_EQ(to_string(segment, {}), "FIN+ACK seq=#1001 ack=#1 win=64240");
}

TEST(Notation, PrintsTheAckFieldOnlyWithItsFlag) {
  Segment segment;
  segment.flags = flag::rst;
  segment.bad_checksum = true;
  EXPECT_EQ(to_string(segment, {Seq{0}, Seq{0}}), "RST seq=0 win=0 bad-checksum");
}

TEST(Notation, PrintsOfTheIpHeaderOnlyWhatWeChose) {
  Segment segment;
  segment.flags = flag::ack;
  segment.ip.ttl = 1;
  segment.ip.id = 5;
  segment.defects.data_offset = 4;
  segment.ip_defects.fragments = Fragments{2, true};
  segment.ip_defects.cut = 3;
  EXPECT_EQ(to_string(segment, {Seq{0}, Seq{0}}),
            "ACK seq=0 ack=0 win=0 offset=4 ttl=1 id=5 cut=3 fragments=2-reversed");
  Segment theirs;
  theirs.flags = flag::ack;
  theirs.ip.ttl = 63;
  theirs.reserved = 4;
  theirs.malformed_options = true;
  theirs.options = {raw_option({2, 9})};
  theirs.received = true;
  EXPECT_EQ(to_string(theirs, {Seq{0}, Seq{0}}),
            "ACK seq=0 ack=0 win=0 reserved=0x4 malformed-options <raw 0209>");
}

}  // namespace
}  // namespace finack
