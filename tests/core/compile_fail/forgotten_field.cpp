// A member that FIELDS does not list. Expected: names|elements|decomposes
#include "core/base/encode.h"
struct Struct {
  int a = 0;
  int b = 0;
  FIELDS(a)
};
int main() { return static_cast<int>(netsplit::hash_of(Struct{})); }
