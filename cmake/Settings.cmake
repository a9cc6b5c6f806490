# Compilers, warnings, build types: what holds for every target.
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release measures; Debug checks every invariant after every collection" FORCE)
endif()
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_C_FLAGS_RELEASE "-O2 -g -DNDEBUG")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g -DNDEBUG")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g")
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

option(RECLAIM_WERROR "Warnings are errors" OFF)
set(RECLAIM_WITHOUT "" CACHE STRING "Peers to do without, though they may be there: names as in dependencies.txt")
set(RECLAIM_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize: address,undefined")

set(RECLAIM_WARNINGS -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes)
if(RECLAIM_WERROR)
  list(APPEND RECLAIM_WARNINGS -Werror)
endif()
if(RECLAIM_SANITIZE)
  add_compile_options(-fsanitize=${RECLAIM_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${RECLAIM_SANITIZE})
endif()

# Gives a target this project's warnings; C only, the one C++ file has its own.
function(reclaim_warnings target)
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:C>:${RECLAIM_WARNINGS}>
                                           $<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra>)
endfunction()
