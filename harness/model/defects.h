// SPDX-License-Identifier: Apache-2.0
// Faults that real stacks have had, or easily get, or that break just what one rule says, each as a switch. A
// model without any is correct.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace finack::model {

enum class Defect : std::uint8_t {
  fin_renumbered,
  closing_skipped,
  time_wait_short,
  time_wait_not_restarted,
  any_ack_ends_last_ack,
  fin_beyond_hole,
  text_after_fin,
  no_reset_on_unread,
  no_challenge,
  reset_anywhere,
  old_ack_ends_fin_wait_1,
  half_close_is_full,
  reuse_by_lower_number,
  queue_lost_on_close,
  fin_overtakes,
  inconsistent_retransmission,
  text_beyond_hole_lost,
  initial_rto_low,
  keep_alive_short,
  no_back_off,
  keep_alive_often,
  probe_deadlock,
  fin_late,
  no_reset_after_close,
  mss_without_options,
  fin_sent_once,
  fin_not_counted,
  second_fin,
  reset_answered,
  soft_error_ends,
  read_end_early,
  plain_comparison,
  no_push,
  fin_alone_repeated,
  text_beyond_fin_sent,
  fin_repeated_for_ever,
  close_wait_ends,
  fin_answers_fin,
  fin_without_timestamps,
  gives_up_early,
  reuse_with_old_number,
  reset_without_timestamps,
  probed_to_death,
  unknown_option_resets,
  user_timeout_ignored,
  agreed_timeout_ignored,
  fixed_timeout_overridden,
  keep_alive_first,
  reset_under_paws,
  reset_needs_window,
  reset_needs_ack,
  reset_with_text_dropped,
  reset_told_as_end,
  reuse_needs_number,
  reuse_needs_newer_timestamp,
  reuse_needs_timestamp,
  reuse_refuses_timestamps,
  fin_beyond_window,
  challenges_unlimited,
  fin_with_text_lost,
  rest_of_read_lost,
  trouble_untold,
  ack_ends_time_wait,
  syn_ends_silently,
  long_queue_cut,
  octet_lost_at_zero,
  unpushed_text_lost,
};

struct DefectEntry {
  Defect defect;
  std::string_view name;    // "fin-renumbered"
  std::string_view about;   // one sentence: what the stack does
  std::string_view source;  // where it is forbidden or was seen
};
std::span<const DefectEntry> defects();

}  // namespace finack::model
