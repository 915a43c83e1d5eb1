// The commands. Each returns the program's exit status.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace netsplit::cli {

struct RunOptions {
  std::string what;
  bool all = false;  // the whole library instead
  std::string seed;
  std::string until;
  std::vector<std::string> set;
  std::string script;
  std::string trace;
  bool json = false;
  bool quiet = false;
};

int run(const RunOptions& options);
int run_all(bool as_json);

// As they were written; empty where an option was not given.
struct CheckWords {
  std::string what;
  std::vector<std::string> set;
  std::string drops;
  std::string duplicates;
  std::string crashes;
  std::string repeats;
  std::string states;
  std::string memory;
  std::string depth;
  std::string time;
  std::string threads;
  std::string out;
  std::string save;
  std::string save_every;
  bool resume = false;
  bool symmetry = false;
  bool json = false;
};
int check(const CheckWords& words);

// As they were written; empty where an option was not given.
struct SweepWords {
  std::string what;
  std::string seeds;
  std::string count;
  std::vector<std::string> property;
  std::vector<std::string> set;
  std::string faults;
  std::string shard;
  std::string threads;
  std::string out;
  bool resume = false;
  bool json = false;
};
int sweep(const SweepWords& words);

struct MergeWords {
  std::vector<std::string> files;
  std::string out;
};
int merge(const MergeWords& words);

struct ShrinkWords {
  std::string what;
  std::string property;
  std::vector<std::string> set;
  std::string out;
  bool json = false;
};
int shrink(const ShrinkWords& words);

struct JudgeWords {
  std::string what;
  std::string model;
  std::string states;
  std::string memory;
  std::string picture;
  bool json = false;
};
int judge(const JudgeWords& words);

struct DrawWords {
  std::string scenario;
  std::string at;
  std::string what = "both";
  std::string theme = "light";
  std::string size;
  std::string out;
  std::vector<std::string> set;
};
int draw(const DrawWords& words);

struct CompareWords {
  std::vector<std::string> what;
  std::vector<std::string> set;
  std::string seed;
  bool json = false;
};
int compare(const CompareWords& words);

int list(bool ids_only);
int list_coverage();
int show(const std::string& what, bool as_json);

struct LinkOptions {
  std::string what;
  std::string page;     // what to put before the link
  bool no_run = false;  // leave out the hash, and the run that yields it
};
int link(const LinkOptions& options);
int unlink(const std::string& text);

// A completion script for the shell, made from the program's own commands and options.
int completion(const CLI::App& app, const std::string& shell);

}  // namespace netsplit::cli
