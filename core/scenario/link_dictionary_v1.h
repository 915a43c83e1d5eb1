// What the links of version 1 are compressed against: keys, actions and common values in the form
// compact_json gives them. FROZEN: a link made with it opens with no other. A better one is v2.
#pragma once

#include <string_view>

namespace netsplit {

// zlib finds near things cheaper: what is most common stands last.
inline constexpr std::string_view link_dictionary_v1 =
    R"~("tamper_ppm":"nanocents_per_byte":"bytes_per_second":"duplicate_ppm":"ntp_interval":"ntp_error":)~"
    R"~("joins_later":true,"manual":true,"on_cut":"hold","fifo":true,"offset":"drift_ppm":"ntp":true,"clock":{)~"
    R"~("order":1,"chapter":"summary":"compare":"next":"id":"speed":"0.1x","speed":"0.5x","speed":"2x"}})~"
    R"~("lesson":[{"at":"title":"text":"highlight":["question":"answers":["reveal":{"node":"field":"disk.value",)~"
    R"~("stagings":[{"title":"positions":{"{"model":"exponential","base":"{"model":"long_tail","base":")~"
    R"~({"model":"uniform","base":"8ms","spread":"4ms"},"network":{"latency":"20ms","loss_ppm":100000,)~"
    R"~("cut_random":"all","ppm":100000},{"at":"isolate":["clock_ntp":"on":false},{"at":"clock_drift":"ppm":200},)~"
    R"~({"at":"clock_step":"lock","by":"-30s"},{"at":"leave":"join":"fire":"lease_over","node":"choices":[0])~"
    R"~("alter":{"label":"field":"token","value":"duplicate":"deliver":"drop":"delay":{"from":"alice","to":"storage",)~"
    R"~("label":"Write"},"by":"6s"},"link":"all","set":{"latency":"80ms"}},"between":["a","b"],"from":"to":)~"
    R"~("client","count":100}],"coordinator","participant","replica","proposer","acceptor","server","peer","attacker")~"
    R"~("process"},{"name":"node","role":"merge_on_receipt":false,"skew_limit":"do_something","tell","arguments":{"peer":)~"
    R"~("protocol":"two_phase_commit","raft","paxos","gossip","quorum","saga","idempotency","clocks","nodes":[)~"
    R"~("dave","role":"client"},{"name":"carol","role":"client"},"at":"100ms","at":"2s","at":"3s","at":"5s","at":"10s",)~"
    R"~("expect":{"no_stale_write":"violated","one_believer":"violated","all_answered":"holds"},)~"
    R"~("parameters":{"fencing":"conditional_write","lease_clock":"wall","check_lease":true,"retry":"give_up":"lease":"5s",)~"
    R"~("request":"lock_and_write","node":"bob","arguments":{"work_us":"request":"lock_and_write","node":"alice"},{"at":)~"
    R"~({"scenario":{"netsplit":1,"id":"title":"protocol":"lease_lock","parameters":{"fencing":"token"},"nodes":[)~"
    R"~({"name":"alice","role":"client"},{"name":"bob","role":"client"},{"name":"lock","role":"lock_service"},)~"
    R"~({"name":"storage","role":"storage"}],"network":{"latency":"links":[{"seed":1,"until":"30s","until":"20s",)~"
    R"~("partition":[["one_way":true},{"at":"heal":["heal":"all","by_hand":true},{"at":"crash":"restart":")~"
    R"~("cut":["alice","lock"],"by_hand":true},{"at":"pause":"alice","by_hand":true},{"at":"resume":"alice",)~"
    R"~("after_step":"by_hand":true}],"holds","violated"},"seed":"until":"10s","script":[{"at":"1s",)~"
    R"~({"id":"vector","changes":{"{"id":"lamport","changes":{"{"id":"clock-drift","changes":{"{"id":"lock-clock-jump",)~"
    R"~("changes":{"{"id":"lock-delayed-packet","changes":{"{"id":"lock-fenced","changes":{"{"id":"lock-gc-pause",)~"
    R"~("changes":{"script":[{"at":"cursor":"step":"hash":"steps":)~";

}  // namespace netsplit
