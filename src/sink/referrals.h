// What became of referrals, as columns ready to be written.
#ifndef PATRON_SINK_REFERRALS_H
#define PATRON_SINK_REFERRALS_H

#include "decide/decide.h"
#include "sink/sheet.h"

// One row for each reward to be paid or, below 0, taken back, in the form of the table rewards, to
// which it is appended when it is paid: customer, date, programme, amount, key; then the other of
// the two, the referral block, and whether the customer is its referrer or its friend.
void reward_rows(struct arena *a, const struct decisions *d, struct sheet *out);

// One row for each row of referrals and referral block: referral, referrer, friend, date, reason,
// the day until which one is pending, what each gets, value; and of a fault the policy's line and
// what failed.
void referral_rows(struct arena *a, const struct decisions *d, struct sheet *out);

#endif
