# reclaim_add_strategy(FOLDER) and reclaim_add_workload(FILE): one executable bench-<strategy> per strategy, with every
# workload compiled into it. They work in this tree, and in a project of your own (docs/extending.md):
#
#     cmake_minimum_required(VERSION 3.18)
#     project(mine LANGUAGES C CXX)
#     include(<a build of reclaim>/reclaim-config.cmake)
#     reclaim_add_workload(my_workload.c)    # every strategy's executable gets it
#     reclaim_add_strategy(my_strategy)      # and this one gets every workload
#
# Targets: mm-<strategy>, the strategy with the parts that strategies share; parts-<strategy> and work-<strategy>, the
# parts that workloads share (pyobj/, common/) and the workloads of this tree, compiled against it; bench-<strategy>, the
# executable. Order of the calls does not matter.
get_filename_component(RECLAIM_SOURCE_DIR ${CMAKE_CURRENT_LIST_DIR}/.. ABSOLUTE)
set(RECLAIM_SOURCE_DIR ${RECLAIM_SOURCE_DIR} CACHE INTERNAL "")

# What a target needs to compile workloads against a strategy.
function(reclaim_compiles_work target strategy)
  target_include_directories(${target} PRIVATE ${RECLAIM_SOURCE_DIR}/workloads ${RECLAIM_SOURCE_DIR}/harness)
  target_link_libraries(${target} PRIVATE mm-${strategy} reclaim::xxhash reclaim::yajl)
  reclaim_warnings(${target})
  # No workload uses all of the contract.
  target_compile_options(${target} PRIVATE -Wno-unused-function)
  # How it was compiled: bench-<strategy> --describe.
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  set(flags "${CMAKE_C_FLAGS} ${CMAKE_C_FLAGS_${type}}")
  if(RECLAIM_SANITIZE)
    string(APPEND flags " -fsanitize=${RECLAIM_SANITIZE}")
  endif()
  string(STRIP "${flags}" flags)
  target_compile_definitions(${target} PRIVATE RECLAIM_BUILD_TYPE="${CMAKE_BUILD_TYPE}" RECLAIM_FLAGS="${flags}")
endfunction()

function(reclaim_add_bench strategy)
  add_executable(bench-${strategy} $<TARGET_OBJECTS:work-${strategy}> $<TARGET_OBJECTS:parts-${strategy}>)
  reclaim_compiles_work(bench-${strategy} ${strategy})
  target_link_libraries(bench-${strategy} PRIVATE reclaim-bench)
  set_target_properties(bench-${strategy} PROPERTIES LINKER_LANGUAGE CXX)
endfunction()

# The libraries that the strategy in FOLDER needs: FOLDER/needs names them, one a line, as cmake/dependencies.txt does.
# `libraries` in the caller is their targets; `absent` says what is not there, and which packages bring it.
function(reclaim_strategy_needs folder)
  set(libraries "")
  set(absent "")
  if(EXISTS ${folder}/needs)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${folder}/needs)
    file(STRINGS ${folder}/needs names REGEX "^[^#]")
    foreach(name IN LISTS names)
      list(APPEND libraries reclaim::${name})
      if(NOT TARGET reclaim::${name})
        set(absent "needs ${name} (${RECLAIM_${name}_ABSENT})")
      endif()
    endforeach()
  endif()
  set(libraries ${libraries} PARENT_SCOPE)
  set(absent ${absent} PARENT_SCOPE)
endfunction()

# Compiles a strategy's own files, with flags of the caller's, into a target of the caller's: for its tests.
function(reclaim_compile_strategy target strategy)
  get_target_property(sources mm-${strategy} SOURCES)
  get_target_property(includes mm-${strategy} INTERFACE_INCLUDE_DIRECTORIES)
  get_target_property(libraries mm-${strategy} INTERFACE_LINK_LIBRARIES)
  target_sources(${target} PRIVATE ${sources})
  target_include_directories(${target} PRIVATE ${includes})
  if(libraries)
    target_link_libraries(${target} PRIVATE ${libraries})
  endif()
endfunction()

# The strategy in FOLDER, named as the folder is; left out, with a line that says so, where a library that it needs is
# absent.
function(reclaim_add_strategy folder)
  get_filename_component(folder ${folder} ABSOLUTE)
  get_filename_component(name ${folder} NAME)
  if(TARGET mm-${name})
    message(FATAL_ERROR "There is a strategy named ${name} already: give the folder ${folder} another name.")
  endif()
  reclaim_strategy_needs(${folder})
  if(absent)
    message(STATUS "strategy ${name} is left out: it ${absent}")
    set_property(GLOBAL APPEND PROPERTY RECLAIM_LEFT_OUT "${name}\t${absent}")
    return()
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.c ${RECLAIM_SOURCE_DIR}/strategies/common/*.c)
  add_library(mm-${name} STATIC ${sources})
  target_include_directories(mm-${name} PUBLIC ${folder} ${RECLAIM_SOURCE_DIR}/strategies)
  target_link_libraries(mm-${name} PUBLIC ${libraries})
  reclaim_warnings(mm-${name})

  file(GLOB parts CONFIGURE_DEPENDS ${RECLAIM_SOURCE_DIR}/workloads/pyobj/*.c ${RECLAIM_SOURCE_DIR}/workloads/common/*.c)
  add_library(parts-${name} OBJECT ${parts})
  reclaim_compiles_work(parts-${name} ${name})
  file(GLOB main CONFIGURE_DEPENDS ${RECLAIM_SOURCE_DIR}/harness/bench/main/*.c)
  get_property(workloads GLOBAL PROPERTY RECLAIM_WORKLOADS)
  add_library(work-${name} OBJECT ${main} ${workloads})
  reclaim_compiles_work(work-${name} ${name})
  reclaim_add_bench(${name})
  set_property(GLOBAL APPEND PROPERTY RECLAIM_STRATEGIES ${name})
endfunction()

# The workload in FILE, for every strategy.
function(reclaim_add_workload file)
  get_filename_component(file ${file} ABSOLUTE)
  set_property(GLOBAL APPEND PROPERTY RECLAIM_WORKLOADS ${file})
  get_property(strategies GLOBAL PROPERTY RECLAIM_STRATEGIES)
  foreach(name IN LISTS strategies)
    get_target_property(imported work-${name} IMPORTED)
    if(NOT imported)
      target_sources(work-${name} PRIVATE ${file})
      continue()
    endif()
    if(NOT TARGET bench-${name})
      reclaim_add_bench(${name})
    endif()
    target_sources(bench-${name} PRIVATE ${file})
  endforeach()
endfunction()

# An executable that watches which line makes what (harness/sites): the strategy and these files, workloads and what they
# need, compiled for that. The executables that measure know nothing of it. Frame pointers lead from an allocation to
# its callers.
function(reclaim_add_watched target strategy)
  set(watched -O1 -g -fno-inline -fno-omit-frame-pointer -fno-optimize-sibling-calls -Wno-unused-const-variable)
  set(harness ${RECLAIM_SOURCE_DIR}/harness)
  get_target_property(includes mm-${strategy} INTERFACE_INCLUDE_DIRECTORIES)
  list(GET includes 0 folder)
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.c ${RECLAIM_SOURCE_DIR}/strategies/common/*.c)
  add_library(${target}-mm OBJECT ${sources})
  target_compile_options(${target}-mm PRIVATE ${watched})
  target_compile_definitions(${target}-mm PRIVATE MM_WATCHED)
  target_link_libraries(${target}-mm PRIVATE mm-${strategy})

  file(GLOB main CONFIGURE_DEPENDS ${harness}/sites/process/*.c)
  foreach(part IN ITEMS catalog describe params request run traits)
    list(APPEND main ${harness}/bench/main/${part}.c)
  endforeach()
  add_executable(${target} ${main} ${ARGN} $<TARGET_OBJECTS:${target}-mm>)
  target_include_directories(${target} BEFORE PRIVATE ${harness}/sites/process/watched)
  reclaim_compiles_work(${target} ${strategy})
  target_compile_options(${target} PRIVATE ${watched})
  target_compile_definitions(${target} PRIVATE MM_WATCHED)
  target_link_libraries(${target} PRIVATE reclaim-bench reclaim::uthash)
  set_target_properties(${target} PROPERTIES LINKER_LANGUAGE CXX)
endfunction()

# sites-<strategy>, in a project that `reclaim sites` writes; with OWN only the workloads from outside of this tree.
function(reclaim_add_sites strategy)
  file(GLOB parts CONFIGURE_DEPENDS ${RECLAIM_SOURCE_DIR}/workloads/pyobj/*.c ${RECLAIM_SOURCE_DIR}/workloads/common/*.c)
  get_property(workloads GLOBAL PROPERTY RECLAIM_WORKLOADS)
  if("OWN" IN_LIST ARGN)
    list(FILTER workloads EXCLUDE REGEX "^${RECLAIM_SOURCE_DIR}/workloads/")
  endif()
  reclaim_add_watched(sites-${strategy} ${strategy} ${parts} ${workloads})
endfunction()

# Writes reclaim-config.cmake, for another project to include, and reclaim-cache.cmake, for its `cmake -C`: the same
# compilers and flags. And bin/left-out: a line `strategy<tab>reason` for each that was not built, for the command.
function(reclaim_export)
  get_property(strategies GLOBAL PROPERTY RECLAIM_STRATEGIES)
  get_property(workloads GLOBAL PROPERTY RECLAIM_WORKLOADS)
  get_property(left_out GLOBAL PROPERTY RECLAIM_LEFT_OUT)
  list(JOIN left_out "\n" left_out)
  file(WRITE ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/left-out "${left_out}")
  set(targets reclaim-schema reclaim-bench)
  foreach(name IN LISTS strategies)
    list(APPEND targets mm-${name} parts-${name} work-${name})
  endforeach()
  export(TARGETS ${targets} FILE ${CMAKE_BINARY_DIR}/reclaim-targets.cmake)
  file(WRITE ${CMAKE_BINARY_DIR}/reclaim-config.cmake "# Written by CMake: reclaim for another project.
include(${RECLAIM_SOURCE_DIR}/cmake/Settings.cmake)
set(BUILD_TESTING OFF)
include(${RECLAIM_SOURCE_DIR}/cmake/Dependencies.cmake)
include(${RECLAIM_SOURCE_DIR}/cmake/Reclaim.cmake)
include(${CMAKE_BINARY_DIR}/reclaim-targets.cmake)
set_property(GLOBAL PROPERTY RECLAIM_STRATEGIES \"${strategies}\")
set_property(GLOBAL PROPERTY RECLAIM_WORKLOADS \"${workloads}\")
")
  file(WRITE ${CMAKE_BINARY_DIR}/reclaim-cache.cmake "# Written by CMake: how reclaim was built.
set(CMAKE_C_COMPILER \"${CMAKE_C_COMPILER}\" CACHE FILEPATH \"\")
set(CMAKE_CXX_COMPILER \"${CMAKE_CXX_COMPILER}\" CACHE FILEPATH \"\")
set(CMAKE_BUILD_TYPE \"${CMAKE_BUILD_TYPE}\" CACHE STRING \"\")
set(RECLAIM_SANITIZE \"${RECLAIM_SANITIZE}\" CACHE STRING \"\")
")
endfunction()
