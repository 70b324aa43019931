// Offers: what a campaign gives, as a text that is the same wherever it is written:
// `waive_fee { after_purchases = 6, up_to = 300 }` is "waive_fee up_to=300 after_purchases=6".
#include "policy/read.h"
#include "policy/words.h"

// A reader of an offer gets its arguments, in a NODE_WORD, and appends to a buffer.
static bool alone(const struct node *v) {
    return v->items == 1;
}

static bool append_number(struct reader *r, const struct node *v, struct buf *text) {
    double number;
    if (!read_double(v, &number) || number < 0)
        return false;
    buf_z(text, read_described(r, v));
    return true;
}

bool offer_setting(struct reader *r, const struct row *row, const struct node *v, void *into) {
    buf_printf(into, " %s=", row->word.name);
    return append_number(r, v, into);
}

bool offer_whole_setting(struct reader *r, const struct row *row, const struct node *v,
                         void *into) {
    return v->kind == NODE_INTEGER && offer_setting(r, row, v, into);
}

bool offer_share(struct reader *r, const struct row *row, const struct node *v, void *into) {
    double share;
    return read_double(v, &share) && share > 0 && share <= 1 && offer_setting(r, row, v, into);
}

bool offer_condition(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct str text;
    if (!read_name(r, v, &text))
        return false;
    buf_printf(into, " %s=", row->word.name);
    buf_str(into, text);
    return true;
}

// The whole fee, or what the settings leave of it.
bool offer_fee(struct reader *r, const struct row *row, const struct node *v, void *into) {
    if (v->items == 0)
        return true;
    if (!alone(v) || v->item[0].kind != NODE_TABLE)
        return false;
    read_no_items(r, v->item);
    read_fields(r, v->item, row->word.name, into);
    return true;
}

bool offer_text(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct str text;
    (void)row;
    if (!alone(v) || !read_name(r, v->item, &text))
        return false;
    buf_char(into, ' ');
    buf_str(into, text);
    return true;
}

// A tier of the policy; any text where it has none.
bool offer_tier(struct reader *r, const struct row *row, const struct node *v, void *into) {
    if (!offer_text(r, row, v, into))
        return false;
    const struct policy *p = r->policy;
    bool tiers = false, found = false;
    for (const struct scheme *s = p->scheme; s < p->scheme + p->schemes; s++) {
        bool ranks = s->kind == SCHEME_TIERS;
        tiers |= ranks;
        found |= ranks && dict_find(s->labels, v->item->string) >= 0;
    }
    if (tiers && !found)
        read_wrong(r, v->item->at, "unknown-tier",
                   "no tiers block has a tier \"%s\"; what is no tier is a `gift`",
                   read_shown(r, v->item->string));
    return true;
}

bool offer_perhaps_text(struct reader *r, const struct row *row, const struct node *v, void *into) {
    return v->items == 0 || offer_text(r, row, v, into);
}

// A number is the same for all; what differs by customer is no part of the text.
bool offer_amount(struct reader *r, const struct row *row, const struct node *v, void *into) {
    double number;
    (void)row;
    if (!alone(v) || !read_double(v->item, &number))
        return alone(v) && (v->item->kind == NODE_STRING || v->item->kind == NODE_FUNCTION);
    buf_char(into, ' ');
    return append_number(r, v->item, into);
}

static void read_amount_of(struct reader *r, const struct row *kind, const struct node *v,
                           struct offer *offer) {
    offer->counts = kind->read == offer_amount && alone(v);
    if (offer->counts && !read_double(v->item, &offer->number))
        read_amount(r, kind, v->item, &offer->amount);
}

bool offer_nothing(struct reader *r, const struct row *row, const struct node *v, void *into) {
    (void)r, (void)row, (void)into;
    return v->items == 0;
}

bool read_offer(struct reader *r, const struct row *row, const struct node *v, void *into) {
    const struct row *kind = v->kind == NODE_WORD ? words_find("offer", v->string) : NULL;
    struct offer *offer = into;
    struct buf text = {.arena = r->arena};
    (void)row;
    if (!kind)
        return false;
    buf_z(&text, kind->word.name);
    if (!kind->read(r, kind, v, &text))
        read_wrong(r, v->at, "wrong-offer", "`%s` takes %s%s%s", kind->word.name, kind->word.takes,
                   v->items == 1 ? ", got " : "", v->items == 1 ? read_described(r, v->item) : "");
    *offer = (struct offer){
        .kind = str_of(kind->word.name), .text = {buf_text(&text), text.n}, .at = v->at};
    read_amount_of(r, kind, v, offer);
    return true;
}
