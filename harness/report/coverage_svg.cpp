// SPDX-License-Identifier: Apache-2.0
#include "report/coverage_svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <vector>

#include "scenario/catalogue.h"

namespace finack {

namespace {

using enum TcpState;

struct Point {
  int x, y;
};

constexpr int width = 1100, height = 1190, box_width = 210, box_height = 100;

// The middle of the upper side of each state's box, in the order of TcpState.
constexpr Point boxes[] = {{560, 60},  {560, 220}, {960, 370}, {180, 370}, {560, 500}, {270, 650},
                           {130, 830}, {880, 650}, {430, 830}, {880, 830}, {430, 1010}};
// The figure has CLOSED twice.
constexpr Point last_box = {880, 1010};

// The arrows of the figure, its note 1 included.
struct Arrow {
  TcpState from, to;
  Point label;
  const char* anchor;  // of the label: start, middle or end
  std::vector<Point> points;
};
const std::vector<Arrow>& arrows() {
  static const std::vector<Arrow> all = {
      {closed, listen, {522, 195}, "end", {{530, 160}, {530, 220}}},
      {listen, closed, {598, 195}, "start", {{590, 220}, {590, 160}}},
      {closed, syn_sent, {850, 84}, "middle", {{665, 90}, {990, 90}, {990, 370}}},
      {syn_sent, closed, {800, 144}, "middle", {{930, 370}, {930, 125}, {665, 125}}},
      {listen, syn_sent, {770, 259}, "middle", {{665, 265}, {880, 265}, {880, 370}}},
      {listen, syn_received, {330, 239}, "middle", {{455, 245}, {200, 245}, {200, 370}}},
      {syn_received, listen, {350, 303}, "middle", {{240, 370}, {240, 285}, {455, 285}}},
      {syn_sent, syn_received, {560, 389}, "middle", {{855, 395}, {285, 395}}},
      {syn_sent, established, {740, 434}, "middle", {{855, 440}, {610, 440}, {610, 500}}},
      {syn_received, established, {390, 434}, "middle", {{285, 440}, {510, 440}, {510, 500}}},
      {syn_received, fin_wait_1, {192, 565}, "end", {{200, 470}, {200, 650}}},
      {established, fin_wait_1, {420, 619}, "middle", {{510, 600}, {510, 625}, {320, 625}, {320, 650}}},
      {established, close_wait, {745, 619}, "middle", {{610, 600}, {610, 625}, {880, 625}, {880, 650}}},
      {fin_wait_1, fin_wait_2, {192, 795}, "end", {{200, 750}, {200, 830}}},
      {fin_wait_1, closing, {358, 795}, "start", {{350, 750}, {350, 830}}},
      {fin_wait_1, time_wait, {272, 975}, "end", {{280, 750}, {280, 1040}, {325, 1040}}},
      {fin_wait_2, time_wait, {220, 1074}, "middle", {{130, 930}, {130, 1080}, {325, 1080}}},
      {closing, time_wait, {438, 975}, "start", {{430, 930}, {430, 1010}}},
      {close_wait, last_ack, {888, 795}, "start", {{880, 750}, {880, 830}}},
      {last_ack, closed, {888, 975}, "start", {{880, 930}, {880, 1010}}},
      {time_wait, closed, {655, 1054}, "middle", {{535, 1060}, {775, 1060}}},
  };
  return all;
}

constexpr std::string_view colours[] = {"#8c959f", "#8250df", "#cf222e", "#bf8700", "#0969da", "#1a7f37"};
constexpr std::string_view colour_of(Cover cover) {
  return colours[static_cast<std::size_t>(cover)];
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  }
  return out;
}

// The edges from one state to another.
struct Bundle {
  std::vector<const CoverageEntry*> entries = {};

  std::size_t covered() const {
    return static_cast<std::size_t>(
        std::ranges::count(entries, Cover::covered, [](const auto* each) { return each->cover; }));
  }
  Cover best() const {
    Cover out = Cover::missing;
    for (const CoverageEntry* each : entries) out = std::max(out, each->cover);
    return out;
  }
  bool mixed() const {
    return std::ranges::any_of(entries, [this](const auto* each) { return each->cover != best(); });
  }
  std::string count() const { return fmt::format("{}/{}", covered(), entries.size()); }
  // For whoever points at it.
  std::string title() const {
    std::string out = "<title>";
    for (const CoverageEntry* each : entries) {
      const auto edge = std::ranges::find(catalogue_edges(), each->id, &CatalogueEdge::id);
      out += escaped(fmt::format("{} {}: {}{}\n", each->id, edge->event, to_string(each->cover),
                                 each->times > 0 ? fmt::format(" in {}", each->times) : ""));
    }
    out.pop_back();
    return out + "</title>";
  }
};

Bundle bundle(const Coverage& coverage, TcpState from, TcpState to) {
  Bundle out;
  for (std::size_t i = 0; i < coverage.edges.size(); ++i) {
    const CatalogueEdge& edge = catalogue_edges()[i];
    if (edge.from == from && edge.to == to) out.entries.push_back(&coverage.edges[i]);
  }
  return out;
}

bool is_drawn(TcpState from, TcpState to) {
  return std::ranges::any_of(arrows(), [&](const Arrow& each) { return each.from == from && each.to == to; });
}

// A triangle: not all that show SVG know markers.
std::string head(Point before, Point tip, std::string_view colour) {
  const int dx = (tip.x > before.x) - (tip.x < before.x), dy = (tip.y > before.y) - (tip.y < before.y);
  const Point base = {tip.x - 9 * dx, tip.y - 9 * dy};
  return fmt::format("<polygon points=\"{},{} {},{} {},{}\" fill=\"{}\"/>", tip.x, tip.y, base.x - 5 * dy,
                     base.y - 5 * dx, base.x + 5 * dy, base.y + 5 * dx, colour);
}

std::string draw(const Arrow& arrow, const Bundle& edges) {
  const std::string_view colour = colour_of(edges.best());
  std::string points;
  for (std::size_t i = 0; i < arrow.points.size(); ++i) {
    Point at = arrow.points[i];
    // The line ends inside of the head.
    if (i + 1 == arrow.points.size()) {
      const Point before = arrow.points[i - 1];
      at.x -= 6 * ((at.x > before.x) - (at.x < before.x));
      at.y -= 6 * ((at.y > before.y) - (at.y < before.y));
    }
    points += fmt::format("{}{},{}", i > 0 ? " " : "", at.x, at.y);
  }
  return fmt::format(
      "<g>{}<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2.5\"{}/>{}"
      "<text x=\"{}\" y=\"{}\" text-anchor=\"{}\" font-size=\"13\" fill=\"{}\">{}</text></g>\n",
      edges.title(), points, colour, edges.mixed() ? " stroke-dasharray=\"7 4\"" : "",
      head(arrow.points[arrow.points.size() - 2], arrow.points.back(), colour), arrow.label.x, arrow.label.y,
      arrow.anchor, colour, edges.count());
}

// A line in a box: what it is, and a bar of the colours.
std::string line_in_box(Point at, std::string_view what, const Bundle& edges) {
  constexpr int bar = 60;
  std::string out = fmt::format(
      "<g>{}<text x=\"{}\" y=\"{}\" font-size=\"11\" fill=\"#1f2328\">{}</text>"
      "<text x=\"{}\" y=\"{}\" font-size=\"11\" text-anchor=\"end\" fill=\"#1f2328\">{}</text>",
      edges.title(), at.x, at.y, what, at.x + 126, at.y, edges.count());
  const int all = static_cast<int>(edges.entries.size());
  int done = 0;
  for (std::size_t i = cover_names.size(); i-- > 0;) {
    const auto cover = static_cast<Cover>(i);
    const int some = static_cast<int>(
        std::ranges::count(edges.entries, cover, [](const auto* each) { return each->cover; }));
    if (some == 0) continue;
    const int from = done * bar / all, to = (done + some) * bar / all;
    out += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"8\" fill=\"{}\"/>", at.x + 132 + from,
                       at.y - 8, to - from, colour_of(cover));
    done += some;
  }
  return out + "</g>\n";
}

std::string box(Point at, std::string_view name) {
  return fmt::format(
      "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\" fill=\"#f6f8fa\" stroke=\"#57606a\" "
      "stroke-width=\"1.5\"/><text x=\"{}\" y=\"{}\" text-anchor=\"middle\" font-size=\"15\" "
      "font-weight=\"bold\" fill=\"#1f2328\">{}</text>\n",
      at.x - box_width / 2, at.y, box_width, box_height, at.x, at.y + 20, name);
}

std::string draw_state(const Coverage& coverage, TcpState state) {
  const Point at = boxes[static_cast<std::size_t>(state)];
  std::string out = box(at, to_string(state));
  Point line = {at.x - box_width / 2 + 9, at.y + 40};
  for (std::size_t i = 0; i < tcp_state_names.size(); ++i) {
    const auto to = static_cast<TcpState>(i);
    const Bundle edges = bundle(coverage, state, to);
    if (edges.entries.empty() || (to != state && is_drawn(state, to))) continue;
    out += line_in_box(line, to == state ? "stays" : fmt::format("to {}", to_string(to)), edges);
    line.y += 16;
  }
  return out;
}

std::string legend(int y) {
  std::string out;
  int x = 40;
  for (std::size_t i = cover_names.size(); i-- > 0;) {
    out += fmt::format(
        "<rect x=\"{}\" y=\"{}\" width=\"14\" height=\"14\" fill=\"{}\"/><text x=\"{}\" y=\"{}\" "
        "font-size=\"13\" fill=\"#1f2328\">{}</text>\n",
        x, y - 12, colours[i], x + 20, y, cover_names[i]);
    x += 100;
  }
  return out + fmt::format(
                   "<text x=\"{}\" y=\"{}\" font-size=\"13\" fill=\"#1f2328\">n/m: n of m edges covered; "
                   "dashed: not all alike</text>\n",
                   x + 10, y);
}

}  // namespace

std::string coverage_svg(const Coverage& coverage) {
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
      "font-family=\"sans-serif\">\n<rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n"
      "<text x=\"40\" y=\"32\" font-size=\"17\" fill=\"#1f2328\">RFC 9293, figure 5: {2} of {3} edges "
      "covered</text>\n",
      width, height, count(coverage.edges, Cover::covered), coverage.edges.size());
  for (const Arrow& arrow : arrows()) out += draw(arrow, bundle(coverage, arrow.from, arrow.to));
  for (std::size_t i = 0; i < tcp_state_names.size(); ++i)
    out += draw_state(coverage, static_cast<TcpState>(i));
  out += box(last_box, to_string(closed));
  out += fmt::format(
      "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\" font-size=\"11\" fill=\"#57606a\">as above</text>\n",
      last_box.x, last_box.y + 45);
  return out + legend(1160) + "</svg>\n";
}

}  // namespace finack
