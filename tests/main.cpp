// The entry point of every doctest binary. `--source-file=*rng_test.cpp` and `--test-case=...`
// choose tests.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
