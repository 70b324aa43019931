// The tests of a policy: customers that it makes up, and what it must give them.
#ifndef PATRON_POLICY_EXPECT_H
#define PATRON_POLICY_EXPECT_H

#include "policy/referral.h"

// A value that a test gives to a column; a date is given as "YYYY-MM-DD".
struct given {
    struct str name;
    struct value value;
    struct place at;
};

// What is given to the column of that name among n, or NULL.
const struct given *given_find(int n, const struct given *give, struct str name);
// What a column of that type takes: "a day such as ...".
const char *given_takes(enum type type);

// Rows that a test gives to a table.
struct given_table {
    struct str name;
    struct place at;
    int rows;
    struct given_row {
        struct place at;
        int given;
        const struct given *give;
    } * row;
};

// A test: one customer, and what the policy must give. Of a `test` block with cases each case is
// one, which has what the block says unless it says otherwise itself.
struct expectation {
    struct str name; // of a case "the block's: the case's"
    struct place at;
    bool has_customer, has_gives; // both must have
    int given;
    const struct given *give;
    bool has_today;
    int32_t today;
    int tables; // whose rows are given; values over the other tables are missing
    const struct given_table *table;
    int columns; // of schemes: the customer's class in one, or what that says
    struct given *column;
    bool has_friend; // whom the customer brought, by this row of referrals
    int friend_given, row_given;
    const struct given *friend, *row;
    struct place friend_at;
    bool has_reward[PARTIES]; // what they get for it was written
    double reward[PARTIES];
    bool has_offers; // `offers` was written: exactly these campaigns, {} is none
    int offers;
    const struct str *offer;
    struct expected_amount { // of all offers together
        bool given;
        double amount;
    } amount, cost, value;
};

#endif
