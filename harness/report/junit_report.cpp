// SPDX-License-Identifier: Apache-2.0
#include "report/junit_report.h"

#include <fmt/format.h>

#include <memory>
#include <pugixml.hpp>
#include <sstream>
#include <utility>

#include "report/plain.h"
#include "report/resources_text.h"

namespace finack {

namespace {

void set(pugi::xml_node node, const char* name, std::string_view value) {
  node.append_attribute(name).set_value(plain_line(value).c_str());
}

void set(pugi::xml_node node, const char* name, std::size_t value) {
  node.append_attribute(name).set_value(static_cast<unsigned long long>(value));
}

void set_time(pugi::xml_node node, Duration duration) {
  set(node, "time", fmt::format("{:.3f}", seconds(duration)));
}

class JunitReport {
 public:
  JunitReport(std::function<void(const std::string&)> write, bool strict)
      : write_(std::move(write)), strict_(strict) {
    suites_ = document_.append_child("testsuites");
    suite_ = suites_.append_child("testsuite");
    properties_ = suite_.append_child("properties");
  }

  void operator()(const RunStarted& event) {
    const Environment& where = event.environment;
    property("world", where.world);
    property("kernel", where.kernel);
    property("profile", where.profile);
    property("seed", std::to_string(where.seed));
    for (const auto& [name, version] : where.versions) property("version." + name, version);
    for (const auto& [name, value] : where.sysctls) property(name, value);
  }
  void operator()(const InstanceFinished& event) {
    const std::string id = id_of(event);
    const std::size_t folder = id.find('/');
    pugi::xml_node test = suite_.append_child("testcase");
    set(test, "classname", folder == std::string::npos ? "finack" : std::string_view(id).substr(0, folder));
    set(test, "name", folder == std::string::npos ? id : std::string_view(id).substr(folder + 1));
    set(test, "file", event.program->place.file);
    set(test, "line", static_cast<std::size_t>(event.program->place.line));
    set_time(test, event.duration);
    result(test, event);
  }
  void operator()(const RunFinished& event) {
    const std::size_t left = event.summary.total - tests_;
    for (const Leak& leak : event.summary.resources.leaks) held(leak);
    for (pugi::xml_node node : {suites_, suite_}) {
      set(node, "name", "finack");
      set(node, "tests", tests_);
      set(node, "failures", failures_);
      set(node, "errors", errors_);
      set(node, "skipped", skipped_);
      set_time(node, event.summary.duration);
    }
    if (event.summary.interrupted || event.summary.out_of_time) {
      suite_.append_child("system-err")
          .text()
          .set(fmt::format("{}, {} of {} not finished",
                           event.summary.interrupted ? "interrupted" : "out of time", left,
                           event.summary.total)
                   .c_str());
    }
    std::ostringstream out;
    document_.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
    write_(out.str());
  }

 private:
  void property(const std::string& name, std::string_view value) {
    pugi::xml_node node = properties_.append_child("property");
    set(node, "name", name);
    set(node, "value", value);
  }

  // As one more test that failed: there is no other place for what no instance is to blame for.
  void held(const Leak& leak) {
    pugi::xml_node test = suite_.append_child("testcase");
    set(test, "classname", "finack");
    set(test, "name", "what " + leak.where + " holds");
    ++tests_;
    ++failures_;
    pugi::xml_node node = test.append_child("failure");
    set(node, "type", to_string(Verdict::fail));
    set(node, "message", "the target holds more than before: " + leak.got);
    node.text().set(details(leak).c_str());
  }

  void result(pugi::xml_node test, const InstanceFinished& event) {
    ++tests_;
    const std::string verdict(to_string(event.verdict));
    if (event.verdict == Verdict::pass) return;
    if (event.verdict == Verdict::skipped || event.verdict == Verdict::known) {
      ++skipped_;
      const std::string why = event.verdict == Verdict::known ? "known deviation: " : "";
      set(test.append_child("skipped"), "message", why + event.reason);
      return;
    }
    pugi::xml_node node;
    if (counts_as_failure(event.verdict, strict_)) {
      ++failures_;
      node = test.append_child("failure");
    } else if (event.verdict == Verdict::warn) {
      test.append_child("system-out")
          .text()
          .set(plain_text("warn: " + event.reason + "\n" + details(event)).c_str());
      return;
    } else {
      ++errors_;
      node = test.append_child("error");
    }
    set(node, "type", verdict);
    set(node, "message", event.reason);
    node.text().set(details(event).c_str());
  }

  std::function<void(const std::string&)> write_;
  bool strict_;
  pugi::xml_document document_;
  pugi::xml_node suites_, suite_, properties_;
  std::size_t tests_ = 0, failures_ = 0, errors_ = 0, skipped_ = 0;
};

}  // namespace

EventSink junit_report(std::function<void(const std::string&)> write, bool strict) {
  return [report = std::make_shared<JunitReport>(std::move(write), strict)](const Event& event) {
    std::visit(*report, event);
  };
}

}  // namespace finack
