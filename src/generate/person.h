// Who the customers are: what does not depend on what they buy.
#ifndef PATRON_GENERATE_PERSON_H
#define PATRON_GENERATE_PERSON_H

#include "base/rng.h"
#include "generate/cells.h"

// One stream of random numbers for each purpose.
enum stream {
    STREAM_JOIN = 1,
    STREAM_HOUSEHOLD,
    STREAM_PERSON,
    STREAM_REFERRAL,
    STREAM_TRAITS,
    STREAM_COURSE,
    STREAM_CAMPAIGN,
    STREAM_ROWS,
    STREAM_POINTS,
};

enum { HOUSEHOLD_MAX = 4, NAME_MAX = 16 };

struct person {
    int64_t number; // from 1
    int64_t head;   // of the household; the person itself, too
    bool alone;     // in the household
    bool female;
    int born;
    int32_t joined;
    struct str name, city, acquired_by;
    int64_t employer;   // 0: none
    int64_t referrer;   // 0: none
    int32_t introduced; // by the referrer, on that day
    char name_bytes[NAME_MAX];
};

// The day on which a customer joined: the same whoever asks.
typedef int32_t joined_fn(const void *ctx, uint64_t seed, int64_t number);

// Depends on the seed and on customers of lower numbers only: more customers change no earlier one.
// Points into itself.
void person_make(struct person *out, uint64_t seed, int64_t number, joined_fn *joined,
                 const void *ctx);

// The tables relations and referrals: their columns, and a person's row; none for who has neither.
extern const struct field person_relation_fields[], person_referral_fields[];
void person_relations(const struct person *p, struct rows *out);
void person_referral(const struct person *p, struct rows *out);

#endif
