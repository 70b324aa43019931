// What to do about a finding, where that is the same for all of its kind.
#include <string.h>

#include "policy/policy.h"

const char *policy_remedy(const char *code) {
    static const struct {
        const char *code, *remedy;
    } table[] = {
        {"shadowed", "move it above those that take its customers, or narrow them"},
        {"never-holds", "mend one of the clauses, or take it out"},
        {"gap", "end each range where the next one begins"},
        {"overlap", "end one range where the other begins"},
        {"keep-stricter", "exchange the two, or make `keep` ask for less"},
        {"never-fires", "mend one of the clauses, or take the campaign out"},
        {"always-suppressed", "make `never` narrower than `when`"},
        {"idle-never", "take `never` out, or mend it; for missing values alone `has` is clearer"},
        {"always-true",
         "take it out, or write what it should tell apart; has(...) asks for a value"},
        {"redundant-clause", "take the clause out, or write what was meant"},
        {"caps-contradict", "lower the one that can never be reached"},
        {"budget-too-small", "raise the budget, or take the campaign out"},
        {"decimal-point", "a point begins decimals: write thousands without it"},
        {"cost-above-offer", "let both say the same amount, or what else the cost is made of"},
        {"unused", "read it in a rule, or take it out"},
        {"for-nobody", "look whether the thresholds fit the data: patron explain DATA POLICY ID"},
        {"for-everybody", "look whether the thresholds fit the data, or leave the condition out"},
        {"missing-values", "complete the data, or say what counts instead: default(x, 0), has(x)"},
        {"label-without-rows", "look whether it is spelled as in the data"},
        {"runs-dry",
         "raise it, or let `when` ask for more; patron explain tells who came too late"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(code, table[i].code) == 0)
            return table[i].remedy;
    return NULL;
}
