// The parts of compiling a policy: each looks at one thing and adds what is wrong to the findings.
#ifndef PATRON_POLICY_COMPILE_H
#define PATRON_POLICY_COMPILE_H

#include "policy/policy.h"

struct compile {
    struct arena *arena;
    struct policy *policy;
    struct board *board;
    const struct dataset *data; // NULL: none
    struct findings *findings;
};

// The data against what the policy expects of it: currency, inputs, names. (data.c)
void compile_data(const struct compile *c);
// What tells of the tiers before. (data.c)
void compile_memory(const struct compile *c);
// The customers of the policy's own tests: names and types. (data.c)
void compile_tests(const struct compile *c);
// Whether an expression could stand in the place of a function. (advise.c)
void compile_advice(const struct compile *c, const struct routine *r, const struct scope *scope,
                    enum want want);
// What nothing reads, the order of the schemes, and those that depend on themselves. (uses.c)
void compile_uses(const struct compile *c);
// Playbooks that no campaign has. (playbook.c)
void compile_playbooks(const struct compile *c);

#endif
