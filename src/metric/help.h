// The registry for people: a list, one metric in full, the page docs/metrics.md.
#ifndef PATRON_METRIC_HELP_H
#define PATRON_METRIC_HELP_H

#include "metric/metric.h"

void metric_list_text(struct buf *out); // one line a metric
void metric_help_text(struct buf *out, const struct metric *m);
void metric_markdown(struct buf *out);

#endif
