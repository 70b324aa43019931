-- Shrinkage: eight schools (Rubin 1981), whose posterior was integrated by scipy 1.17.1
-- (integrate.quad over the deviation between schools, flat prior; the textbook's own table has the
-- same to its one digit), and how often intervals hold what is true.
local core = require("patron_core")
local shrink = core.trial.shrink

local function near_all(expected, got, tolerance)
  for i, x in ipairs(expected) do
    assert.near(x, got[i], tolerance)
  end
  assert.equal(#expected, #got)
end

describe("effects of groups", function()
  local effects, errors = { 28, 8, -3, 7, -1, 1, 18, 12 }, { 15, 10, 16, 11, 9, 11, 10, 18 }

  it("are drawn together as Rubin's eight schools are", function()
    local shrunk, deviations, mean, spread = shrink(effects, errors)
    near_all({ 11.400261, 7.894552, 6.130747, 7.644679, 5.126424, 6.138536, 10.666983, 8.456818 },
      shrunk, 1e-4)
    near_all({ 8.341416, 6.274835, 7.765167, 6.546261, 6.357420, 6.710295, 6.785587, 7.888198 },
      deviations, 1e-4)
    assert.near(7.932375, mean, 1e-4)
    assert.near(5.2385, spread, 0.05) -- the median, to the step
  end)

  it("scale with their unit", function()
    local small, errors_small = {}, {}
    for i in ipairs(effects) do
      small[i], errors_small[i] = effects[i] / 1024, errors[i] / 1024
    end
    local a, b = shrink(effects, errors), shrink(small, errors_small)
    for i in ipairs(a) do
      assert.near(a[i] / 1024, b[i], 1e-14)
    end
  end)

  it("stay as they are when there are two, or when they are sure", function()
    local shrunk, deviations, mean = shrink({ 5, 1 }, { 2, 3 })
    assert.same({ { 5, 1 }, { 2, 3 } }, { shrunk, deviations })
    assert.is_nil(mean)
    near_all({ 5, 1, 9, -7 }, (shrink({ 5, 1, 9, -7 }, { 1e-6, 1e-6, 1e-6, 1e-6 })), 1e-9)
  end)

  it("take one of which nothing is known as they take all, and learn nothing from it", function()
    local known, deviations, mean = shrink({ 0.1, 0.2, 0.12 }, { 0.02, 0.03, 0.02 })
    local shrunk, all, common = shrink({ 0.1, 0.2, 0.12, 0 }, { 0.02, 0.03, 0.02, math.huge })
    near_all({ known[1], known[2], known[3], mean }, shrunk, 1e-12)
    near_all(deviations, { all[1], all[2], all[3] }, 1e-12)
    assert.near(mean, common, 1e-12)
    shrunk = shrink({ 5, 1, 0 }, { 2, 3, math.huge }) -- too few
    assert.same({ 5, 1, 0 }, shrunk)
  end)

  -- Without anything measured it is the prior; one sure group is itself; one group that is as
  -- unsure as what was believed lies in the middle, if groups hardly differ.
  it("start from what was believed before", function()
    local from = core.trial.shrink_from
    local shrunk, deviations, shared = from(0.1, 0.05, { 0, 0 }, { math.huge, math.huge })
    near_all({ 0.1, 0.1 }, shrunk, 1e-12)
    -- of each group by itself: the prior's variance, and as much again between groups
    near_all({ 0.05 * 2 ^ 0.5, 0.05 * 2 ^ 0.5 }, deviations, 1e-3)
    assert.near(0.05 ^ 2, shared, 1e-5)
    shrunk, deviations = from(0.1, 0.05, { 0.3, 0 }, { 1e-6, math.huge })
    assert.near(0.3, shrunk[1], 1e-6)
    assert.near(1e-6, deviations[1], 1e-8)
    assert.is_true(shrunk[2] > 0.12 and shrunk[2] < 0.3)
    shrunk, deviations, shared = from(0.1, 0.05, { -0.5 }, { 0.4 }) -- three people
    assert.is_true(shrunk[1] > 0.06 and shrunk[1] < 0.1)
    assert.near(deviations[1] ^ 2, shared, 1e-12)
  end)

  it("keep little in common when each is sure", function()
    local _, deviations, shared = core.trial.shrink_from(0, 1, { 1, 2, 3 }, { .1, .1, .1 })
    for i = 1, 3 do
      assert.near(0.1, deviations[i], 0.005)
    end
    assert.is_true(shared >= 0 and shared < 0.001)
  end)

  -- Six groups about 2, for three spreads between them and errors from 0.5 to 1.5.
  it("lie within their 90 % intervals as often as they say", function()
    for k, spread in ipairs({ 0.2, 1, 4 }) do
      local inside, away, raw = 0, 0, 0
      for run = 1, 500 do
        local z, truth, estimate, se = core.base.random(5, run, k, "normal", 12), {}, {}, {}
        for i = 1, 6 do
          se[i] = 0.3 + 0.2 * i
          truth[i] = 2 + spread * z[i]
          estimate[i] = truth[i] + se[i] * z[6 + i]
        end
        local shrunk, deviations = shrink(estimate, se)
        for i = 1, 6 do
          inside = inside + (math.abs(shrunk[i] - truth[i]) <= 1.6449 * deviations[i] and 1 or 0)
          away = away + (shrunk[i] - truth[i]) ^ 2
          raw = raw + (estimate[i] - truth[i]) ^ 2
        end
      end
      assert(inside > 0.85 * 3000 and inside < 0.97 * 3000, spread .. ": " .. inside)
      assert(away < raw, "shrinking made it worse")
    end
  end)
end)
