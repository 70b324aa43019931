// A verb on data that are open: what it takes once they are loaded, script and page included.
// Prints the least seconds of the repeats, then the page's size.
//
//   bench_held PATRON DATA VERB WORDS...
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "patron.h"

enum { REPEATS = 5 };

static double now(void) {
    struct timespec t;
    timespec_get(&t, TIME_UTC);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(int argc, char **argv) {
    struct patron_host host = PATRON_HOST;
    struct patron_data *data = NULL;
    struct patron_error error = {PATRON_DONE};
    double best = 1e9;
    size_t page = 0;
    if (argc < 4) {
        fprintf(stderr, "usage: bench_held PATRON DATA VERB WORDS...\n");
        return PATRON_MISUSED;
    }
    host.program = argv[1];
    const char *words[] = {argv[2], NULL};
    patron_data_open(&host, words, &data, &error);
    for (int i = 0; i < REPEATS && error.status == PATRON_DONE; i++) {
        struct patron_result *result;
        double start = now();
        patron_run(&host, data, NULL, (const char *const *)(argv + 3), &result, &error);
        best = now() - start < best ? now() - start : best;
        if (result)
            patron_result_text(result, &page);
        patron_result_free(result);
    }
    if (error.status == PATRON_DONE)
        printf("%.6f %zu\n", best, page);
    else
        fprintf(stderr, "%s\n", error.text);
    patron_data_close(data);
    return (int)error.status;
}
