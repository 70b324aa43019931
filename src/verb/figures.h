// Figures of a simulation as people and programs read them.
#ifndef PATRON_VERB_FIGURES_H
#define PATRON_VERB_FIGURES_H

#include "base/json.h"
#include "simulate/forecast.h"

double round_digits(double x, int digits); // to so many, the last one rounded
// after - before; 0 if they differ by no more than sums do whose terms came in another order.
double change_of(double before, double after);
// Money in major units, "1.2M": with two digits where it is only assumed, else with five.
void money_about(struct buf *out, double x, enum grade grade);
// "1.2M [0.9M..1.6M]": the mean, and where 90 % lie.
void spread_about(struct buf *out, const struct spread *s, enum grade grade);
// A share, a rate, a multiple: with two digits where it is only assumed, else with four.
void share_about(struct buf *out, double x, enum grade grade);
void shares_about(struct buf *out, const struct spread *s, enum grade grade);
// A line: what is assumed, or was given instead.
void assumption_about(struct buf *out, const struct assumptions *a, int assumed);

// A probability, that draws never show to be 0 or 1.
void chance_about(struct buf *out, double p);

// The same in JSON, with all digits.
void spread_fields(struct json *j, const struct spread *s);
void spread_json(struct json *j, const struct spread *s);
void spread_field(struct json *j, const char *name, const struct spread *s);

#endif
