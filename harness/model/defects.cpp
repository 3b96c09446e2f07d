// SPDX-License-Identifier: Apache-2.0
#include "model/defects.h"

namespace finack::model {

namespace {

constexpr DefectEntry table[] = {
    {Defect::fin_renumbered, "fin-renumbered", "a FIN that is repeated gets the next number",
     "RFC 9293 3.4: a sequence number names one octet for good"},
    {Defect::closing_skipped, "closing-skipped", "a FIN in FIN-WAIT-1 leads to TIME-WAIT at once",
     "RFC 9293 figure 13"},
    {Defect::time_wait_short, "time-wait-short", "TIME-WAIT lasts half of one MSL",
     "RFC 9293 3.6.1, MUST-13"},
    {Defect::time_wait_not_restarted, "time-wait-not-restarted",
     "a FIN repeated in TIME-WAIT is acknowledged, but the 2 MSL go on running", "RFC 9293 3.10.7.4, eighth"},
    {Defect::any_ack_ends_last_ack, "any-ack-ends-last-ack", "in LAST-ACK any ACK ends the connection",
     "RFC 9293 3.10.7.4, fifth"},
    {Defect::fin_beyond_hole, "fin-beyond-hole", "a FIN acts although octets before it are missing",
     "RFC 9293 3.10.7.4, seventh and eighth"},
    {Defect::text_after_fin, "text-after-fin", "text behind the FIN of the peer is delivered",
     "RFC 9293 3.10.7.4, seventh"},
    {Defect::no_reset_on_unread, "no-reset-on-unread",
     "a close with unread data sends a FIN as if all were well", "RFC 2525 2.17, RFC 1122 4.2.2.13"},
    {Defect::no_challenge, "no-challenge", "a reset or SYN in the window draws no challenge ACK",
     "RFC 5961 3.2 and 4.2"},
    {Defect::reset_anywhere, "reset-anywhere", "a reset counts wherever its number lies",
     "RFC 9293 3.10.7.4, second"},
    {Defect::old_ack_ends_fin_wait_1, "old-ack-ends-fin-wait-1", "in FIN-WAIT-1 any ACK leads to FIN-WAIT-2",
     "RFC 9293 3.10.7.4, fifth"},
    {Defect::half_close_is_full, "half-close-is-full",
     "text that comes after our FIN is acknowledged and lost",
     "RFC 9293 3.6: who closes may go on receiving"},
    {Defect::reuse_by_lower_number, "reuse-by-lower-number", "TIME-WAIT gives way to any SYN",
     "RFC 6191 2, RFC 1122 4.2.2.13"},
    {Defect::queue_lost_on_close, "queue-lost-on-close", "what was queued and not sent is lost at the close",
     "RFC 9293 3.10.4: queue this until all preceding SENDs have been segmentized"},
    {Defect::fin_overtakes, "fin-overtakes", "with the window closed the FIN goes out before the data",
     "RFC 9293 3.10.4"},
    {Defect::inconsistent_retransmission, "inconsistent-retransmission",
     "what is sent again has other octets", "RFC 2525 2.4"},
    {Defect::text_beyond_hole_lost, "text-beyond-hole-lost", "what comes out of order is not kept",
     "RFC 2525 2.5"},
    {Defect::initial_rto_low, "initial-rto-low", "a SYN is repeated after 100 ms", "RFC 2525 2.7"},
    {Defect::keep_alive_short, "keep-alive-short", "one unanswered keep-alive ends the connection",
     "RFC 2525 2.9"},
    {Defect::no_back_off, "no-back-off", "repetitions keep the same interval", "RFC 2525 2.10"},
    {Defect::keep_alive_often, "keep-alive-often", "keep-alives come ten times as often as they should",
     "RFC 2525 2.11"},
    {Defect::probe_deadlock, "probe-deadlock", "a closed window is never probed", "RFC 2525 2.12"},
    {Defect::fin_late, "fin-late", "a FIN waits until all before it is acknowledged", "RFC 2525 2.15"},
    {Defect::no_reset_after_close, "no-reset-after-close",
     "data that comes after the application closed is acknowledged, and lost", "RFC 2525 2.16"},
    {Defect::mss_without_options, "mss-without-options", "full segments do not leave room for their options",
     "RFC 2525 2.18, RFC 6691"},
    {Defect::fin_sent_once, "fin-sent-once", "a lost FIN is not repeated", "RFC 9293 3.8"},
    {Defect::fin_not_counted, "fin-not-counted", "the FIN of the peer is acknowledged without its own number",
     "RFC 9293 3.4"},
    {Defect::second_fin, "second-fin", "a close after a shutdown sends a FIN once more, with a new number",
     "RFC 9293 3.10.4: a second FIN must not be sent"},
    {Defect::reset_answered, "reset-answered", "a reset that meets no connection is answered by a reset",
     "RFC 9293 3.5.2"},
    {Defect::soft_error_ends, "soft-error-ends", "an ICMP soft error ends the connection",
     "RFC 9293 3.9.2.2, MUST-56"},
    {Defect::read_end_early, "read-end-early", "the end of the stream is told before the data in front of it",
     "RFC 9293 3.10.7.4, eighth: a FIN implies PUSH for any segment text not yet delivered"},
    {Defect::plain_comparison, "plain-comparison", "acknowledgments are compared as plain numbers",
     "RFC 9293 3.4: arithmetic modulo 2^32"},
    {Defect::long_queue_cut, "long-queue-cut", "a close forgets what is queued beyond 65,535 octets",
     "RFC 9293 3.10.4: queue this until all preceding SENDs have been segmentized"},
    {Defect::octet_lost_at_zero, "octet-lost-at-zero", "the octet with number zero is another one",
     "RFC 9293 3.4: arithmetic modulo 2^32"},
};

}  // namespace

std::span<const DefectEntry> defects() {
  return table;
}

}  // namespace finack::model
