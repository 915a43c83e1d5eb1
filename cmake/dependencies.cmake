# What the project borrows. Nothing of it is committed.
#
# Natively, libraries come from the system. For the browser, header-only libraries are linked out of the system's
# include folder one by one (all of /usr/include would shadow Emscripten's own headers), and the rest is compiled
# from source. Dear ImGui is compiled from source everywhere: see fetch.cmake for where sources come from.
include(cmake/fetch.cmake)

# --- Header-only libraries --------------------------------------------------------------------------------------
# netsplit_header_only(TARGET folder probe): TARGET sees <folder/probe> and nothing else of the system's headers.
function(netsplit_header_only target folder probe)
  find_path(${target}_ROOT ${folder}/${probe} NO_CMAKE_FIND_ROOT_PATH
    PATHS /usr/include /usr/local/include /opt/homebrew/include)
  if(NOT ${target}_ROOT)
    return()
  endif()
  set(links ${CMAKE_BINARY_DIR}/headers/${target})
  file(MAKE_DIRECTORY ${links})
  file(CREATE_LINK ${${target}_ROOT}/${folder} ${links}/${folder} COPY_ON_ERROR SYMBOLIC)
  add_library(${target} INTERFACE)
  target_include_directories(${target} SYSTEM INTERFACE ${links})
endfunction()

netsplit_header_only(netsplit_json nlohmann json.hpp)
netsplit_header_only(netsplit_doctest doctest doctest.h)
if(NOT TARGET netsplit_json)
  message(FATAL_ERROR "nlohmann/json.hpp was not found: install nlohmann-json (Debian: nlohmann-json3-dev).")
endif()
if(BUILD_TESTING AND NOT TARGET netsplit_doctest)
  message(FATAL_ERROR
    "doctest/doctest.h was not found: install doctest (Debian: doctest-dev) or configure with -DBUILD_TESTING=OFF.")
endif()

# --- zlib -------------------------------------------------------------------------------------------------------
add_library(netsplit_zlib INTERFACE)
if(EMSCRIPTEN)
  netsplit_fetch(zlib zlib.h)
  file(GLOB zlib_sources ${zlib_SOURCE}/*.c)
  list(FILTER zlib_sources EXCLUDE REGEX "/gz[a-z]*\\.c$")  # files are not ours to read in a browser
  add_library(zlib STATIC ${zlib_sources})
  target_include_directories(zlib SYSTEM PUBLIC ${zlib_SOURCE})
  netsplit_borrowed(zlib)
  target_link_libraries(netsplit_zlib INTERFACE zlib)
else()
  find_package(ZLIB REQUIRED)
  target_link_libraries(netsplit_zlib INTERFACE ZLIB::ZLIB)
endif()

# --- Dear ImGui: `imgui` knows no window; `imgui_glfw` adds the desktop's, the page has its own (web/page.h) --------
netsplit_fetch(imgui imgui.h)
add_library(imgui STATIC
  ${imgui_SOURCE}/imgui.cpp ${imgui_SOURCE}/imgui_draw.cpp
  ${imgui_SOURCE}/imgui_tables.cpp ${imgui_SOURCE}/imgui_widgets.cpp)
target_include_directories(imgui SYSTEM PUBLIC ${imgui_SOURCE})
target_compile_definitions(imgui PUBLIC
  IMGUI_DISABLE_OBSOLETE_FUNCTIONS IMGUI_DISABLE_DEMO_WINDOWS IMGUI_DISABLE_DEBUG_TOOLS
  IMGUI_DISABLE_DEFAULT_SHELL_FUNCTIONS
  $<$<BOOL:${EMSCRIPTEN}>:IMGUI_DISABLE_FILE_FUNCTIONS>)
netsplit_borrowed(imgui)
netsplit_runs_seldom(imgui)
if(EMSCRIPTEN)
  target_compile_options(imgui PRIVATE -fno-rtti)
else()
  find_package(glfw3 3.3 QUIET)
  find_package(OpenGL QUIET)
endif()
if(TARGET glfw AND TARGET OpenGL::GL)
  add_library(imgui_glfw STATIC
    ${imgui_SOURCE}/backends/imgui_impl_glfw.cpp ${imgui_SOURCE}/backends/imgui_impl_opengl3.cpp)
  target_include_directories(imgui_glfw SYSTEM PUBLIC ${imgui_SOURCE}/backends)
  netsplit_borrowed(imgui_glfw)
  target_link_libraries(imgui_glfw PUBLIC imgui glfw OpenGL::GL ${CMAKE_DL_LIBS})
elseif(NOT EMSCRIPTEN)
  message(STATUS "netsplit-desktop is left out: GLFW 3.3 or OpenGL was not found (Debian: libglfw3-dev libgl-dev).")
endif()

# --- The command line's parser ----------------------------------------------------------------------------------
if(NOT EMSCRIPTEN)
  find_package(CLI11 QUIET)
  if(NOT TARGET CLI11::CLI11)
    message(STATUS "The program netsplit is left out: CLI11 was not found (Debian: libcli11-dev).")
  endif()
endif()
