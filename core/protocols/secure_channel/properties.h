// What each defence is to prevent.
#pragma once

#include <algorithm>
#include <string>

#include "core/protocols/secure_channel/attacker.h"
#include "core/protocols/secure_channel/bank.h"
#include "core/protocols/secure_channel/client.h"
#include "core/sim/view.h"

namespace netsplit::secure_channel {

template <class P>
std::string in_words(const View<P>& view, const Text& text) {
  return std::to_string(text.amount) + " from " + view.name(text.payer) + " to " +
         view.name(text.payee);
}

// wrong(transfer) is empty, or what is wrong with one that the bank has carried out.
template <class P, class Wrong>
Verdict every_transfer(const View<P>& view, Wrong wrong) {
  Verdict verdict = holds();
  view.template for_each<Bank>([&](NodeId id, const Bank& bank) {
    for (const Bank::Done& done : bank.disk.transfers) {
      const std::string why = verdict.holds ? wrong(bank, done) : "";
      if (!why.empty())
        verdict = violated("The bank moved " + in_words(view, done.text) + ", " + why + ".", {id});
    }
  });
  return verdict;
}

template <class P>
std::int64_t secrets_learned(const View<P>& view) {
  std::int64_t count = 0;
  view.template for_each<Attacker>([&](NodeId, const Attacker& attacker) {
    count += static_cast<std::int64_t>(attacker.learned.size());
  });
  return count;
}

template <class P>
Verdict secrecy(const View<P>& view) {
  const std::int64_t count = secrets_learned(view);
  return count == 0 ? holds()
                    : violated("The attacker knows " + std::to_string(count) +
                               (count == 1 ? " secret." : " secrets."));
}

template <class P>
Verdict unaltered(const View<P>& view) {
  return every_transfer(view, [&](const Bank&, const Bank::Done& done) -> std::string {
    const Origin& origin = done.origin.value;
    if (origin.author != done.text.sender)
      return "which " + view.name(origin.author) + " wrote in the name of " +
             view.name(done.text.sender);
    Text text = done.text;
    text.nonce = origin.text.nonce;  // a number is no order; and repeating is another attack
    return text == origin.text ? "" : "but what was written is " + in_words(view, origin.text);
  });
}

template <class P>
Verdict authorised(const View<P>& view) {
  return every_transfer(view, [&](const Bank&, const Bank::Done& done) -> std::string {
    const NodeId author = done.origin.value.author;
    return author == done.text.payer ? "" : "and " + view.name(author) + " had it done";
  });
}

template <class P>
Verdict at_most_once(const View<P>& view) {
  return every_transfer(view, [&](const Bank& bank, const Bank::Done& done) -> std::string {
    const auto times = std::count_if(
        bank.disk.transfers.begin(), bank.disk.transfers.end(), [&](const Bank::Done& other) {
          return other.origin.value.author == done.origin.value.author &&
                 other.origin.value.number == done.origin.value.number;
        });
    return times < 2 ? "" : std::to_string(times) + " times for one transfer";
  });
}

template <class P, class Value>
std::int64_t sum_of_transfers(const View<P>& view, Value value) {
  std::int64_t sum = 0;
  view.template for_each<Bank>([&](NodeId, const Bank& bank) {
    for (const Bank::Done& done : bank.disk.transfers) sum += value(done.text);
  });
  return sum;
}

template <class P>
std::int64_t carried_out(const View<P>& view) {
  return sum_of_transfers(view, [](const Text&) { return 1; });
}

template <class P>
std::int64_t stolen(const View<P>& view) {
  return sum_of_transfers(view, [&](const Text& text) -> std::int64_t {
    return view.template as<Attacker>(text.payee) != nullptr ? text.amount : 0;
  });
}

}  // namespace netsplit::secure_channel
