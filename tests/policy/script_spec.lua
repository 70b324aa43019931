-- What a script can do: declare. What it cannot: anything else, by mistake or on purpose.
local run = require("policy.run")

local declares = ' campaign "c" { when = "true", offer = let_go }'

local function says(expected, text, deadline)
  assert.equal(expected, run.finding(text, { deadline = deadline or 30000 }), text)
end

describe("a script", function()
  it("has the plain parts of Lua", function()
    for _, text in ipairs({
      "assert(type(math.pi) == 'number' and math.max(1, 2) == 2 and math.type(1) == 'integer')",
      "assert(select('#', 1, 2) == 2 and tonumber('0x10') == 16 and tostring(1.5) == '1.5')",
      "assert(string.format('%d%% %s %q', 3, 'x', true) == '3% x true')",
      "assert(('ab'):rep(2, '-') == 'ab-ab' and ('x'):upper() == 'X' and #('x'):rep(-1) == 0)",
      "local t = table.move({ 1, 2, 3 }, 1, 3, 2) assert(table.concat(t, ',') == '1,1,2,3')",
      "assert(utf8.len('日期') == 2 and string.byte('a') == 97 and ('x'):len() == 1)",
      "local ok, why = pcall(error, 'no') assert(not ok and why == 'no')",
      "local ok, why = pcall(function() return foo end) assert(not ok)",
      "local t = {} for i, v in ipairs({ 5, 6 }) do t[i] = v end assert(#t == 2)",
      "table.sort({ 3, 1, 2 }, function(a, b) return a > b end)",
      "goto done ::done::",
    }) do
      says("", text .. declares)
    end
  end)

  it("walks tables in sorted order, whatever their making", function()
    says("error 5:0 1 2 3.5 10 A a b z ", [[local s = ''
      for k in pairs({ z = 1, a = 1, [10] = 1, [2] = 1, A = 1, b = 1, [3.5] = 1, [1] = 1 }) do
        s = s .. tostring(k) .. ' '
      end
      error(s)]])
    says("error 1:0 a c ", "local t, s = { a = 1, b = 2, c = 3 }, '' for k in pairs(t) do "
      .. "t.b = nil s = s .. k .. ' ' end error(s)")
    says("error 1:0 the keys of a table are numbers and strings here, not a boolean",
      "for k in pairs({ [true] = 1 }) do end")
  end)

  it("does not have what is not allowed, by name", function()
    local patterns =
      ", which has no patterns; see string.sub, and contains(...) of expressions"
    local instead = {
      find = patterns, gmatch = patterns, gsub = patterns, match = patterns,
      next = "; write pairs",
      os = "; the day of the run is the parameter `today`",
      print = "; `patron explain` shows what a function took and gave",
    }
    for _, name in ipairs({ "_G", "collectgarbage", "coroutine", "debug", "dofile", "getmetatable",
      "io", "load", "loadfile", "next", "os", "package", "print", "rawequal", "rawget", "rawlen",
      "rawset", "require", "setmetatable", "warn", "xpcall" }) do
      says("error 1:11 `" .. name .. "` is not available in a policy" .. (instead[name] or ""),
        "local x = " .. name)
    end
    for _, member in ipairs({ "string.dump", "string.find", "string.gmatch", "string.gsub",
      "string.match", "string.pack", "string.unpack", "math.random", "math.randomseed",
      "utf8.charpattern", "table.nothing" }) do
      local column = member:find("%.") + 11
      local name = member:match("%a+$")
      says(("error 1:%d `%s` is not available in a policy"):format(column, name)
        .. (instead[name] or ""), "local x = " .. member)
    end
    says("error 1:7 `gsub` is not available in a policy" .. patterns, "('x'):gsub('x', 'y')")
  end)

  it("cannot change what it was given", function()
    says("error 1:1 `x` cannot be set; write `local` before a name of your own", "x = 1")
    for text, name in pairs({ ["campaign = 1"] = "campaign", ["_ENV.pairs = 1"] = "pairs",
      ["string.rep = 1"] = "rep", ["local s = string s.x = 1"] = "x",
      ["function foo() end"] = "foo" }) do
      local column = text:find(name, 1, true)
      says(("error 1:%d `%s` cannot be set; write `local` before a name of your own"):format(column,
        name), text)
    end
    says("error 1:0 attempt to index a string value (local 's')", "local s = '' s.x = 1")
  end)

  it("sees no address, and nothing else that differs from run to run", function()
    for _, text in ipairs({ "tostring({})", "tostring(pairs)", "tostring(campaign)" }) do
      assert.is_nil(run.finding("error(" .. text .. ")"):find("0x"))
    end
    for _, text in ipairs({ "'%p', 'x'", "'\\0%-5p', 'x'", "'%%%%%5p', 'x'" }) do
      says("error 1:0 string.format has no %p in a policy", "string.format(" .. text .. ")")
    end
    says("error 1:0 string.format takes strings and numbers in a policy, got a table",
      "string.format('%s', {})")
    for _, text in ipairs({ "string[{}]", "_ENV[{}]", "('x')[{}]" }) do
      assert.matches("table", run.finding("local x = " .. text))
      assert.is_nil(run.finding("local x = " .. text):find("0x"))
    end
    assert.is_nil(run.finding("string[{}] = 1"):find("0x"))
  end)

  it("sorts the same way in every run, and keeps the order of equals", function()
    says("", [[local t = {}
      for i = 1, 3000 do t[i] = { i % 7, i } end
      table.sort(t, function(a, b) return a[1] < b[1] end)
      for i = 2, 3000 do
        local a, b = t[i - 1], t[i]
        assert(a[1] < b[1] or a[1] == b[1] and a[2] < b[2], i)
      end
      local words = { 'c', 'a', 'b' }
      table.sort(words)
      assert(table.concat(words) == 'abc')]] .. declares)
    says("", [[local t = {}
      for i = 1, 1000 do t[i] = i end
      table.sort(t, function() return true end)
      local sum = 0
      for i = 1, 1000 do sum = sum + t[i] end
      assert(sum == 500500)
      local function fails(a, b) if a == 5 then error('no') end return a < b end
      local ok = pcall(table.sort, t, fails)
      table.sort(t)
      for i = 1, 1000 do assert(not ok and t[i] == i) end]] .. declares)
  end)

  it("can raise anything as an error", function()
    says("error 2:0 no", "\nerror('no')")
    says("error 1:0 no", "error('no', 0)")
    says("error 1:0 the script raised a table as its error", "error({})")
    says("error 1:0 the script raised a nil as its error", "error(nil)")
    says("error 1:0 the script raised a userdata as its error", "error(campaign)")
    says("error 1:0 a?[2J?b", "error('a\\27[2J\\nb')")
    says("error 1:0 " .. ("x"):rep(500) .. "...", "error(('x'):rep(1 << 20))")
  end)

  it("explains what is written in the wrong place", function()
    says("error 1:1 unknown word `campain`; did you mean `campaign`?", "campain 'x' {}")
    says("error 1:11 unknown word `foo`; a text stands in quotes, \"foo\", and a name of "
      .. "your own begins with `local foo = ...`",
      "local x = foo")
    says("error 2:13 `gold` has no value while the policy is read; name it inside an expression, "
      .. "in quotes: \"gold > 0\"", "params { gold = 1 }\nlocal two = gold * 2")
    says("error 1:4 `recency_days` has no value while the policy is read; name it inside an "
      .. "expression, in quotes: \"recency_days > 0\"", "if recency_days > 3 then end")
    says("error 1:0 attempt to index a word value (global 'campaign')", "local x = campaign.when")
  end)
end)

describe("a script without end", function()
  local late = "the script was still running after 0.5 seconds; a policy only declares: look for "
    .. "a loop without end"

  local function late_at(line, text)
    says("error " .. line .. ":0 " .. late, text, 500)
  end

  it("is stopped, and its line told", function()
    late_at(2, "\nwhile true do end")
    late_at(1, "local function f() return f() end f()")
    late_at(1, "while true do pcall(function() while true do end end) end")
    late_at(1, "local s = ('x'):rep(1 << 20) while true do s:upper() end")
    late_at(1, "for _ in pairs({ 1 }) do repeat until false end")
  end)

  it("cannot stay in one call", function()
    says("error 1:0 string.rep makes at most 1048576 bytes in a policy", "string.rep('', 1 << 62)")
    says("error 1:0 string.rep makes at most 1048576 bytes in a policy", "('x'):rep(1 << 40)")
    says("error 1:0 string.rep makes at most 1048576 bytes in a policy",
      "('x'):rep(1 << 19, ('y'):rep(1 << 19))")
    says("error 1:0 table.move moves at most 1048576 values in a policy",
      "table.move({}, 1, math.maxinteger, 2)")
    says("error 1:0 table.move moves at most 1048576 values in a policy",
      "table.move({}, math.mininteger, math.maxinteger, 2)")
    says("error 1:0 invalid value (nil) at index 1 in table for 'concat'",
      "table.concat({}, 'x', 1, 1 << 62)")
    says("error 1:0 too many results to unpack", "table.unpack({}, 1, 1 << 40)")
  end)
end)

describe("a script that wants all memory", function()
  it("is over, in its line", function()
    for _, text in ipairs({
      "local s = 'x' while true do s = s .. s end",
      "local t = {} for i = 1, 1e8 do t[i] = i end",
      "local function f() return 1 + f() end f()",
      "local t = {} while true do t = { t } end",
      "local x = 'y' while true do pcall(function() while true do x = x .. x end end) end",
      "pcall(pcall, function() local s = 'x' while true do s = s .. s end end)" .. declares,
      "local t = {} while true do t[#t + 1] = gift 'x' end",
    }) do
      says("error 2:0 the script needs more than 64 MB; a policy only declares", "\n" .. text)
    end
  end)

  it("declares no more than a policy holds", function()
    local most = "error 1:0 a policy declares at most 200000 values and 8388608 bytes"
    says(most, "local t = {} for i = 1, 20 do t = { t, t } end campaign 'x' (t)")
    says(most, "for i = 1, 1e6 do campaign(tostring(i)) end", 20000)
    says(most, "local s = ('x'):rep(1 << 20) for i = 1, 20 do campaign(s) end")
    says(most, "local s = ('x'):rep(1 << 20) campaign 'x' { s, s, s, s, s, s, s, s, s, s }")
    says("error 1:0 tables stand too deep in one another here; does one contain itself?",
      "local t = {} t.t = t campaign 'x' (t)")
    says("error 2:1 a policy has at most 1000 campaigns",
      "for i = 1, 1001 do\ncampaign(tostring(i)) { when = 'true', offer = let_go } end")
  end)
end)

describe("a script that nests too deep", function()
  it("is an error", function()
    assert.truthy(run.finding("local x = " .. ("("):rep(1e5)):find("overflow"))
    assert.truthy(run.finding("local x = " .. ("{"):rep(1e5)):find("overflow"))
    assert.truthy(run.finding(("do "):rep(1e5)):find("overflow"))
    says("", "local function f() return pcall(f) end f()" .. declares)
    says("error 1:1 unknown word `a`; a text stands in quotes, \"a\", and a name of your own "
      .. "begins with `local a = ...`",
      ("a."):rep(1e5) .. "a = 1")
  end)
end)

describe("a declaration", function()
  it("is taken down when it is made", function()
    local result = run.load([[
      local c = { when = "true", offer = gift "a" }
      campaign "first" (c)
      c.offer = gift "b"
      campaign "second" (c)
      c.offer = nil]])
    assert.equal(0, result.status, result.error)
    assert.truthy(result.policy:find("campaign first\n  when=true\n  offer=gift a", 1, true))
    assert.truthy(result.policy:find("campaign second\n  when=true\n  offer=gift b", 1, true))
  end)

  it("may use one beginning twice", function()
    local result = run.load([[
      local recent = count "events"
      metrics { a = recent { last = days(1) }, b = recent { last = days(2) }, c_all = recent }]])
    assert.equal(0, result.status, result.error)
    assert.truthy(result.policy:find("a 1 table=events last=1d\nmetric b 1 table=events last=2d\n"
      .. "metric c_all 1 table=events", 1, true), result.policy)
  end)

  it("holds no nil, no other keys, and no block", function()
    says("error 1:1 `campaign` got nil: is a name misspelt?", "campaign(nil)")
    says("error 1:0 item 2 of a list is missing (a name that means nothing is nil)",
      "campaign 'x' { 1, nil, 3 }")
    says("error 1:0 item 1 of a list is missing (a name that means nothing is nil)",
      "campaign 'x' { [1.5] = 2 }")
    says("error 1:17 `campaign` is a block: it stands alone, not inside another",
      "test 'x' { 1, { campaign 'y' } }")
  end)
end)
