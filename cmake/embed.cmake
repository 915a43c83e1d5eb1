# Scenarios and fonts travel inside every program. embed_files.cmake writes them as C++ at build time.

function(netsplit_embed_scenarios out)
  set(folder ${PROJECT_SOURCE_DIR}/scenarios)
  set(generated ${NETSPLIT_GENERATED}/embedded_scenarios.cpp)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${folder}/*.json)
  list(SORT files)
  add_custom_command(OUTPUT ${generated}
    COMMAND ${CMAKE_COMMAND} -D KIND=scenarios -D OUT=${generated} -D ROOT=${folder} -D "FILES=${files}"
      -P ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake
    COMMENT "Embedding the scenarios" VERBATIM)
  set(${out} ${generated} PARENT_SCOPE)
endfunction()

# Letters of the Latin alphabets and Greek ones of formulas; then the signs the window draws as text: dashes, arrows,
# mathematics, keys, geometric shapes, scissors and check marks. A sign that a font lacks is skipped, and DejaVu fills
# in what the two typefaces of the window lack.
set(text U+0020-007E,U+00A0-017F,U+03B1-03C9)
set(signs U+2010-2027,U+2030-203A,U+2190-2199,U+21BA-21BB,U+2200-22FF,U+2300-23FF,U+25A0-25FF,U+2600-2717)
set(extra_signs U+2016,U+21BA-21BB,U+21C4,U+2190-2199,U+2300-23FF,U+25A0-25FF,U+2605-2606,U+2610-2612,U+2630,U+2699,U+26A0-26A1,U+2702,U+270E,U+2713-2717,U+27F2-27F3,U+2B21-2B22)
set(NETSPLIT_FONTS  # function in picture/fonts_embedded.h, file, characters
  inter_regular Inter-Regular ${text},${signs}
  inter_semibold Inter-SemiBold ${text},${signs}
  jetbrains_mono JetBrainsMono-Regular ${text},${signs}
  symbols DejaVuSans ${extra_signs})

function(netsplit_embed_fonts out)
  set(generated ${NETSPLIT_GENERATED}/embedded_fonts.cpp)
  find_program(PYFTSUBSET pyftsubset)
  set(fonts)
  set(files)
  set(list ${NETSPLIT_FONTS})
  while(list)
    list(POP_FRONT list name font characters)
    find_file(NETSPLIT_FONT_${name} NAMES ${font}.otf ${font}.ttf NO_CMAKE_FIND_ROOT_PATH
      PATHS /usr/share/fonts /usr/local/share/fonts $ENV{HOME}/Library/Fonts /Library/Fonts
      PATH_SUFFIXES opentype/inter truetype/jetbrains-mono truetype/dejavu)
    set(file ${NETSPLIT_FONT_${name}})
    if(NOT file)
      message(STATUS "The font ${font} was not found: the window does without it "
        "(Debian: fonts-inter fonts-jetbrains-mono fonts-dejavu-core).")
    elseif(PYFTSUBSET)
      set(subset ${NETSPLIT_GENERATED}/${name}.font)
      add_custom_command(OUTPUT ${subset}
        COMMAND ${PYFTSUBSET} ${file} --unicodes=${characters} --output-file=${subset}
          --layout-features= --no-hinting --name-IDs=* --drop-tables+=GPOS,GSUB,GDEF,FFTM
        DEPENDS ${file} COMMENT "Subsetting ${font}" VERBATIM)
      set(file ${subset})
    endif()
    list(APPEND fonts ${name}=${file})
    if(file)
      list(APPEND files ${file})
    endif()
  endwhile()
  add_custom_command(OUTPUT ${generated}
    COMMAND ${CMAKE_COMMAND} -D KIND=fonts -D OUT=${generated} -D "FONTS=${fonts}"
      -P ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake
    COMMENT "Embedding the fonts" VERBATIM)
  set(${out} ${generated} PARENT_SCOPE)
endfunction()
