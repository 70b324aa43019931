/* Patron in a program of one's own: opens data and a policy once, scores everybody, then single
 * customers. From the folder of this project:
 *
 *     cc samples/embed.c $(pkg-config --cflags --libs patron) -o embed
 *     ./embed samples/bank policies/card-retention.lua C005
 */
#include <patron.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Somebody who is in no file yet. */
static const char newcomer[] =
    "{\"customer\": \"N1\", \"opened\": \"2025-02-01\","
    " \"annual_fee\": 300, \"fee_due\": \"2025-07-10\","
    " \"potential\": \"high\","
    " \"transactions\": [{\"date\": \"2025-06-03\", \"amount\": 258.40}]}";

static void note(void *ctx, const char *text) {
    (void)ctx;
    fprintf(stderr, "note: %s\n", text);
}

/* All that is open; NULL: not yet. */
struct shop {
    struct patron_data *data;
    struct patron_policy *policy;
    struct patron_scorer *scorer;
    struct patron_error error;
};

static int works(enum patron_status status) {
    return status == PATRON_DONE || status == PATRON_PARTIAL;
}

static int open_shop(struct shop *s, const struct patron_host *host, const char *data,
                     const char *policy) {
    const char *data_words[] = {data, NULL};
    const char *policy_words[] = {policy, NULL};
    return works(patron_data_open(host, data_words, &s->data, &s->error)) &&
           works(patron_policy_open(host, policy_words, &s->policy, &s->error)) &&
           works(patron_scorer_open(host, s->data, s->policy, NULL, &s->scorer, &s->error));
}

/* The words are those of the command line, without data and policy, which are open. */
static int score_all(struct shop *s, const struct patron_host *host) {
    const char *words[] = {"score", "--json", NULL};
    struct patron_result *result;
    int done = works(patron_run(host, s->data, s->policy, words, &result, &s->error));
    if (done)
        fputs(patron_result_text(result, NULL), stdout);
    patron_result_free(result);
    return done;
}

static int score_two(struct shop *s, const char *customer) {
    const char *row;
    if (!works(patron_score_customer(s->scorer, customer, &row, &s->error)))
        return 0;
    fputs(row, stdout);
    if (!works(patron_score_record(s->scorer, newcomer, strlen(newcomer), &row, &s->error)))
        return 0;
    fputs(row, stdout);
    return 1;
}

int main(int argc, char **argv) {
    struct patron_host host = PATRON_HOST;
    struct shop shop = {0};
    if (argc != 4) {
        fprintf(stderr, "usage: embed DATA POLICY CUSTOMER\n");
        return PATRON_MISUSED;
    }
    host.note = note;
    host.program = getenv("PATRON"); /* NULL: the program that was installed with the library */
    if (!open_shop(&shop, &host, argv[1], argv[2]) || !score_all(&shop, &host) ||
        !score_two(&shop, argv[3]))
        fprintf(stderr, "%s:%ld: %s\n", shop.error.file, shop.error.line, shop.error.text);
    patron_scorer_close(shop.scorer);
    patron_policy_close(shop.policy);
    patron_data_close(shop.data);
    return shop.error.status;
}
