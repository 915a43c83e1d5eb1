// A pointer. Expected: a pointer is not the same in any two runs
#include "core/base/encode.h"
struct Struct {
  const char* a = nullptr;
  FIELDS(a)
};
int main() { return static_cast<int>(netsplit::hash_of(Struct{})); }
