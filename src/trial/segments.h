// The effect of an arm by segment: each by itself, drawn together (shrink.h), and put together anew
// by the size of the segments, which is surer where these differ (the stratified estimate).
#ifndef PATRON_TRIAL_SEGMENTS_H
#define PATRON_TRIAL_SEGMENTS_H

#include "base/mem.h"
#include "trial/contrast.h"
#include "trial/shrink.h"

struct segment_effect {
    int segment;
    struct contrast effect;
    bool known;               // there is an error to go by
    double shrunk, deviation; // of the difference, if known
    struct interval believed; // about it, as often right as the fixed one
};

struct segment_effects {
    int n;
    struct segment_effect *segment; // those with customers in both arms
    bool drawn;                     // together: enough of them are known
    struct common_effect common;    // if drawn
    struct estimate stratified;     // the difference; error NAN if a segment's is not known
    int64_t outside;                // customers in segments that are in one arm only, left out
};

// From the moments of every segment in the control and in the arm.
struct segment_effects segment_effects_of(struct arena *a, const struct moments *control,
                                          const struct moments *treated, int segments,
                                          const struct precision *precision);

#endif
