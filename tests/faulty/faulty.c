// The program, but math.tan does harm when a policy's function calls it in a helper process:
// math.tan(11) raises signal 11, math.tan(1000) writes rubbish over all that is shared with the
// parent and ends, math.tan(2000) writes it again and again while it goes on, math.tan(3000) tells
// the parent without end that all is done, math.tan(4000) that it is at one row, at another, ...
#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy/shared.h"

static unsigned char *rows;
static size_t size;

static void write_rubbish(uint64_t seed) {
    for (size_t i = 0; i < size; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        rows[i] = (unsigned char)(seed >> 33);
    }
}

// Lua's math.tan calls this one, since the program's symbols come before those of libraries.
__attribute__((visibility("default"))) double tan(double x) {
    while (x == 3000 && write(STDOUT_FILENO, &(char){SHARED_DONE}, 1) == 1)
        continue;
    if (x == 4000)
        for (uint32_t row = 0;; row++)
            atomic_store(&((struct shared *)rows)->at, row % SHARED_ROWS);
    if (x == 1000 || x == 2000) {
        write_rubbish((uint64_t)x);
    } else {
        signal((int)x, SIG_DFL); // the sanitizers would make an end of their own of it
        raise((int)x);
    }
    if (x == 1000)
        _exit(0);
    return x;
}

// Before the program's main: a helper process finds the rows in file 3, and closes it.
__attribute__((constructor)) static void map_rows(void) {
    struct stat st;
    if (fstat(3, &st) != 0 || st.st_size < (off_t)sizeof(struct shared))
        return;
    size = (size_t)st.st_size;
    rows = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, 3, 0);
}
