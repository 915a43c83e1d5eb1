// A floating-point member. Expected: floating point is not the same everywhere
#include "core/base/encode.h"
struct Struct {
  double a = 0;
  FIELDS(a)
};
int main() { return static_cast<int>(netsplit::hash_of(Struct{})); }
