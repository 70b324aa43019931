-- The rules of tiers.lua as functions.
policy "Functions" {}

tiers "level" {
  { "one", when = function(clv, recency_days, orders)
    return clv >= 20000 and recency_days < 60 or orders >= 40
  end },
  { "two", when = function(clv, recency_days, orders)
    return clv >= 10000 and recency_days < 90 or orders >= 30
  end },
  { "three", when = function(clv, recency_days, orders)
    return clv >= 5000 and recency_days < 120 or orders >= 20
  end },
  { "four", when = function(clv, recency_days, orders)
    return clv >= 2000 and recency_days < 180 or orders >= 10
  end },
  { "five", when = function(clv, recency_days)
    return clv >= 500 and recency_days < 365
  end },
}
