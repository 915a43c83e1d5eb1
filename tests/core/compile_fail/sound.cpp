// The control: what the others do wrong, done right. Expected: nothing
#include "core/base/encode.h"
struct Struct {
  int a = 0;
  int b = 0;
  FIELDS(a, b)
};
int main() { return static_cast<int>(netsplit::hash_of(Struct{})); }
