// What was paid before, by the table rewards: each row of it carries the key of the decision to pay
// it, and a key that is there is not paid again.
//
// A key is a text, PROGRAMME/RULE/CUSTOMER/OTHER/EVENT: the block's `programme` (or its name), its
// name, who gets the reward, the other of the two, and which reward it is. In its parts % and /
// are written %25 and %2F, and so is a first character that a spreadsheet would obey.
#ifndef PATRON_DECIDE_PAID_H
#define PATRON_DECIDE_PAID_H

#include "decide/decide.h"

// What stands for the programme there and in the table.
struct str paid_programme(const struct referral *k);
// Appends the key of a party's reward, or of taking it back.
void paid_key(const struct decisions *d, const struct referral *k, int64_t edge, enum party party,
              bool back, struct buf *out);

// Rewards of one pair and block. A key that stands there twice was paid twice.
struct payment {
    bool there;
    int64_t amount;
    int32_t date; // the latest
};

struct paid {
    int32_t block, referrer, friend;
    struct payment given[PARTIES], back[PARTIES];
};

// Whether a reward of it was taken back; NULL: nothing was paid.
bool paid_back(const struct paid *p);

struct paid_list {
    int64_t n;
    struct paid *paid; // by block, referrer, friend
};

// Reads the table, if there is one. REFUSED if it cannot say what was paid.
enum status paid_read(struct arena *a, const struct decisions *d, struct paid_list *out,
                      struct err *err);
const struct paid *paid_find(const struct paid_list *l, int block, int32_t referrer,
                             int32_t friend); // NULL if none

#endif
