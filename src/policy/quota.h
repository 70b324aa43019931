// Numbers of caps and capacities that are expressions over params, so that --set moves them.
#ifndef PATRON_POLICY_QUOTA_H
#define PATRON_POLICY_QUOTA_H

#include "base/finding.h"
#include "metric/declared.h"

// What caps take at most; a share of money stays within MONEY_MAX.
#define QUOTA_MOST 1000000000000

struct node;
struct policy;
struct reader;

struct quota {
    struct formula formula;
    const char *word; // "budget"
    bool whole;
    double *number; // where it goes,
    int64_t *count; // or here
};

// Reads a number from 0 to QUOTA_MOST into *number or *count, now or, of an expression, once the
// params are known. `word`, for messages, lives as long as the policy. False: it is neither.
bool quota_read(struct reader *r, const char *word, const struct node *v, bool whole,
                double *number, int64_t *count);
// Computes those that are expressions, with the params as they are by now.
void quotas_settle(struct arena *a, const struct policy *p, struct findings *findings);

#endif
