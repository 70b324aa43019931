// A wave of blocks of customers is made in parallel, each into its own buffers, then written in
// order.
//
// Invariant: a block's customers depend on the seed and their numbers only; a block is a multiple
// of HOUSEHOLD_MAX, so that no household is cut.
#include "generate/generate.h"

#include <string.h>

#include "base/file.h"
#include "base/folder.h"
#include "base/parallel.h"
#include "generate/describe.h"

enum { BLOCK = 512, BLOCKS_A_WAVE = 32 };

const struct world *const worlds[] = {&world_bank, &world_retail, NULL};

struct making {
    struct arena *arena;
    const struct host *host;
    const struct generate_options *options;
    struct base base;
    struct folder *folder;
    struct out *out[SHEETS_MAX];
    struct generated *result;
    struct tally tally;
    int64_t done; // customers
    struct desk desk[BLOCKS_A_WAVE];
};

static int sheets_of(const struct world *w) {
    int n = 0;
    while (w->sheet[n].name)
        n++;
    return n;
}

static int64_t bytes_written(const struct generated *g) {
    int64_t sum = 0;
    for (int i = 0; i < g->tables; i++)
        sum += g->table[i].bytes;
    return sum;
}

static enum status write_rows(struct making *m, const struct desk *d, struct err *err) {
    for (int i = 0; i < m->result->tables; i++) {
        const struct rows *r = &d->rows[i];
        m->result->table[i].rows += r->n;
        m->result->table[i].bytes += (int64_t)r->text.n;
        TRY(out_write(m->out[i], r->text.p, r->text.n, err));
    }
    return DONE;
}

static void clear_desk(struct desk *d) {
    for (int i = 0; i < SHEETS_MAX; i++) {
        d->rows[i].n = 0;
        d->rows[i].text.n = 0;
    }
    d->tally = (struct tally){0};
}

static enum status make_block(struct task *t, struct err *err) {
    (void)err;
    struct making *m = t->arg;
    struct desk *d = &m->desk[t->index];
    int64_t first = m->done + (int64_t)t->index * BLOCK + 1, end = first + BLOCK;
    if (end > m->options->customers + 1)
        end = m->options->customers + 1;
    clear_desk(d);
    for (int64_t i = first; i < end; i += HOUSEHOLD_MAX) {
        int64_t n = end - i < HOUSEHOLD_MAX ? end - i : HOUSEHOLD_MAX;
        m->base.world->neighbours(&m->base, i, (int)n, d);
    }
    return DONE;
}

// Told by what the first wave took, before anything has its name.
static enum status check_room(const struct making *m, struct err *err) {
    double each = (double)bytes_written(m->result) / (double)m->done;
    double bytes = each * (double)(m->options->customers - m->done);
    double room = (double)folder_room(m->folder);
    if (bytes <= room)
        return DONE;
    return err_at(err, REFUSED, (struct place){m->options->folder, 0, 0},
                  "%lld customers take about %.1f GB, and %.1f GB are free there; ask for fewer "
                  "than %.0f, or name a folder elsewhere",
                  (long long)m->options->customers, each * (double)m->options->customers / 1e9,
                  room / 1e9, room / each);
}

static void add_tally(struct tally *sum, const struct tally *t) {
    sum->contacted += t->contacted;
    for (int i = 0; i < ARMS_MAX; i++) {
        sum->in_arm[i] += t->in_arm[i];
        sum->answered[i] += t->answered[i];
        sum->would_answer[i] += t->would_answer[i];
    }
}

static enum status make_wave(struct making *m, struct err *err) {
    int64_t left = m->options->customers - m->done;
    int64_t blocks = (left + BLOCK - 1) / BLOCK;
    if (blocks > BLOCKS_A_WAVE)
        blocks = BLOCKS_A_WAVE;
    TRY(parallel_run(m->host, (size_t)blocks, make_block, m, err));
    for (int64_t i = 0; i < blocks; i++) {
        add_tally(&m->tally, &m->desk[i].tally);
        TRY(write_rows(m, &m->desk[i], err));
    }
    m->done += blocks * BLOCK < left ? blocks * BLOCK : left;
    return DONE;
}

static enum status make_customers(struct making *m, struct err *err) {
    int64_t all = m->options->customers;
    for (bool first = true; m->done < all; first = false) {
        TRY(make_wave(m, err));
        if (first)
            TRY(check_room(m, err));
        host_progress(m->host, "making customers", (double)m->done / (double)all);
    }
    return DONE;
}

static enum status open_sheets(struct making *m, struct err *err) {
    const struct world *w = m->base.world;
    for (int i = 0; i < m->result->tables; i++) {
        const char *name = arena_printf(m->arena, "%s.csv", w->sheet[i].name);
        m->result->table[i].name = w->sheet[i].name;
        TRY(out_open(m->arena, m->host, folder_file(m->arena, m->folder, name), &m->out[i], err));
        struct buf header = {.arena = m->arena};
        describe_header(&w->sheet[i], &header);
        m->result->table[i].bytes = (int64_t)header.n;
        TRY(out_write(m->out[i], header.p, header.n, err));
    }
    clear_desk(&m->desk[0]);
    if (w->things)
        w->things(&m->desk[0]);
    return write_rows(m, &m->desk[0], err);
}

static enum status write_file(struct making *m, const char *name, const struct buf *text,
                              struct err *err) {
    struct out *out;
    TRY(out_open(m->arena, m->host, folder_file(m->arena, m->folder, name), &out, err));
    TRY(out_write(out, text->p, text->n, err));
    return out_commit(out, err);
}

static enum status finish(struct making *m, struct err *err) {
    struct buf dataset = {.arena = m->arena}, truth = {.arena = m->arena};
    describe_dataset(m->base.world, &dataset);
    describe_truth(m->base.world, m->options, &m->tally, &truth);
    host_progress(m->host, "writing to disk", 1);
    for (int i = 0; i < m->result->tables; i++)
        TRY(out_commit(m->out[i], err));
    TRY(write_file(m, "dataset.json", &dataset, err));
    TRY(write_file(m, "truth.json", &truth, err));
    return folder_commit(m->folder, err);
}

static bool next_world(const void *ctx, size_t i, struct str *out) {
    (void)ctx;
    if (worlds[i])
        *out = str_of(worlds[i]->name);
    return worlds[i] != NULL;
}

static enum status find_world(const char *name, const struct world **out, struct err *err) {
    for (size_t i = 0; worlds[i]; i++)
        if (strcmp(worlds[i]->name, name) == 0) {
            *out = worlds[i];
            return DONE;
        }
    struct str near = str_nearest(str_of(name), next_world, NULL);
    if (near.n)
        return err_set(err, MISUSED, "there is no base '%s'; did you mean '%.*s'?", name,
                       (int)near.n, near.p);
    return err_set(err, MISUSED, "there is no base '%s'; it is bank or retail", name);
}

// Each block's buffers grow in an arena of their own, on any thread.
static void furnish(struct making *m) {
    for (int i = 0; i < BLOCKS_A_WAVE; i++) {
        struct arena *own = arena_child(m->arena);
        m->desk[i].course.arena = own;
        for (int k = 0; k < SHEETS_MAX; k++)
            m->desk[i].rows[k].text.arena = own;
    }
}

enum status generate_run(struct arena *a, const struct host *host, const struct generate_options *o,
                         struct generated *out, struct err *err) {
    struct making *m = arena_alloc(a, sizeof *m);
    const struct world *w = NULL;
    TRY(find_world(o->kind, &w, err));
    if (o->customers < 1 || o->customers > GENERATE_MOST)
        return err_set(err, MISUSED, "a base has 1 to %lld customers, not %lld",
                       (long long)GENERATE_MOST, (long long)o->customers);
    *out = (struct generated){.title = w->title, .tables = sheets_of(w)};
    out->table = arena_array(a, (size_t)out->tables, sizeof *out->table);
    m->arena = a;
    m->host = host;
    m->options = o;
    m->result = out;
    m->base = (struct base){.world = w, .seed = o->seed};
    clock_make(&m->base.clock, &w->season);
    furnish(m);
    TRY(folder_make(a, o->folder, &m->folder, err));
    TRY(open_sheets(m, err));
    TRY(make_customers(m, err));
    return finish(m, err);
}
