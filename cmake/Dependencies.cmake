# The libraries, each with its name in the package managers, so that what is missing can be said in one message.
find_package(PkgConfig QUIET)

set(reclaim_missing "")

# reclaim_need(TARGET HEADER LIBRARY debian fedora arch homebrew): finds a library and its header, as the imported
# target reclaim::TARGET. LIBRARY "-": a header alone.
function(reclaim_need target header library debian fedora arch homebrew)
  find_path(RECLAIM_${target}_INCLUDE ${header})
  if(library STREQUAL "-")
    set(RECLAIM_${target}_LIBRARY "" CACHE INTERNAL "")
  else()
    find_library(RECLAIM_${target}_LIBRARY ${library})
  endif()
  mark_as_advanced(RECLAIM_${target}_INCLUDE RECLAIM_${target}_LIBRARY)
  if(NOT RECLAIM_${target}_INCLUDE OR RECLAIM_${target}_LIBRARY MATCHES "NOTFOUND$")
    set(reclaim_missing "${reclaim_missing}  ${header}: Debian ${debian}, Fedora ${fedora}, Arch ${arch}, Homebrew ${homebrew}\n"
        PARENT_SCOPE)
    return()
  endif()
  if(NOT TARGET reclaim::${target})
    add_library(reclaim::${target} INTERFACE IMPORTED GLOBAL)
    target_include_directories(reclaim::${target} SYSTEM INTERFACE ${RECLAIM_${target}_INCLUDE})
    target_link_libraries(reclaim::${target} INTERFACE ${RECLAIM_${target}_LIBRARY})
  endif()
endfunction()

#            target     header                  library    Debian            Fedora            Arch       Homebrew
reclaim_need(benchmark  benchmark/benchmark.h   benchmark  libbenchmark-dev  google-benchmark-devel benchmark google-benchmark)
reclaim_need(yajl       yajl/yajl_parse.h       yajl       libyajl-dev       yajl-devel        yajl       yajl)
reclaim_need(xxhash     xxhash.h                -          libxxhash-dev     xxhash-devel      xxhash     xxhash)
reclaim_need(gsl        gsl/gsl_statistics.h    gsl        libgsl-dev        gsl-devel         gsl        gsl)
reclaim_need(gslcblas   gsl/gsl_cblas.h         gslcblas   libgsl-dev        gsl-devel         gsl        gsl)
reclaim_need(cyaml      cyaml/cyaml.h           cyaml      libcyaml-dev      libcyaml-devel    libcyaml   libcyaml)
reclaim_need(jansson    jansson.h               jansson    libjansson-dev    jansson-devel     jansson    jansson)
reclaim_need(csv        csv.h                   csv        libcsv-dev        libcsv-devel      libcsv     libcsv)
reclaim_need(cmark      cmark.h                 cmark      libcmark-dev      cmark-devel       cmark      cmark)
reclaim_need(uthash     uthash.h                -          uthash-dev        uthash-devel      uthash     uthash)
if(NOT DEFINED BUILD_TESTING OR BUILD_TESTING)
  reclaim_need(cmocka   cmocka.h                cmocka     libcmocka-dev     libcmocka-devel   cmocka     cmocka)
endif()

if(reclaim_missing)
  message(FATAL_ERROR "Missing libraries:\n${reclaim_missing}"
                      "On Debian and Ubuntu, `make deps` installs all of them.")
endif()
find_package(Threads REQUIRED)
