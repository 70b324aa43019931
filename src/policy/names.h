// The names that a policy declares: each is declared once and means nothing else.
#ifndef PATRON_POLICY_NAMES_H
#define PATRON_POLICY_NAMES_H

#include "policy/read.h"

// Adds a finding for each name that collides, and for each that expressions could not write.
void names_check(struct reader *r);

#endif
