// Clocks: processes that work, tell each other, and stamp each event with a Lamport clock, a vector
// clock and their wall clock.
//
// Lamport's rules: count up for each event of your own; put the count on every message; on receipt
// go beyond the larger of yours and the message's. Then a cause always has the smaller number, but
// a smaller number need not be a cause. A vector clock keeps one such count for every process, and
// then the converse holds too: V(a) <= V(b) exactly when a is b or a cause of b; two vectors of
// which neither is the smaller belong to concurrent events. A wall clock promises neither. A hybrid
// clock is the largest wall clock that a process has seen or heard of, with a counter for what
// happens while it stands: causes come first, as with Lamport's, and it stays as close to the wall
// clock as the wall clocks are to each other.
//
// Source: Lamport, "Time, clocks, and the ordering of events in a distributed system" (CACM 1978);
// Fidge (1988); Mattern, "Virtual time and global states of distributed systems" (1989); Kulkarni,
// Demirbas, Madappa, Avva and Leone, "Logical physical clocks" (OPODIS 2014), figure 5.
// The counts are on disk: a process that began anew after a crash would give numbers out twice.
// The stamps here are the processes' own. They are judged by the happens-before relation that the
// engine records independently of them.
#pragma once

#include <vector>

#include "core/protocols/clocks/process.h"
#include "core/protocols/clocks/properties.h"

namespace netsplit::clocks {

struct Protocol {
  using Message = clocks::Message;
  using Timer = clocks::Timer;
  using Request = clocks::Request;
  using Node = std::variant<Process>;
  using Params = clocks::Params;
  static constexpr std::string_view name = "clocks";
  static constexpr std::string_view title = "Clocks";
  static constexpr std::string_view sentence =
      "Processes work, tell each other, and stamp what happens with four kinds of clocks.";
  static constexpr bool needs_trace = true;
  static constexpr std::int32_t nodes_max = 256;  // each process keeps a count for every other

  static std::vector<Parameter<Params>> parameters() {
    return {
        time_parameter<&Params::pace_us>(
            "pace", milliseconds(1), hours(1),
            "How long a process works between two events, on average."),
        count_parameter<&Params::events>("events", 1, 200,
                                         "How often each process works before it rests."),
        ppm_parameter<&Params::tell_ppm>("tell_ppm",
                                         "How often work ends in a message to another process."),
        flag_parameter<&Params::merge_on_receipt>(
            "merge_on_receipt",
            "A receiver goes beyond the clock in the message. Off breaks both logical clocks."),
        flag_parameter<&Params::durable>(
            "durable",
            "The counts are on disk. Off, a process that crashed gives numbers out twice."),
        time_parameter<&Params::skew_limit_us>("skew_limit", 0, hours(1),
                                               "How far two wall clocks may differ."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"lamport_condition", "A cause has a smaller Lamport number than its effect.",
         PropertyKind::always, lamport_condition<Protocol>},
        {"lamport_converse_fails",
         "A smaller Lamport number does not prove a cause: two concurrent events show it.",
         PropertyKind::sometimes, lamport_converse_fails<Protocol>},
        {"vector_exact",
         "One vector is at most another exactly when its event is a cause of the other.",
         PropertyKind::always, vector_exact<Protocol>},
        {"concurrent_seen", "Vector clocks find two events that are concurrent.",
         PropertyKind::sometimes, concurrent_seen<Protocol>},
        {"wall_order", "No effect carries an earlier wall-clock time than its cause.",
         PropertyKind::always, wall_order<Protocol>},
        {"hybrid_order", "A cause has an earlier hybrid time than its effect.",
         PropertyKind::always, hybrid_order<Protocol>},
        {"hybrid_distance", "No hybrid time is further ahead of its wall clock than the limit.",
         PropertyKind::always, hybrid_distance<Protocol>},
        {"wrong_causes", "Not one effect has an earlier wall-clock time than a cause of it.",
         PropertyKind::budget, wrong_causes<Protocol>},
        {"wrong_pairs", "Not one pair of events is ordered wrongly by the wall clocks.",
         PropertyKind::budget, wrong_pairs<Protocol>},
        {"skew", "At the end no two wall clocks differ by more than the limit.",
         PropertyKind::budget, skew<Protocol>},
        {"clock_error", "At the end no wall clock is further from true time than the limit.",
         PropertyKind::budget, clock_error<Protocol>},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"skew", MeterUnit::time_us, "How far apart two wall clocks are at most.",
         [](const View<Protocol>& view) { return skew(view).measured; }},
        {"clock_error", MeterUnit::time_us, "How far a wall clock is from true time at most.",
         [](const View<Protocol>& view) { return clock_error(view).measured; }},
        {"hybrid_ahead", MeterUnit::time_us,
         "How far the latest hybrid times are ahead of their wall clocks at most.",
         hybrid_ahead_us<Protocol>},
    };
  }
};

}  // namespace netsplit::clocks
