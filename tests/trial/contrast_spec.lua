-- Estimators against golden values, scipy 1.17.1 (stats.ttest_ind with equal_var=False, its
-- confidence_interval and df; stats.chisquare) and numpy (least squares, sums written out), and how
-- often intervals miss what is true.
local core = require("patron_core")
local trial = core.trial

local function moments(values)
  local groups = {}
  for i in ipairs(values) do
    groups[i] = 0
  end
  return trial.moments(values, groups, 2)[1]
end

-- Of n customers, a share p of whom answered; the variance is p (1 - p).
local function share(n, p)
  return { n, p, p * (1 - p) * (n - 1) }
end

local function deviation(n, mean, sd)
  return { n, mean, sd * sd * (n - 1) }
end

describe("an effect", function()
  it("is Welch's difference", function()
    local d, lift = trial.effect(moments({ 1, 2, 2, 4, 5, 7, 9 }), moments({ 3, 5, 6, 6, 8, 13 }),
      0.05, 5000)
    assert.near(2.5476190476190474, d.value, 1e-14)
    assert.near(1.7848251754806348, d.error, 1e-14)
    assert.near(9.95798278390659, d.freedom, 1e-12)
    assert.near(0.18406885628705727, d.p, 1e-12)
    assert.near(-1.4314949572354165, d.low, 1e-11)
    assert.near(6.526733052473512, d.high, 1e-11)
    assert.near(0.5944444444444443, lift.value, 1e-14)
    assert.near(0.5255997945518261, lift.error, 1e-14)
  end)

  it("is Hillstrom's, from the moments of his arms", function()
    local none, mens = deviation(21306, .652789, 11.588200), deviation(21307, 1.422617, 17.754205)
    local womens = deviation(21387, 1.077202, 15.116106)
    local d = trial.effect(none, mens, 0.05, 5000)
    assert.near(.769827, d.value, 2e-6)
    assert.near(.145247, d.error, 1e-6)
    d = trial.effect(none, womens, 0.05, 5000)
    assert.near(.424412, d.value, 2e-6)
    assert.near(.130333, d.error, 1e-6)
    d = trial.effect(share(21306, .106167), share(21307, .182757), 0.05, 5000)
    assert.near(.076590, d.value, 1e-6)
    assert.near(.003386, d.error, 1e-6)
  end)

  it("has the always-valid interval of the hand figure", function()
    local _, lift = trial.effect(share(3000, 1396 / 3000), share(3461, 2422 / 3461), 0.05, 5000)
    assert.near(.50386, lift.value, 5e-6)
    assert.near(.40098, lift.always_low, 5e-6)
    assert.near(.60675, lift.always_high, 5e-6)
    assert(lift.low > lift.always_low and lift.high < lift.always_high)
  end)

  it("has no error where nothing varies, or an arm is one customer", function()
    local d, lift = trial.effect({ 5, 0, 0 }, { 5, 0, 0 }, 0.05, 5000)
    assert.equal(0, d.value)
    assert.equal(0, d.error)
    assert(d.low ~= d.low and d.p ~= d.p and lift.value ~= lift.value)
    d = trial.effect({ 5, 2, 4 }, { 1, 3, 0 }, 0.05, 5000)
    assert.equal(1, d.value)
    assert(d.error ~= d.error and d.low ~= d.low)
  end)

  it("has the moments of each group", function()
    local by = trial.moments({ 4, 0 / 0, 1, 7, 9, 5 }, { 0, 0, 1, 1, -1, 0 }, 3)
    assert.same({ { 2, 4.5, 0.5, 2, 0.5 }, { 2, 4, 18, 2, 18 }, { 0, 0, 0, 0, 0 } }, by)
  end)

  -- The sandwich by numpy: sums of deviations by cluster, squared, times G / (G - 1) by n^2.
  it("has its error from clusters where there are some", function()
    local y, cluster = { 1, 2, 4, 3, 7, 5, 6, 9 }, { "a", "a", "b", "b", "b", "c", "d", "d" }
    local m, split = trial.moments(y, { 0, 0, 0, 0, 0, 0, 0, 0 }, 1, cluster)
    assert.near(72.28125, m[1][5], 1e-12)
    assert.equal(4, m[1][4])
    assert.equal(0, split)
    local d = trial.effect(m[1], { 4, 0, 0 }, 0.05, 5000)
    assert.near(math.sqrt(1.505859375), d.error, 1e-14)
    assert.near(3, d.freedom, 1e-12)
    -- one of b is in the other group, one of a has no cluster
    m, split = trial.moments(y, { 0, 0, 0, 0, 1, 1, 1, 1 }, 2,
      { "a", false, "b", "b", "b", "c", "d", "d" })
    assert.equal(1, split)
    assert.same({ 3, 3 }, { m[1][4], m[2][4] })
    local alone = { "1", "2", "3", "4", "5", "6", "7", "8" }
    assert.same(trial.moments(y, { 0, 0, 0, 0, 1, 1, 1, 1 }, 2),
      (trial.moments(y, { 0, 0, 0, 0, 1, 1, 1, 1 }, 2, alone)))
  end)
end)

describe("intervals", function()
  local function sample(run, n)
    local list = core.base.random(11, run, 1, "exponential", 2 * n)
    local a, b = {}, {}
    for i = 1, n do
      a[i], b[i] = list[i], list[n + i] + 0.25
    end
    return a, b
  end

  it("hold the truth as often as they say", function()
    local missed, lifts = 0, 0
    for run = 1, 1000 do
      local a, b = sample(run, 60)
      local d, lift = trial.effect(moments(a), moments(b), 0.1, 5000)
      missed = missed + ((d.low > 0.25 or d.high < 0.25) and 1 or 0)
      lifts = lifts + ((lift.low > 0.25 or lift.high < 0.25) and 1 or 0)
    end
    assert(missed > 70 and missed < 130, missed)
    assert(lifts > 60 and lifts < 140, lifts)
  end)

  -- Households of three, half of the variance between them, drawn as a whole.
  it("hold the truth for clusters, and without them do not", function()
    local missed, naive = 0, 0
    for run = 1, 600 do
      local z, y, group, cluster = core.base.random(14, run, 1, "normal", 320), {}, {}, {}
      for i = 1, 240 do
        local home = (i - 1) // 3
        y[i] = (z[home + 1] + z[80 + i]) / math.sqrt(2)
        group[i], cluster[i] = home % 2, "H" .. home
      end
      local m = trial.moments(y, group, 2, cluster)
      local d = trial.effect(m[1], m[2], 0.1, 5000)
      missed = missed + ((d.low > 0 or d.high < 0) and 1 or 0)
      m = trial.moments(y, group, 2)
      d = trial.effect(m[1], m[2], 0.1, 5000)
      naive = naive + ((d.low > 0 or d.high < 0) and 1 or 0)
    end
    assert(missed > 35 and missed < 90, missed)
    assert(naive > 110, naive)
  end)

  -- No effect; looked at every 20 customers, and stopped at the first interval without 0.
  it("that are always valid allow looking, and fixed ones do not", function()
    local fixed, always, runs, looks = 0, 0, 400, 60
    for run = 1, runs do
      local x = core.base.random(12, run, 1, "normal", 20 * looks)
      local sum, squares, found, kept = { 0, 0 }, { 0, 0 }, false, false
      for i, v in ipairs(x) do
        local arm = i % 2 + 1
        sum[arm], squares[arm] = sum[arm] + v, squares[arm] + v * v
        if i % 20 == 0 and i >= 100 then
          local n = i // 2
          local d = trial.effect({ n, sum[1] / n, squares[1] - sum[1] ^ 2 / n },
            { n, sum[2] / n, squares[2] - sum[2] ^ 2 / n }, 0.05, 600)
          found = found or d.low > 0 or d.high < 0
          kept = kept or d.always_low > 0 or d.always_high < 0
        end
      end
      fixed, always = fixed + (found and 1 or 0), always + (kept and 1 or 0)
    end
    assert(fixed > 0.15 * runs, "fixed: " .. fixed)
    assert(always <= 0.05 * runs, "always valid: " .. always)
  end)
end)

describe("the ratio of the arms", function()
  it("is tested by chi-square", function()
    local statistic, p, holds = trial.ratio({ 21306, 21307, 21387 }, { 1, 1, 1 })
    assert.near(.202531, statistic, 1e-6)
    assert.near(0.9036929575604196, p, 1e-12)
    assert.is_true(holds)
    statistic, p = trial.ratio({ 1015, 1996, 1992 }, { 0.2, 0.4, 0.4 })
    assert.near(0.2630421746951829, statistic, 1e-12)
    assert.near(0.876760786383401, p, 1e-12)
    statistic, p, holds = trial.ratio({ 900, 1100 }, { 0.5, 0.5 })
    assert.near(20, statistic, 1e-12)
    assert.near(7.744216431044088e-06, p, 1e-17)
    assert.is_false(holds)
  end)
end)

describe("a value from before", function()
  local before = { 2, 4, 3, 8, 7, 1, 5, 6, 9, 4 }
  local outcome = { 3, 5, 3, 9, 9, 2, 7, 8, 12, 6 }
  local arm = { 0, 0, 0, 0, 0, 1, 1, 1, 1, 1 }

  it("is taken off the outcome", function()
    local a, adjusted = trial.adjust(outcome, before, arm, 2)
    assert.near(1.1973684210526316, a.slope, 1e-14)
    assert.near(0.9816263632053105, a.rho2, 1e-14)
    assert.near(0.8550916080722937, a.narrower, 1e-14)
    assert.near(0.9115422502961898, a.p, 1e-12)
    assert.is_true(a.helps)
    local m = trial.moments(adjusted, arm, 2)
    assert.near(0.96052631578947, m[2][2] - m[1][2], 1e-13) -- as least squares with an arm's dummy
  end)

  it("leaves who has none as they are", function()
    local a, adjusted = trial.adjust(outcome, { 2, 4, 3, 8, 0 / 0, 1, 5, 6, 9, 4 }, arm, 2)
    assert.equal(1, a.missing)
    assert.equal(9, adjusted[5])
    -- What is said of the intervals is what becomes of them, also of his part.
    local plain, after = trial.moments(outcome, arm, 2), trial.moments(adjusted, arm, 2)
    local left = (after[1][3] + after[2][3]) / (plain[1][3] + plain[2][3])
    assert.near(1 - math.sqrt(left * 7 / 6), a.narrower, 1e-12)
    assert(a.narrower < 1 - math.sqrt((1 - a.rho2) * 7 / 6) - .1)
  end)

  it("that says nothing does not help", function()
    local x = core.base.random(3, 1, 1, "normal", 600)
    local y, v, group = {}, {}, {}
    for i = 1, 300 do
      y[i], v[i], group[i] = x[i], x[300 + i], i % 2
    end
    assert.is_false(trial.adjust(y, v, group, 2).helps)
    for i = 1, 300 do
      v[i] = 5
    end
    local a, adjusted = trial.adjust(y, v, group, 2)
    assert.is_false(a.helps)
    assert.same(y, adjusted)
  end)

  it("makes intervals narrower by the correlation, and they still hold", function()
    local missed, width, plain = 0, 0, 0
    for run = 1, 500 do
      local z, y, x, group = core.base.random(13, run, 1, "normal", 400), {}, {}, {}
      for i = 1, 200 do
        x[i], group[i] = z[i], i % 2
        y[i] = 0.8 * z[i] + 0.6 * z[200 + i] + (group[i] == 1 and 0.3 or 0)
      end
      local _, adjusted = trial.adjust(y, x, group, 2)
      local m, n = trial.moments(adjusted, group, 2), trial.moments(y, group, 2)
      local d = trial.effect(m[1], m[2], 0.1, 5000)
      missed = missed + ((d.low > 0.3 or d.high < 0.3) and 1 or 0)
      width, plain = width + d.error, plain + trial.effect(n[1], n[2], 0.1, 5000).error
    end
    assert(missed > 30 and missed < 75, missed)
    assert.near(0.6, width / plain, 0.03)
  end)
end)

describe("effects by segment", function()
  it("are put together by the size of the segments", function()
    local s, shrunk, outside = trial.segments(
      { moments({ 1, 2, 3, 4 }), moments({ 10, 12, 13 }), moments({ 5, 6 }) },
      { moments({ 2, 3, 5, 6 }), moments({ 11, 15, 16, 18, 20 }), { 0, 0, 0 } })
    assert.near(2.916666666666667, s.value, 1e-14)
    assert.near(1.0401655851086615, s.error, 1e-14)
    assert.near(9.78397072101122, s.freedom, 1e-11)
    assert.same({ 1.5, 16 - 35 / 3 }, shrunk) -- two are too few to be drawn together
    assert.equal(2, outside)
  end)
end)
