local metric = require("patron_core").metric
local registry = metric.registry()

describe("the registry", function()
  it("has every metric of the issue, once", function()
    local seen = {}
    for _, m in ipairs(registry) do
      assert.is_nil(seen[m.name])
      seen[m.name] = true
    end
    for name in ([[first_purchase last_purchase recency_days tenure_days tenure_months orders
      purchase_days units spend margin mean_order_value mean_gap_days rf_ratio rf_warning r_score
      f_score m_score rfm rfm_segment abc_class spend_share clv clv_simple clv_perpetual clv_revenue
      clv_profit clv_contribution crv referrer referred_count referred_qualified generation
      referral_depth referral_reach referral_cascade self_referral ring_size referrals_a_day
      household referrer_same_household]]):gmatch("%S+") do
      assert.is_true(seen[name])
    end
  end)

  it("takes only names that something gives or explains", function()
    local known = metric.inputs()
    for _, m in ipairs(registry) do
      known[m.name] = m.type
    end
    for _, m in ipairs(registry) do
      for name in m.inputs:gmatch("[^%s?|]+") do
        assert.is_string(known[name], name)
      end
    end
  end)

  it("has labels that are ordered, or by bytes", function()
    for _, m in ipairs(registry) do
      if m.name == "referrer" or m.name == "household" then -- any of the data's
        assert.same({}, m.labels)
      elseif m.type == "label" then
        local sorted = { table.unpack(m.labels) }
        table.sort(sorted)
        assert.is_true(#sorted > 1)
        assert.is_true(m.ordered or table.concat(sorted, ",") == table.concat(m.labels, ","))
      else
        assert.same({}, m.labels)
      end
    end
  end)

  it("says of each metric what it is, when it is missing, and where it is from", function()
    for _, m in ipairs(registry) do
      assert.is_true(#m.title > 5 and #m.title <= 70, m.name)
      assert.is_true(#m.source > 1, m.name)
      assert.is_truthy(m.help:find("[Mm]issing") or m.help:find("0 without")
        or m.help:find("False without") or m.name == "clv")
    end
  end)
end)

describe("help", function()
  it("lists the metrics, a line each", function()
    local lines = 0
    for line in metric.list():gmatch("[^\n]+") do
      lines = lines + 1
      assert.is_true(#line <= 100)
      assert.equal(registry[lines].name, line:match("^%S+"))
    end
    assert.equal(#registry, lines)
  end)

  it("shows one in full", function()
    assert.equal([[
clv_profit: finite horizon, model 2: profit

(In - C) a, with a as in clv_revenue and C yearly_cost, allocated fixed cost
included. Missing where an input is.

  type    money
  needs   yearly_income, yearly_cost, discount_rate, horizon_years
          yearly_income (money a year): income of the years after it
          yearly_cost (money a year): cost of a year, allocated fixed cost included
          discount_rate (share a year): cost of capital, 0.1 for 10 %
          horizon_years (years): how many years are counted
  source  C7 model 2
]], metric.help("clv_profit"))
    assert.matches("36.8 %% of the time %(1/e%)", metric.help("rf_warning"))
    assert.matches("22.3 %%%s+%(e%^%-1.5%)", metric.help("rf_warning"))
    assert.matches("needs   the table transactions with date, amount %(optional%)",
      metric.help("first_purchase"))
    assert.matches("needs   opened or first_purchase, today", metric.help("tenure_days"))
    assert.is_nil(metric.help("nobody"))
  end)

  it("keeps to its width", function()
    for _, m in ipairs(registry) do
      for line in metric.help(m.name):gmatch("[^\n]+") do
        assert.is_true(#line <= 120, line)
      end
    end
  end)
end)

describe("docs/metrics.md", function()
  it("is what the registry prints (after a change: REFRESH=1 busted tests/metric)", function()
    local page = metric.markdown()
    if os.getenv("REFRESH") then
      local file = assert(io.open("docs/metrics.md", "w"))
      file:write(page)
      file:close()
    end
    local file = assert(io.open("docs/metrics.md"))
    assert.equal(page, file:read("a"))
    file:close()
  end)
end)
