-- Five rules with arithmetic, money, labels, and a column that is missing for some.
policy "Mixed" {}

tiers "level" {
  { "one",   when = "segment == 'high' and clv > 20000" },
  { "two",   when = "spend / (orders + 1) > 3000" },
  { "three", when = "recency_days / (orders + 1) > 30.5" },
  { "four",  when = "one_of(segment, 'low', 'mid') and not (orders < 20)" },
  { "five",  when = "default(clv, 0) > 2 * spend" },
}
