-- What the sense of a policy is checked for: each code with what shows it, and what is no fault.
local run = require("policy.run")

-- The findings of a text, "severity code line:column text" each, those of the compiler too.
local function audit(text)
  local result = run.load(text, { compile = true, audit = true })
  assert.equal(0, result.status, text .. "\n" .. result.error)
  return result.findings
end

local function tiers(...)
  local text = "tiers 'a' {\n"
  for i, when in ipairs({ ... }) do
    text = text .. ("{ 't%d', when = %q },\n"):format(i, when)
  end
  return text .. "{ 'rest' } }"
end

local function campaign(fields)
  return 'campaign "x" { offer = let_go, ' .. fields .. " }"
end

-- The tiers that nobody can have, of tiers with these conditions and a last one without.
local function nobody(...)
  local out = {}
  local text = "params { p = 2 }\n" .. tiers(...) .. campaign("when = 'p > orders'")
  for _, finding in ipairs(audit(text)) do
    out[#out + 1] = finding:match('nobody can have the tier "(%w+)"')
  end
  return table.concat(out, " ")
end

describe("tiers", function()
  it("that nobody can have are pointed out", function()
    for _, case in ipairs({
      { "t2", "clv >= 20000", "clv >= 50000" }, { "t2", "clv >= 3", "clv > 3" },
      { "t2", "clv > 3", "clv > 3" }, { "t2", "3 < clv", "clv == 5" },
      { "t2", "clv > 5 * p", "clv > 10" }, { "t2", "clv > 5 * p", "clv >= 10.5" },
      { "t2", "clv > 3", "clv > 4 and orders > 2" }, { "t2", "not (clv < 3)", "clv > 4" },
      { "t2", "clv ~= 5", "clv > 5" }, { "t2", "clv > 3 or clv < 1", "clv == 0" },
      { "t2", "orders > 3 and spend > 2", "orders > 3 and spend > 2" },
      { "t3", "clv > 3", "clv < 4", "clv > 1" }, { "t2", "1 + clv > 3", "1 + clv > 3" },
      { "t2 rest", "true", "clv > 3" }, { "rest", "1 < 2" }, { "t1", "1 > 2" },
      { "t1", "clv > 3 and clv < 2" }, { "t1", "clv > 3 and not (clv > 2) and orders > 1" },
      { "t2", "clv <= 5", "clv < 5 and clv > 1 or clv == 3" },
      { "t2", "1 // (clv - 4) > 0 or clv > 3", "clv > 5" }, { "t2", "abs(clv) > 3", "clv > 4" },
      { "t3", "clv > 5", "orders > 3", "clv > 6 and orders > 4 or clv > 7" },
      { "t2", "orders > 3", "orders >= 3.5" }, { "t1", "orders < 0" }, { "t1", "r_score == 6" },
      { "t1", "rfm_segment == 'at risk' and rfm_segment == 'potential'" },
      { "t2", "clv > 3 or orders > 2", "clv > 4" },
      { "t2", "has(clv) and clv > 3", "clv > 3 and true" },
      { "rest", "clv >= 0 or clv < 0", "not has(clv) or clv > 5" },
    }) do
      assert.equal(case[1], nobody(table.unpack(case, 2)), table.concat(case, " | "))
    end
  end)

  it("that somebody can have are not", function()
    for _, case in ipairs({
      { "clv * orders ~= 0/0" }, { "clv ~= 0/0" },
      { "clv >= 50000", "clv >= 20000" }, { "clv > 3", "clv >= 3" }, { "clv ~= 5", "clv == 5" },
      { "orders > 2 or clv > 3", "clv > 4" }, -- orders may be missing, and is read first
      { "orders > 2 and clv > 3", "clv > 4" }, { "clv > 3", "orders > 4" },
      { "clv > 3", "clv < 4", "orders > 1" }, -- clv may be missing
      { "clv > 3", "default(clv, 10) > 5" }, { "clv > 3", "not has(clv) or clv > 5" },
      { "not (clv < 3 and orders > 2)", "clv < 2 and orders > 4" },
      { "clv > 3 * orders", "clv > 5" }, { "r_score == 5 or clv > 3", "clv > 5 and orders > 1" },
      { "orders // (orders - 4) > 0 or clv > 3", "clv > 5" },
    }) do
      assert.equal("", nobody(table.unpack(case)), table.concat(case, " | "))
    end
  end)
end)

describe("what is meant", function()
  it("is no finding", function()
    for _, text in ipairs({
      campaign("when = 'true', never = 'opted'") .. " inputs { opted = flag }",
      campaign("when = 'has(spend) or orders > 5'"),
      -- a value may be missing, and is read first
      campaign("when = 'orders > 5 and spend > 3 or spend > 3'"),
      tiers("spend >= 1000", "orders > 5 or spend >= 1000"),
      -- one param moves both: whatever it is, somebody is between
      "params { p = { 5, from = 1, to = 9 } } " .. tiers("orders > 2 * p", "orders > p"),
      -- arithmetic that is not looked into
      campaign("when = 'spend % 2 == 1 and spend % 4 == 2'"),
      campaign("when = 'spend * spend < 0.0 - orders * 0.5 and orders < 3'"),
      -- a cost of a hundred yen, once it is rounded
      'policy "p" { currency = "JPY" } campaign "x" { when = "orders > 0", offer = gift "g", '
        .. 'cost = "100.4", caps = { budget = 100 } }',
      -- a function may do anything
      "tiers 'a' { { 'x', when = function(spend) local s = spend return s > 5 end }, "
        .. "{ 'y', when = 'spend > 6' }, { 'z' } }",
    }) do
      assert.same({}, audit(text), text)
    end
  end)
end)

describe("numbers", function()
  it("that look like thousands are told as they are read, wherever a rule has them", function()
    local text = "params { lot = 1.000, p = 0.125 } -- 3.000\n"
      .. "metrics { big = count 'transactions' { where = 'amount > 2.500' } }\n"
      .. "campaign 'a 20.000' { offer = cash(20.000), cost = 'lot * p',\n"
      .. "goal = '20.000', when = 'big > 1.2345 and spend > 300.000 and 12.000e2 < orders',\n"
      .. "caps = { budget = 20.000, total = '5.000 * lot' } }"
    local function note(place, number, read)
      return ("note decimal-point %s `%s` is read as %s"):format(place, number, read)
    end
    assert.same({ note("1:16", "1.000", "1"), note("2:58", "2.500", "2.5"),
      note("3:36", "20.000", "20"), note("4:51", "300.000", "300"), note("5:19", "20.000", "20"),
      note("5:36", "5.000", "5") }, audit(text))
  end)
end)

describe("the cost of a waived fee", function()
  local function said(cost, most)
    return audit("inputs { fee = money }\n" .. campaign("when = 'fee > 200', cost = '" .. cost
      .. "'"):gsub("let_go", "waive_fee { after_purchases = 3, up_to = " .. most .. " }"))
  end

  it("is told where it is always above what is waived at most", function()
    assert.matches("^note cost%-above%-offer 2:%d+ the cost of \"x\" is above the 100 that its "
      .. "offer waives at most: `%(fee%) <= 100.01`", said("fee", 100)[1])
    assert.matches("above the 99.5 ", said("100", 99.5)[1])
    assert.same({}, said("fee", 300))
    assert.same({}, said("100", 100))
  end)
end)

describe("a proof", function()
  it("says for which values of the params it is one", function()
    local function said(params)
      local text = "params { " .. params .. " } tiers 'a' { { 'x', when = 'spend >= p' }, "
        .. "{ 'y', when = 'spend >= 600' }, { 'z' } }"
      return (table.concat(audit(text), "\n"):match("exclude each other(.*)$"))
    end
    assert.equal("; with p = 500", said("p = 500"))
    assert.equal("; whatever p is from 400 to 600", said("p = { 500, from = 400, to = 600 }"))
    assert.matches("^; with p = 500, but not with p = 6%d%d$",
      said("p = { 500, from = 400, to = 700 }"))
    assert.is_nil(said("p = { 601, from = 400, to = 700 }"))
  end)
end)
