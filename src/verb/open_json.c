// What was opened, as parts of a JSON document: the dataset, and the findings about the policy.
#include "base/date.h"
#include "verb/open.h"

void data_json(struct json *j, const struct loaded *l) {
    char date[10];
    date_print(l->data.as_of, date);
    json_open(j, '{');
    json_field_str(j, "name", l->data.name);
    json_field_str(j, "as_of", (struct str){date, sizeof date});
    json_field_str(j, "currency", l->data.currency);
    json_field_integer(j, "customers", l->data.customers);
    json_field_open(j, "files", '[');
    for (int i = 0; i < l->sources; i++) {
        const struct source *s = &l->source[i];
        json_open(j, '{');
        json_field_z(j, "file", s->file);
        json_field_z(j, "table", s->table);
        json_field_integer(j, "rows", s->read);
        json_field_integer(j, "accepted", s->accepted);
        json_field_integer(j, "rejected", s->rejected);
        json_field_integer(j, "after_as_of", s->after_as_of);
        json_field_open(j, "reasons", '{');
        for (int k = 0; k < s->reasons; k++) {
            json_key(j, str_of(s->reason[k]));
            json_integer(j, s->reason_count[k]);
        }
        json_close(j, '}');
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
}

static void place_json(struct json *j, const char *key, struct place at) {
    json_field_open(j, key, '{');
    json_field_integer(j, "line", at.line);
    json_field_integer(j, "column", at.column);
    json_close(j, '}');
}

static void range_json(struct json *j, const struct finding *x) {
    json_field_open(j, "range", '{');
    place_json(j, "start", x->at);
    place_json(j, "end", x->end.line ? x->end : x->at);
    json_close(j, '}');
}

// A customer as a test would give it, or the clauses of a proof.
static void evidence_json(struct json *j, const struct evidence *e) {
    if (e->values > 0) {
        json_field_open(j, "customer", '{');
        for (int i = 0; i < e->values; i++) {
            json_key(j, e->value[i].name);
            if (e->value[i].missing)
                json_null(j);
            else if (e->value[i].text)
                json_str(j, e->value[i].value);
            else
                json_raw(j, e->value[i].value);
        }
        json_close(j, '}');
    }
    if (e->clauses > 0) {
        json_field_open(j, "proof", '[');
        for (int i = 0; i < e->clauses; i++) {
            json_open(j, '{');
            json_field_str(j, "clause", e->clause[i].text);
            json_field_bool(j, "holds", e->clause[i].holds);
            place_json(j, "at", e->clause[i].at);
            json_close(j, '}');
        }
        json_close(j, ']');
    }
}

void findings_json(struct json *j, const struct findings *f) {
    json_open(j, '[');
    for (int i = 0; i < f->n; i++) {
        const struct finding *x = &f->list[i];
        json_open(j, '{');
        json_field_z(j, "severity", severity_name(x->severity));
        json_field_z(j, "code", x->code);
        json_field_z(j, "file", x->at.file);
        json_field_integer(j, "line", x->at.line);
        json_field_integer(j, "column", x->at.column);
        json_field_z(j, "text", x->text);
        if (policy_remedy(x->code))
            json_field_z(j, "remedy", policy_remedy(x->code));
        range_json(j, x);
        if (x->evidence)
            evidence_json(j, x->evidence);
        json_close(j, '}');
    }
    json_close(j, ']');
}
