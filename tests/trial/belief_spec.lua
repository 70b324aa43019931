-- What an experiment says of an effect: against arithmetic done here, and over many simulated
-- experiments whose truth is known, how often the intervals hold it.
local core = require("patron_core")
local belief = core.trial.belief

-- The moments of n customers of whom so many answered.
local function answers(n, yes)
  return { n, yes / n, yes * (1 - yes / n) }
end

describe("a belief", function()
  it("of one class is the precision-weighted mean of experiment and number", function()
    local effect, deviation = belief(0.05, 0.03, { answers(1000, 400) }, { answers(2000, 960) },
      false, { 1 })
    -- the class may differ from the common mean by a half-normal of the same scale, so the weight
    -- of the number lies between that of 0.03 and of 0.03 times the root of 2
    local error = math.sqrt(0.4 * 0.6 / 1000 + 0.48 * 0.52 / 2000)
    local function weighed(prior)
      local own, other = error ^ -2, prior ^ -2
      return (own * 0.08 + other * 0.05) / (own + other), (own + other) ^ -0.5
    end
    local low, low_sd = weighed(0.03)
    local high, high_sd = weighed(0.03 * 2 ^ 0.5)
    assert.is_true(low < effect[1] and effect[1] < high, effect[1])
    assert.is_true(low_sd < deviation[1] and deviation[1] < 1.01 * high_sd, deviation[1])
  end)

  it("is firm when it is twice as sure as before, and not after three people", function()
    local _, _, _, firm = belief(0.05, 0.05, { answers(1000, 400) }, { answers(2000, 900) }, false,
      { 1 })
    assert.is_true(firm)
    local effect, deviation, _, weak = belief(0.05, 0.05, { answers(1, 1) }, { answers(2, 1) },
      false, { 1 })
    assert.is_false(weak)
    -- one who answered against one of two: by itself -0.5
    assert.is_true(effect[1] > -0.05 and effect[1] < 0.05, effect[1])
    assert.is_true(deviation[1] > 0.04 and deviation[1] < 0.09, deviation[1])
  end)

  it("lends a class without customers what the others say, less surely", function()
    local control = { answers(4000, 1600), answers(4000, 1600), { 0, 0, 0 } }
    local treated = { answers(4000, 2000), answers(4000, 2040), { 0, 0, 0 } }
    local effect, deviation = belief(0, 0.1, control, treated, false, { 1, 0, 0 })
    assert.is_true(effect[3] > 0.07 and effect[3] < 0.11, effect[3])
    assert.is_true(deviation[3] > 2 * deviation[1])
  end)

  it("is a share of the base if the effect is relative", function()
    local effect = belief(0.2, 10, { answers(40000, 8000) }, { answers(40000, 10000) }, true, { 1 })
    assert.near(0.25, effect[1], 1e-3)
  end)

  it("is the number as long as nothing was measured", function()
    local effect, deviation = belief(0.05, 0.02, { { 10, 0.5, 2.5 } }, { { 0, 0, 0 } }, false,
      { 1 })
    assert.near(0.05, effect[1], 1e-12)
    assert.near(0.02 * 2 ^ 0.5, deviation[1], 1e-4)
  end)
end)

-- Four classes of different size and base; offers go to those where the believed effect pays. The
-- truth of each run is drawn about a common mean, or is as far from the number as its sd.
describe("of 500 experiments with known effects", function()
  local classes = {
    { n = 150, base = 0.5, offers = 400, worth = 300 },
    { n = 400, base = 0.3, offers = 900, worth = 200 },
    { n = 1200, base = 0.2, offers = 3000, worth = 120 },
    { n = 60, base = 0.7, offers = 100, worth = 900 },
  }
  local cost = 6

  local function count(uniform, n, p)
    local yes = 0
    for _ = 1, n do
      yes = yes + (uniform() < p and 1 or 0)
    end
    return yes
  end

  local function run(seed, mean, spread)
    local truth, control, treated, weight = {}, {}, {}, {}
    local normal = core.base.random(seed, 1, 1, "normal", #classes + 1)
    local draw, at = core.base.random(seed, 2, 1, "uniform", 8000), 0
    local function uniform()
      at = at + 1
      return draw[at]
    end
    local common = mean(normal[#classes + 1])
    for i, c in ipairs(classes) do
      truth[i] = math.max(-c.base, math.min(1 - c.base, common + spread * normal[i]))
      control[i] = answers(c.n, count(uniform, c.n, c.base))
      treated[i] = answers(c.n, count(uniform, c.n, c.base + truth[i]))
      weight[i] = 0
    end
    local effect, deviation = belief(0.05, 0.05, control, treated, false, weight)
    local covered, value, realised, stake = 0, 0, 0, 0
    for i, c in ipairs(classes) do
      covered = covered + (math.abs(truth[i] - effect[i]) <= 1.6449 * deviation[i] and 1 or 0)
      if effect[i] * c.worth > cost then -- the best use
        value = value + c.offers * (effect[i] * c.worth - cost)
        realised = realised + c.offers * (truth[i] * c.worth - cost)
        weight[i] = c.offers * c.worth
        stake = stake + weight[i]
      end
    end
    if stake == 0 then
      return covered, nil
    end
    for i in ipairs(classes) do
      weight[i] = weight[i] / stake
    end
    local _, _, together = belief(0.05, 0.05, control, treated, false, weight)
    return covered, math.abs(realised - value) <= 1.6449 * together * stake
  end

  local function drawn(z) return 0.05 + 0.05 * z end

  for name, how in pairs({
    ["drawn as was believed"] = { drawn, 0.03, 0.95 },
    ["smaller than believed by its sd"] = { function() return 0 end, 0.02, 0.95 },
    -- classes might have differed: intervals are wider than it needed
    ["alike in all classes"] = { drawn, 0, 0.98 },
  }) do
    it("effects and the best use's value lie in their 90 % intervals: " .. name, function()
      local covered, inside, offered, most = 0, 0, 0, how[3]
      for seed = 1, 500 do
        local effects, best = run(seed, how[1], how[2])
        covered = covered + effects
        if best ~= nil then
          offered = offered + 1
          inside = inside + (best and 1 or 0)
        end
      end
      local share, best = covered / 500 / #classes, inside / offered
      assert(share >= 0.85 and share <= most, share)
      assert(best >= 0.85 and best <= 0.95, best)
    end)
  end
end)
