# A build step (cmake -P): writes files as C++, or as what the page reads.
#   KIND=scenarios       OUT ROOT FILES   core/scenario/embedded.h's function
#   KIND=page_scenarios  OUT ROOT FILES   one text that web/scenarios.cpp takes apart
#   KIND=fonts           OUT FONTS        picture/fonts_embedded.h's functions; FONTS is a list of function=file

if(KIND STREQUAL "scenarios")
  set(entries)
  foreach(path IN LISTS FILES)
    file(RELATIVE_PATH name ${ROOT} ${path})
    file(READ ${path} text)
    # One raw literal per line: compilers limit the length of a single literal.
    string(REPLACE "\n" "\n)json\"\n   R\"json(" text "${text}")
    string(APPEND entries "  {R\"json(${name})json\",\n   R\"json(${text})json\"},\n")
  endforeach()
  file(WRITE ${OUT} "#include \"core/scenario/embedded.h\"\n\n#include <vector>\n\n"
    "namespace netsplit {\nstd::span<const EmbeddedFile> embedded_scenarios() {\n"
    "  static const std::vector<EmbeddedFile> files = {\n${entries}  };\n  return files;\n}\n}\n")
elseif(KIND STREQUAL "page_scenarios")
  string(ASCII 30 record)  # the separator of records, which no JSON has in it
  set(all)
  foreach(path IN LISTS FILES)
    file(RELATIVE_PATH name ${ROOT} ${path})
    file(READ ${path} text)
    string(APPEND all "${record}${name}\n${text}")
  endforeach()
  file(WRITE ${OUT} "${all}")
elseif(KIND STREQUAL "fonts")
  set(body)
  foreach(font IN LISTS FONTS)
    string(REGEX MATCH "^([^=]+)=(.*)$" _ "${font}")
    set(function ${CMAKE_MATCH_1})
    set(path ${CMAKE_MATCH_2})
    if(path MATCHES "-NOTFOUND$")
      string(APPEND body "std::span<const unsigned char> ${function}() { return {}; }\n")
    else()
      file(READ ${path} bytes HEX)
      string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
      string(APPEND body "static const unsigned char ${function}_bytes[] = {${bytes}};\n"
        "std::span<const unsigned char> ${function}() { return ${function}_bytes; }\n")
    endif()
  endforeach()
  file(WRITE ${OUT} "#include \"picture/fonts_embedded.h\"\n\nnamespace netsplit::picture {\n${body}}\n")
endif()
