// A cold start: opens a dataset and a policy through the library, scores one customer, and prints
// the row.
//
//   bench_one PATRON DATA POLICY CUSTOMER METRICS
#include <stdio.h>

#include "patron.h"

int main(int argc, char **argv) {
    struct patron_host host = PATRON_HOST;
    struct patron_data *data = NULL;
    struct patron_policy *policy = NULL;
    struct patron_scorer *scorer = NULL;
    struct patron_error error = {PATRON_DONE};
    const char *row;
    if (argc != 6) {
        fprintf(stderr, "usage: bench_one PATRON DATA POLICY CUSTOMER METRICS\n");
        return PATRON_MISUSED;
    }
    host.program = argv[1];
    const char *data_words[] = {argv[2], NULL}, *policy_words[] = {argv[3], NULL};
    const char *words[] = {"--metrics", argv[5], NULL};
    if (patron_data_open(&host, data_words, &data, &error) == PATRON_DONE &&
        patron_policy_open(&host, policy_words, &policy, &error) == PATRON_DONE &&
        patron_scorer_open(&host, data, policy, words, &scorer, &error) == PATRON_DONE &&
        patron_score_customer(scorer, argv[4], &row, &error) == PATRON_DONE)
        puts(row);
    else
        fprintf(stderr, "%s\n", error.text);
    patron_scorer_close(scorer);
    patron_policy_close(policy);
    patron_data_close(data);
    return (int)error.status;
}
