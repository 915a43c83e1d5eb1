#include "core/scenario/meters.h"

#include <algorithm>

namespace netsplit {
namespace {

constexpr MeterInfo own_meters[] = {
    {"sent", MeterUnit::count, "Messages sent."},
    {"delivered", MeterUnit::count, "Messages that arrived."},
    {"lost", MeterUnit::count, "Messages that did not arrive."},
    {"duplicated", MeterUnit::count, "Messages that the network doubled."},
    {"bytes", MeterUnit::bytes, "What all messages sent weigh."},
    {"nanocents", MeterUnit::nanocents, "What the links' owners charge."},
    {"operations_ok", MeterUnit::count, "Operations that clients were told are done."},
    {"operations_failed", MeterUnit::count, "Operations that clients were told have failed."},
    {"operations_unknown", MeterUnit::count,
     "Operations of which their client cannot know whether they happened."},
    {"operations_pending", MeterUnit::count, "Operations that wait for an answer."},
    {"latency_mean", MeterUnit::time_us, "How long an operation took that went well, on average."},
    {"latency_max", MeterUnit::time_us, "How long the slowest operation took that went well."},
    {"message_delays", MeterUnit::count,
     "How many messages, one after the other, the operation that went well and needed most had to "
     "wait for; two are a round trip."},
    {"unavailable", MeterUnit::time_us,
     "For how long some client waited for an operation that failed, whose fate nobody knows, or "
     "that has no answer yet."},
    {"violations", MeterUnit::count, "Properties that are violated."},
};

// What the clients' operations came to.
struct Operations {
  std::int64_t by_outcome[4] = {};  // as Outcome counts
  Time latency_sum_us = 0;
  Time latency_max_us = 0;
  std::int64_t delays_max = 0;
  Time unavailable_us = 0;
};

Time length_of_union(std::vector<std::pair<Time, Time>> spans) {
  std::sort(spans.begin(), spans.end());
  Time length_us = 0;
  Time end_us = 0;
  for (const auto& [from_us, to_us] : spans) {
    length_us += std::max<Time>(0, to_us - std::max(from_us, end_us));
    end_us = std::max(end_us, to_us);
  }
  return length_us;
}

Operations operations_of(const Session& session, const Trace& trace) {
  Operations sum;
  std::vector<std::pair<Time, Time>> bad;
  for (const OperationRecord& record : session.history()) {
    ++sum.by_outcome[static_cast<std::size_t>(record.outcome)];
    if (record.outcome != Outcome::ok) {
      bad.emplace_back(record.invoked_us, std::min(record.completed_us, session.now_us()));
      continue;
    }
    const Time latency_us = record.completed_us - record.invoked_us;
    sum.latency_sum_us += latency_us;
    sum.latency_max_us = std::max(sum.latency_max_us, latency_us);
    if (record.invoked_event >= trace.first() && record.completed_event < trace.size())
      sum.delays_max = std::max(sum.delays_max, message_delays(record, trace));
  }
  sum.unavailable_us = length_of_union(std::move(bad));
  return sum;
}

std::string in_thousands(std::int64_t value, const char* const (&units)[4]) {
  std::size_t unit = 0;
  std::int64_t divisor = 1;
  while (unit < 3 && value / divisor >= 1000) {
    divisor *= 1000;
    ++unit;
  }
  std::string text = std::to_string(value / divisor);
  if (unit > 0) text += "." + std::to_string(value % divisor * 10 / divisor);
  return text + units[unit];
}

}  // namespace

std::int64_t message_delays(const OperationRecord& record, const Trace& trace) {
  std::int64_t delays = 0;
  EventIndex at = record.completed_event;
  while (at > record.invoked_event && at >= trace.first()) {
    if (trace[at].kind == EventKind::deliver) ++delays;
    at = trace[at].cause;
  }
  return delays;
}

std::vector<Reading> read_meters(const Session& session, const Trace& trace) {
  const Counters& counters = session.counters();
  const Operations operations = operations_of(session, trace);
  const auto outcome = [&](Outcome one) {
    return operations.by_outcome[static_cast<std::size_t>(one)];
  };
  const std::int64_t ok = outcome(Outcome::ok);
  const auto& properties = session.properties();
  const std::int64_t values[] = {
      static_cast<std::int64_t>(counters.sent),
      static_cast<std::int64_t>(counters.delivered),
      static_cast<std::int64_t>(counters.lost),
      static_cast<std::int64_t>(counters.duplicated),
      static_cast<std::int64_t>(counters.bytes),
      static_cast<std::int64_t>(counters.nanocents),
      ok,
      outcome(Outcome::failed),
      outcome(Outcome::unknown),
      outcome(Outcome::pending),
      ok == 0 ? 0 : operations.latency_sum_us / ok,
      operations.latency_max_us,
      operations.delays_max,
      operations.unavailable_us,
      std::count_if(properties.begin(), properties.end(),
                    [](const PropertyState& one) { return one.standing == Standing::violated; })};
  static_assert(std::size(values) == std::size(own_meters));
  std::vector<Reading> readings;
  for (std::size_t i = 0; i < std::size(own_meters); ++i)
    readings.push_back({own_meters[i].name, own_meters[i].sentence, own_meters[i].unit, values[i]});
  const std::vector<MeterInfo>& meters = session.protocol().meters;
  for (std::size_t i = 0; i < meters.size(); ++i) {
    readings.push_back({meters[i].name, meters[i].sentence, meters[i].unit,
                        session.meter(static_cast<std::int64_t>(i))});
  }
  return readings;
}

std::vector<std::string> meter_names(const Session& session) {
  std::vector<std::string> names;
  for (const MeterInfo& meter : own_meters) names.emplace_back(meter.name);
  for (const MeterInfo& meter : session.protocol().meters) names.emplace_back(meter.name);
  return names;
}

std::string format_reading(MeterUnit unit, std::int64_t value) {
  if (value < 0) return "-" + format_reading(unit, value == INT64_MIN ? INT64_MAX : -value);
  switch (unit) {
    case MeterUnit::count:
      return std::to_string(value);
    case MeterUnit::time_us:
      return value == 0 ? "0" : format_time_for_people(value);
    case MeterUnit::bytes:
      return in_thousands(value, {" B", " kB", " MB", " GB"});
    case MeterUnit::ppm: {
      const std::string decimals = std::to_string(10'000 + value % 10'000).substr(1, 2);
      return std::to_string(value / 10'000) + (decimals == "00" ? "" : "." + decimals) + " %";
    }
    case MeterUnit::nanocents: {
      const std::string decimals = std::to_string(1'000'000'000 + value % 1'000'000'000);
      return std::to_string(value / 1'000'000'000) + "." + decimals.substr(1, 4) + " ct";
    }
  }
  return {};
}

}  // namespace netsplit
