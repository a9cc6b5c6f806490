# reclaim_add_strategy(FOLDER) and reclaim_add_workload(FILE): one executable bench-<strategy> per strategy, with every
# workload compiled into it. They work in this tree, and in a project of your own that includes reclaim-config.cmake
# from a build of this one: there, reclaim_add_strategy builds yours with all the workloads, and reclaim_add_workload
# gives every strategy an executable that has your workload too.
#
#   mm-<strategy>     the strategy: its heap.c, and the parts that strategies share
#   work-<strategy>   the workloads that this project has, compiled against it
#   bench-<strategy>  the executable

set(RECLAIM_SOURCE_DIR ${CMAKE_CURRENT_LIST_DIR}/.. CACHE INTERNAL "")

function(reclaim_bench name)
  add_executable(bench-${name})
  target_link_libraries(bench-${name} PRIVATE mm-${name} reclaim-bench)
endfunction()

# The strategy in FOLDER, named as the folder is.
function(reclaim_add_strategy folder)
  get_filename_component(name ${folder} NAME)
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.c)
  file(GLOB common CONFIGURE_DEPENDS ${RECLAIM_SOURCE_DIR}/strategies/common/*.c)
  add_library(mm-${name} STATIC ${sources} ${common})
  target_include_directories(mm-${name} PUBLIC ${folder} ${RECLAIM_SOURCE_DIR}/strategies)
  # Prototypes of the contract are declared before the strategy's inline definitions; -fno-math-errno and the like are
  # left alone on purpose: a strategy is compiled as its users compile.
  reclaim_warnings(mm-${name})
  file(GLOB main CONFIGURE_DEPENDS ${RECLAIM_SOURCE_DIR}/harness/bench/main/*.c)
  file(GLOB objects CONFIGURE_DEPENDS ${RECLAIM_SOURCE_DIR}/workloads/pyobj/*.c
       ${RECLAIM_SOURCE_DIR}/workloads/common/*.c)
  add_library(work-${name} OBJECT ${main} ${objects})
  reclaim_work(work-${name} ${name})
  reclaim_bench(${name})
  target_sources(bench-${name} PRIVATE $<TARGET_OBJECTS:work-${name}>)
  set_property(GLOBAL APPEND PROPERTY RECLAIM_STRATEGIES ${name})
  get_property(workloads GLOBAL PROPERTY RECLAIM_WORKLOADS)
  foreach(file IN LISTS workloads)
    target_sources(work-${name} PRIVATE ${file})
  endforeach()
endfunction()

function(reclaim_work target strategy)
  target_include_directories(${target} PRIVATE ${RECLAIM_SOURCE_DIR}/workloads ${RECLAIM_SOURCE_DIR}/harness)
  target_link_libraries(${target} PRIVATE mm-${strategy} reclaim::xxhash reclaim::yajl)
  reclaim_warnings(${target})
  # Not every workload uses all of the contract.
  target_compile_options(${target} PRIVATE -Wno-unused-function)
endfunction()

# The workload in FILE, for every strategy.
function(reclaim_add_workload file)
  get_filename_component(file ${file} ABSOLUTE)
  set_property(GLOBAL APPEND PROPERTY RECLAIM_WORKLOADS ${file})
  get_property(strategies GLOBAL PROPERTY RECLAIM_STRATEGIES)
  foreach(name IN LISTS strategies)
    target_sources(work-${name} PRIVATE ${file})
  endforeach()
endfunction()

# Writes what another project includes.
function(reclaim_export)
endfunction()
