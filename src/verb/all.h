// The verbs, one a file.
#ifndef PATRON_VERB_ALL_H
#define PATRON_VERB_ALL_H

#include "verb/verb.h"

extern const struct verb verb_score, verb_explain, verb_recall, verb_measure, verb_metrics,
    verb_profile, verb_check, verb_test, verb_diff, verb_simulate, verb_plan_test, verb_evaluate,
    verb_fit, verb_pack, verb_generate;

#endif
