# Writes index.html: shell.html with the size of the program (for the progress bar; compressed transfers hide it) and
# with a name for this very build, which every file's address carries, so that no cache mixes two builds.
set(contents)
foreach(name netsplit.wasm netsplit.js boot.js input.js mirror.js jobs.js worker.js style.css)
  file(SHA256 ${SITE}/${name} hash)
  string(APPEND contents ${hash})
endforeach()
string(SHA256 NETSPLIT_BUILD "${contents}")
string(SUBSTRING ${NETSPLIT_BUILD} 0 12 NETSPLIT_BUILD)
file(SIZE ${SITE}/netsplit.wasm NETSPLIT_WASM_BYTES)
configure_file(${SHELL} ${SITE}/index.html @ONLY)
