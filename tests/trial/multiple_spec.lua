-- Several comparisons at once: Holm against statsmodels 0.15 (multipletests, method "holm"), the
-- best of several arms against scipy's adaptive quadrature of the same integral, and both against
-- what they promise.
local core = require("patron_core")
local trial = core.trial

local function deviation(n, mean, sd)
  return { n, mean, sd * sd * (n - 1) }
end

local function all_near(expected, got, tolerance)
  assert.equal(#expected, #got)
  for i, x in ipairs(expected) do
    assert.near(x, got[i], tolerance)
  end
end

describe("Holm's p", function()
  it("is that of multipletests", function()
    all_near({ .05, .12, .12, .03, .12, .9 }, trial.holm({ .01, .04, .03, .005, .04, .9 }), 1e-15)
    all_near({ 1, 1, .0003 }, trial.holm({ .5, .6, .0001 }), 1e-15)
    all_near({ .03 }, trial.holm({ .03 }), 0)
    assert.same({}, trial.holm({}))
  end)
end)

describe("the best of several arms", function()
  it("is worth what halves would measure", function()
    local arm, value, low, high = trial.winner(deviation(400, 2, 3), { deviation(300, 2.5, 3),
      deviation(200, 2.6, 4), deviation(100, 2.1, 2) }, .05)
    assert.equal(2, arm)
    all_near({ .4189743638269894, -.16854492453179326, 1.3685449245317933 }, { value, low, high },
      1e-12)
    -- One arm is thirty times as sure as the other: beside such a cliff five digits are right.
    arm, value, low, high = trial.winner(deviation(50, 0, 1), { deviation(5000, .3, 1),
      deviation(20, .31, 2) }, .1)
    assert.equal(2, arm)
    all_near({ .1266321339347874, -.6545207773748489, 1.2745207773748488 }, { value, low, high },
      2e-5)
  end)

  it("is the best itself where that is beyond doubt", function()
    local _, value = trial.winner(deviation(400, 1, 1), { deviation(400, 5, 1),
      deviation(400, 1, 1) }, .05)
    assert.near(4, value, 1e-12)
  end)

  it("is not told of one arm, or without errors", function()
    local c = deviation(400, 2, 3)
    assert.is_nil(trial.winner(c, { deviation(300, 2.5, 3) }, .05))
    assert.is_nil(trial.winner(c, { deviation(300, 2.5, 3), { 1, 9, 0 } }, .05))
    assert.is_nil(trial.winner(c, { deviation(300, 2.5, 3), { 5, 9, 0 } }, .05))
  end)

  -- Five arms with the same effect, 1: the plain estimate of the best is 1.16 errors of an arm too
  -- high, and its own interval misses more often than it says.
  it("is not taken for better than it is", function()
    local off, naive, missed, missed_own, runs, n = 0, 0, 0, 0, 1000, 100
    for run = 1, runs do
      local z = core.base.random(21, run, 1, "normal", 6)
      local control, arms = deviation(n, z[6] / 10, 1), {}
      for i = 1, 5 do
        arms[i] = deviation(n, 1 + z[i] / 10, 1)
      end
      local best, value, low, high = trial.winner(control, arms, .1)
      local own = trial.effect(control, arms[best], .1, 5000)
      off, naive = off + (value - 1) / runs, naive + (own.value - 1) / runs
      missed = missed + ((low > 1 or high < 1) and 1 or 0)
      missed_own = missed_own + ((own.low > 1 or own.high < 1) and 1 or 0)
    end
    assert.near(0, off, .012) -- its error is 0.13 / sqrt(1000)
    assert.near(.116, naive, .012)
    assert(missed < .1 * runs, missed)
    assert(missed_own > .13 * runs, missed_own)
  end)
end)
