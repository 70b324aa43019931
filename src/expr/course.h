// How a number goes as one column rises, all others being as they are.
#ifndef PATRON_EXPR_COURSE_H
#define PATRON_EXPR_COURSE_H

enum course { FIXED, RISING, FALLING, MIXED }; // RISING: it never falls; MIXED: not known

static inline enum course course_turned(enum course c) {
    return c == RISING ? FALLING : c == FALLING ? RISING : c;
}

// Of what rises (falls) with either of two parts.
static inline enum course course_joined(enum course x, enum course y) {
    if (x == FIXED || y == FIXED)
        return x == FIXED ? y : x;
    return x == y ? x : MIXED;
}

// Of what follows a part as a letter says (struct function): +, -, or neither of them.
static inline enum course course_through(char letter, enum course c) {
    return letter == '+' || c == FIXED ? c : letter == '-' ? course_turned(c) : MIXED;
}

#endif
