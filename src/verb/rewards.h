// What the policy's referrals are rewarded with today: by programme how many of them, and the sums.
// Nothing for a policy without referrals.
#ifndef PATRON_VERB_REWARDS_H
#define PATRON_VERB_REWARDS_H

#include "base/json.h"
#include "decide/decide.h"

void rewards_text(const struct decisions *d, struct buf *out);
// "referrals": { programme: { reason: count, "(paid)", "(clawed back)", "(value)" } }
void rewards_json(const struct decisions *d, struct json *j);

#endif
