-- Five rules of two or three columns each.
policy "Tiers" {}

tiers "level" {
  { "one",   when = "clv >= 20000 and recency_days < 60 or orders >= 40" },
  { "two",   when = "clv >= 10000 and recency_days < 90 or orders >= 30" },
  { "three", when = "clv >= 5000 and recency_days < 120 or orders >= 20" },
  { "four",  when = "clv >= 2000 and recency_days < 180 or orders >= 10" },
  { "five",  when = "clv >= 500 and recency_days < 365" },
}
