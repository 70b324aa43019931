local data = require("metric.dataset")

-- One customer with these columns; the metric's value in major units at 4 decimals.
local function worth(metric, inputs)
  local columns, row = {}, { id = "A" }
  for name, value in pairs(inputs) do
    columns[#columns + 1] = { name, "number" }
    row[name] = value
  end
  local board = data.board({
    as_of = "2024-01-01", decimals = 4, people = { columns = columns, rows = { row } },
  })
  local column, err = board:column(metric)
  if not column then
    return nil, err
  end
  assert.equal("money", column.type)
  return column[1] and column[1] / 10000
end

describe("simple lifetime value", function()
  local inputs = {
    profit_per_purchase = 100, purchases_a_year = 24, lifespan_years = 20, acquisition_cost = 0,
  }

  it("is that of the text, undiscounted and at 10 %", function()
    assert.equal(48000, worth("clv_simple", inputs))
    inputs.discount_rate = 0.1
    assert.near(20432.55, worth("clv_simple", inputs), 0.005)
    inputs.acquisition_cost = 32.55
    assert.near(20400, worth("clv_simple", inputs), 0.005)
  end)

  it("loses nothing at a rate near 0", function()
    inputs.acquisition_cost, inputs.discount_rate = 0, 1e-12
    assert.near(48000, worth("clv_simple", inputs), 1e-3)
  end)

  it("refuses rates and years that mean nothing", function()
    inputs.discount_rate = -1
    local _, err = worth("clv_simple", inputs)
    assert.matches("discount_rate must be above %-1", err)
    inputs.discount_rate, inputs.lifespan_years = 0.1, -2
    _, err = worth("clv_simple", inputs)
    assert.matches("years must not be negative", err)
  end)
end)

describe("perpetual lifetime value", function()
  local function multiple(r, i, g)
    return worth("clv_perpetual", {
      yearly_margin = 1, retention_rate = r, discount_rate = i, growth_rate = g,
    })
  end

  it("has the margin multiples of Gupta and Lehmann", function()
    local rates = { 0.10, 0.12, 0.14, 0.16 }
    local printed = {
      [0.6] = { 1.20, 1.15, 1.11, 1.07 }, [0.7] = { 1.75, 1.67, 1.59, 1.52 },
      [0.8] = { 2.67, 2.50, 2.35, 2.22 }, [0.9] = { 4.50, 4.09, 3.75, 3.46 },
    }
    for r, row in pairs(printed) do
      for k, figure in ipairs(row) do
        assert.near(figure, multiple(r, rates[k]), 0.0051)
      end
    end
  end)

  it("has them with growth", function()
    local growth = { 0, 0.02, 0.04, 0.06, 0.08 }
    local printed = {
      [0.6] = { 1.15, 1.18, 1.21, 1.24, 1.27 }, [0.7] = { 1.67, 1.72, 1.79, 1.85, 1.92 },
      [0.8] = { 2.50, 2.63, 2.78, 2.94, 3.125 }, [0.9] = { 4.09, 4.46, 4.89, 5.42, 6.08 },
    }
    for r, row in pairs(printed) do
      for k, figure in ipairs(row) do
        assert.near(figure, multiple(r, 0.12, growth[k]), 0.0051)
      end
    end
  end)

  it("is refused where the series does not converge, with the customer and its inputs", function()
    local board = data.board({
      as_of = "2024-01-01",
      people = {
        columns = { { "yearly_margin", "money" }, { "retention_rate", "number" } },
        rows = {
          { id = "C1", yearly_margin = 100, retention_rate = 0.8 },
          { id = "C2", yearly_margin = 250.5, retention_rate = 0.99 },
        },
      },
      constants = { data.number("discount_rate", 0.05), data.number("growth_rate", 0.08) },
    })
    local _, err, status = board:column("clv")
    assert.matches("^clv_perpetual of customer C2 has no answer: the series does not converge", err)
    assert.matches("yearly_margin = 250.50, retention_rate = 0.99, discount_rate = 0.05, "
      .. "growth_rate = 0.08", err, 1, true)
    assert.equal(1, status)
  end)

  it("takes shares, and says so", function()
    local _, err = multiple(85, 0.1, 0)
    assert.matches("retention_rate must be from 0 to 1 (it is a share: 0.85 is 85 %)", err, 1, true)
    _, err = multiple(0.8, -1.5, 0)
    assert.matches("discount_rate must be above -1", err, 1, true)
    _, err = multiple(0.8, 0.1, -2)
    assert.matches("growth_rate must not be below -1", err, 1, true)
    _, err = worth("clv_perpetual",
      { yearly_margin = 1e16, retention_rate = 0.5, discount_rate = 0.1 })
    assert.matches("beyond what the column can hold", err)
  end)

  it("is the default, after a column of the data", function()
    local inputs = { yearly_margin = 7, retention_rate = 0.5, discount_rate = 0.1 }
    assert.equal(worth("clv_perpetual", inputs), worth("clv", inputs))
    local board = data.board({
      as_of = "2024-01-01",
      people = { columns = { { "clv", "integer" } }, rows = { { id = "a", clv = 9 } } },
    })
    assert.equal(9, board:column("clv")[1])
  end)
end)

describe("finite-horizon lifetime value", function()
  it("is that of worked example 2.1", function()
    local inputs = {
      first_income = 2000, acquisition_cost = 400, yearly_income = 500, yearly_direct_cost = 10,
      discount_rate = 0.09, horizon_years = 5,
    }
    assert.near(3944.825632, worth("clv_revenue", inputs), 6e-5)
    assert.near(3505.929119, worth("clv_contribution", inputs), 6e-5)
    inputs.first_income, inputs.acquisition_cost = 0, 0
    assert.near(1905.929119, worth("clv_contribution", inputs), 6e-5)
    inputs.yearly_cost = 10
    assert.near(1905.929119, worth("clv_profit", inputs), 6e-5)
  end)

  it("ranks example 2.2 by revenue one way and by profit the other, at every rate", function()
    local function both(income, cost, rate)
      local inputs = {
        first_income = 0, yearly_income = income, yearly_cost = cost, discount_rate = rate,
        horizon_years = 5,
      }
      return worth("clv_revenue", inputs), worth("clv_profit", inputs)
    end
    for _, rate in ipairs({ 0, 0.01, 0.09, 0.5, 2 }) do
      local revenue_a, profit_a = both(500, 200, rate)
      local revenue_b, profit_b = both(450, 100, rate)
      assert.is_true(revenue_a > revenue_b)
      assert.is_true(profit_a < profit_b)
    end
    local _, profit_a = both(500, 200, 0.09)
    local _, profit_b = both(450, 100, 0.09)
    assert.near(1166.895, profit_a, 5e-4)
    assert.near(1361.378, profit_b, 5e-4)
  end)

  it("is missing where an input is", function()
    local board, ids = data.board({
      as_of = "2024-01-01",
      people = {
        columns = { { "yearly_income", "money" }, { "yearly_cost", "money" } },
        rows = {
          { id = "a", yearly_income = 3, yearly_cost = 1 }, { id = "b", yearly_income = 3 },
        },
      },
      constants = { data.number("discount_rate", 0), { name = "horizon_years", type = "integer",
        value = 4 } },
    })
    assert.same({ a = 800 }, data.values(board, ids, "clv_profit"))
  end)

  it("has inputs from columns, params and declared metrics at once", function()
    local board, ids = data.board({
      as_of = "2024-03-01",
      people = { columns = { { "first_income", "money" } }, rows = { { id = "a",
        first_income = 10 } } },
      tables = { data.transactions({
        { customer = "a", date = "2024-01-01", amount = 5 },
        { customer = "a", date = "2024-02-01", amount = 7 },
      }) },
      declared = { { name = "yearly_income", value = "2 * mean_order_value" } },
      constants = { data.number("discount_rate", 0), data.number("horizon_years", 3) },
    })
    assert.same({ a = 4600 }, data.values(board, ids, "clv_revenue"))
  end)
end)

describe("customer referral value", function()
  local inputs = {
    referrals_a_year = 2, joins_anyway = 0.5, referred_clv = 100, referred_upkeep = 20,
    referral_reward = 30, acquisition_saving = 40, discount_rate = 0.1, horizon_years = 3,
  }

  local function with(changes)
    local all = {}
    for name, value in pairs(inputs) do
      all[name] = value
    end
    for name, value in pairs(changes) do
      all[name] = value ~= "absent" and value or nil
    end
    return worth("crv", all)
  end

  -- The two sums of the papers, year by year; in the second a reward only if one is given.
  local function summed(x)
    local sum = 0
    for year = 1, x.horizon_years do
      local by_itself = x.referrals_a_year * x.joins_anyway
      local won = x.referrals_a_year - by_itself
      sum = sum + (won * (x.referred_clv - x.referral_reward - x.referred_upkeep
        + x.acquisition_saving) + by_itself * (x.acquisition_saving - (x.reward_anyway or 0)))
        / (1 + x.discount_rate) ^ year
    end
    return sum
  end

  it("is what one who would not have come brings, and what is saved on one who would", function()
    -- A year: one brings 100 - 30 - 20 + 40, the other saves 40.
    assert.equal(130, with({ discount_rate = 0, horizon_years = 1 }))
    assert.near(130 / 1.1 + 130 / 1.21 + 130 / 1.331, with({}), 5e-5)
    assert.near(323.2908, with({}), 5e-5)
    assert.equal(180, with({ discount_rate = 0, horizon_years = 1, joins_anyway = 0 }))
    assert.equal(80, with({ discount_rate = 0, horizon_years = 1, joins_anyway = 1 }))
  end)

  it("pays for those who would have come anyway, too, where the programme does", function()
    assert.equal(100, with({ discount_rate = 0, horizon_years = 1, reward_anyway = 30 }))
    assert.equal(20, with({ discount_rate = 0, horizon_years = 1, joins_anyway = 1,
      reward_anyway = 30 }))
  end)

  it("falls below 0 where most would have come anyway and are rewarded for it", function()
    assert.equal(-24, with({
      discount_rate = 0, horizon_years = 1, joins_anyway = 0.9, acquisition_saving = 10,
      reward_anyway = 30,
    }))
  end)

  it("is the paper's sums on random figures", function()
    math.randomseed(8)
    for _ = 1, 200 do
      local x = {
        referrals_a_year = math.random(0, 40) / 8, joins_anyway = math.random(),
        referred_clv = math.random(0, 900), referred_upkeep = math.random(0, 90),
        referral_reward = math.random(0, 300), acquisition_saving = math.random(0, 200),
        reward_anyway = math.random(0, 1) == 1 and math.random(0, 300) or nil,
        discount_rate = math.random(0, 30) / 100, horizon_years = math.random(0, 9),
      }
      assert.near(summed(x), with(x), 6e-5)
    end
  end)

  it("goes without upkeep and savings", function()
    assert.equal(2 * 0.5 * (100 - 30), with({
      referred_upkeep = "absent", acquisition_saving = "absent", discount_rate = 0,
      horizon_years = 1,
    }))
  end)

  it("refuses shares and rates that mean nothing", function()
    assert.matches("joins_anyway must be from 0 to 1", select(2, with({ joins_anyway = 1.2 })))
    assert.matches("referrals_a_year must not be neg", select(2, with({ referrals_a_year = -1 })))
    assert.matches("discount_rate must be above %-1", select(2, with({ discount_rate = -1 })))
  end)
end)
