# Tests, by folder. One ctest entry per source file, labelled, so that `ctest -L core` or `ctest -R rng` picks them.
#
#   tests/core tests/protocols tests/scenarios   core_tests: native, and the same binary in wasm under Node
#   tests/core/compile_fail                      must not compile, each for the reason it gives
#   tests/ui                                     ui_tests: the window's model and panels, without a window
#   tests/fuzz                                   one target per file: libFuzzer in preset asan, else a short replay
#   tests/cli, tests/desktop                     *_test.sh FILE-OF-THE-PROGRAM
#   tests/web                                    *_test.mjs: the page in a real browser (preset web)
#   tests/bench                                  netsplit-bench, not a test

add_custom_target(checks)   # what preset asan builds

# netsplit_doctest(target label folder...)
function(netsplit_doctest target label)
  list(TRANSFORM ARGN PREPEND tests/ OUTPUT_VARIABLE folders)
  netsplit_sources(sources ${folders})
  if(NOT sources)
    return()
  endif()
  add_executable(${target} tests/main.cpp ${sources})
  target_link_libraries(${target} PRIVATE netsplit_core netsplit_doctest netsplit_json netsplit_zlib)
  netsplit_runs_in_node(${target})
  if(EMSCRIPTEN)  # what is tested is optimised; to optimise the tests takes longer than to run them
    target_compile_options(${target} PRIVATE -O0)
    target_link_options(${target} PRIVATE -O1)
  else()
    netsplit_runs_seldom(${target})
  endif()
  add_dependencies(checks ${target})
  # What ten thousand seeds show is the same in every build, whose traces are the same: it is asked once, natively.
  set(filter)
  if(NETSPLIT_SANITIZE OR EMSCRIPTEN)
    set(filter "--test-case-exclude=*10000 seeds*")
  endif()
  foreach(source IN LISTS sources)
    file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR}/tests ${source})
    string(REGEX REPLACE "\\.cpp$" "" name ${path})
    file(STRINGS ${source} has_tests REGEX "TEST_CASE" LIMIT_COUNT 1)
    file(STRINGS ${source} native_only REGEX "^#ifndef __EMSCRIPTEN__" LIMIT_COUNT 1)
    if(NETSPLIT_SANITIZE AND name STREQUAL "core/source_rules_test")
      continue()  # it reads sources, which are the same in every build, by regular expressions, which are slow
    endif()
    if(has_tests AND NOT (EMSCRIPTEN AND native_only))
      add_test(NAME ${name} COMMAND ${target} --source-file=*tests/${path} --no-colors=true ${filter}
        WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
      set_tests_properties(${name} PROPERTIES LABELS ${label} FAIL_REGULAR_EXPRESSION "test cases: +0 ")
    endif()
  endforeach()
endfunction()

# Node gets the real file system and a generous stack; natively there is nothing to do.
function(netsplit_runs_in_node target)
  if(EMSCRIPTEN)
    target_link_options(${target} PRIVATE
      -sNODERAWFS=1 -sALLOW_MEMORY_GROWTH=1 ${NETSPLIT_STACK_OPTION} -sEXIT_RUNTIME=1 -sENVIRONMENT=node)
  endif()
endfunction()

# Sanitized, protocols are run by the library's scenarios: their own tests, of many seeds, would take too long.
set(core_tests_folders core scenarios)
if(NOT NETSPLIT_SANITIZE)
  list(APPEND core_tests_folders protocols)
endif()
netsplit_doctest(core_tests core ${core_tests_folders})
set_source_files_properties(tests/core/source_rules_test.cpp tests/scenarios/coverage_test.cpp PROPERTIES
  COMPILE_DEFINITIONS NETSPLIT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")

# The trace of every scenario alone: what an optimised build must have in common with the others.
if(NOT EMSCRIPTEN)
  add_executable(golden_tests tests/main.cpp tests/scenarios/golden_test.cpp)
  target_link_libraries(golden_tests PRIVATE netsplit_core netsplit_doctest)
  add_test(NAME golden COMMAND golden_tests --no-colors=true)
  set_tests_properties(golden PROPERTIES LABELS golden FAIL_REGULAR_EXPRESSION "test cases: +0 ")
endif()
if(NOT EMSCRIPTEN)
  netsplit_doctest(ui_tests ui ui)
  if(TARGET ui_tests)
    target_sources(ui_tests PRIVATE ui/desktop_jobs.cpp)
    target_link_libraries(ui_tests PRIVATE netsplit_ui netsplit_threads)
  endif()
endif()

# What must not compile, and with which words: the first line of each file says. `sound` is the control.
file(GLOB must_fail CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/core/compile_fail/*.cpp)
foreach(source IN LISTS must_fail)
  if(EMSCRIPTEN)
    break()
  endif()
  cmake_path(GET source STEM name)
  add_test(NAME core/compile_fail/${name}
    COMMAND ${CMAKE_CXX_COMPILER} -std=c++20 -fsyntax-only -I${PROJECT_SOURCE_DIR} ${source})
  set_tests_properties(core/compile_fail/${name} PROPERTIES LABELS core)
  file(STRINGS ${source} expected REGEX "Expected: " LIMIT_COUNT 1)
  string(REGEX REPLACE ".*Expected: " "" expected "${expected}")
  if(NOT expected STREQUAL "nothing")
    set_tests_properties(core/compile_fail/${name} PROPERTIES PASS_REGULAR_EXPRESSION "${expected}")
  endif()
endforeach()

netsplit_sources(fuzz_sources tests/fuzz)
foreach(source IN LISTS fuzz_sources)
  if(EMSCRIPTEN)
    break()
  endif()
  cmake_path(GET source STEM name)
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE netsplit_core netsplit_json netsplit_zlib)
  add_dependencies(checks ${name})
  set(seeds ${PROJECT_SOURCE_DIR}/tests/fuzz/seeds/${name})
  if(NETSPLIT_FUZZ)
    target_compile_options(${name} PRIVATE -fsanitize=fuzzer-no-link)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    set(corpus ${CMAKE_BINARY_DIR}/corpus/${name})
    file(MAKE_DIRECTORY ${corpus})
    set(arguments -max_total_time=15 -seed=1 -print_final_stats=1 ${corpus})
  else()
    target_sources(${name} PRIVATE tests/fuzz/driver/replay.cpp)
    set(arguments -runs=5000)
  endif()
  if(EXISTS ${seeds})
    list(APPEND arguments ${seeds})
  endif()
  add_test(NAME fuzz/${name} COMMAND ${name} ${arguments})
  set_tests_properties(fuzz/${name} PROPERTIES LABELS fuzz)
endforeach()

# netsplit_script_tests(folder program launcher...): each tests/FOLDER/*_test.sh gets the program's path.
function(netsplit_script_tests folder program)
  if(NOT TARGET ${program})
    return()
  endif()
  file(GLOB scripts CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${folder}/*_test.sh)
  foreach(script IN LISTS scripts)
    cmake_path(GET script STEM name)
    add_test(NAME ${folder}/${name} COMMAND ${ARGN} bash ${script} $<TARGET_FILE:${program}>
      WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(${folder}/${name} PROPERTIES LABELS ${folder} TIMEOUT 120)
  endforeach()
endfunction()

netsplit_script_tests(cli netsplit)
find_program(XVFB_RUN xvfb-run)
if(XVFB_RUN)
  netsplit_script_tests(desktop netsplit-desktop ${XVFB_RUN} -a -s "-screen 0 1600x1000x24")
endif()

if(EMSCRIPTEN AND TARGET netsplit-web)
  include(cmake/web_tests.cmake)
endif()
include(cmake/bench.cmake)
