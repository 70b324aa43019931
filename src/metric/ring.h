// Rings: ways from a customer over referrals back to the same one.
#ifndef PATRON_METRIC_RING_H
#define PATRON_METRIC_RING_H

#include "base/host.h"
#include "metric/graph.h"

enum { RING_MOST = 10, RING_NONE = RING_MOST + 1 };

// size[i] is how many customers the smallest ring through i has, from 2 to RING_MOST, or RING_NONE
// if there is none of up to RING_MOST. An edge from a vertex to itself is no ring. *longer is how
// many are in larger rings only. On all cores.
enum status ring_sizes(struct arena *a, const struct host *host, const struct graph *g,
                       uint8_t *size, int64_t *longer, struct err *err);

#endif
