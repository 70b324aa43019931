// An experiment that was run: who was in which arm, what it cost, and what came of it.
#ifndef PATRON_TRIAL_EXPERIMENT_H
#define PATRON_TRIAL_EXPERIMENT_H

#include "metric/board.h"
#include "table/table.h"

enum { ARMS_MOST = 16 };

struct arm {
    struct str name;
    int64_t customers;
    int64_t contacts; // rows of the table contacts
    int64_t cost;     // minor units, of all its customers
};

struct experiment {
    struct str name;   // of the campaign, or of the column of arms
    int64_t customers; // of the dataset
    int arms;
    struct arm arm[ARMS_MOST]; // the first is the control; the others in the order of their names
    int32_t *of;               // [customer] the arm; -1: took no part
    int64_t *cost;             // [customer] minor units; NULL: not known
    const struct column *response; // what contacts say that came of it, by customer; NULL: nothing
    bool dated;
    int32_t first, last; // the days of its contacts, if dated
    int64_t armless;     // customers left out: no contact says the arm
};

// The campaign of that name in the table contacts. The control is the arm of that name or, where
// `control` is NULL, those that our own rows call so (decide/reason.h), taken together. REFUSED
// without a campaign, an arm or a control of the name, when a customer is in two arms, and when
// nobody was contacted.
enum status experiment_of_campaign(struct arena *a, const struct dataset *data,
                                   const char *campaign, const char *control,
                                   struct experiment *out, struct err *err);
// The arms that a column of the customers names, of any type; who has no value took no part.
enum status experiment_of_column(struct arena *a, const struct column *column, const char *control,
                                 struct experiment *out, struct err *err);
// Costs by a column instead: money, or a number of major units. What is missing costs nothing.
enum status experiment_take_cost(struct arena *a, const struct column *cost, int decimals,
                                 struct experiment *x, struct err *err);

#endif
