// The time the processor has worked for this program, in milliseconds: what others do meanwhile
// does not count.
#pragma once

namespace netsplit::bench {

double processor_ms();

}  // namespace netsplit::bench
