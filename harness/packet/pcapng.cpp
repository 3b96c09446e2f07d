// SPDX-License-Identifier: Apache-2.0
#include "packet/pcapng.h"

#include <algorithm>
#include <array>

namespace finack {
namespace {

// Blocks (section 4 of the draft).
constexpr std::uint32_t section_header = 0x0a0d0d0a;
constexpr std::uint32_t interface_description = 1;
constexpr std::uint32_t enhanced_packet = 6;
// Tells the reader the byte order of the section; ours is the one that ByteWriter writes.
constexpr std::uint32_t byte_order_magic = 0x1a2b3c4d;
constexpr std::uint16_t link_type_ethernet = 1;
constexpr std::uint8_t nanoseconds = 9;  // a resolution of 10 to the minus nine

enum Option : std::uint16_t {
  end_of_options = 0,
  comment = 1,
  section_hardware = 2,
  section_os = 3,
  section_application = 4,
  interface_name = 2,
  interface_resolution = 9,
  packet_flags = 2,
};

constexpr std::size_t longest_text = 0xfffc;

void pad(ByteWriter& out) {
  while (out.size() % 4 != 0) out.u8(0);
}

void add_option(ByteWriter& out, std::uint16_t code, BytesView value) {
  out.u16(code);
  out.u16(static_cast<std::uint16_t>(value.size()));
  out.append(value);
  pad(out);
}

void add_text(ByteWriter& out, std::uint16_t code, std::string_view text) {
  if (text.empty()) return;
  std::size_t length = std::min(text.size(), longest_text);
  // Cut between characters, not inside one.
  while (length > 0 && length < text.size() && (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80)
    --length;
  add_option(out, code, BytesView(reinterpret_cast<const std::uint8_t*>(text.data()), length));
}

void end_options(ByteWriter& out) {
  add_option(out, end_of_options, {});
}

}  // namespace

PcapngWriter::PcapngWriter(const CaptureOrigin& origin) {
  ByteWriter section;
  section.u32(byte_order_magic);
  section.u16(1);  // version 1.0
  section.u16(0);
  section.u32(0xffffffff);  // the length of the section is not given
  section.u32(0xffffffff);
  add_text(section, comment, origin.comment);
  add_text(section, section_hardware, origin.hardware);
  add_text(section, section_os, origin.os);
  add_text(section, section_application, origin.application);
  end_options(section);
  add_block(section_header, section.bytes());

  ByteWriter interface;
  interface.u16(link_type_ethernet);
  interface.u16(0);
  interface.u32(origin.snap_length);
  add_text(interface, interface_name, origin.interface_name);
  add_option(interface, interface_resolution, std::array{nanoseconds});
  end_options(interface);
  add_block(interface_description, interface.bytes());
}

void PcapngWriter::add(std::int64_t time_ns, BytesView frame, CaptureDirection direction,
                       std::string_view text, std::size_t original_length) {
  const auto time = static_cast<std::uint64_t>(time_ns);
  ByteWriter packet;
  packet.u32(0);  // the only interface
  packet.u32(static_cast<std::uint32_t>(time >> 32));
  packet.u32(static_cast<std::uint32_t>(time));
  packet.u32(static_cast<std::uint32_t>(frame.size()));
  packet.u32(static_cast<std::uint32_t>(std::max(frame.size(), original_length)));
  packet.append(frame);
  pad(packet);
  const bool directed = direction != CaptureDirection::unknown;
  if (directed)
    add_option(packet, packet_flags,
               std::array<std::uint8_t, 4>{0, 0, 0, static_cast<std::uint8_t>(direction)});
  add_text(packet, comment, text);
  if (directed || !text.empty()) end_options(packet);
  add_block(enhanced_packet, packet.bytes());
}

void PcapngWriter::add_block(std::uint32_t type, BytesView body) {
  const auto total = static_cast<std::uint32_t>(body.size() + 12);
  file_.u32(type);
  file_.u32(total);
  file_.append(body);
  file_.u32(total);
}

}  // namespace finack
