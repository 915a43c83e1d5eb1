// Jobs of the window in threads: each has one of its own, and what can be shared is shared with as
// many others as the machine has processors.
#pragma once

#include <functional>
#include <memory>

#include "ui/host.h"

namespace netsplit::ui {

// `wake` is called from another thread when there is news. The jobs end, unheard, when the last
// owner lets them go.
std::shared_ptr<Jobs> jobs_in_threads(std::function<void()> wake);

}  // namespace netsplit::ui
