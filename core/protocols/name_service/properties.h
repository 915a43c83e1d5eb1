// How often a call goes where nobody is.
#pragma once

#include <algorithm>
#include <string>

#include "core/protocols/name_service/client.h"
#include "core/protocols/name_service/instance.h"
#include "core/protocols/name_service/name_service.h"
#include "core/sim/view.h"

namespace netsplit::name_service {

inline constexpr std::int64_t errors_limit_ppm = 100'000;

template <class P>
Verdict none_too_late(const View<P>& view) {
  Verdict verdict = holds();
  view.template for_each<Instance>([&](NodeId id, const Instance& instance) {
    if (instance.too_late > 0 && verdict.holds)
      verdict = violated(view.name(id) + " is given up, and somebody still calls it.", {id});
  });
  return verdict;
}

template <class P>
std::int64_t errors(const View<P>& view) {
  std::int64_t sum = 0;
  view.template for_each<Client>([&](NodeId, const Client& client) { sum += client.errors; });
  return sum;
}

template <class P>
Verdict few_errors(const View<P>& view) {
  const std::int64_t failed = errors(view);
  const std::int64_t calls = std::max<std::int64_t>(1, view.history().size());
  return measured(failed * 1'000'000 / calls, errors_limit_ppm,
                  std::to_string(failed) + " of " + std::to_string(calls) + " calls failed.");
}

template <class P>
Verdict nobody_stale(const View<P>& view) {
  Verdict verdict = holds();
  view.template for_each<Client>([&](NodeId id, const Client& client) {
    for (const NodeId address : client.cache) {
      const Instance* instance = view.template as<Instance>(address);
      const bool gone = view.condition(address) == Condition::down ||
                        view.condition(address) == Condition::absent ||
                        instance->disk.state == Instance::State::retired;
      if (gone && verdict.holds)
        verdict = violated(view.name(id) + " keeps the address of " + view.name(address) +
                               ", where nobody serves.",
                           {id, address});
    }
  });
  return verdict;
}

}  // namespace netsplit::name_service
