/* program.c: a program that is run on a preloaded pymalloc: every function of malloc's kin, threads, fork among
 * threads, and the end of memory. Exits with 0, or says what is wrong. */
#define _GNU_SOURCE /* memalign and its kin */
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "random.h"

enum { THREADS = 4, STEPS = 30000, FORKS = 20, HELD = 256 };

#define EXPECT(condition) expect(condition, #condition, __LINE__)

static void expect(bool holds, const char *what, int line)
{
    if (holds)
        return;
    fprintf(stderr, "program.c:%d: not so: %s\n", line, what);
    _exit(1);
}

/* The compiler may not know what they do. */
static void *(*volatile plain_malloc)(size_t) = malloc;
static void *(*volatile plain_calloc)(size_t, size_t) = calloc;
static void *(*volatile plain_realloc)(void *, size_t) = realloc;

static void test_loaded(const char *expected)
{
    const char *(*version)(void) = NULL;
    void *address = dlsym(RTLD_DEFAULT, "pymalloc_version");
    memcpy(&version, &address, sizeof address);
    EXPECT(version != NULL);
    EXPECT(strncmp(version(), expected, strlen(expected)) == 0 && version()[strlen(expected)] == ' ');
}

static void test_aligned(void)
{
    for (size_t alignment = 8; alignment <= 65536; alignment *= 2)
        for (size_t bytes = 1; bytes <= 2000; bytes += 111) {
            void *blocks[3] = {memalign(alignment, bytes), aligned_alloc(alignment, bytes), NULL};
            EXPECT(posix_memalign(&blocks[2], alignment, bytes) == 0);
            for (size_t i = 0; i < 3; i++) {
                EXPECT(blocks[i] && (uintptr_t)blocks[i] % alignment == 0);
                EXPECT(malloc_usable_size(blocks[i]) >= bytes);
                memset(blocks[i], 1, malloc_usable_size(blocks[i]));
                free(blocks[i]);
            }
        }
    void *untouched = &untouched;
    volatile size_t odd = 24;
    EXPECT(posix_memalign(&untouched, odd, 8) == EINVAL && untouched == &untouched);
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    void *one = valloc(10), *whole = pvalloc(10);
    EXPECT((uintptr_t)one % page == 0 && (uintptr_t)whole % page == 0 && malloc_usable_size(whole) >= page);
    free(one);
    free(whole);
}

static void test_sizes(void)
{
    for (size_t bytes = 0; bytes < 1200; bytes += 7) {
        unsigned char *block = plain_malloc(bytes), *zeroed = plain_calloc(1, bytes);
        EXPECT(block && zeroed && (uintptr_t)block % 16 == 0 && malloc_usable_size(block) >= bytes);
        for (size_t i = 0; i < bytes; i++)
            EXPECT(zeroed[i] == 0);
        memset(block, 7, bytes);
        memset(zeroed, 9, bytes);
        block = plain_realloc(block, 3 * bytes + 1);
        for (size_t i = 0; i < bytes; i++)
            EXPECT(block[i] == 7);
        EXPECT(plain_realloc(block, 0) == NULL);
        free(zeroed);
    }
    errno = 0;
    EXPECT(plain_malloc(PTRDIFF_MAX) == NULL && errno == ENOMEM);
    EXPECT(plain_calloc(SIZE_MAX / 2, 4) == NULL);
    EXPECT(malloc_usable_size(NULL) == 0);
    errno = 77;
    for (size_t i = 0; i < 100; i++)
        free(plain_malloc((size_t)16 << i % 10));
    EXPECT(errno == 77);
}

/* ---- threads that pass blocks on, and forks among them */

static size_t *shelves[HELD];

static void *work(void *seed)
{
    uint64_t random = (uint64_t)(uintptr_t)seed * 0x9E3779B97F4A7C15u;
    for (size_t i = 0; i < STEPS; i++) {
        uint64_t draw = next_random(&random);
        size_t bytes = 16 + (draw >> 20) % 600, *block = plain_malloc(bytes);
        EXPECT(block != NULL);
        block[0] = bytes;
        block[1] = ~bytes;
        size_t *left = __atomic_exchange_n(&shelves[draw % HELD], block, __ATOMIC_ACQ_REL);
        EXPECT(!left || left[0] == ~left[1]);
        if (left && draw >> 60 == 0)
            left = plain_realloc(left, 900);
        free(left);
    }
    return NULL;
}

static void test_fork(void)
{
    for (size_t i = 0; i < FORKS; i++) {
        pid_t child = fork();
        EXPECT(child >= 0);
        if (child == 0) {
            work((void *)(uintptr_t)(i + 100));
            _exit(0);
        }
        int status = 1;
        EXPECT(waitpid(child, &status, 0) == child && status == 0);
    }
}

static void test_threads(void)
{
    pthread_t threads[THREADS];
    for (uintptr_t round = 0; round < 3; round++) {
        for (uintptr_t i = 0; i < THREADS; i++)
            EXPECT(pthread_create(&threads[i], NULL, work, (void *)(round * THREADS + i + 1)) == 0);
        if (round == 1)
            test_fork();
        for (size_t i = 0; i < THREADS; i++)
            EXPECT(pthread_join(threads[i], NULL) == 0);
    }
    for (size_t i = 0; i < HELD; i++)
        free(shelves[i]);
}

/* ---- the end of memory: requests are refused, what is there stays whole, and what is freed can be had again */

static size_t fill(void ***last)
{
    size_t count = 0;
    for (void **block; (block = plain_malloc(sizeof(void *) * (2 + count % 60))); count++) {
        *block = *last;
        *last = block;
    }
    return count;
}

static void test_exhausted(void)
{
    struct rlimit limit = {(rlim_t)256 << 20, (rlim_t)256 << 20};
    EXPECT(setrlimit(RLIMIT_AS, &limit) == 0);
    void **last = NULL;
    size_t first_count = fill(&last), freed = 0;
    EXPECT(first_count > 10000 && errno == ENOMEM);
    for (void **next; last; last = next, freed++) {
        next = *last;
        free(last);
    }
    EXPECT(freed == first_count);
    size_t second_count = fill(&last);
    EXPECT(second_count > first_count / 2);
}

int main(int argc, char **argv)
{
    EXPECT(argc == 2);
    test_loaded(argv[1]);
    test_sizes();
    test_aligned();
    test_threads();
    test_exhausted();
    return 0;
}
