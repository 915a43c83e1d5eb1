// The handlers of one protocol, for a check: parts hold a Local<P> or a Message, and handlers are
// called for them. All of a check that is compiled for each protocol is here and in replay.h.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "core/base/inspect.h"
#include "core/check/check.h"
#include "core/check/handlers.h"
#include "core/check/history_property.h"
#include "core/check/local.h"
#include "core/sim/topology.h"
#include "core/sim/view.h"

namespace netsplit::check {

template <class P>
const Local<P>& local_in(const NodePart& node) {
  return *static_cast<const Local<P>*>(node.content.get());
}
template <class P>
const typename P::Message& message_in(const Letter& letter) {
  return *static_cast<const typename P::Message*>(letter.content.get());
}

template <Protocol P>
class ProtocolJudge final : public Judge {
 public:
  ProtocolJudge(const Topology& topology, const typename P::Params& params) {
    moment_.topology = &topology;
    moment_.params = &params;
  }
  void look_at(const std::vector<const NodePart*>& nodes, const std::vector<const Letter*>& letters,
               const Records& history) override {
    moment_.nodes.clear();
    moment_.conditions.clear();
    for (const NodePart* node : nodes) {
      moment_.nodes.push_back(&local_in<P>(*node).state);
      moment_.conditions.push_back(node->condition);
    }
    moment_.messages.clear();
    for (const Letter* letter : letters)
      moment_.messages.push_back({letter->from, letter->to, &message_in<P>(*letter)});
    moment_.history = &history;
  }
  Verdict judge(std::size_t property, bool& asked_for_more) override {
    moment_.asked_for_more = false;
    Verdict verdict = properties_of<P>()[property].check(View<P>(moment_));
    asked_for_more = moment_.asked_for_more;
    return verdict;
  }

 private:
  Moment<P> moment_;
};

template <Protocol P>
class ProtocolHandlers final : public Handlers {
 public:
  using Local = check::Local<P>;
  using Message = typename P::Message;
  using Timer = typename P::Timer;
  using Request = typename P::Request;
  using Ctx = Context<Message, Timer, typename P::Params>;

  // `repeats`: how often a timer of a node may run out.
  ProtocolHandlers(std::shared_ptr<const Topology> topology, const typename P::Params& params,
                   std::uint32_t repeats)
      : topology_(std::move(topology)), params_(params), repeats_(repeats) {
    for (const auto& one : properties_of<P>())
      properties_.push_back({one.name, one.sentence, one.kind, one.of_history});
  }

  const std::vector<AskedProperty>& properties() const override { return properties_; }
  bool needs_trace() const override {
    return requires { P::needs_trace; };
  }
  std::unique_ptr<Judge> judge() const override {
    return std::make_unique<ProtocolJudge<P>>(*topology_, params_);
  }

  NodePart absent(NodeId node) const override {
    Local local;
    schema_of<typename P::Node>.holder->emplace(&local.state,
                                                static_cast<std::uint64_t>(topology_->role(node)));
    local.condition = Condition::absent;
    return part_of(node, std::move(local));
  }
  std::shared_ptr<const void> request_of(const Input& input) const override {
    auto request = netsplit::detail::request_of<Request>(input, topology_->names());
    if (!request) return nullptr;
    return std::make_shared<const Request>(std::move(*request));
  }
  Outcomes outcomes(const NodePart& node, const Coming& coming) const override;

  NodePart renamed(const NodePart& node, const Renaming& renaming) const override {
    Local local = local_in<P>(node);
    local.rename(renaming);
    return part_of(renaming(node.node), std::move(local));
  }
  Letter renamed(const Letter& letter, const Renaming& renaming) const override {
    Message message = message_in<P>(letter);
    rename(message, renaming);
    return letter_of(renaming(letter.from), renaming(letter.to), std::move(message));
  }
  Operation renamed(const Operation& operation, const Renaming& renaming) const override {
    return check::renamed<P>(operation, renaming);
  }
  std::uint32_t renamed_timer(const NodePart& node, std::uint32_t place, const NodePart& other,
                              const Renaming& renaming) const override {
    Timer timer = local_in<P>(node).timers[place].timer;
    rename(timer, renaming);
    const auto& timers = local_in<P>(other).timers;
    std::uint32_t at = 0;
    while (!(timers[at].timer == timer)) ++at;
    return at;
  }
  bool same_request(const Line& own, const Line& other, const Renaming& renaming) const override {
    if (own.request == nullptr || other.request == nullptr) return own.request == other.request;
    Request request = *static_cast<const Request*>(own.request.get());
    rename(request, renaming);
    return request == *static_cast<const Request*>(other.request.get());
  }

  void write(const NodePart& node, ByteWriter& writer) const override {
    local_in<P>(node).write(writer);
  }
  void write(const Letter& letter, ByteWriter& writer) const override {
    encode(writer, message_in<P>(letter));
  }
  bool read(NodePart& node, ByteReader& reader) const override {
    Local local;
    if (!local.read(reader)) return false;
    if (static_cast<std::int32_t>(local.state.index()) != topology_->role(node.node)) return false;
    node = part_of(node.node, std::move(local));
    return true;
  }
  bool read(Letter& letter, ByteReader& reader) const override {
    Message message;
    if (!decode(reader, message)) return false;
    letter = letter_of(letter.from, letter.to, std::move(message));
    return true;
  }

  std::string in_words(const NodePart& node) const override {
    return brief(inspect("state", local_in<P>(node).state, topology_->names()));
  }
  InWords in_words(const Letter& letter) const override {
    const Message& message = message_in<P>(letter);
    return {netsplit::detail::alternatives<Message>::names[message.index()],
            brief(inspect("message", message, topology_->names()))};
  }
  InWords in_words_of_timer(const NodePart& node, std::uint32_t place) const override {
    const Timer& timer = local_in<P>(node).timers[place].timer;
    return {netsplit::detail::alternatives<Timer>::names[timer.index()],
            brief(inspect("timer", timer, topology_->names()))};
  }

 private:
  NodePart part_of(NodeId node, Local local) const {
    NodePart part;
    part.key = local.hash(node);
    part.node = node;
    part.condition = local.condition;
    part.lines = local.lines;
    part.timers = static_cast<std::uint32_t>(local.timers.size());
    for (std::uint32_t i = 0; i < part.timers; ++i) {
      if (!may_fire(local.timers, i)) continue;
      const bool held_back =
          repeats_ != repeats_unbounded && local.times_ran_out(local.timers[i].timer) >= repeats_;
      if (!held_back) part.due.push_back(i);
      part.held_back = part.held_back || held_back;
    }
    part.content_bytes = local.bytes_held();
    part.content = std::make_shared<const Local>(std::move(local));
    return part;
  }
  static Letter letter_of(NodeId from, NodeId to, Message message) {
    Hasher hasher;
    encode(hasher, from);
    encode(hasher, to);
    encode(hasher, message);
    Letter letter;
    letter.from = from;
    letter.to = to;
    letter.key = hasher.digest();
    letter.content_bytes =
        static_cast<std::int64_t>(sizeof(Message)) + bytes_elsewhere(schema_of<Message>, &message);
    letter.content = std::make_shared<const Message>(std::move(message));
    return letter;
  }
  static void go_down(Local& own, Condition condition) {
    netsplit::detail::forget_memory(own.state);
    own.timers.clear();
    own.condition = condition;
  }
  static void come_up(Local& own, Ctx& context, bool after_a_crash) {
    own.condition = Condition::up;
    netsplit::detail::visit_one(
        own.state, [&](auto& role) { netsplit::detail::call_start(role, context, after_a_crash); });
  }
  void run_out(Local& own, Ctx& context, std::uint32_t place) const {
    const Timer timer = own.timers[place].timer;
    own.timers.erase(own.timers.begin() + static_cast<std::ptrdiff_t>(place));
    if (repeats_ != repeats_unbounded) own.count_running_out(timer);
    netsplit::detail::visit_one(
        own.state, [&](auto& role) { netsplit::detail::call_handle(role, context, timer); });
  }
  static void take_line(Local& own, Ctx& context, const Line& line) {
    if (has_effect(line, own.condition)) {
      if (line.action == Action::join) come_up(own, context, false);
      if (line.action == Action::leave) go_down(own, Condition::absent);
      if (line.action == Action::request && line.request != nullptr) {
        netsplit::detail::visit_one(own.state, [&](auto& role) {
          netsplit::detail::call_handle(role, context,
                                        *static_cast<const Request*>(line.request.get()));
        });
      }
    }
    ++own.lines;
  }

  std::shared_ptr<const Topology> topology_;
  typename P::Params params_;
  std::uint32_t repeats_;
  std::vector<AskedProperty> properties_;
};

template <Protocol P>
Outcomes ProtocolHandlers<P>::outcomes(const NodePart& node, const Coming& coming) const {
  const auto handle = [&](Local& own, Ctx& context) {
    switch (coming.cause) {
      case Cause::start:
        return come_up(own, context, false);
      case Cause::restart:
        return come_up(own, context, true);
      case Cause::crash:
        return go_down(own, Condition::down);
      case Cause::message:
        return netsplit::detail::visit_one(own.state, [&](auto& role) {
          netsplit::detail::call_receive(role, context, coming.letter->from,
                                         message_in<P>(*coming.letter));
        });
      case Cause::timer:
        return run_out(own, context, coming.place);
      case Cause::line:
        return take_line(own, context, *coming.line);
    }
  };
  const auto keep = [&](LocalOutcome<P> one) {
    Outcomes::One kept{std::move(one.choices),
                       part_of(node.node, std::move(one.local)),
                       {},
                       std::move(one.history)};
    const bool goes = node.condition != kept.node.condition &&
                      (coming.cause == Cause::crash || kept.node.condition == Condition::absent);
    if (goes) kept.history.push_back({HistoryEffect::Kind::crash, 0, {}, Outcome::unknown, 0});
    for (auto& [to, message] : one.sends)
      kept.sends.push_back(letter_of(node.node, to, std::move(message)));
    return kept;
  };
  return outcomes_of<P>(local_in<P>(node), node.node, *topology_, params_, handle, keep);
}

}  // namespace netsplit::check
