# The page: build/web/site is a complete static site, to be served from any host under any path.
netsplit_sources(web_sources web)
if(NOT web_sources)
  message(STATUS "netsplit-web is left out: web/ has no sources yet.")
  return()
endif()

set(NETSPLIT_SITE ${CMAKE_BINARY_DIR}/site)
add_executable(netsplit-web ${web_sources})
set_target_properties(netsplit-web PROPERTIES
  OUTPUT_NAME netsplit RUNTIME_OUTPUT_DIRECTORY ${NETSPLIT_SITE} CXX_EXTENSIONS ON)  # EM_ASM needs extensions
target_link_libraries(netsplit-web PRIVATE netsplit_ui imgui_glfw netsplit_flags)
target_link_options(netsplit-web PRIVATE
  -sFILESYSTEM=0 -sALLOW_MEMORY_GROWTH=1 ${NETSPLIT_STACK_OPTION}
  -sENVIRONMENT=web,worker
  -sDYNAMIC_EXECUTION=0  # the page's security policy allows no eval
  $<IF:$<CONFIG:Debug>,-sASSERTIONS=2;-sSTACK_OVERFLOW_CHECK=2,-sASSERTIONS=0>)

# Everything else the site consists of is copied as it is; shell.html becomes index.html. Whoever hosts the page
# passes on the licences with it.
file(GLOB site_files CONFIGURE_DEPENDS web/*.js web/*.css web/*.svg web/*.png web/*.ico web/*.webmanifest web/*.txt)
set(copied)
foreach(file shell.html LICENSE packaging/NOTICES.txt ${site_files})
  cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${PROJECT_SOURCE_DIR})
  cmake_path(GET file FILENAME name)
  if(name STREQUAL "shell.html")
    set(name index.html)
  elseif(name STREQUAL "LICENSE")
    set(name LICENSE.txt)  # hosts show it instead of offering it for download
  endif()
  add_custom_command(OUTPUT ${NETSPLIT_SITE}/${name}
    COMMAND ${CMAKE_COMMAND} -E copy ${file} ${NETSPLIT_SITE}/${name} DEPENDS ${file} VERBATIM)
  list(APPEND copied ${NETSPLIT_SITE}/${name})
endforeach()
add_custom_target(site ALL DEPENDS ${copied} netsplit-web)
