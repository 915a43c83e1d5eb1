# netsplit_fetch(NAME probe): sets NAME_SOURCE to a folder that holds NAME's sources (and the file `probe`).
#
# Looked for in this order: a folder the builder names (NETSPLIT_<NAME>_DIR, as a CMake or environment variable);
# the project's cache .cache/deps; the pinned upstream commit by git; Debian's source package. The last two are
# exactly pinned, by commit and by checksum.

set(NETSPLIT_CACHE ${PROJECT_SOURCE_DIR}/.cache/deps CACHE PATH "Where fetched sources are kept")

set(imgui_VERSION 1.92.2b)
set(imgui_GIT https://github.com/ocornut/imgui.git 45acd5e0e82f4c954432533ae9985ff0e1aad6d5)
set(imgui_DEBIAN 1.92.2b+ds-1 e7bd201d56b5ee90d24d5dac85e5c12f98bdb95410252a62d27b7f89e4566d48)

set(zlib_VERSION 1.3.1)
set(zlib_GIT https://github.com/madler/zlib.git 51b7f2abdade71cd9bb0e7a373ef2610ec6f9daf)
set(zlib_DEBIAN 1:1.3.dfsg+really1.3.1-1 60dd315c07f616887caa029408308a018ace66e3d142726a97db164b3b8f69fb)

set(benchmark_VERSION 1.9.1)
set(benchmark_GIT https://github.com/google/benchmark.git c58e6d0710581e3a08d65c349664128a8d9a2461)
set(benchmark_DEBIAN 1.9.1-1 32131c08ee31eeff2c8968d7e874f3cb648034377dfc32a4c377fa8796d84981)

# Leaves `folder` filled on success and absent otherwise. Without a network git gives up at once; on a bad one it
# gives up after a minute.
function(netsplit_fetch_git folder url commit)
  find_package(Git QUIET)
  if(NOT GIT_FOUND)
    return()
  endif()
  file(MAKE_DIRECTORY ${folder}.part)
  set(git ${GIT_EXECUTABLE} -C ${folder}.part -c advice.detachedHead=false)
  foreach(step "init -q" "fetch -q --depth 1 ${url} ${commit}" "checkout -q FETCH_HEAD")
    separate_arguments(step)
    execute_process(COMMAND ${CMAKE_COMMAND} -E env GIT_TERMINAL_PROMPT=0 ${git} ${step}
      RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET TIMEOUT 60)
    if(failed)
      file(REMOVE_RECURSE ${folder}.part)
      return()
    endif()
  endforeach()
  file(RENAME ${folder}.part ${folder})
endfunction()

function(netsplit_fetch_debian folder name version sha256)
  find_program(APT_GET apt-get)
  if(NOT APT_GET OR NOT EXISTS /etc/debian_version)
    return()
  endif()
  execute_process(
    COMMAND bash ${PROJECT_SOURCE_DIR}/cmake/debian_source.sh ${folder} ${name} ${version} ${sha256}
    RESULT_VARIABLE failed)
endfunction()

function(netsplit_fetch name probe)
  string(TOUPPER ${name} upper)
  set(NETSPLIT_${upper}_DIR "$ENV{NETSPLIT_${upper}_DIR}" CACHE PATH "A folder with the sources of ${name}")
  set(folder ${NETSPLIT_CACHE}/${name}-${${name}_VERSION})
  if(NETSPLIT_${upper}_DIR)
    set(folder ${NETSPLIT_${upper}_DIR})
  elseif(NOT EXISTS ${folder}/${probe})
    message(NOTICE "Fetching the sources of ${name} ${${name}_VERSION}")
    file(REMOVE_RECURSE ${folder})
    netsplit_fetch_git(${folder} ${${name}_GIT})
    if(NOT EXISTS ${folder}/${probe})
      netsplit_fetch_debian(${folder} ${name} ${${name}_DEBIAN})
    endif()
  endif()
  if(NOT EXISTS ${folder}/${probe})
    message(FATAL_ERROR "The sources of ${name} ${${name}_VERSION} could not be fetched: no upstream git, no Debian "
      "source package. Put them in a folder and name it with -DNETSPLIT_${upper}_DIR=FOLDER.")
  endif()
  set(${name}_SOURCE ${folder} PARENT_SCOPE)
endfunction()

# What is compiled from sources that are not ours: without our warnings, and source by source, as its authors do.
function(netsplit_borrowed target)
  target_compile_options(${target} PRIVATE -w)
  set_target_properties(${target} PROPERTIES UNITY_BUILD OFF)
endfunction()
