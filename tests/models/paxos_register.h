// A register kept by single-decree Paxos: three servers, clients that each put a value and then get
// it, over a network that may reorder but neither loses nor copies. What the clients saw is part of
// the state and must be linearizable. The counterpart of the stateright model checker's example
// "paxos": a message that would change nothing is not delivered, and a leader counts itself.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "core/check/model.h"

namespace netsplit::models {

struct PaxosRegister {
  static constexpr int servers = 3;
  static constexpr int clients_max = 3;
  int clients = 2;
  bool forgets = false;  // broken twin: a leader ignores what others had accepted

  // A ballot is round * servers + leader, of at most 11; 0 is before all. A proposal is the client
  // whose value it is. What was accepted is ballot * 4 + proposal, and 0 when nothing was.
  struct Server {
    std::uint8_t ballot = 0;
    std::uint8_t proposal = none;
    std::uint8_t accepted = 0;
    std::uint8_t accepts = 0;                // set of servers
    std::array<std::uint8_t, 3> prepares{};  // by server: 0 no answer, else 1 + what it accepted
    std::uint8_t decided = 0;
    friend bool operator==(const Server&, const Server&) = default;
  };
  struct Client {
    std::uint8_t phase = putting;
    std::array<std::uint8_t, 3> seen{};  // operations of each other that were over when it got
    std::uint8_t read = none;            // whose value
    std::uint8_t unused[3] = {};
    friend bool operator==(const Client&, const Client&) = default;
  };
  struct State {
    std::array<Server, servers> server{};
    std::array<Client, clients_max> client{};
    std::array<std::uint32_t, 6> channel{};  // between servers; see below
    std::uint32_t put = 0;                   // by client: on its way
    std::uint32_t put_ok = 0;                // by server and client
    std::uint32_t get = 0;                   // by client
    std::uint32_t get_ok = 0;                // by client, two bits: 0, or 1 + whose value
    friend bool operator==(const State&, const State&) = default;
  };
  static constexpr std::uint8_t none = 3;
  enum Phase : std::uint8_t { putting, getting, done };

  // A channel holds at most one message of each kind: their rounds (0 when there is none), and what
  // else they carry. The leader of the ballot is one of the two ends.
  struct Kind {
    int round;  // the lowest bit of the round, which takes two
    int carries;
    std::uint32_t mask;
  };
  static constexpr Kind prepare{0, 0, 0};
  static constexpr Kind prepared{2, 4, 63};  // carries what was accepted
  static constexpr Kind accept{10, 12, 3};   // carries the proposal
  static constexpr Kind accepted{14, 0, 0};
  static constexpr Kind decided{16, 18, 3};  // carries the proposal

  static std::uint32_t& channel(State& s, int from, int to) {
    return s.channel[static_cast<std::size_t>(from * 2 + (to - from + servers) % servers - 1)];
  }
  static void send(State& s, int from, int to, Kind kind, int round, int carried = 0) {
    channel(s, from, to) |= static_cast<std::uint32_t>(round) << kind.round |
                            static_cast<std::uint32_t>(carried) << kind.carries;
  }
  static void send_to_others(State& s, int from, Kind kind, int round, int carried = 0) {
    for (int to = 0; to < servers; ++to) {
      if (to != from) send(s, from, to, kind, round, carried);
    }
  }
  static Server& server(State& s, int i) { return s.server[static_cast<std::size_t>(i)]; }
  static Client& client(State& s, int i) { return s.client[static_cast<std::size_t>(i)]; }
  static const Server& server(const State& s, int i) {
    return s.server[static_cast<std::size_t>(i)];
  }
  static const Client& client(const State& s, int i) {
    return s.client[static_cast<std::size_t>(i)];
  }

  template <class Emit>
  void initial(Emit emit) const {
    State s;
    s.put = (1u << clients) - 1;
    emit(s);
  }

  template <class Emit>
  void next(const State& s, Emit emit) const {
    for (int c = 0; c < clients; ++c) {
      const int to = c % servers;
      if ((s.put >> c & 1) && !server(s, to).decided && server(s, to).proposal == none) {
        State t = s;
        t.put &= ~(1u << c);
        put(t, to, c);
        emit(t);
      }
      const int asked = (c + 1) % servers;
      if ((s.get >> c & 1) && server(s, asked).decided) {
        State t = s;
        t.get &= ~(1u << c);
        t.get_ok |= (1u + (server(s, asked).accepted & 3u)) << (2 * c);
        emit(t);
      }
      for (int from = 0; from < servers; ++from) {
        if (!(s.put_ok >> (from * clients_max + c) & 1) || client(s, c).phase != putting) continue;
        State t = s;
        t.put_ok &= ~(1u << (from * clients_max + c));
        client(t, c).phase = getting;
        for (int o = 0; o < clients; ++o) {
          if (o != c) client(t, c).seen[static_cast<std::size_t>(o)] = client(s, o).phase;
        }
        t.get |= 1u << c;
        emit(t);
      }
      if ((s.get_ok >> (2 * c) & 3) != 0) {
        State t = s;
        t.get_ok &= ~(3u << (2 * c));
        client(t, c).phase = done;
        client(t, c).read = static_cast<std::uint8_t>((s.get_ok >> (2 * c) & 3) - 1);
        emit(t);
      }
    }
    for (int from = 0; from < servers; ++from) {
      for (int to = 0; to < servers; ++to) {
        if (from != to && !server(s, to).decided) receive(s, from, to, emit);
      }
    }
  }

  std::vector<check::Invariant<PaxosRegister>> invariants() const {
    return {{"linearizable", PropertyKind::always,
             [](const PaxosRegister& m, const State& s) { return m.linearizable(s, 0, none); }},
            {"value chosen", PropertyKind::sometimes,
             [](const PaxosRegister&, const State& s) { return s.get_ok != 0; }}};
  }
  std::string describe(const State& s) const { return std::to_string(s.get_ok); }
  std::string action(const State&, std::uint32_t number) const { return std::to_string(number); }

 private:
  static void put(State& s, int own, int c) {
    Server& leader = server(s, own);
    leader.proposal = static_cast<std::uint8_t>(c);
    const int round = leader.ballot / servers + 1;
    leader.ballot = static_cast<std::uint8_t>(round * servers + own);
    leader.accepts = 0;
    leader.prepares = {};
    leader.prepares[static_cast<std::size_t>(own)] = static_cast<std::uint8_t>(1 + leader.accepted);
    send_to_others(s, own, prepare, round);
  }

  template <class Emit>
  void receive(const State& s, int from, int to, Emit& emit) const {
    const Server& before = server(s, to);
    State scratch = s;
    const std::uint32_t sent = channel(scratch, from, to);
    if (sent == 0) return;
    const auto round = [&](Kind kind) { return static_cast<int>(sent >> kind.round & 3); };
    const auto carried = [&](Kind kind) {
      return static_cast<int>(sent >> kind.carries & kind.mask);
    };
    const auto take = [&](Kind kind) {
      State t = s;
      channel(t, from, to) &= ~(3u << kind.round | kind.mask << kind.carries);
      return t;
    };
    if (round(prepare) != 0 && before.ballot < round(prepare) * servers + from) {
      State t = take(prepare);
      server(t, to).ballot = static_cast<std::uint8_t>(round(prepare) * servers + from);
      send(t, to, from, prepared, round(prepare), before.accepted);
      emit(t);
    }
    if (round(prepared) != 0 && before.ballot == round(prepared) * servers + to) {
      State t = take(prepared);
      server(t, to).prepares[static_cast<std::size_t>(from)] =
          static_cast<std::uint8_t>(1 + carried(prepared));
      lead(t, to, round(prepared));
      emit(t);
    }
    if (round(accept) != 0 && before.ballot <= round(accept) * servers + from) {
      State t = take(accept);
      server(t, to).ballot = static_cast<std::uint8_t>(round(accept) * servers + from);
      server(t, to).accepted =
          static_cast<std::uint8_t>(server(t, to).ballot * 4 + carried(accept));
      send(t, to, from, accepted, round(accept));
      emit(t);
    }
    if (round(accepted) != 0 && before.ballot == round(accepted) * servers + to) {
      State t = take(accepted);
      Server& leader = server(t, to);
      leader.accepts |= static_cast<std::uint8_t>(1 << from);
      if (leader.accepts != 7) {  // the second vote, its own included
        leader.decided = 1;
        send_to_others(t, to, decided, round(accepted), leader.proposal);
        t.put_ok |= 1u << (to * clients_max + leader.proposal);
      }
      emit(t);
    }
    if (round(decided) != 0) {
      State t = take(decided);
      server(t, to).ballot = static_cast<std::uint8_t>(round(decided) * servers + from);
      server(t, to).accepted =
          static_cast<std::uint8_t>(server(t, to).ballot * 4 + carried(decided));
      server(t, to).decided = 1;
      emit(t);
    }
  }

  // With the second answer, its own included, a leader proposes what was accepted last.
  void lead(State& s, int own, int round) const {
    Server& leader = server(s, own);
    int answers = 0;
    int last = 0;
    for (const std::uint8_t answer : leader.prepares) {
      answers += answer != 0 ? 1 : 0;
      last = std::max(last, answer - 1);
    }
    if (answers != 2) return;
    if (last > 0 && !forgets) leader.proposal = static_cast<std::uint8_t>(last & 3);
    leader.accepted = static_cast<std::uint8_t>(leader.ballot * 4 + leader.proposal);
    leader.accepts |= static_cast<std::uint8_t>(1 << own);
    send_to_others(s, own, accept, round, leader.proposal);
  }

  // Whether what is left can be put in an order in which each get returns the value put last.
  // `placed`: by client, two bits, for its put and its get. A put that is not over may come
  // anywhere or not at all, a get that is not over need not come.
  bool linearizable(const State& s, std::uint32_t placed, std::uint8_t value) const {
    bool complete = true;
    for (int c = 0; c < clients && complete; ++c) {
      complete = client(s, c).phase != done || (placed >> (2 * c + 1) & 1);
    }
    if (complete) return true;
    for (int c = 0; c < clients; ++c) {
      const Client& own = client(s, c);
      if (!(placed >> (2 * c) & 1)) {
        if (linearizable(s, placed | 1u << (2 * c), static_cast<std::uint8_t>(c))) return true;
      } else if (own.phase == done && !(placed >> (2 * c + 1) & 1) && own.read == value) {
        bool in_time = true;
        for (int o = 0; o < clients; ++o) {
          const std::uint8_t seen = own.seen[static_cast<std::size_t>(o)];
          const std::uint32_t needed = seen == done ? 3 : seen == getting ? 1 : 0;
          in_time = in_time && (placed >> (2 * o) & needed) == needed;
        }
        if (in_time && linearizable(s, placed | 2u << (2 * c), value)) return true;
      }
    }
    return false;
  }
};

}  // namespace netsplit::models
