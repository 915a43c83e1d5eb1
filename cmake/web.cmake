# The page: build/web/site is a complete static site, to be served from any host under any path.
netsplit_sources(web_sources web)
if(NOT web_sources)
  message(STATUS "netsplit-web is left out: web/ has no sources yet.")
  return()
endif()

set(NETSPLIT_SITE ${CMAKE_BINARY_DIR}/site)
set(page_link_options
  -sFILESYSTEM=0 -sALLOW_MEMORY_GROWTH=1 ${NETSPLIT_STACK_OPTION}
  -sEXPORTED_RUNTIME_METHODS=ccall
  -sDYNAMIC_EXECUTION=0  # the page's security policy allows no eval
  $<IF:$<CONFIG:Debug>,-sASSERTIONS=2;-sSTACK_OVERFLOW_CHECK=2,-sASSERTIONS=0>)

# The window. What it is made of is compiled to be small, since everybody waits for it; where millions of steps are taken,
# it is the Worker's program that runs. Its protocols, checks and scenarios stand before those of the core, which are then
# not taken.
netsplit_core_objects(netsplit_window_core ${protocol_sources} ${check_sources})
target_compile_options(netsplit_window_core PRIVATE -Oz)
# WebGL2 straight from the canvas: web/page.h says why not GLFW.
add_executable(netsplit-web ${web_sources} $<TARGET_OBJECTS:netsplit_window_core>
  ${imgui_SOURCE}/backends/imgui_impl_opengl3.cpp)
set_source_files_properties(${imgui_SOURCE}/backends/imgui_impl_opengl3.cpp PROPERTIES COMPILE_OPTIONS "-Oz;-w")
set_target_properties(netsplit-web PROPERTIES
  OUTPUT_NAME netsplit RUNTIME_OUTPUT_DIRECTORY ${NETSPLIT_SITE} CXX_EXTENSIONS ON)  # EM_JS needs extensions
target_include_directories(netsplit-web SYSTEM PRIVATE ${imgui_SOURCE}/backends)
target_link_libraries(netsplit-web PRIVATE netsplit_ui netsplit_flags)
target_compile_options(netsplit-web PRIVATE -Oz)
target_link_options(netsplit-web PRIVATE ${page_link_options} -sENVIRONMENT=web
  -sMIN_WEBGL_VERSION=2 -sMAX_WEBGL_VERSION=2 $<$<NOT:$<CONFIG:Debug>>:-Oz>)

# What works on long jobs, in a Worker: no window, loaded when the first job begins. It has its own scenarios, for links
# and commands that name one.
add_executable(netsplit-worker web/worker/worker_main.cpp)
set_target_properties(netsplit-worker PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${NETSPLIT_SITE} CXX_EXTENSIONS ON)
target_link_libraries(netsplit-worker PRIVATE netsplit_core netsplit_flags)
target_link_options(netsplit-worker PRIVATE ${page_link_options} -sENVIRONMENT=worker)

# Everything else the site consists of is copied as it is. Whoever hosts the page passes on the licences with it.
file(GLOB site_files CONFIGURE_DEPENDS web/*.js web/*.css web/*.svg web/*.png web/*.ico web/*.webmanifest web/*.txt)
set(copied)
foreach(file LICENSE packaging/NOTICES.txt ${site_files})
  cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${PROJECT_SOURCE_DIR})
  cmake_path(GET file FILENAME name)
  if(name STREQUAL "LICENSE")
    set(name LICENSE.txt)  # hosts show it instead of offering it for download
  endif()
  add_custom_command(OUTPUT ${NETSPLIT_SITE}/${name}
    COMMAND ${CMAKE_COMMAND} -E copy ${file} ${NETSPLIT_SITE}/${name} DEPENDS ${file} VERBATIM)
  list(APPEND copied ${NETSPLIT_SITE}/${name})
endforeach()
netsplit_write_scenarios(page_scenarios ${NETSPLIT_SITE}/scenarios.txt)
list(APPEND copied ${NETSPLIT_SITE}/scenarios.txt)
# The page's texts come out of the window's catalogue, printed by a little program under Node.
add_executable(netsplit-page-texts web/tool/texts_main.cpp ui/strings.cpp
  ui/strings_english.cpp ui/strings_german.cpp)
target_include_directories(netsplit-page-texts PRIVATE ${PROJECT_SOURCE_DIR})
target_link_options(netsplit-page-texts PRIVATE -sENVIRONMENT=node)
# shell.html becomes index.html, and service.js.in service.js, once everything they name is there.
add_custom_command(OUTPUT ${NETSPLIT_SITE}/index.html
  COMMAND ${CMAKE_COMMAND} -D SOURCE=${PROJECT_SOURCE_DIR} -D SITE=${NETSPLIT_SITE}
    -D "TEXTS=${CMAKE_CROSSCOMPILING_EMULATOR};$<TARGET_FILE:netsplit-page-texts>"
    -P ${PROJECT_SOURCE_DIR}/web/index.cmake
  DEPENDS shell.html web/index.cmake web/service.js.in netsplit-web netsplit-worker netsplit-page-texts ${copied} VERBATIM)
add_custom_target(site ALL DEPENDS ${copied} ${NETSPLIT_SITE}/index.html)
