// The world of one protocol: the engine (world_base.h) with the protocol's types and handlers. It
// is a value: a copy is a snapshot, and both go on alike.
#pragma once

#include <memory>
#include <utility>
#include <variant>

#include "core/sim/context.h"
#include "core/sim/dispatch.h"
#include "core/sim/protocol.h"
#include "core/sim/world_base.h"

namespace netsplit {

template <Protocol P>
class World final : public WorldBase {
 public:
  using Message = typename P::Message;
  using Timer = typename P::Timer;
  using Request = typename P::Request;
  using Node = typename P::Node;
  using Params = typename P::Params;
  using Ctx = Context<Message, Timer, Params>;
  using EffectList = typename Ctx::EffectList;

  static const WorldTypes own_types;

  // Both are laid out to fill a cache line where the protocol's part is small.
  struct alignas(64) NodeSlot : NodeRecord {
    Node state;
  };
  struct alignas(64) Envelope : MessageRecord {
    Message message;
  };
  struct TimerSlot : TimerRecord {
    Timer timer;
  };

  // Requires: the setup's nodes are the topology's, its roles the protocol's.
  World(std::shared_ptr<const Topology> topology, const Params& params, const Setup& setup)
      : WorldBase(own_types, std::move(topology), setup), params_(params) {}

  void restart(const Setup& setup) override { *this = World(topology_, params_, setup); }

  const Params& params() const { return params_; }
  const NodeSlot& node(NodeId id) const {
    return static_cast<const NodeSlot&>(WorldBase::node(id));
  }
  template <class Visit>
  void for_each_message(Visit visit) const {
    each_message([&](const MessageRecord& record, const void*) {
      visit(static_cast<const Envelope&>(record));
    });
  }
  template <class Visit>
  void for_each_timer(NodeId id, Visit visit) const {
    each_timer(id, [&](const TimerRecord& record, const void*) {
      visit(static_cast<const TimerSlot&>(record));
    });
  }

  static std::span<const std::string_view> role_types() {
    return detail::alternatives<Node>::names;
  }

 private:
  // Where there are few kinds of messages an unrecorded step is made in one piece with its
  // handlers: it does little else, and calls and what they save and restore are a fifth of it. With
  // many kinds that piece would grow beyond measure.
  static constexpr bool in_one_piece = std::variant_size_v<Message> <= 3;

  static bool same_timer(const void* a, const void* b) {
    return *static_cast<const Timer*>(a) == *static_cast<const Timer*>(b);
  }
  static void forget_memory(void* node) { detail::forget_memory(*static_cast<Node*>(node)); }
  void handle(NodeId id, const Happening& happening, Recorder* recorder) override {
    run(id, happening, recorder,
        [&](Node& node, Ctx& context) { detail::call_handler<P>(node, context, happening); });
  }
  bool step_unrecorded() override;
  template <class Call>
  void run(NodeId id, const Happening& happening, Recorder* recorder, Call call);
  void carry_out(NodeId id, typename EffectList::Send& send, EventIndex cause, Recorder* recorder);
  void carry_out(NodeId id, typename EffectList::SetTimer& set, EventIndex cause,
                 Recorder* recorder);
  void carry_out(NodeId id, const typename EffectList::CancelTimer& cancel, EventIndex cause,
                 Recorder* recorder) {
    cancel_timer(id, &cancel.timer, cause, recorder);
  }
  void carry_out(NodeId id, const Invoke& asked, EventIndex cause, Recorder* recorder) {
    invoke(id, asked.number, asked.operation, cause, recorder);
  }
  void carry_out(NodeId id, const Complete& ended, EventIndex cause, Recorder* recorder) {
    complete(id, ended.number, ended.outcome, ended.result, cause, recorder);
  }

  void carry_out(NodeId, const TookEffect& effect, EventIndex cause, Recorder*) {
    took_effect(effect.client, effect.key, cause);
  }

  Params params_;
  EffectList effects_;  // scratch, empty between steps; no part of the value
};

template <Protocol P>
constinit const WorldTypes World<P>::own_types{
    value_type<Node>,
    value_type<Message>,
    value_type<Timer>,
    value_type<Request>,
    {sizeof(NodeSlot), alignof(NodeSlot), offsetof(NodeSlot, state), &value_type<Node>},
    {sizeof(Envelope), alignof(Envelope), offsetof(Envelope, message), &value_type<Message>},
    {sizeof(TimerSlot), alignof(TimerSlot), offsetof(TimerSlot, timer), &value_type<Timer>},
    detail::alternatives<Timer>::leases,
    &same_timer,
    &forget_memory};

template <Protocol P>
[[gnu::flatten]] bool World<P>::step_unrecorded() {
  if constexpr (in_one_piece) {
    return advance(nullptr, [this](NodeId id, const Happening& happening, Recorder* recorder) {
      run(id, happening, recorder, [&](Node& node, Ctx& context) {
        const Message& message = *static_cast<const Message*>(happening.content);
        detail::visit_one(node, [&](auto& role) {
          detail::call_receive(role, context, happening.from, message);
        });
      });
    });
  } else {
    return WorldBase::step_unrecorded();
  }
}

// Runs one handler and carries out what it asked for.
template <Protocol P>
template <class Call>
NETSPLIT_FLAT void World<P>::run(NodeId id, const Happening& happening, Recorder* recorder,
                                 Call call) {
  NodeSlot& node = static_cast<NodeSlot&>(nodes_[index(id)]);
  const typename Ctx::Surroundings around{topology_.get(), role_types(), &params_};
  Choices choices{given_choices_, &node.choices};
  {
    Ctx context(around, id, monotonic(id), wall(id), node.operations, choices, effects_);
    call(node.state, context);
  }
  given_choices_ = choices.given;  // one input may run several handlers
  if constexpr (!std::is_trivially_destructible_v<Message>) {
    // What a message held is given back; its record is free already.
    if (happening.kind == Happening::Kind::message)
      *static_cast<Message*>(const_cast<void*>(happening.content)) = Message{};
  }
  busy_for(node, effects_.work_us);
  effects_.for_each([&](auto& effect) { carry_out(id, effect, happening.event, recorder); });
  effects_.clear();
}

template <Protocol P>
NETSPLIT_FLAT void World<P>::carry_out(NodeId id, typename EffectList::Send& sent, EventIndex cause,
                                       Recorder* recorder) {
  const std::uint32_t slot = take_message_slot();
  Envelope& envelope = static_cast<Envelope&>(messages_[slot]);
  envelope.message = std::move(sent.message);
  envelope.label = static_cast<std::uint16_t>(envelope.message.index());
  const std::int64_t bytes = header_bytes + size_in_bytes(envelope.message);
  if constexpr (in_one_piece) {
    post(id, sent.to, slot, sent.work_before_us, bytes, cause, recorder);
  } else {
    send(id, sent.to, slot, sent.work_before_us, bytes, cause, recorder);
  }
}

template <Protocol P>
void World<P>::carry_out(NodeId id, typename EffectList::SetTimer& set, EventIndex cause,
                         Recorder* recorder) {
  cancel_timer(id, &set.timer, cause, recorder);
  const std::uint32_t slot = take_timer_slot();
  TimerSlot& timer = static_cast<TimerSlot&>(timers_[slot]);
  timer.timer = std::move(set.timer);
  timer.label = static_cast<std::uint16_t>(timer.timer.index());
  set_timer(id, slot, set.low_us, set.high_us, cause, recorder);
}

}  // namespace netsplit
