// One referral block in the course of being decided. The steps, in order: open, judge, rank, price,
// pay. What is decided first stays; a referral that is still open has REFERRAL_GRANTED, which is 0.
#ifndef PATRON_DECIDE_PROGRAMME_H
#define PATRON_DECIDE_PROGRAMME_H

#include "decide/gather.h"
#include "decide/paid.h"

struct programme {
    struct decisions *d;
    const struct edges *edges;
    const struct column *const *board;
    struct gather **gather; // by worker, made at its first block
    struct paid_list paid;
    const struct referral *referral;
    int index; // of the block in the policy
    struct referred *out;
    const struct paid **past;         // [edge]: what was paid for it before, or NULL
    int64_t *amount[PARTIES], *value; // [edge]: what is due
    int64_t *rank;                    // [edge], or NULL: it matters to no prize
};

// What stands against each referral: its row, what was paid for it, the rules. (judge.c)
enum status programme_open(struct arena *a, struct programme *r, struct err *err);
enum status programme_judge(const struct host *host, struct programme *r, struct err *err);
// What is due for each that is open. (judge.c)
enum status programme_price(const struct host *host, struct programme *r, struct err *err);
// Which of these are paid, within the caps. (pay.c)
enum status programme_pay(struct arena *a, struct programme *r, struct err *err);

#endif
