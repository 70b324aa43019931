-- Make points keep customers: remind of those about to expire, and ask who cashed in all at once.
--
-- One point a yuan, credited in the table `points` and good for 24 months. Who redeems everything
-- at once has often decided to leave: at the generated bank (`patron generate bank`) 60 of 100
-- leavers do so before they go. What is owed for all points stands in the summary of `score`.
policy "Points" { currency = "CNY" }

inputs { opted_out = flag }

params {
  worth_a_call = { 1000, from = 200, to = 5000 }, -- points redeemed at once that are worth a call
  emptied      = { 0.1, from = 0, to = 0.5 },     -- what may be left of them
  worth_a_text = { 500, from = 100, to = 5000 },  -- points about to expire that are worth a text
  keeps        = { 0.15, from = 0.02, to = 0.4 }, -- leavers that a call keeps: assumed
  stirs        = { 0.03, from = 0, to = 0.2 },    -- buyers whom the text brings back: assumed
}

loyalty "miles" {
  booked     = "type ~= 'expired'", -- here they expire by themselves
  expire     = months(24),
  soon       = months(3),           -- the time to the next that expire: points come by quarter
  unit_value = 0.01,
  redeems    = 0.8, -- assumed; `score` prints the share measured so far beside it
}

metrics {
  margin_12m = sum "transactions" { "margin", last = months(12) },
  taken      = last "points" { "points", where = "points < 0", last = days(30) }, -- below 0
  had        = "miles_balance - taken", -- before that
}

campaign "ask why" {
  goal    = "hear why they cashed in everything, while the account is still open",
  when    = "taken <= -worth_a_call and miles_balance <= emptied * had",
  never   = "opted_out",
  offer   = service_recovery "a call by the branch",
  cost    = "8",
  effect  = { retention = "keeps", sd = 0.07, evidence = "assumed" },
  value   = "3 * margin_12m",
  channel = "phone",
}

campaign "use them" {
  goal    = "points that are gone please nobody: tell what they buy before they are",
  when    = "miles_expiring >= worth_a_text",
  never   = "opted_out",
  offer   = gift "a list of what the points buy",
  cost    = "0.1 + stirs * 0.01 * miles_expiring", -- a text; and points that would have been lost
  value   = "stirs * margin_12m",
  channel = "sms",
}

test "1,000 points at once and almost nothing left: a call" {
  customer = { taken = -1000, miles_balance = 100, miles_expiring = 0, margin_12m = 500,
               opted_out = false },
  gives    = { offers = { "ask why" }, cost = 8, value = 225 },
}

test "what was taken is the last booking below 0, of this month" {
  today    = "2025-03-31",
  customer = { miles_balance = 0, miles_expiring = 0, margin_12m = 500, opted_out = false },
  gives    = { offers = {} },
  cases = {
    { "all of it", points = { { date = "2025-03-20", points = -5000, type = "redeemed" },
                              { date = "2025-03-21", points = 0, type = "corrected" } },
      gives = { offers = { "ask why" } } },
    { "then one more", points = { { date = "2025-03-20", points = -5000, type = "redeemed" },
                                  { date = "2025-03-21", points = -1, type = "redeemed" } } },
    { "too long ago", points = { { date = "2025-03-01", points = -5000, type = "redeemed" } } },
  },
}

test "950 points are no signal" {
  customer = { taken = -950, miles_balance = 0, miles_expiring = 0, margin_12m = 500,
               opted_out = false },
  gives    = { offers = {} },
}

test "more than a tenth left is not everything" {
  customer = { taken = -8950, miles_balance = 1050, miles_expiring = 0, margin_12m = 500,
               opted_out = false },
  gives    = { offers = {} },
}

test "nothing redeemed this month: no call" {
  customer = { miles_balance = 0, miles_expiring = 0, margin_12m = 500, opted_out = false },
  gives    = { offers = {} },
}

test "cashed in, but opted out: left alone" {
  customer = { taken = -5000, miles_balance = 0, miles_expiring = 600, margin_12m = 500,
               opted_out = true },
  gives    = { offers = {} },
}

test "500 points about to expire: a text" {
  customer = { miles_balance = 4000, miles_expiring = 500, margin_12m = 500, opted_out = false },
  gives    = { offers = { "use them" }, cost = 0.25, value = 15 },
}

test "499 are not worth one" {
  customer = { miles_balance = 4000, miles_expiring = 499, margin_12m = 500, opted_out = false },
  gives    = { offers = {} },
}

test "the call comes before the text" {
  customer = { taken = -9000, miles_balance = 600, miles_expiring = 600, margin_12m = 500,
               opted_out = false },
  gives    = { offers = { "ask why" } },
}

test "whether they opted out is unknown: left alone" {
  customer = { miles_balance = 4000, miles_expiring = 500, margin_12m = 500 },
  gives    = { offers = {} },
}
