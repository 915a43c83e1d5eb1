# Writes what depends on the whole site (cmake -P): texts.js; index.html from shell.html, with the size of the program
# (for the progress bar; compressed transfers hide it) and with a name for this very build, which every file's address
# carries, so that no cache mixes two builds; and service.js, with that name and the list of the files.
execute_process(COMMAND ${TEXTS} OUTPUT_FILE ${SITE}/texts.js COMMAND_ERROR_IS_FATAL ANY)

set(of_this_build boot.js input.js jobs.js keep.js mirror.js netsplit.js netsplit.wasm netsplit-worker.js
  netsplit-worker.wasm scenarios.txt style.css texts.js words.js worker.js)
set(of_any_build icon-180.png icon-maskable.svg icon.svg site.webmanifest LICENSE.txt NOTICES.txt)
set(contents)
foreach(file IN LISTS of_this_build of_any_build)
  file(SHA256 ${SITE}/${file} hash)
  string(APPEND contents ${hash})
endforeach()
foreach(file shell.html web/service.js.in)
  file(SHA256 ${SOURCE}/${file} hash)
  string(APPEND contents ${hash})
endforeach()
string(SHA256 NETSPLIT_BUILD "${contents}")
string(SUBSTRING ${NETSPLIT_BUILD} 0 12 NETSPLIT_BUILD)

file(SIZE ${SITE}/netsplit.wasm NETSPLIT_WASM_BYTES)
list(TRANSFORM of_this_build APPEND "?v=${NETSPLIT_BUILD}")
list(JOIN of_this_build "', '" versioned)
list(JOIN of_any_build "', '" unversioned)
set(NETSPLIT_FILES "'./', '${versioned}', '${unversioned}'")
configure_file(${SOURCE}/shell.html ${SITE}/index.html @ONLY)
configure_file(${SOURCE}/web/service.js.in ${SITE}/service.js @ONLY)
