// Decisions as columns, ready to be written.
#ifndef PATRON_SINK_ROWS_H
#define PATRON_SINK_ROWS_H

#include "decide/decide.h"
#include "sink/sheet.h"

// One row a customer: customer, tier, campaign, offer, channel, cost, value, net, reason, then the
// classes and their details (of the first tiers block the details alone), then `extra`. Without an
// offer the campaign is missing, and `reason` is the most telling of all campaigns' reasons. A
// control row names the offer and has no money.
void decision_rows(struct arena *a, const struct decisions *d, const struct column *const *extra,
                   int n_extra, struct sheet *out);

// One row a customer and campaign: customer, campaign, reason, channel, cost, value, net; and of a
// fault the policy's line and what failed.
void candidate_rows(struct arena *a, const struct decisions *d, struct sheet *out);

#endif
