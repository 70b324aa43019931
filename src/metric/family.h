// The run functions of the registry, by family: one file each.
#ifndef PATRON_METRIC_FAMILY_H
#define PATRON_METRIC_FAMILY_H

#include "metric/metric.h"

// purchase.c: scans of the transactions.
enum status purchase_first(struct metric_run *r, struct err *err);
enum status purchase_last(struct metric_run *r, struct err *err);
enum status purchase_orders(struct metric_run *r, struct err *err);
enum status purchase_days(struct metric_run *r, struct err *err);
enum status purchase_sum(struct metric_run *r, struct err *err); // of the column it needs

// rhythm.c: when, how often, and whether that still holds.
enum status rhythm_recency_days(struct metric_run *r, struct err *err);
enum status rhythm_tenure_days(struct metric_run *r, struct err *err);
enum status rhythm_tenure_months(struct metric_run *r, struct err *err);
enum status rhythm_mean_gap_days(struct metric_run *r, struct err *err);
enum status rhythm_rf_ratio(struct metric_run *r, struct err *err);
enum status rhythm_rf_warning(struct metric_run *r, struct err *err);

// rfm.c: scores by quantile cuts, and segments.
void rfm_r_learn(const struct metric_run *r, struct learned *out);
void rfm_f_learn(const struct metric_run *r, struct learned *out);
void rfm_m_learn(const struct metric_run *r, struct learned *out);
enum status rfm_r_score(struct metric_run *r, struct err *err);
enum status rfm_f_score(struct metric_run *r, struct err *err);
enum status rfm_m_score(struct metric_run *r, struct err *err);
enum status rfm_code(struct metric_run *r, struct err *err);
enum status rfm_segment(struct metric_run *r, struct err *err);

// spread.c: how the total is spread over customers.
void spread_learn(const struct metric_run *r, struct learned *out);
enum status spread_share(struct metric_run *r, struct err *err);
enum status spread_class(struct metric_run *r, struct err *err);

// credit.c: who referred whom.
enum status credit_referrer(struct metric_run *r, struct err *err);

// referral.c: what follows from that.
enum status referral_count(struct metric_run *r, struct err *err);
enum status referral_qualified(struct metric_run *r, struct err *err);
enum status referral_generation(struct metric_run *r, struct err *err);
enum status referral_depth(struct metric_run *r, struct err *err);
enum status referral_reach(struct metric_run *r, struct err *err);
enum status referral_cascade(struct metric_run *r, struct err *err);

// abuse.c: what makes referrals suspect.
enum status abuse_self(struct metric_run *r, struct err *err);
enum status abuse_ring(struct metric_run *r, struct err *err);
enum status abuse_a_day(struct metric_run *r, struct err *err);

// household.c: who lives together.
enum status household_first(struct metric_run *r, struct err *err);
enum status household_referrer(struct metric_run *r, struct err *err);

// value.c: what an order and a customer are worth.
enum status value_mean_order(struct metric_run *r, struct err *err);
enum status value_default(struct metric_run *r, struct err *err);
enum status value_simple(struct metric_run *r, struct err *err);
enum status value_perpetual(struct metric_run *r, struct err *err);
enum status value_revenue(struct metric_run *r, struct err *err);
enum status value_profit(struct metric_run *r, struct err *err);
enum status value_contribution(struct metric_run *r, struct err *err);
enum status value_referral(struct metric_run *r, struct err *err);

#endif
