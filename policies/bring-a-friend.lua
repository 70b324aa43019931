-- Reward customers for the friends they bring, and ask for more of them when they have reason to be
-- glad: at a decision, a delivery, good advice, a follow-up visit.
--
-- A reward is due as soon as the friend has opened an account, and there is no cap: both sides get
-- the same, by what kind of customer the friend is; who had an account before is no friend brought.
-- It is taken back when the friend has left.
-- Nobody is asked while a complaint is open, nor a fourth time.
policy "Bring a friend" { currency = "CNY" }

inputs {
  kind = { "individual", "business", "student" }, -- business: an owner of a small one
  opened = date, opted_out = flag, closed = flag,
}

params {
  asks  = 3,   -- nobody is asked more often
  joins = 0.1, -- of those asked, how many bring somebody. Assumed: nobody has measured it yet
  worth = 900, -- margin to come of somebody who is brought, less the rewards
}

metrics {
  decisions  = count "events" { where = "type == 'decision'", last = days(7) },
  deliveries = count "events" { where = "type == 'delivery'", last = days(7) },
  advice     = count "events" { where = "type == 'advice'", last = days(7) },
  visits     = count "events" { where = "type == 'visit'", last = days(7) },
  complaints = count "events" { where = "type == 'complaint'" },
  settled    = count "events" { where = "type == 'resolved'" },
  asked      = count "contacts" { where = "starts_with(campaign, 'ask ')" },
}

referral "bring a friend" {
  programme = "bring a friend",
  reward    = by "friend.kind" {
    individual = both(300), business = both(500), student = both(100),
  },
  value     = "friend.margin",
  block     = [[friend.opened < referral.date or self_referral or ring_size <= 3
                or referrals_a_day > 3]],
  claw_back = "friend.closed",
}

local asking = { referral = "joins", base = 0.02, sd = 0.05, evidence = "assumed" }

-- How to ask, and how to meet a no.
playbook "ask for a friend" {
  title = "{customer}: {goal}",
  text  = [[
Brought so far: {referred_count}. Asked so far: {asked} times; after {asks} it is enough.

1. Let them say what they like about it. If they do not, ask for nothing today.
2. Say what you do, and what it was worth to them.
3. Ask: "Who else should know of this?" Both get a reward when the friend opens an account.
4. Ask for one more.
5. Thank them, whatever they answered. Tell them later what came of it.

If they say no
  - because they would not trouble a friend, or give away a name: agree that this matters; describe
    what the friend will be asked, and what not; try whether a word from themselves would do;
    praise them for looking after their friends.
  - out of habit: it is no answer yet. Talk of something else and ask again, three times in all.
  - because something was not right for them: stop asking. Put that right first, or nobody comes.
]],
}

campaign "ask at a decision" {
  goal    = "ask who else would want it, while the reasons for it are fresh",
  when    = "decisions > 0",
  never   = "opted_out or complaints > settled or asked >= asks",
  offer   = gift "a word to a friend",
  effect  = asking,
  value   = "worth",
  cost    = "8",
  channel = "phone",
  playbook = "ask for a friend",
}

campaign "ask at a delivery" {
  goal    = "ask when what was bought has arrived and pleases",
  when    = "deliveries > 0",
  never   = "opted_out or complaints > settled or asked >= asks",
  offer   = gift "a word to a friend",
  effect  = asking,
  value   = "worth",
  cost    = "8",
  channel = "phone",
  playbook = "ask for a friend",
}

campaign "ask when it helped" {
  goal    = "ask whom else the advice would help",
  when    = "advice > 0",
  never   = "opted_out or complaints > settled or asked >= asks",
  offer   = gift "a word to a friend",
  effect  = asking,
  value   = "worth",
  cost    = "8",
  channel = "phone",
  playbook = "ask for a friend",
}

campaign "ask at a visit" {
  goal    = "ask when we call or visit again, and they are content",
  when    = "visits > 0",
  never   = "opted_out or complaints > settled or asked >= asks",
  offer   = gift "a word to a friend",
  effect  = asking,
  value   = "worth",
  cost    = "8",
  channel = { "phone", "counter" },
  playbook = "ask for a friend",
}

test "both sides get the same, by what the friend is" {
  today    = "2025-06-30",
  customer = { self_referral = false, ring_size = 11, referrals_a_day = 3 },
  referral = { date = "2025-06-01", programme = "bring a friend" },
  cases = {
    { "an individual",
      friend = { kind = "individual", margin = 0, opened = "2025-06-01", closed = false },
      gives = { reward = 300, friend_reward = 300 } },
    { "a business",
      friend = { kind = "business", margin = 0, opened = "2025-06-01", closed = false },
      gives = { reward = 500, friend_reward = 500 } },
    { "a student",
      friend = { kind = "student", margin = 0, opened = "2025-06-01", closed = false },
      gives = { reward = 100, friend_reward = 100 } },
    { "of a kind that nobody wrote down: nothing yet",
      friend = { margin = 0, opened = "2025-06-01", closed = false },
      gives = { reward = 0, friend_reward = 0 } },
    { "in another programme: nothing",
      friend = { kind = "student", margin = 0, opened = "2025-06-01", closed = false },
      referral = { date = "2025-06-01", programme = "colleagues" },
      gives = { reward = 0, friend_reward = 0 } },
  },
}

test "who is suspect gets nothing" {
  today    = "2025-06-30",
  customer = { self_referral = false, ring_size = 11, referrals_a_day = 1 },
  friend   = { kind = "student", margin = 0, opened = "2025-06-01", closed = false },
  referral = { date = "2025-06-01" },
  gives    = { reward = 0, friend_reward = 0 },
  cases = {
    { "a friend who was a customer the day before", friend = { opened = "2025-05-31" } },
    { "who referred itself", customer = { self_referral = true } },
    { "a ring of three", customer = { ring_size = 3 } },
    { "four on one day", customer = { referrals_a_day = 4 } },
    { "and a ring of four does", customer = { ring_size = 4 },
      gives = { reward = 100, friend_reward = 100 } },
  },
}

test "what was paid for a friend who has left is taken back, from both" {
  today    = "2025-06-30",
  customer = { self_referral = false, ring_size = 11, referrals_a_day = 1 },
  friend   = { kind = "individual", margin = 0, opened = "2025-06-01", closed = true },
  referral = { date = "2025-06-01" },
  rewards  = {
    { date = "2025-06-10", programme = "bring a friend", amount = 300, key = "bring a friend/"
      .. "bring a friend/the test's customer/the test's friend/referrer" },
    { date = "2025-06-10", programme = "bring a friend", amount = 200, key = "bring a friend/"
      .. "bring a friend/the test's friend/the test's customer/friend" },
  },
  cases = {
    { "left", gives = { reward = -300, friend_reward = -200 } },
    { "stayed, and is not paid for twice", friend = { closed = false },
      gives = { reward = 0, friend_reward = 0 } },
  },
}

test "who has reason to be glad is asked" {
  customer = { opted_out = false, complaints = 1, settled = 1, asked = 2,
               decisions = 0, deliveries = 0, advice = 0, visits = 0 },
  cases = {
    { "at a decision", customer = { decisions = 1 },
      gives = { offers = "ask at a decision", cost = 8, value = 90 } },
    { "at a delivery", customer = { deliveries = 1 }, gives = { offers = "ask at a delivery" } },
    { "when it helped", customer = { advice = 1 }, gives = { offers = "ask when it helped" } },
    { "at a visit", customer = { visits = 1 }, gives = { offers = "ask at a visit" } },
    { "else nobody is", gives = { offers = {} } },
  },
}

test "but not against the rules" {
  customer = { opted_out = false, complaints = 0, settled = 0, asked = 0,
               decisions = 1, deliveries = 1, advice = 1, visits = 1 },
  gives    = { offers = {} },
  cases = {
    { "not while a complaint is open", customer = { complaints = 2, settled = 1 } },
    { "not a fourth time", customer = { asked = 3 } },
    { "not who opted out", customer = { opted_out = true } },
  },
}

test "a good moment lasts a week" {
  today    = "2025-06-30",
  customer = { opted_out = false },
  contacts = {},
  cases = {
    { "seven days", events = { { date = "2025-06-24", type = "visit" } },
      gives = { offers = "ask at a visit" } },
    { "eight days", events = { { date = "2025-06-23", type = "visit" } }, gives = { offers = {} } },
  },
}
