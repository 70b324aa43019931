// A sheet is plain text: what the file says of it begins a line, what the playbook says is
// indented, and no value can begin a line (policy/playbook.h). So nothing in a name can pass for
// another sheet.
#include "sink/callsheet.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/file.h"

// A granted offer that has a playbook.
struct sheet_of {
    const struct candidate *candidate;
    const struct playbook *playbook;
    struct str channel, owner;
};

struct work {
    struct arena *arena;
    const struct host *host;
    const struct decisions *d;
    int64_t n;
    struct sheet_of *sheet;
    const struct column *const *columns;
    const struct folder *folder;
    struct callsheets *out;
};

// ---- who gets one -------------------------------------------------------------------------------

static const struct playbook *find_playbook(const struct policy *p, const struct candidate *c,
                                            const struct channel *channel) {
    return playbook_of(p, &p->campaign[c->campaign], (int)(channel - p->channel));
}

static void list_sheets(struct work *w) {
    const struct decisions *d = w->d;
    w->sheet = arena_array(w->arena, (size_t)d->data->customers, sizeof *w->sheet);
    for (int64_t i = 0; i < d->data->customers; i++) {
        const struct candidate *c = decide_grant(d, i);
        if (!c)
            continue;
        const struct channel *channel = decide_channel(d, c);
        const struct playbook *p = channel ? find_playbook(d->policy, c, channel) : NULL;
        if (p)
            w->sheet[w->n++] = (struct sheet_of){c, p, channel->name, STR("")};
        else
            w->out->silent++;
    }
    w->out->sheets = w->n;
}

// ---- what was decided, as columns ---------------------------------------------------------------

// Of what is described in words, the words.
static struct str offer_words(const struct work *w, const struct sheet_of *s) {
    const struct offer *o = &w->d->policy->campaign[s->candidate->campaign].offer;
    bool words = str_is(o->kind, "gift") || str_is(o->kind, "service_recovery");
    size_t skipped = words && o->text.n > o->kind.n ? o->kind.n + 1 : 0;
    struct str text = decide_offer(w->arena, w->d, s->candidate);
    return (struct str){text.p + skipped, text.n - skipped};
}

static struct str fact_of(const struct work *w, const struct sheet_of *s, enum fact f) {
    const struct campaign *c = &w->d->policy->campaign[s->candidate->campaign];
    switch (f) {
    case FACT_CAMPAIGN: return c->name;
    case FACT_GOAL: return c->goal;
    case FACT_OFFER: return offer_words(w, s);
    case FACT_CHANNEL: return s->channel;
    default: return s->owner;
    }
}

static int compare_str(const void *a, const void *b) {
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

// The texts that there are, each once.
static struct dict *facts_dict(struct work *w, enum fact f) {
    struct arena *own = arena_child(w->arena);
    struct str *all = arena_array(own, (size_t)w->n, sizeof *all);
    int64_t some = 0;
    int32_t n = 0;
    for (int64_t i = 0; i < w->n; i++) {
        all[some] = fact_of(w, &w->sheet[i], f);
        some += all[some].n > 0;
    }
    if (some > 1)
        qsort(all, (size_t)some, sizeof *all, compare_str);
    for (int64_t i = 0; i < some; i++)
        if (n == 0 || !str_eq(all[n - 1], all[i]))
            all[n++] = all[i];
    struct dict *dict = dict_new(w->arena, all, n, false);
    arena_free(own);
    return dict;
}

static void put_fact(struct work *w, enum fact f) {
    struct column *c = column_new(w->arena, fact_column(f), TYPE_LABEL, w->d->data->customers);
    c->dict = facts_dict(w, f);
    for (const struct sheet_of *s = w->sheet; s < w->sheet + w->n; s++) {
        struct str text = fact_of(w, s, f);
        if (text.n > 0)
            column_set_code(c, s->candidate->customer, dict_find(c->dict, text));
    }
    column_finish(c);
    board_put(w->d->board, c);
}

static void put_customer(struct work *w) {
    struct column *id = arena_alloc(w->arena, sizeof *id);
    *id = *w->d->data->id;
    id->name = fact_column(FACT_CUSTOMER);
    board_put(w->d->board, id);
}

// Computes what the rule reads; what the data lacks is refused at its place.
static enum status read_columns(struct work *w, const struct rule *rule, struct err *err) {
    const int *slots;
    int n = rule_slots(rule, &slots);
    if (n > 0 && board_columns(w->d->board, slots, n, &w->columns, err) != DONE)
        return err_place(err, rule->formula.at);
    return DONE;
}

static enum status read_template_columns(struct work *w, const struct template *t,
                                         struct err *err) {
    for (int i = 0; i < t->pieces; i++)
        TRY(read_columns(w, &t->piece[i].field, err));
    return DONE;
}

// Whose sheet it is, as it would be shown; empty where that is not known.
static void find_owner(struct work *w, struct sheet_of *s) {
    struct piece owner = {.field = s->playbook->owner};
    struct template t = {1, &owner};
    struct arena *own = arena_child(w->arena);
    struct gaps gaps = {.arena = own};
    struct buf text = {.arena = own};
    template_fill(&t, w->d->board, w->columns, s->candidate->customer, w->d->data->decimals, &gaps,
                  &text);
    if (gaps.total == 0)
        s->owner = (struct str){arena_copy(w->arena, text.p, text.n), text.n};
    w->out->ownerless += gaps.total;
    arena_free(own);
}

static enum status find_facts(struct work *w, struct err *err) {
    const struct policy *p = w->d->policy;
    put_customer(w);
    for (int f = FACT_CAMPAIGN; f < FACT_OWNER; f++)
        put_fact(w, (enum fact)f);
    for (int i = 0; i < p->playbooks; i++)
        TRY(read_columns(w, &p->playbook[i].owner, err));
    for (struct sheet_of *s = w->sheet; s < w->sheet + w->n; s++)
        if (rule_given(&s->playbook->owner))
            find_owner(w, s);
    put_fact(w, FACT_OWNER);
    for (int i = 0; i < p->playbooks; i++) {
        TRY(read_template_columns(w, &p->playbook[i].title, err));
        TRY(read_template_columns(w, &p->playbook[i].text, err));
    }
    return DONE;
}

// ---- a sheet -----------------------------------------------------------------------------------

static void put_line(struct buf *out, const char *what, struct str text) {
    if (text.n == 0)
        return;
    buf_printf(out, "%-10s", what);
    put_plain(out, text);
    buf_char(out, '\n');
}

// Every line of the text, indented.
static void put_indented(struct buf *out, struct str text) {
    while (text.n > 0) {
        const char *end = memchr(text.p, '\n', text.n);
        size_t n = end ? (size_t)(end - text.p) : text.n;
        buf_z(out, n ? "    " : "");
        buf_put(out, text.p, n);
        buf_char(out, '\n');
        n += end != NULL;
        text = (struct str){text.p + n, text.n - n};
    }
}

static struct str fill(struct work *w, const struct template *t, const struct sheet_of *s,
                       struct arena *a) {
    struct buf text = {.arena = a};
    template_fill(t, w->d->board, w->columns, s->candidate->customer, w->d->data->decimals,
                  &w->out->gaps, &text);
    return (struct str){text.p, text.n};
}

static void put_sheet(struct work *w, const struct sheet_of *s, int64_t number, int64_t of,
                      struct buf *out) {
    const struct campaign *campaign = &w->d->policy->campaign[s->candidate->campaign];
    int64_t gaps = w->out->gaps.total;
    buf_printf(out, "\n--- %lld of %lld: ", (long long)number, (long long)of);
    put_plain(out, s->playbook->title.pieces ? fill(w, &s->playbook->title, s, out->arena)
                                             : s->playbook->name);
    buf_char(out, '\n');
    put_line(out, "customer", column_str(w->d->data->id, s->candidate->customer));
    put_line(out, "campaign", campaign->name);
    put_line(out, "reason", campaign->goal);
    put_line(out, "offer", decide_offer(out->arena, w->d, s->candidate));
    buf_char(out, '\n');
    put_indented(out, fill(w, &s->playbook->text, s, out->arena));
    w->out->gaping += w->out->gaps.total > gaps;
}

// ---- files -------------------------------------------------------------------------------------

static int compare_sheets(const void *a, const void *b) {
    const struct sheet_of *x = a, *y = b;
    int order = str_cmp(x->channel, y->channel);
    order = order ? order : str_cmp(x->owner, y->owner);
    if (order)
        return order;
    int64_t net = candidate_net(x->candidate), other = candidate_net(y->candidate);
    if (net != other)
        return net > other ? -1 : 1;
    return x->candidate < y->candidate ? -1 : 1; // they stand in order of the customers
}

static bool in_name(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (unsigned char)c >= 0x80;
}

// A part of a file's name, without dots and slashes: one - for what is neither a letter, a digit
// nor beyond ASCII. It is cut between characters.
static void put_part(struct buf *out, struct str text) {
    enum { LONGEST = 60 };
    bool apart = out->n > 0;
    for (size_t i = 0; i < text.n && (i < LONGEST || (text.p[i] & 0xC0) == 0x80); i++) {
        bool plain = in_name(text.p[i]);
        if (plain && apart)
            buf_char(out, '-');
        if (plain)
            buf_char(out, text.p[i]);
        apart = plain ? false : out->n > 0;
    }
}

enum { FILES_MOST = 10000 };

static bool is_taken(const struct callsheets *c, const char *name) {
    for (int i = 0; i < c->files; i++)
        if (strcmp(c->file[i].name, name) == 0)
            return true;
    return false;
}

// "phone-Ms-Li.txt"; a number is added where two owners would have the same.
static const char *file_name(struct work *w, const struct sheet_of *s) {
    struct buf stem = {.arena = w->arena};
    put_part(&stem, s->channel);
    put_part(&stem, s->owner);
    if (stem.n == 0)
        buf_z(&stem, "sheets");
    const char *name = arena_printf(w->arena, "%s.txt", buf_text(&stem));
    for (int i = 2; is_taken(w->out, name); i++)
        name = arena_printf(w->arena, "%s-%d.txt", buf_text(&stem), i);
    return name;
}

static void put_head(struct work *w, const struct sheet_of *s, int64_t n, struct buf *out) {
    char date[10];
    date_print(w->d->data->as_of, date);
    put_plain(out, s->channel);
    if (s->owner.n > 0) {
        buf_z(out, ", ");
        put_plain(out, s->owner);
    }
    buf_printf(out, ": %lld call sheet%s of %.10s, \"", (long long)n, n == 1 ? "" : "s", date);
    put_plain(out, w->d->policy->title);
    buf_z(out, "\"\n");
}

// The n sheets from s on, which go into one file.
static enum status fill_file(struct work *w, const struct sheet_of *s, int64_t n, struct out *out,
                             struct arena *a, struct err *err) {
    for (int64_t i = 0; i < n; i++) {
        struct arena *own = arena_child(a);
        struct buf text = {.arena = own};
        if (i % 1024 == 0)
            TRY(host_poll(w->host, err));
        if (i == 0)
            put_head(w, s, n, &text);
        put_sheet(w, &s[i], i + 1, n, &text);
        TRY(out_write(out, text.p, text.n, err));
        arena_free(own);
    }
    return DONE;
}

static enum status write_file(struct work *w, const struct sheet_of *s, int64_t n,
                              struct err *err) {
    struct arena *own = arena_child(w->arena);
    struct callsheet_file file = {file_name(w, s), s->channel, s->owner, n, ""};
    struct out *out;
    struct str content;
    TRY(out_open(own, w->host, folder_file(own, w->folder, file.name), &out, err));
    TRY(fill_file(w, s, n, out, own, err));
    TRY(out_content(own, out, &content, err));
    hash_hex(content, file.sha256);
    TRY(out_commit(out, err));
    arena_free(own);
    w->out->file[w->out->files++] = file;
    return DONE;
}

static int64_t same_file(const struct work *w, int64_t first) {
    int64_t end = first + 1;
    while (end < w->n && str_eq(w->sheet[end].channel, w->sheet[first].channel) &&
           str_eq(w->sheet[end].owner, w->sheet[first].owner))
        end++;
    return end - first;
}

static enum status write_files(struct work *w, struct err *err) {
    int64_t files = 0;
    for (int64_t i = 0; i < w->n; i += same_file(w, i))
        files++;
    if (files > FILES_MOST)
        return err_set(err, REFUSED,
                       "that would be %lld files of call sheets, one for each channel and owner, "
                       "and at most %d are written: let `owner` name who makes the calls",
                       (long long)files, FILES_MOST);
    w->out->file = arena_array(w->arena, (size_t)files, sizeof *w->out->file);
    for (int64_t i = 0, n; i < w->n; i += n) {
        n = same_file(w, i);
        TRY(write_file(w, &w->sheet[i], n, err));
        host_progress(w->host, "writing call sheets", (double)i / (double)w->n);
    }
    return DONE;
}

enum status callsheets_write(struct arena *a, const struct host *host, const struct decisions *d,
                             const struct folder *folder, struct callsheets *out, struct err *err) {
    struct work w = {.arena = a, .host = host, .d = d, .folder = folder, .out = out};
    *out = (struct callsheets){.gaps = {.arena = a}};
    list_sheets(&w);
    TRY(find_facts(&w, err));
    if (w.n > 1)
        qsort(w.sheet, (size_t)w.n, sizeof *w.sheet, compare_sheets);
    return write_files(&w, err);
}
