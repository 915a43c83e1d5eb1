// A protocol without a name cannot make a world. Expected: constraint
#include <variant>

#include "core/sim/world.h"
struct Nothing {};
netsplit::World<Nothing>* world = nullptr;
