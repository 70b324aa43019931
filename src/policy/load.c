// Loading a policy: file -> helper -> blocks -> places -> policy, then the settings of this run.
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/number.h"
#include "policy/helper.h"
#include "policy/mark.h"
#include "policy/pool.h"
#include "policy/quota.h"
#include "policy/read.h"
#include "policy/source.h"
#include "policy/wire.h"

enum { LONGEST = 1 << 20, DEADLINE_MS = 2000, CUSTOMER_MS = 200 };

struct load {
    struct arena *arena;
    struct findings *findings;
    struct policy *policy;
    struct source *source;
};

static struct place in_file(const struct load *l, long line) {
    return (struct place){l->policy->path.p, line, 0};
}

// ---- the text -------------------------------------------------------------------------------

// The line of the first byte that is no text; 0 if all of it is UTF-8.
static long bad_line(struct str text) {
    long line = 1;
    for (size_t i = 0, n; i < text.n; i += n) {
        n = text.p[i] ? str_utf8((struct str){text.p + i, text.n - i}) : 0;
        if (n == 0)
            return line;
        line += text.p[i] == '\n';
    }
    return 0;
}

static bool begins(struct str text, const char *with) {
    size_t n = strlen(with);
    return text.n >= n && memcmp(text.p, with, n) == 0;
}

static enum status check_text(const struct load *l, struct str text, struct err *err) {
    long line = bad_line(text);
    if (text.n == 0)
        return err_at(err, REFUSED, in_file(l, 0),
                      "is empty; a policy declares campaigns or tiers");
    if (text.n > LONGEST)
        return err_at(err, REFUSED, in_file(l, 0), "is longer than 1 MB; is it a policy?");
    if (begins(text, "\x1b"))
        return err_at(err, REFUSED, in_file(l, 0), "is compiled Lua; give the text itself");
    if (line)
        return err_at(err, REFUSED, in_file(l, line), "is no UTF-8 text; save it as UTF-8");
    return DONE;
}

// The script itself: no byte-order mark, and of a `#!` line nothing but its end.
static struct str script_of(struct str text) {
    size_t n = begins(text, "\xEF\xBB\xBF") ? 3 : 0;
    if (n < text.n && text.p[n] == '#')
        while (n < text.n && text.p[n] != '\n')
            n++;
    return (struct str){text.p + n, text.n - n};
}

static enum status read_file(struct load *l, struct str *out, struct err *err) {
    struct arena *mapped = arena_child(l->arena);
    struct str text;
    TRY(file_map(mapped, l->policy->path.p, &text, err));
    out->p = arena_copy(l->arena, text.p, text.n);
    out->n = text.n;
    arena_free(mapped);
    return check_text(l, *out, err);
}

// ---- the script's answer ----------------------------------------------------------------------

// What the message names in `...` is looked for in its line, for the column.
static struct place place_of_error(const struct load *l, long line, struct str text) {
    const char *open = memchr(text.p, '`', text.n);
    size_t left = open ? text.n - (size_t)(open + 1 - text.p) : 0;
    const char *close = left ? memchr(open + 1, '`', left) : NULL;
    struct str name = close ? (struct str){open + 1, (size_t)(close - open - 1)} : STR("");
    const struct token *t = source_name(l->source, name, line);
    return t ? source_place(l->source, t) : in_file(l, line);
}

// A text that ends in the middle of a word: "city == "Rome"".
static bool has_inner_quote(const struct source *s, long line) {
    for (const struct token *t = s->token; t->kind != TOKEN_END && t->line <= line; t++) {
        unsigned char then = (unsigned char)*t[1].text.p;
        bool word = t[1].kind == TOKEN_NAME || (then >= 0x80 && then != 0xe2); // 0xe2: “ and ”
        if (t->line == line && t->kind == TOKEN_STRING && word &&
            t->text.p + t->text.n == t[1].text.p)
            return true;
    }
    return false;
}

// Lua says what it met; this is what people most often did.
static const char *advice(const struct source *s, long line, struct str text) {
    static const struct {
        const char *met, *advice;
    } list[] = {
        {"unfinished string", "; the quote that opens there is never closed"},
        {"near <eof>", "; the file ends too early: is a } or a quote missing?"},
        {"'}' expected", "; is a comma missing before it?"},
        {"unexpected symbol near '='", "; is the { missing that opens the block?"},
        {"unexpected symbol near '}'", "; is a value missing, or the { that opens the block?"},
        {"'then' expected near '='", "; to compare write =="},
        {"near '!'", "; not equal is ~= in Lua"},
        {"near '//'", "; a comment begins with --"},
        {"near '#'", "; a comment begins with --"},
        {"near '<\\", "; a typographic quote, or a letter that needs [\"...\"] around it"},
        {"syntax error near", "; a block has its name in quotes: campaign \"spring\" { ... }"},
    };
    if (!memmem(text.p, text.n, "unfinished", 10) && has_inner_quote(s, line))
        return "; a quote within a text ends it: write \"city == 'Rome'\"";
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (text.n && memmem(text.p, text.n, list[i].met, strlen(list[i].met)))
            return list[i].advice;
    return "";
}

// `when = "a" and "b"` is what Lua takes for "b" alone, without a word.
static void refuse_halves(const struct load *l) {
    for (const struct token *t = l->source->token; t->kind != TOKEN_END; t++)
        if (t->kind == TOKEN_SYMBOL && t->text.n == 1 && strchr("={,(", *t->text.p) &&
            t[1].kind == TOKEN_STRING && (str_is(t[2].text, "and") || str_is(t[2].text, "or")) &&
            t[3].kind == TOKEN_STRING)
            findings_add(l->findings, SEVERITY_ERROR, "expression", source_place(l->source, t + 2),
                         "only one of the two texts would count; write `%.*s` within the quotes: "
                         "\"... %.*s ...\"",
                         (int)t[2].text.n, t[2].text.p, (int)t[2].text.n, t[2].text.p);
}

static enum status read_answer(struct load *l, struct reader *r, struct str bytes, int deadline_ms,
                               struct err *err) {
    struct answer answer;
    if (!wire_read(l->arena, bytes, &answer))
        return err_at(err, REFUSED, in_file(l, 0),
                      "the process that runs the script gave an answer that is none");
    if (answer.kind == ANSWER_LATE) {
        findings_add(
            l->findings, SEVERITY_ERROR, "too-slow", in_file(l, answer.line),
            "the script was still running after %g seconds; a policy only declares: look for "
            "a loop without end",
            deadline_ms / 1000.0);
    } else if (answer.kind == ANSWER_ERROR) {
        findings_add(l->findings, SEVERITY_ERROR, "script",
                     place_of_error(l, answer.line, answer.text), "%s%s",
                     read_clean(r, answer.text, 500), advice(l->source, answer.line, answer.text));
    } else {
        refuse_halves(l);
        mark_blocks(l->source, answer.block, answer.blocks, l->findings);
        read_blocks(r, answer.block, answer.blocks);
    }
    return DONE;
}

static enum status run_script(struct load *l, const struct policy_options *o, struct err *err) {
    struct str script = script_of(l->policy->source), bytes;
    struct reader r = {.arena = l->arena, .findings = l->findings, .policy = l->policy};
    int deadline_ms = o->deadline_ms ? o->deadline_ms : DEADLINE_MS;
    l->source = source_new(l->arena, l->policy->path.p, script);
    r.source = l->source;
    struct err why = {0};
    if (helper_run(l->arena, o->host, o->helper, deadline_ms, script, &bytes, &why) != DONE)
        return why.status == CANCELLED ? host_heard(o->host, err)
                                       : err_at(err, why.status, in_file(l, 0), "%s", why.text);
    TRY(read_answer(l, &r, bytes, deadline_ms, err));
    struct pool_options pool = {
        // the caller's may be gone when a function is called
        .program = o->helper ? arena_copy(l->arena, o->helper, strlen(o->helper)) : NULL,
        .script = script,
        // it has run in time once: only a busy machine can make it late now
        .start_ms = 10 * deadline_ms,
        .customer_ms = o->customer_ms ? o->customer_ms : CUSTOMER_MS,
    };
    l->policy->pool = pool_new(l->arena, &pool);
    return findings_err(l->findings, err);
}

// ---- settings ---------------------------------------------------------------------------------

// A param keeps its type: an integer takes no fraction, a flag true or false.
static bool parse_setting(struct param *p, struct str text) {
    switch (p->type) {
    case TYPE_INTEGER: return number_integer(text, &p->value.integer);
    case TYPE_NUMBER: return number_double(text, '.', &p->value.number);
    case TYPE_FLAG:
        p->value.boolean = str_is(text, "true");
        return p->value.boolean || str_is(text, "false");
    default: p->value.string = text; return text.n > 0;
    }
}

static enum status apply_setting(struct arena *a, struct policy *p, struct setting s,
                                 struct err *err) {
    int at = policy_param(p, s.name);
    struct param *param = at < 0 ? NULL : &p->param[at];
    if (!param)
        return policy_no_param(
            a, p, s.name,
            arena_printf(a, "--set %.*s=%.*s", (int)s.name.n, s.name.p, (int)s.value.n, s.value.p),
            err);
    if (!parse_setting(param, s.value))
        return err_set(err, MISUSED, "--set %.*s=%.*s: it takes %s, as in the policy",
                       (int)s.name.n, s.name.p, (int)s.value.n, s.value.p,
                       param->type == TYPE_INTEGER
                           ? "a whole number (any, if it is 20.0 there), no sign between thousands"
                       : param->type == TYPE_NUMBER ? "a number, such as 0.25 for 25 %"
                       : param->type == TYPE_FLAG   ? "true or false"
                                                    : "a text");
    double number =
        param->type == TYPE_INTEGER ? (double)param->value.integer : param->value.number;
    if (param->ranged && !(param->from <= number && number <= param->to))
        return err_set(err, MISUSED, "--set %.*s=%.*s: the policy allows %g to %g", (int)s.name.n,
                       s.name.p, (int)s.value.n, s.value.p, param->from, param->to);
    param->changed = true;
    return DONE;
}

// Without a `policy` block the file's name is the title: "bank" of policies/bank.lua.
static struct str file_title(struct str path) {
    const char *slash = memrchr(path.p, '/', path.n);
    struct str name = slash ? str_of(slash + 1) : path;
    if (name.n > 4 && memcmp(name.p + name.n - 4, ".lua", 4) == 0)
        name.n -= 4;
    return name;
}

enum status policy_load(struct arena *a, const char *path, const struct policy_options *o,
                        struct findings *findings, struct policy **out, struct err *err) {
    static const struct policy_options defaults;
    struct policy *p = arena_alloc(a, sizeof *p);
    struct load l = {.arena = a, .findings = findings, .policy = p};
    o = o ? o : &defaults;
    p->path = (struct str){arena_copy(a, path, strlen(path)), strlen(path)};
    TRY(read_file(&l, &p->source, err));
    hash_hex(p->source, p->sha256);
    TRY(run_script(&l, o, err));
    policy_list_sites(a, p);
    if (p->title.n == 0)
        p->title = file_title(p->path);
    for (int i = 0; i < o->n_settings; i++)
        TRY(apply_setting(a, p, o->settings[i], err));
    quotas_settle(a, p, findings);
    *out = p;
    return findings_err(findings, err);
}
