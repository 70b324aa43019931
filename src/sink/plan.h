// A plan as columns, ready to be written.
#ifndef PATRON_SINK_PLAN_H
#define PATRON_SINK_PLAN_H

#include "budget/budget.h"
#include "sink/sheet.h"

// One row a customer who gets an offer or is held out as a control: customer, campaign, channel,
// reason; and of an offer cost and value as the policy states them.
void plan_rows(struct arena *a, const struct budget *b, struct sheet *out);

#endif
