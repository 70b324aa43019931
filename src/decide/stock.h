// What is limited: budgets, caps and capacities.
#ifndef PATRON_DECIDE_STOCK_H
#define PATRON_DECIDE_STOCK_H

#include <stdint.h>

#include "decide/reason.h"

// What offers draw on, each one piece or its cost, until too little is left.
enum stock_kind { STOCK_BUDGET, STOCK_CAPACITY, STOCK_TOTAL, STOCK_CLASS };
struct stock {
    enum stock_kind kind;
    int campaign;               // -1 of a channel's capacity
    int owner;                  // of a capacity the channel, of a class's cap the class
    int64_t size, before, left; // pieces or minor units: in all, gone by the history, left now
    int64_t refused;            // candidates for whom too little was left
    int64_t first, net;         // the first of them, a customer (-1: nobody), and what it would net
};

enum reason stock_reason(enum stock_kind k); // of whom it did not suffice for
const char *stock_name(enum stock_kind k);   // as files have it: "budget", ...

#endif
