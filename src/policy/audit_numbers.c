// Numbers that are read otherwise than some write them: 20.000 is twenty.
#include "base/number.h"
#include "policy/audit.h"
#include "policy/quota.h"
#include "policy/source.h"

// The number that begins at a token, with its point and what is behind that: names have the letters
// and digits of numbers, so a number is one token, or three.
static struct str number_at(const struct token *t) {
    struct str text = t->text;
    if (t->kind == TOKEN_END || !number_digit(*text.p))
        return STR("");
    for (const struct token *next = t + 1; next->kind == TOKEN_SYMBOL; next++) {
        if (next->text.p != text.p + text.n ||
            (*next->text.p != '.' && !number_digit(*next->text.p)))
            break;
        text.n += next->text.n;
    }
    return text;
}

static void tell(const struct audit *a, struct str number, struct place at) {
    char read[NUMBER_MAX];
    double x = 0;
    if (!number_grouped(number) || !number_double(number, '.', &x))
        return;
    findings_add(a->findings, SEVERITY_NOTE, "decimal-point", at, "`%.*s` is read as %.*s",
                 (int)number.n, number.p, number_print(x, read), read);
}

// Of the file, what is in no string.
static void check_file(const struct audit *a) {
    const struct source *s = source_new(a->arena, a->policy->path.p, a->policy->source);
    for (const struct token *t = s->token; t->kind != TOKEN_END; t++)
        tell(a, number_at(t), source_place(s, t));
}

// Of a string, one that is an expression.
static void check_formula(const struct audit *a, const struct formula *f) {
    if (!f->locate)
        return;
    const struct source *s = source_new(a->arena, NULL, f->text);
    for (const struct token *t = s->token; t->kind != TOKEN_END; t++)
        tell(a, number_at(t), formula_place(f, (size_t)(t->text.p - f->text.p)));
}

void audit_numbers(const struct audit *a) {
    const struct policy *p = a->policy;
    check_file(a);
    for (int i = 0; i < p->sites; i++)
        check_formula(a, &p->site[i].rule->formula);
    for (int i = 0; i < p->quotas; i++)
        check_formula(a, &p->quota[i].formula);
    for (int i = 0; i < p->metrics; i++) {
        check_formula(a, &p->metric[i].value);
        check_formula(a, &p->metric[i].where);
    }
}
