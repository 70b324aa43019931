// Keys are taken apart again, rather than made for every referral and looked for.
#include "decide/paid.h"

#include <stdlib.h>
#include <string.h>

#include "base/quote.h"
#include "table/seal.h"

static const char *const events[2][PARTIES] = {
    {[PARTY_REFERRER] = "referrer", [PARTY_FRIEND] = "friend"},
    {[PARTY_REFERRER] = "referrer back", [PARTY_FRIEND] = "friend back"},
};

struct str paid_programme(const struct referral *k) {
    return k->programme.n ? k->programme : k->name;
}

// ---- keys -----------------------------------------------------------------------------------

static bool is_escaped(struct str part, size_t i) {
    return part.p[i] == '%' || part.p[i] == '/' || (i == 0 && quote_formula(part));
}

static void put_part(struct buf *out, struct str part) {
    for (size_t i = 0; i < part.n; i++)
        if (is_escaped(part, i))
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)part.p[i]);
        else
            buf_char(out, part.p[i]);
    buf_char(out, '/');
}

void paid_key(const struct decisions *d, const struct referral *k, int64_t edge, enum party party,
              bool back, struct buf *out) {
    struct str id[PARTIES] = {column_str(d->data->id, d->edges->referrer[edge]),
                              column_str(d->data->id, d->edges->friend[edge])};
    put_part(out, paid_programme(k));
    put_part(out, k->name);
    put_part(out, id[party]);
    put_part(out, id[!party]);
    buf_z(out, events[back][party]);
}

static int digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// The next part of a key, in memory of the arena; false if it is not there.
static bool next_part(struct arena *a, struct str *key, struct str *out) {
    const char *slash = memchr(key->p, '/', key->n);
    if (!slash)
        return false;
    size_t n = (size_t)(slash - key->p);
    char *p = arena_copy(a, key->p, n);
    *out = (struct str){p, 0};
    for (size_t i = 0; i < n; i++) {
        bool escaped = p[i] == '%' && i + 2 < n && digit(p[i + 1]) >= 0 && digit(p[i + 2]) >= 0;
        p[out->n++] = escaped ? (char)(digit(p[i + 1]) * 16 + digit(p[i + 2])) : p[i];
        i += escaped ? 2 : 0;
    }
    *key = (struct str){slash + 1, key->n - n - 1};
    return true;
}

static int block_of(const struct policy *p, struct str programme, struct str name) {
    for (int i = 0; i < p->referrals; i++)
        if (str_eq(p->referral[i].name, name) && str_eq(paid_programme(&p->referral[i]), programme))
            return i;
    return -1;
}

// False if the key is none of this policy's, or of customers who are not here.
static bool read_key(struct arena *a, const struct decisions *d, struct str key, struct paid *out,
                     enum party *party, bool *back) {
    struct str programme, name, customer, other;
    if (!next_part(a, &key, &programme) || !next_part(a, &key, &name) ||
        !next_part(a, &key, &customer) || !next_part(a, &key, &other))
        return false;
    for (int i = 0; i < 2 * PARTIES; i++) {
        *party = (enum party)(i % PARTIES);
        *back = i >= PARTIES;
        if (!str_is(key, events[*back][*party]))
            continue;
        bool swap = *party == PARTY_FRIEND;
        out->block = block_of(d->policy, programme, name);
        out->referrer = (int32_t)dataset_find(d->data, swap ? other : customer);
        out->friend = (int32_t)dataset_find(d->data, swap ? customer : other);
        return out->block >= 0 && out->referrer >= 0 && out->friend >= 0;
    }
    return false;
}

// ---- the table ------------------------------------------------------------------------------

static int compare(const void *a, const void *b) {
    const struct paid *x = a, *y = b;
    if (x->block != y->block)
        return x->block < y->block ? -1 : 1;
    if (x->referrer != y->referrer)
        return x->referrer < y->referrer ? -1 : 1;
    return (x->friend > y->friend) - (x->friend < y->friend);
}

static void join_payment(struct payment *into, const struct payment *p) {
    if (p->there && (!into->there || p->date > into->date))
        into->date = p->date;
    into->there |= p->there;
    into->amount += p->amount;
}

static void join(struct paid *into, const struct paid *p) {
    for (int party = 0; party < PARTIES; party++) {
        join_payment(&into->given[party], &p->given[party]);
        join_payment(&into->back[party], &p->back[party]);
    }
}

static enum status check(const struct decisions *d, const struct table *t,
                         const struct column **key, const struct column **amount, struct err *err) {
    *key = table_column(t, STR("key"));
    *amount = table_column(t, STR("amount"));
    bool text = *key && ((*key)->type == TYPE_LABEL || (*key)->type == TYPE_TEXT);
    if (text && *amount && (*amount)->type == TYPE_MONEY && t->date)
        return seal_check_table(t, err);
    return err_at(err, REFUSED, d->policy->referral[0].at,
                  "the table rewards is to have key (text), amount (money) and date, as `score "
                  "--rewards` writes them: what was paid before cannot be told without");
}

enum status paid_read(struct arena *a, const struct decisions *d, struct paid_list *out,
                      struct err *err) {
    const struct table *t = dataset_table(d->data, STR("rewards"));
    const struct column *key, *amount;
    *out = (struct paid_list){0};
    if (!t || t->n == 0)
        return DONE;
    TRY(check(d, t, &key, &amount, err));
    struct arena *scratch = arena_child(a);
    struct paid *list = arena_array(a, (size_t)t->n, sizeof *list);
    int64_t n = 0;
    for (int64_t row = 0; row < t->n; row++) {
        struct paid p = {0};
        enum party party;
        bool back;
        if (!column_has(key, row) || !read_key(scratch, d, column_str(key, row), &p, &party, &back))
            continue;
        (back ? p.back : p.given)[party] =
            (struct payment){true, column_has(amount, row) ? amount->integer[row] : 0,
                             column_has(t->date, row) ? t->date->date[row] : d->data->as_of};
        list[n++] = p;
    }
    arena_free(scratch);
    if (n > 1)
        qsort(list, (size_t)n, sizeof *list, compare);
    for (int64_t i = 0; i < n; i++) {
        struct paid *last = out->n ? &list[out->n - 1] : NULL;
        if (last && compare(last, &list[i]) == 0)
            join(last, &list[i]);
        else
            list[out->n++] = list[i];
    }
    out->paid = list;
    return DONE;
}

const struct paid *paid_find(const struct paid_list *l, int block, int32_t referrer,
                             int32_t friend) {
    struct paid key = {.block = block, .referrer = referrer, .friend = friend};
    return l->n ? bsearch(&key, l->paid, (size_t)l->n, sizeof key, compare) : NULL;
}

bool paid_back(const struct paid *p) {
    return p && (p->back[PARTY_REFERRER].there || p->back[PARTY_FRIEND].there);
}
