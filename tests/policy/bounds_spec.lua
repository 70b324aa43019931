-- A script may declare 200,000 values, of which rules are composed: whatever it declares, they take
-- no more memory than it takes to refuse them.
local run = require("policy.run")

-- The last error (of that code): "code 3:5 what is wrong".
local function last(text, code)
  local found
  for _, one in ipairs(run.load(text, { compile = true }).findings) do
    found = one:match("^error (" .. (code or "") .. ".*)") or found
  end
  return found
end

local too_long = "an expression has up to 65536 bytes: give parts of it a name under metrics"

local function matrix(cell, by)
  return ([[
    local names, cuts, cells = {}, {}, {}
    for i = 1, 120 do
      names[i], cuts[i - 1], cells["l" .. i] = "l" .. i, i > 1 and i or nil, {}
    end
    for i, row in pairs(names) do
      for k = 1, 120 do cells[row]["l" .. k] = %s end
    end
    matrix "m" { cells = cells, rows = { by = %s, cuts = cuts, names = names },
      columns = { by = "orders", cuts = cuts, names = names } }]]):format(cell, by)
end

describe("what is composed", function()
  it("of the cells of a matrix is bounded", function()
    assert.equal("expression 9:24 " .. too_long, last(matrix('"all"', '"spend"')))
    assert.equal("wrong-classes 8:5 matrix 'm': has too many cells; it takes 1 to 1000",
      last(matrix('i .. "," .. k', [["spend" .. string.rep(" + 1", 15000)]])))
  end)

  it("of the ways of a tree is bounded", function()
    assert.equal("expression 5:18 " .. too_long, last([[
      local function part(depth)
        return depth == 0 and "leaf" or { "spend > " .. depth, yes = part(depth - 1), no = "no" }
      end
      local wide = { "orders > 1", yes = part(12), no = part(12) }
      tree "t" { "spend > 1" .. string.rep(" + 0", 100000), yes = wide, no = "none" }
    ]]))
  end)

  it("of the cells of a row is bounded", function()
    local text = [[
      local t = { reads = { "spend" .. string.rep(" + 1", N) }, gives = { "a" } }
      for i = 1, ROWS do t[i] = { at_least(i), i } end
      decision_table "d" (t)
    ]]
    assert.equal("wrong-classes 3:7 decision_table 'd': has too many rows; it takes 1 to 1000",
      last((text:gsub("N", "1"):gsub("ROWS", "5000"))))
    assert.equal("expression 3:27 " .. too_long,
      last((text:gsub("N", "100000"):gsub("ROWS", "2"))))
  end)

  it("of the classes of a reward is bounded", function()
    local text = [[
      local class = {}
      for i = 1, N do class["c" .. i] = both(i) end
      referral "r" { programme = "p", reward = by "friend.spend .. ''" (class) }
    ]]
    assert.equal("too-many 3:48 referral 'r': a programme has at most 1000 rewards",
      last((text:gsub("N", "1001"))))
    assert.is_nil(last((text:gsub("N", "1000"))))
  end)
end)

describe("what a policy declares", function()
  it("has so many schemes, classes, details and learned cuts", function()
    assert.equal("too-many 1:20 segments 's1001': a policy has at most 1000 schemes",
      last('for i = 1, 1001 do segments("s" .. i) { { "all" } } end'))
    assert.equal("wrong-classes 2:1 tiers 't': has too many tiers; it takes 1 to 1000",
      last('local t = {} for i = 1, 30000 do t[i] = { "t" .. i, when = "spend > " .. i } end\n'
        .. 'tiers "t" (t)'))
    assert.equal("too-many 2:16 segments 's': the classes of a policy have at most 1000 details",
      last('local c = { "all" } for i = 1, 1001 do c["d" .. i] = i end\nsegments "s" { c }'))
    assert.equal("too-many 2:43 matrix 'm': a policy has at most 1000 metrics, and a cut that is "
      .. "learned is one", last([[
local cuts, names, cells = {}, { "l1" }, {}
for i = 1, 600 do cuts[i], names[i + 1] = quantile(i / 1000), "l" .. i + 1 end
local axis = { by = "spend", cuts = cuts, names = names }
matrix "m" { rows = axis, columns = axis, cells = {} }]], "too%-many"))
  end)

  it("has so many braces in a text", function()
    assert.equal("too-many 1:23 playbook 'p': a text has at most 1000 braces with something in "
      .. "them", last('playbook "p" { text = string.rep("{spend}", 1001) }'))
  end)
end)

describe("what is checked", function()
  it("has an end where segments read segments", function()
    local path = os.tmpname()
    local file = io.open(path, "w")
    file:write([[
      for k = 1, 10 do
        local list = { { "v1", when = "spend > 0" } }
        for i = 2, 60 do
          local before = "s" .. k - 1
          list[i] = { "v" .. i, when = k == 1 and "spend > " .. i
            or before .. " == 'v" .. i .. "' or " .. before .. " ~= 'v1' or orders > " .. i }
        end
        segments("s" .. k) (list)
      end]])
    file:close()
    local pipe = io.popen("timeout 60 " .. run.program .. " check " .. path .. " 2>&1")
    local text = pipe:read("a")
    local _, _, code = pipe:close()
    os.remove(path)
    assert.equal(0, code, text)
  end)
end)
