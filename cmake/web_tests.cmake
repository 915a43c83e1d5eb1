# The page in a real browser: tests/web/*_test.mjs, run by Node's own test runner with playwright-core.
find_program(NPM npm NO_CMAKE_FIND_ROOT_PATH)
if(NOT NPM)
  message(STATUS "The page's tests are left out: npm was not found.")
  return()
endif()

# The driver is installed by the first test run; later runs see that it is there and stay off the network.
set(folder ${PROJECT_SOURCE_DIR}/tests/web)
add_test(NAME web/driver COMMAND ${CMAKE_COMMAND} -D NPM=${NPM} -P ${PROJECT_SOURCE_DIR}/cmake/npm_ci.cmake
  WORKING_DIRECTORY ${folder})
set_tests_properties(web/driver PROPERTIES LABELS web FIXTURES_SETUP web_driver)

file(GLOB scripts CONFIGURE_DEPENDS ${folder}/*_test.mjs)
foreach(script IN LISTS scripts)
  cmake_path(GET script STEM name)
  add_test(NAME web/${name} COMMAND ${NODE} --test --test-reporter=spec ${script} WORKING_DIRECTORY ${folder})
  set_tests_properties(web/${name} PROPERTIES LABELS web FIXTURES_REQUIRED web_driver
    ENVIRONMENT NETSPLIT_SITE=${NETSPLIT_SITE} TIMEOUT 900)
endforeach()
# The longest one begins first, so that both processors are busy until the end.
set_tests_properties(web/rows_test PROPERTIES COST 100)
