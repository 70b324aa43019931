-- A policy against names, types, data and itself.
local run = require("policy.run")

local function findings(text, options)
  options = options or {}
  options.compile = true
  local result, out = run.load(text, options), {}
  for i, finding in ipairs(result.findings) do
    out[i] = finding:gsub("^(%S+) %S+ ", "%1 ")
  end
  local all = table.concat(out, "\n")
  assert.equal(("\n" .. all):find("\nerror") and 1 or 0, result.status, text)
  return all
end

local function says(cases, options)
  for i = 1, #cases, 2 do
    assert.equal(cases[i + 1], findings(cases[i], options), cases[i])
  end
end

local function campaign(when)
  return 'campaign "x" { when = "' .. when .. '", offer = let_go }'
end

describe("the design's example, as far as it is built,", function()
  it("is sound", function()
    assert.equal("", findings([[
policy "Card retention" { currency = "CNY" }
inputs {
  fee_due_in = integer, annual_fee = money, opted_out = flag, in_collections = flag,
  potential  = { "low", "high" }, clv = money,
}
params {
  gold_clv  = { 20000, from = 10000, to = 40000 },
  churn_cut = { 0.35, from = 0.10, to = 0.90 },
}
metrics {
  complaints_90d  = count "events" { where = "type == 'complaint'", last = days(90) },
  web_spend_12m   = sum "transactions" { "amount", where = "channel == 'web'", last = months(12) },
  spend_prev_12m  = sum   "transactions" { "amount", last = months(12), ending = months(12) },
  falling         = "web_spend_12m < churn_cut * spend_prev_12m and complaints_90d == 0",
}
tiers "card" {
  { "diamond", when = "clv >= 5 * gold_clv" },
  { "gold",    when = "clv >= gold_clv" },
  { "classic" },
}
campaign "annual-fee waiver" {
  goal    = "keep good young accounts past their first fee",
  when    = "fee_due_in <= 30 and tenure_months < 6 and potential == 'high'",
  never   = "opted_out or in_collections",
  offer   = waive_fee { up_to = 300, after_purchases = 6 },
  cost    = "annual_fee",
  value   = "clv",
  channel = { "phone", "sms" },
  holdout = 0.10,
}
campaign "upgrade" {
  when    = "orders / (recency_days + 1) > 0.2 and falling and at_least(tier, 'gold')",
  offer   = upgrade "gold",
}
test "a young account with its fee due gets the waiver" {
  customer = { fee_due_in = 10, tenure_months = 4, potential = "high", clv = 30000,
               annual_fee = 300 },
  gives    = { tier = "gold", offers = { "annual-fee waiver" } },
}]]))
  end)
end)

describe("every rule", function()
  it("is checked, not only the first", function()
    says({
      'tiers "t" { { "a", when = "nope1 > 0" }, { "b" } }\n' .. [[
campaign "x" {
  when = "nope2", never = "3", offer = let_go,
  cost = "true", value = "'a'",
}]], "error 1:28 there is no name `nope1`; check its spelling, or declare it under inputs or "
        .. "metrics\n"
        .. "error 3:11 there is no name `nope2`; check its spelling, or declare it under inputs or "
        .. "metrics\n"
        .. "error 3:28 `3` is a number, and this place takes a condition: compare it, or ask "
        .. "has(...)\n"
        .. "error 4:11 `true` is a flag (true or false), and a number must stand here\n"
        .. "error 4:27 `'a'` is a text, and a number must stand here",
    })
  end)

  it("is not blamed for a metric that is broken", function()
    says({
      'metrics { m = "1 + nope", n = "m + 1" }\n' .. campaign("n == 'a' and m == 'b'"),
      "error 1:20 m: there is no name `nope`; check its spelling, or declare it under inputs or "
        .. "metrics",
    })
  end)

  it("knows labels and tiers", function()
    says({
      'inputs { p = { "low", "high" } }\n' .. campaign("p == 'hihg'"),
      "error 2:29 `p` is never 'hihg': did you mean 'high'?",
      'tiers "t" { { "a", when = "orders > 1" }, { "b" } }\n' .. campaign("at_least(t, 'zzz')"),
      "error 2:36 `t` is never 'zzz'; it is one of 'a', 'b'",
      'tiers "t" { { "a", when = "orders > 1" }, { "b" } }\n' .. campaign("tier == 'zzz'"),
      "error 2:32 `tier` is never 'zzz'; it is one of 'a', 'b'",
    })
  end)
end)

describe("tiers in expressions", function()
  it("go by their name, the first also by `tier`, with a mark beside them", function()
    local tiers = 'tiers "a" { { "x", when = "orders > 1" }, { "y" } } '
      .. 'tiers "b" { { "v", when = "tier == \'x\'" }, { "w", when = "not a_undecided" }, '
      .. '{ "u" } }\n'
    says({
      tiers .. campaign("a == 'x' and b == 'v' and tier_undecided and not b_undecided"), "",
      tiers .. campaign("tier"),
      "error 2:24 `tier` is a label, and this place takes a condition: compare it, "
        .. "tier == '...'",
      'tiers "a" { { "x", when = "not a_undecided" }, { "y" } }',
      "error 1:1 a → a: what sorts customers cannot depend on itself",
    })
  end)
end)

describe("what nothing reads", function()
  it("is pointed out", function()
    says({
      'params { p = 1, q = 2, r = 3 }\ninputs { i = integer, j = money }\n'
        .. 'metrics { m = "i * p", n = "m + 1", o = count "events" { where = "value > q" } }\n'
        .. campaign("n > 3"),
      "warning 1:17 no rule reads the param `q`\nwarning 1:24 no rule reads the param `r`\n"
        .. "warning 2:23 no rule reads the input `j`\nnote 3:37 no rule reads the metric `o`",
      'params { q = 2 } metrics { o = count "events" { where = "value > q" } }\n'
        .. campaign("o > 3"), "",
      'inputs { ["the sum"] = money }' .. campaign("default(c['the sum'], 0) > 3"), "",
    })
  end)

  it("counts what metrics of Patron read", function()
    local inputs = "inputs { recency_days = integer, mean_gap_days = number }"
    says({ inputs .. campaign("rf_ratio > 1"), "" })
  end)
end)

describe("tiers", function()
  it("do not depend on themselves", function()
    local function blame(chain, line)
      return ("error %d:1 "):format(line or 1) .. chain
        .. ": what sorts customers cannot depend on itself"
    end
    says({
      'tiers "a" { { "x", when = "a == \'x\'" }, { "y" } }', blame("a → a"),
      'tiers "a" { { "x", when = "tier == \'x\'" }, { "y" } }', blame("a → a"),
      'tiers "a" { { "x", when = function(m) return m > 1 end }, { "y" } }\n'
        .. 'metrics { m = function(tier) return tier == "x" and 1 or 2 end }', blame("a → m → a")
        .. "\nnote 1:27 this function could be the expression `m > 1`, which is faster and "
        .. "explained clause by clause",
      'tiers "a" { { "x", when = "m" }, { "y" } }\nmetrics { m = "n" , n = "b == \'v\'" }\n'
        .. 'tiers "b" { { "v", when = "a == \'x\'" }, { "w" } }', blame("a → m → n → b → a"),
      'metrics { m = "card_rank + 1" }\n'
        .. 'tiers "card" { { "x", when = "m > 1", rank = 2 }, { "y" } }',
      blame("card → m → card", 2),
      'tiers "a" { { "x", when = "orders > 1" }, { "y" } }\n'
        .. 'tiers "b" { { "v", when = "a == \'x\'" }, { "w" } }', "",
      -- a table's own column, a label and a quoted name that only look like it
      'tiers "kind" { { "x", when = "m > 0" }, { "y" } }\n'
        .. 'metrics { m = count "events" { where = "kind == \'kind\'" } }', "",
      'tiers "a" { { "x", when = "c[\'a\'] == \'x\'" }, { "y" } }', blame("a → a"),
    })
  end)
end)

describe("the customer of a test", function()
  it("has columns that there are, of their types", function()
    local function given(customer)
      return 'inputs { since = date, potential = { "low", "high" }, vip = flag, note = text }\n'
        .. 'params { knob = 1 } tiers "t" { { "a" } }\n'
        .. campaign("knob > 0 and has(since) and has(potential) and vip and has(note)")
        .. '\ntest "t" { gives = { tier = "a" }, customer = {\n' .. customer .. "\n} }"
    end
    says({
      given('orders = 3, spend = 2.5, since = "2025-02-28", potential = "low", vip = false, '
        .. 'note = "x", mean_gap_days = 2, spend_share = 0.5'), "",
      given("oders = 3"), "error 5:1 there is no column or metric oders: did you mean orders?",
      given("orders = 2.5"), "error 5:1 `orders` takes a whole number such as 3",
      given("orders = '3'"), "error 5:1 `orders` takes a whole number such as 3",
      given("spend = true"), "error 5:1 `spend` takes an amount such as 19.90",
      given("since = 3, vip = 1"), "error 5:1 `since` takes a day such as \"2025-03-31\"\n"
        .. "error 5:12 `vip` takes true or false",
      given("since = '2025-02-30'"), "error 5:1 `since` takes a day such as \"2025-03-31\"",
      given("since = '2025-02-28 10:00'"), "error 5:1 `since` takes a day such as \"2025-03-31\"",
      given("potential = 'hi'"), "error 5:1 'hi' is no label of `potential`",
      given("knob = 3, t = 'a', tier = 'a'"),
      "error 5:1 `knob` is a param, the same for all customers\n"
        .. "error 5:11 `t` is what the policy decides; expect it in `gives`\n"
        .. "error 5:20 `tier` is what the policy decides; expect it in `gives`",
    })
  end)
end)

describe("the data", function()
  local people = { { "customer", "label", "C1" }, { "age", "integer", 3 }, { "worth", "money", 3 },
    { "potential", "label", "medium" }, { "since", "date", 3 }, { "share", "number", 0.5 } }

  local function with(text, currency)
    return findings(text .. campaign("true"), { people = people, currency = currency })
  end

  -- What is said beside that no rule reads the input.
  local function of_input(text)
    return (with("inputs { " .. text .. " } "):gsub("\n?warning 1:10 no rule reads [^\n]*\n?", ""))
  end

  it("must have the inputs, of their types", function()
    local inputs = "inputs { age = integer, share = number } "
    assert.equal("", findings(inputs .. campaign("age > 3 and share < 1"), { people = people }))
    assert.equal("error 1:10 the data has no column `agee` (there is `age`); add it to the "
      .. "customers, let `metrics` compute it, or drop it here", of_input("agee = integer"))
    for text, types in pairs({ ["age = flag"] = { "integer", "flag" },
      ["share = integer"] = { "number", "integer" }, ["orders = flag"] = { "integer", "flag" } }) do
      assert.equal(("error 1:10 `%s` is of type %s in the data and %s here; write %s here, or say "
        .. "in dataset.json that it is %s"):format(text:match("%a+"), types[1], types[2], types[1],
        types[2]), of_input(text))
    end
    assert.equal("warning 1:10 the data has 'medium' in `potential`, which is none of the labels "
      .. "here; rules that name labels pass over it", of_input("potential = { 'low', 'high' }"))
    for _, fine in ipairs({ "worth = number", "age = number", "potential = text",
      "orders = integer", "potential = label", "potential = { 'low', 'medium' }" }) do
      assert.equal("", of_input(fine))
    end
  end)

  it("is not blamed again by every rule that reads what it lacks", function()
    assert.equal("error 1:10 the data has no column `vip`; add it to the customers, let "
      .. "`metrics` compute it, or drop it here",
      with("inputs { vip = flag } metrics { m = 'vip and 1 or 2' } channel 'sms' { never = 'vip' } "
        .. "tiers 't' { { 'a', when = 'vip or m > 1' }, { 'b' } } "
        .. "test 'x' { customer = { vip = true }, gives = { tier = 'a' } } "))
    assert.equal("error 1:11 m: the table visits is not in the data; tables of this dataset: none",
      with("metrics { m = count 'visits' {} } tiers 't' { { 'a', when = 'm > 1' }, { 'b' } } "
        .. "test 'x' { customer = { m = 1 }, gives = { tier = 'a' } } "))
  end)

  it("must not have a column by a name of the policy", function()
    for text, what in pairs({ ["params { age = 1 } "] = "a param",
      ["metrics { age = '1' } "] = "a metric", ["tiers 'age' { { 'x' } } "] = "a tiers block" }) do
      local column = what == "a tiers block" and 1 or text:find("age")
      assert.truthy(with(text):find(("error 1:%d `age` is %s here and a column of the data; choose "
        .. "another name"):format(column, what), 1, true), text)
    end
  end)

  it("must be in the policy's currency", function()
    assert.equal("", with("policy 'x' { currency = 'CNY' } ", "CNY"))
    assert.equal("", with("", "CNY"))
    assert.equal("error 0:0 the policy is in CNY and the data in EUR",
      with("policy 'x' { currency = 'CNY' } ", "EUR"))
  end)
end)
