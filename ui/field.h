// Very many nodes: a field of marks coloured by one value, which the reader chooses; a legend says
// what the colours mean.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ui/model.h"

namespace netsplit::ui {

class Field {
 public:
  void draw(ImDrawList* list, const Model& model, const Rect& clip);
  // The legend, which is also the chooser; returns its rectangle.
  Rect legend(Model& model, const Rect& rect);

 private:
  struct Choice {
    std::string path;  // "" is the nodes' condition
    Hint hint = Hint::none;
  };
  struct Class {
    std::string name;
    ImU32 color;
    std::int64_t count;
  };
  void read(const Model& model);
  void chooser(Model& model, const Rect& card);
  void find_choices(const Session& session);
  void classify(const Session& session, std::vector<std::int64_t> numbers);
  std::string name_of(const Session& session, std::int64_t number) const;

  std::vector<Choice> choices_;
  std::size_t chosen_ = 0;
  std::vector<Class> classes_;
  std::vector<std::uint8_t> class_of_;  // of each node
  std::map<std::int64_t, std::string> texts_;
  std::uint64_t generation_ = 0;
  std::uint64_t step_ = 0;
  BranchId branch_ = -1;
  std::size_t read_ = SIZE_MAX;  // which choice the classes are of
  bool light_ = false;
};

}  // namespace netsplit::ui
