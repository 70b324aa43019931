-- What a test can see, who gets what in it, what another policy would have brought, and whether a
-- score finds those whom an offer changes: against golden figures, statsmodels 0.15, scikit-uplift
-- 0.5.1 and numpy (root searches and sums of their own; made with scipy 1.17).
local plan = require("patron_core").plan
local data = require("data")

local function near(want, got, most)
  assert.is_true(math.abs(want - got) <= (most or 1e-9) * math.max(1, math.abs(want)),
    ("want %.12g, got %.12g"):format(want, got))
end

-- The rows of Hillstrom's experiment by header; nil where it is not here.
local function hillstrom()
  local path = data("campaigns/hillstrom.csv")
  if not path then
    return nil
  end
  local out, at = {}, {}
  local i = 0
  for line in io.lines(path) do
    local fields = {}
    for field in line:gsub("\r", ""):gmatch("[^,]+") do
      fields[#fields + 1] = field
    end
    if #fields == 13 then -- "6) $750 - $1,000"
      fields[2] = fields[2] .. "," .. table.remove(fields, 3)
    end
    for k, field in ipairs(fields) do
      at[k] = i == 0 and field or at[k]
    end
    if i > 0 then
      out[i] = {}
      for k, field in ipairs(fields) do
        out[i][at[k]] = tonumber(field) or field
      end
    end
    i = i + 1
  end
  assert.are.equal(64000, #out)
  return out
end

describe("power", function()
  it("sees golden.md's visits with 60,815 an arm", function()
    near(60815, math.ceil(plan.customers({ mean = .106167 }, .005, .5, .5) / 2))
  end)

  it("finds the smallest rise of a rate that a root search finds", function()
    near(0.008506271173947328, plan.smallest({ mean = .106167 }, 21306, 21307))
    near(0.21738041147492274, plan.smallest({ mean = .5, alpha = .01, power = .9 }, 100, 300))
    near(0.01775926505064883, plan.smallest({ mean = .02, factor = 1.7 }, 1000, 9000))
    near(0.13738091782087714, plan.smallest({ mean = .001 }, 50, 50))
  end)

  it("agrees with statsmodels about means", function()
    -- It counts effects found with the wrong sign, too, so that a little less suffices.
    near(1.8158125091664366, plan.smallest({ mean = 1, sd = 17.75 }, 1000, 3000), 1e-5)
    near(0.5968950888027618, plan.smallest({ mean = 1, sd = 2, alpha = .01, power = .95 }, 400,
      400), 1e-6)
    near(0.4466901014753237, plan.power({ mean = 0, sd = 1 }, .1, 500, 1000))
    near(0.11692048230742158, plan.power({ mean = 0, sd = 1, alpha = .1 }, -.02, 500, 500))
  end)

  it("is the same question from three sides", function()
    for _, y in ipairs { { mean = .3 }, { mean = 4, sd = 9 }, { mean = .9, factor = 2.5 } } do
      local effect = plan.smallest(y, 4000, 6000)
      near(10000, plan.customers(y, effect, .4, .6))
      near(.8, plan.power(y, effect, 4000, 6000), 1e-4)
    end
  end)

  it("sees nothing where nothing varies, or all would have to do it", function()
    local function nan(x)
      assert.is_true(x ~= x)
    end
    nan(plan.smallest({ mean = 5, sd = 0 }, 100, 100))
    nan(plan.smallest({ mean = 1 }, 100, 100))
    nan(plan.smallest({ mean = .9 }, 5, 5))
  end)
end)

describe("a baseline", function()
  it("tells rates from means, and what strata and clusters do", function()
    local rate = plan.baseline { 0, 1, 1, 0 }
    assert.is_true(rate.rate)
    near(.5, rate.mean)
    near(1, rate.factor)
    -- Within: 2 + 2 + 8 = 12 by 3; all: 40 by 5. Between clusters: 28 by 2.
    local y, group = { 1, 3, 3, 5, 5, 9 }, { 1, 1, 2, 2, 3, 3 }
    local b = plan.baseline(y, group, group)
    near(13 / 3, b.mean)
    local total = 0
    for _, x in ipairs(y) do
      total = total + (x - b.mean) ^ 2
    end
    near(math.sqrt(total / 5), b.sd)
    near(1 - (12 / 3) / (total / 5), b.explained)
    local between = (total - 12) / 2
    near((between - 4) / (between + 4), b.icc)
    near(2, b.size)
    near(1 + b.icc, b.design)
    near((1 - b.explained) * b.design, b.factor)
  end)

  it("weighs clusters of unequal sizes", function()
    near((9 + 1 + 4) / 6, plan.baseline({ 1, 2, 3, 4, 5, 6 }, nil, { 1, 1, 1, 2, 3, 3 }).size)
    near(1, plan.baseline({ 1, 2, 3 }, nil, { 1, 2, 3 }).design)
  end)

  it("takes nothing from groups that are all alike, or alone", function()
    local b = plan.baseline({ 1, 2, 1, 2 }, { 1, 1, 2, 2 }, { 1, 1, 2, 2 })
    near(0, b.explained)
    near(0, b.icc)
    near(0, plan.baseline({ 1, 2 }, { 1, 2 }, { 1, 1 }).explained)
    near(0, plan.baseline({ 3, 3 }, { 1, 2 }, { 1, 1 }).icc)
  end)

  it("has Hillstrom's moments, and what the segment of history explains", function()
    local rows = hillstrom()
    if not rows then
      pending("campaigns/hillstrom.csv is not here")
      return
    end
    local spend, visit, segment = {}, {}, {}
    for i, row in ipairs(rows) do
      spend[i], visit[i] = row.spend, row.visit
      segment[i] = tonumber(row.history_segment:match("%d"))
    end
    local b = plan.baseline(spend, segment)
    near(1.0509082812500001, b.mean)
    near(15.036448116095249, b.sd)
    near(0.0006368723958651845, b.explained)
    near(0.005937039721149007, plan.baseline(visit, segment).explained)
  end)
end)

-- Random numbers that can be repeated.
local function generator(seed)
  return function()
    seed = seed * 6364136223846793005 + 1442695040888963407
    return (seed >> 11) * 2.0 ^ -53
  end
end

describe("in simulated tests", function()
  it("the smallest effect is seen four times in five, and none five times in a hundred", function()
    local random, n, p, seen = generator(11), 400, .2, { 0, 0 }
    local effects, runs = { plan.smallest({ mean = p }, n, n), 0 }, 1000
    for i, effect in ipairs(effects) do
      for _ = 1, runs do
        local a, b = 0, 0
        for _ = 1, n do
          a = a + (random() < p and 1 or 0)
          b = b + (random() < p + effect and 1 or 0)
        end
        a, b = a / n, b / n
        local error = math.sqrt((a * (1 - a) + b * (1 - b)) / n)
        seen[i] = seen[i] + (math.abs(b - a) > 1.959964 * error and 1 or 0)
      end
    end
    assert.is_true(math.abs(seen[1] / runs - .8) < .04, seen[1])
    assert.is_true(math.abs(seen[2] / runs - .05) < .025, seen[2])
  end)

  it("whole clusters make a difference vary by the design effect", function()
    local random, runs, clusters = generator(5), 600, 150
    local squares, planned = 0, 0
    for _ = 1, runs do
      local y, cluster, sum, n = {}, {}, { 0, 0 }, { 0, 0 }
      for k = 1, clusters do
        local own, arm = (random() - .5) * 2, random() < .5 and 1 or 2
        for _ = 1, 1 + math.floor(random() * 5) do
          y[#y + 1], cluster[#cluster + 1] = own + (random() - .5) * 3, k
          sum[arm], n[arm] = sum[arm] + y[#y], n[arm] + 1
        end
      end
      local b = plan.baseline(y, nil, cluster)
      squares = squares + (sum[2] / n[2] - sum[1] / n[1]) ^ 2
      planned = planned + b.factor * b.sd ^ 2 * (1 / n[1] + 1 / n[2])
    end
    -- The true icc is (4 / 12) / (4 / 12 + 9 / 12); clusters of other sizes cost a little more.
    assert.is_true(math.abs(squares / planned - 1) < .15, squares / planned)
  end)
end)

describe("assignment", function()
  it("keeps to the shares, and to the customer", function()
    local n = { 0, 0, 0 }
    for i = 1, 20000 do
      local arm = plan.arm({ .1, .3, .6 }, "spring", "C" .. i)
      n[arm] = n[arm] + 1
      assert.are.equal(arm, plan.arm({ .1, .3, .6 }, "spring", "C" .. i))
    end
    for arm, share in ipairs { .1, .3, .6 } do
      assert.is_true(math.abs(n[arm] - 20000 * share) < 4 * math.sqrt(20000 * share * (1 - share)))
    end
  end)

  it("of two plans has nothing to do with each other", function()
    local both = 0
    for i = 1, 20000 do
      both = both + (plan.arm({ .5, .5 }, "spring", "C" .. i) == 1
        and plan.arm({ .5, .5 }, "autumn", "C" .. i) == 1 and 1 or 0)
    end
    assert.is_true(math.abs(both - 5000) < 250)
  end)

  it("is SHA-256 of the plan, a byte, and the customer", function()
    -- python: int.from_bytes(sha256(b"spring\xffC1").digest()[:8], "big") / 2**64
    local share = 0.9221779035950443
    assert.are.equal(share < .5 and 1 or 2, plan.arm({ .5, .5 }, "spring", "C1"))
    assert.are.equal(1, plan.arm({ share + 1e-9, 1 - share - 1e-9 }, "spring", "C1"))
    assert.are.equal(2, plan.arm({ share - 1e-9, 1 - share + 1e-9 }, "spring", "C1"))
  end)
end)

describe("off-policy", function()
  it("is golden.md's hand set", function()
    local model, rows = { [0] = .6, .3 }, {}
    for i, row in ipairs { { 0, .5, 1 }, { 1, .5, 0 }, { 0, .5, 1 }, { 1, .25, 1 }, { 0, .75, 0 },
      { 1, .25, 0 } } do
      rows[i] = { row[2], row[1] == 0 and .2 or .8, row[3], model[row[1]], .2 * .6 + .8 * .3 }
    end
    local v = plan.value(rows)
    near(.666667, v.inverse.value, 1e-6)
    near(.441176, v.normalised.value, 1e-6)
    near(.36, v.direct.value, 1e-12)
    near(.52, v.robust.value, 1e-12)
    near(3.508346, v.effective, 1e-6)
    assert.is_false(v.means)
  end)

  it("has its errors from what was drawn by itself", function()
    local rows, pairs_of = {}, {}
    for i = 1, 40 do -- two who do the same in each
      local k = (i - 1) // 2
      rows[i] = { .5, k % 3 > 0 and 1 or 0, k * 7 % 5, .5, .5 }
      pairs_of[i] = k
    end
    local half, half_pairs = {}, {}
    for k = 1, 20 do
      half[k], half_pairs[k] = rows[2 * k], k - 1
    end
    local v, alone, once = plan.value(rows, pairs_of), plan.value(rows), plan.value(half)
    for _, name in ipairs({ "inverse", "normalised", "robust" }) do
      near(once[name].value, v[name].value, 1e-12)
      near(once[name].error, v[name].error, 1e-12) -- forty say no more than twenty
      assert.is_true(v[name].error > 1.35 * alone[name].error)
    end
    assert.are.same(once, plan.value(half, half_pairs))
  end)

  it("is golden.md's about Hillstrom", function()
    local rows = hillstrom()
    if not rows then
      pending("campaigns/hillstrom.csv is not here")
      return
    end
    local policies = {
      [function() return "No E-Mail" end] = { .651953, .0793708, .6527894, .0793880, 21306 },
      [function() return "Mens E-Mail" end] = { 1.420860, .1217377, 1.4226165, .1216270, 21307 },
      [function() return "Womens E-Mail" end] = { 1.079911, .1037964, 1.0772016, .1033606, 21387 },
      [function(row)
        return row.mens == 0 and row.womens == 1 and "Womens E-Mail" or "Mens E-Mail"
      end] = { 1.432155, .120619, 1.428628, .1200580, 21386 },
    }
    for policy, want in pairs(policies) do
      local log = {}
      for i, row in ipairs(rows) do
        log[i] = { 1 / 3, policy(row) == row.segment and 1 or 0, row.spend, 0, 0 }
      end
      local v = plan.value(log)
      near(want[1], v.inverse.value, 2e-6)
      near(want[2], v.inverse.error, 2e-6)
      near(want[3], v.normalised.value, 2e-6)
      near(want[4], v.normalised.error, 2e-6)
      near(want[5], v.effective)
      near(want[5], v.matched)
      assert.is_true(v.means)
    end
  end)

  it("means nothing with a few heavy customers, or where all brought the same", function()
    local log = {}
    for i = 1, 1000 do
      log[i] = { .5, 1, 1, 0, 0 }
    end
    assert.is_false(plan.value(log).means)
    log[2][3] = 2
    assert.is_true(plan.value(log).means)
    log[1][1] = .005
    assert.is_false(plan.value(log).means)
    for i = 100, 1000 do
      log[i][2] = 0
    end
    log[1][1] = .5
    assert.is_false(plan.value(log).means)
  end)

  it("learns a customer's model from the others", function()
    -- Arm 1 in cell 1: rewards 1, 2 (folds 1, 2); in cell 2: 6 (fold 1). Arm 2: 10 (fold 3).
    local fit = plan.fit({ { 1, 1, 1, 1, .5, .5 }, { 1, 2, 1, 2, 1, 0 }, { 1, 6, 2, 1, 0, 1 },
      { 2, 10, 2, 3, 1, 0 } }, 2, 2)
    -- Without fold 1 arm 1 has 2 in cell 1, mean 2; arm 2 has 10 in cell 2.
    near((2 + 2) / 2, fit[1].fitted)
    near(.5 * 2 + .5 * 10, fit[1].expected)
    near((1 + 3.5) / 2, fit[2].fitted)
    near(fit[2].fitted, fit[2].expected)
    near(2, fit[3].fitted)
    near((10 + 10) / 2, fit[3].expected)
    near(0, fit[4].fitted)
    near((6 + 3) / 2, fit[4].expected)
  end)
end)

describe("uplift curves", function()
  it("are a hand set's", function()
    -- By score: T1 C0 | T0 T1 (one score) | C1. Qini / 3 treated at 1, 2, 4, 5 of 5: 1, 1, 2, -1.
    local u = plan.uplift { { .1, 1, 0 }, { .9, 1, 1 }, { .5, 0, 1 }, { .8, 0, 0 }, { .5, 1, 1 } }
    local qini, at = { 0, 1 / 3, 1 / 3, 2 / 3, 1 / 6 }, { 0, .2, .4, .8, 1 }
    local area = 0
    for i = 2, 5 do
      area = area + (at[i] - at[i - 1]) * (qini[i] + qini[i - 1]) / 2
    end
    near(1 / 6, u.effect)
    near(area, u.qini.value)
    near(area - 1 / 12, u.qini.above)
    near(1 / 3, u.at[2])
    near(.5, u.at[6])
    near(1 / 6, u.at[10])
    -- Uplift curve: 1 * .2, (1 - 0) * .4, (2/3 - 0) * .8, (2/3 - 1/2) * 1.
    local curve, under = { 0, .2, .4, 1.6 / 3, 1 / 6 }, 0
    for i = 2, 5 do
      under = under + (at[i] - at[i - 1]) * (curve[i] + curve[i - 1]) / 2
    end
    near(under, u.auuc.value)
    near(under - 1 / 12, u.auuc.above)
  end)

  it("are a straight line if all have one score, and there are none without two sides", function()
    local u = plan.uplift { { 1, 3, 1 }, { 1, 1, 0 }, { 1, 2, 1 } }
    near(1.5, u.effect)
    near(0, u.qini.above)
    near(0, u.auuc.above)
    near(.75, u.at[5])
    assert.is_nil(plan.uplift { { 1, 1, 1 }, { 2, 0, 1 } })
    assert.is_nil(plan.uplift { { 1, 1, 0 } })
  end)

  -- Areas below and above, of Qini and uplift: numpy, and for yes and no scikit-uplift, too.
  local reference = {
    { "Mens E-Mail", "visit", "history", 0.0407518444, 0.0024570625, 0.0407712404, 0.0024764586 },
    { "Mens E-Mail", "visit", "recency", 0.0367907335, -0.0015040484, 0.0367258721,
      -0.0015689097 },
    { "Mens E-Mail", "spend", "history", 0.4608884881, 0.0759749102, 0.4610295590, 0.0761159810 },
    { "Womens E-Mail", "conversion", "history", 0.0015708349, 0.0000153062, 0.0015679843,
      0.0000124555 },
    { "Womens E-Mail", "spend", "recency", 0.1943157983, -0.0178903096, 0.1940318140,
      -0.0181742939 },
  }

  it("are those of scikit-uplift on Hillstrom", function()
    local rows = hillstrom()
    if not rows then
      pending("campaigns/hillstrom.csv is not here")
      return
    end
    for _, want in ipairs(reference) do
      local list = {}
      for _, row in ipairs(rows) do
        if row.segment == want[1] or row.segment == "No E-Mail" then
          list[#list + 1] = { row[want[3]], row[want[2]], row.segment == want[1] and 1 or 0 }
        end
      end
      local u = plan.uplift(list)
      near(want[4], u.qini.value, 1e-10)
      near(want[5], u.qini.above, 1e-10)
      near(want[6], u.auuc.value, 1e-10)
      near(want[7], u.auuc.above, 1e-10)
      if want[2] == "visit" and want[3] == "history" then
        for i, at in ipairs { .00979272, .01879168, .02679024, .03465572, .04199375, .04911310,
          .05527796, .06346158, .07063054, .07658956 } do
          near(at, u.at[i], 1e-8)
        end
      end
    end
  end)

  it("have errors as large as chance makes them", function()
    local seed = 7
    local function random()
      seed = (seed * 6364136223846793005 + 1442695040888963407)
      return (seed >> 11) * 2.0 ^ -53
    end
    local sum, squares, errors, runs = 0, 0, 0, 60
    for _ = 1, runs do
      local list = {}
      for i = 1, 2000 do
        list[i] = { random(), random() < .3 and 1 or 0, random() < .5 and 1 or 0 }
      end
      local qini = plan.uplift(list).qini
      sum, squares, errors = sum + qini.above, squares + qini.above ^ 2, errors + qini.error
    end
    local sd = math.sqrt(squares / runs - (sum / runs) ^ 2)
    assert.is_true(math.abs(sum / runs) < 3 * sd / math.sqrt(runs))
    assert.is_true(errors / runs > .7 * sd and errors / runs < 1.4 * sd)
  end)
end)
