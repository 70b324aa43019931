// What an experiment of the firm's own says of the effect of an offer: by class, drawn together
// with what was believed before it.
#ifndef PATRON_TRIAL_BELIEF_H
#define PATRON_TRIAL_BELIEF_H

#include "policy/policy.h"
#include "trial/contrast.h"
#include "trial/shrink.h"

struct belief {
    struct contrast all; // what the experiment says by itself, of all classes together
    int classes;         // the effects of as many, in units of `size`
    double *effect, *deviation;
    double shared;     // of the variances: what is the same in all classes
    bool relative;     // it is a share of the base
    bool firm;         // it is at least twice as sure as what was believed before
    struct str source; // for people: "experiment of 2025-03, 4,210 against 2,105 customers"
};

// From the moments of each class in the control and in the arm. A class without customers in both
// is what the others make likely.
void belief_of(struct arena *a, const struct common_prior *prior, const struct moments *control,
               const struct moments *treated, int classes, bool relative, struct belief *out);
// The deviation of the mean effect over classes that count so much each; the weights add up to 1.
double belief_deviation(const struct belief *b, const double *weight);

// What the table contacts says of a campaign of the policy: of the one that its effect is `from`,
// else of the one of its own name. *out is NULL if there is none of that name. REFUSED, at the
// campaign's place, if an effect is `from` one that measured nothing.
enum status belief_of_campaign(struct arena *a, const struct dataset *data, const struct policy *p,
                               const struct campaign *c, const struct belief **out,
                               struct err *err);
// Gives every effect of the policy that is `from` an experiment what that measured.
enum status beliefs_take(struct arena *a, const struct dataset *data, struct policy *p,
                         struct err *err);

#endif
