// What the links of version 1 are compressed against: keys, actions and common values in the form
// compact_json gives them. FROZEN: a link made with it opens with no other. A better one is v2.
#pragma once

#include <string_view>

namespace netsplit {

// zlib finds near things cheaper: what is most common stands last.
inline constexpr std::string_view link_dictionary_v1 =
    R"~("tamper_ppm":"nanocents_per_byte":"bytes_per_second":"duplicate_ppm":"ntp_interval":)~"
    R"~("ntp_error":"joins_later":true,"manual":true,"on_cut":"hold","fifo":true,"offset":"d)~"
    R"~(rift_ppm":"ntp":true,"clock":{"order":1,"chapter":"summary":"compare":"next":"id":"s)~"
    R"~(peed":"0.1x","speed":"0.5x","speed":"2x"}}"lesson":[{"at":"title":"text":"highlight")~"
    R"~(:["question":"answers":["reveal":{"node":"field":"disk.value","stagings":[{"title":")~"
    R"~(positions":{"{"model":"exponential","base":"{"model":"long_tail","base":"{"model":"u)~"
    R"~(niform","base":"8ms","spread":"4ms"},"network":{"latency":"20ms","loss_ppm":100000,")~"
    R"~(cut_random":"all","ppm":100000},{"at":"isolate":["clock_ntp":"on":false},{"at":"cloc)~"
    R"~(k_drift":"ppm":200},{"at":"clock_step":"lock","by":"-30s"},{"at":"leave":"join":"fir)~"
    R"~(e":"lease_over","node":"choices":[0]"alter":{"label":"field":"token","value":"duplic)~"
    R"~(ate":"deliver":"drop":"delay":{"from":"alice","to":"storage","label":"Write"},"by":")~"
    R"~(6s"},"link":"all","set":{"latency":"80ms"}},"between":["a","b"],"from":"to":"client")~"
    R"~(,"count":100}],"coordinator","participant","replica","proposer","acceptor","server",)~"
    R"~("peer","attacker""process"},{"name":"node","role":"merge_on_receipt":false,"skew_lim)~"
    R"~(it":"do_something","tell","arguments":{"peer":"protocol":"two_phase_commit","raft",")~"
    R"~(paxos","gossip","quorum","saga","idempotency","clocks","nodes":["dave","role":"clien)~"
    R"~(t"},{"name":"carol","role":"client"},"at":"100ms","at":"2s","at":"3s","at":"5s","at")~"
    R"~(:"10s","expect":{"no_stale_write":"violated","one_believer":"violated","all_answered)~"
    R"~(":"holds"},"parameters":{"fencing":"conditional_write","lease_clock":"wall","check_l)~"
    R"~(ease":true,"retry":"give_up":"lease":"5s","request":"lock_and_write","node":"bob","a)~"
    R"~(rguments":{"work_us":"request":"lock_and_write","node":"alice"},{"at":{"scenario":{")~"
    R"~(netsplit":1,"id":"title":"protocol":"lease_lock","parameters":{"fencing":"token"},"n)~"
    R"~(odes":[{"name":"alice","role":"client"},{"name":"bob","role":"client"},{"name":"lock)~"
    R"~(","role":"lock_service"},{"name":"storage","role":"storage"}],"network":{"latency":")~"
    R"~(links":[{"seed":1,"until":"30s","until":"20s","partition":[["one_way":true},{"at":"h)~"
    R"~(eal":["heal":"all","by_hand":true},{"at":"crash":"restart":""cut":["alice","lock"],")~"
    R"~(by_hand":true},{"at":"pause":"alice","by_hand":true},{"at":"resume":"alice","after_s)~"
    R"~(tep":"by_hand":true}],"holds","violated"},"seed":"until":"10s","script":[{"at":"1s",)~"
    R"~({"id":"vector","changes":{"{"id":"lamport","changes":{"{"id":"clock-drift","changes")~"
    R"~(:{"{"id":"lock-clock-jump","changes":{"{"id":"lock-delayed-packet","changes":{"{"id")~"
    R"~(:"lock-fenced","changes":{"{"id":"lock-gc-pause","changes":{"script":[{"at":"cursor")~"
    R"~(:"step":"hash":"steps":)~";

}  // namespace netsplit
