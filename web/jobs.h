// The window's long work on the page, in Workers. web/jobs.js starts and ends them; web/worker.js
// is what runs in one.
#pragma once

#include <memory>

#include "ui/host.h"

namespace netsplit::web {

// Null where the browser offers no Workers.
std::shared_ptr<ui::Jobs> jobs_in_workers();

}  // namespace netsplit::web
