-- Functions in the place of expressions: what they give, and what they cannot do to others.
local cli = require("cli")

local faulty = cli.program .. "_faulty"
local CUSTOMERS = 9000

local dataset = [[{
  "name": "many", "as_of": "2025-06-30", "currency": "CNY",
  "tables": { "customers": { "file": "customers.csv", "columns": {
    "customer": { "type": "label" }, "n": { "type": "integer" }, "clv": { "type": "money" },
    "share": { "type": "number" }, "segment": { "type": "label" }, "opted_out": { "type": "flag" },
    "visits": { "type": "integer" }, "opened": { "type": "date" }, "note": { "type": "text" }
  } } }
}]]

local function customers(n)
  math.randomseed(5)
  local out = { "customer,n,clv,share,segment,opted_out,visits,opened,note" }
  local function maybe(value)
    return math.random() < 0.1 and "" or value
  end
  for i = 1, n do
    out[#out + 1] = table.concat({ ("K%05d"):format(i), i,
      ("%d.%02d"):format(math.random(0, 1000), math.random(0, 99)),
      math.random(0, 1000) / 1000, ({ "idle", "young", "old" })[math.random(3)],
      math.random() < 0.2 and "true" or "false", maybe(math.random(0, 12)),
      maybe(("2024-%02d-%02d"):format(math.random(12), math.random(28))), maybe("note " .. i % 700),
    }, ",")
  end
  return table.concat(out, "\n") .. "\n"
end

local folder

local function make(name, n)
  os.execute("mkdir -p " .. folder .. "/" .. name)
  cli.write(folder .. "/" .. name .. "/dataset.json", dataset)
  cli.write(folder .. "/" .. name .. "/customers.csv", customers(n))
end

setup(function()
  folder = cli.folder()
  make("many", CUSTOMERS)
  make("few", 40)
end)
teardown(cli.clean)

-- Scores by this policy; run.rows and run.candidates are the files' texts.
local function score(text, options)
  options = options or {}
  cli.write(folder .. "/p.lua", text)
  local run = cli.run({ "score", options.data or "many", "p.lua", "-o", "o.csv", "--candidates",
    "c.csv", "--threads", options.threads or 2 }, options)
  run.rows = cli.read(folder .. "/o.csv")
  run.candidates = cli.read(folder .. "/c.csv")
  os.remove(folder .. "/o.csv")
  os.remove(folder .. "/c.csv")
  return run
end

-- What failed, as { "K00001 campaign 12 text", ... }.
local function faults(run)
  local out = {}
  for line in run.candidates:gmatch("[^\n]+") do
    local id, campaign, at, text = line:match('^(%w+),([^,]*),fault,,,,,(%d*),"?(.-)"?$')
    if id then
      out[#out + 1] = ("%s %s %s %s"):format(id, campaign, at, text)
    end
  end
  return out
end

-- What a run and its helpers compute; how long they take is a matter of what else the machine does.
local function seconds(text)
  cli.write(folder .. "/p.lua", text)
  local pipe = io.popen(("cd %s && bash -c \"TIMEFORMAT='%%U %%S'; time %s score many p.lua "
    .. "-o o.csv >/dev/null 2>/dev/null\" 2>&1"):format(folder, faulty))
  local user, system = pipe:read("a"):match("([%d.]+) ([%d.]+)")
  pipe:close()
  return user + system
end

describe("a helper that dies", function()
  local places = { 1, 4096, 4097, CUSTOMERS }

  local function policy(harm)
    return ('local bad = { [1] = true, [4096] = true, [4097] = true, [%d] = true }\n'
      .. 'campaign "x" { value = "clv", offer = points(1), when = function(n, share)\n'
      .. '  if bad[n] then %s end\n  return share > 0.3\nend }\n'
      .. 'campaign "y" { value = function(clv, segment)\n'
      .. '  return segment == "old" and clv * 2 or 1\nend, when = "true", offer = points(2) }\n')
      :format(CUSTOMERS, harm)
  end

  it("costs those who killed it, and nobody else", function()
    local without = score(policy(""), { program = faulty })
    assert.equal(0, without.status, without.err)
    for _, harm in ipairs({ { "math.tan(9)", "Killed" }, { "math.tan(11)", "Segmentation fault" },
      { "math.tan(6)", "Aborted" } }) do
      local first
      for threads = 1, 4, 3 do
        local run = score(policy(harm[1]), { program = faulty, threads = threads })
        assert.equal(4, run.status, run.err)
        local expected = {}
        for i, place in ipairs(places) do
          expected[i] = ("K%05d x 2 it ended its process: %s"):format(place, harm[2])
        end
        assert.same(expected, faults(run))
        for _, place in ipairs(places) do
          local id = ("K%05d"):format(place)
          run.candidates = run.candidates:gsub("(" .. id .. ",x),fault,,,,,[^\n]*", "%1")
        end
        local rest = without.candidates
        for _, place in ipairs(places) do
          rest = rest:gsub("(" .. ("K%05d"):format(place) .. ",x),[^\n]*", "%1")
        end
        -- Who was outbid by x before has y now: only those four differ.
        local function others(text)
          local out = {}
          for line in text:gmatch("[^\n]+") do
            local n = tonumber(line:match("^K(%d+)"))
            if not (n == 1 or n == 4096 or n == 4097 or n == CUSTOMERS) then
              out[#out + 1] = line
            end
          end
          return table.concat(out, "\n")
        end
        assert.equal(others(rest), others(run.candidates))
        first = first or run.rows
        assert.equal(first, run.rows)
      end
    end
  end)

  it("or hangs costs its limit, also when it is stopped", function()
    local base = seconds(policy(""))
    for _, harm in ipairs({ { "while true do end", 3 }, { "math.tan(19)", 2 } }) do
      local run = score(policy(harm[1]), { program = faulty, threads = 1 })
      local expected = {}
      for i, place in ipairs(places) do
        expected[i] = ("K%05d x %d it took more than 200 ms"):format(place, harm[2])
      end
      assert.same(expected, faults(run))
    end
    local computing = seconds(policy("while true do end"))
    assert.is_true(computing - base < 4 * 0.2 * 1.4, computing .. " against " .. base)
  end)

  it("after it wrote rubbish spoils only its own batch", function()
    for _, harm in ipairs({ "math.tan(1000)", "math.tan(2000)", "math.tan(4000)" }) do
      local run = score(policy("if n == 4096 then " .. harm .. " end"),
        { program = faulty, threads = 2 })
      assert.equal(4, run.status, run.err)
      local list = faults(run)
      assert.is_true(#list >= 1)
      for _, fault in ipairs(list) do
        local n = tonumber(fault:match("^K(%d+) x %d+ it"))
        assert.is_true(n <= 4096, fault)
      end
    end
  end)

  it("or answers without being asked stops nobody", function()
    local text = { policy("math.tan(3000)") }
    for i = 1, 40 do -- more batches than a socket holds unread bytes
      text[#text + 1] = ('campaign "z%d" { value = "1", offer = points(1), when = function(n) '
        .. 'return n > %d end }\n'):format(i, i)
    end
    local run = score(table.concat(text), { program = faulty, threads = 1 })
    assert.equal(4, run.status, run.err)
  end)

  it("leaves no process behind, nor goes on without its parent", function()
    cli.write(folder .. "/p.lua", policy("while true do end"))
    local link = folder .. "/orphan"
    assert(os.execute("cp " .. cli.program .. " " .. link))
    local function running()
      local pipe = io.popen("ls -l /proc/[0-9]*/exe 2>/dev/null | grep -c " .. link)
      local n = tonumber(pipe:read("a"))
      pipe:close()
      return n
    end
    os.execute("cd " .. folder .. " && { ./orphan score many p.lua -o o.csv >/dev/null 2>&1 & "
      .. "sleep 0.15; kill -9 $!; } 2>/dev/null")
    for _ = 1, 50 do
      if running() == 0 then
        break
      end
      os.execute("sleep 0.1")
    end
    assert.is_true(running() == 0)
  end)
end)

describe("a function that goes wrong for a customer", function()
  local depth = "local function f(x) return 1 + f(x) end return f(1) > 0"
  -- What it does at customer 7, the line (counted from its own first one, 0), and what is said.
  local cases = {
    { "while true do end", 0, "it took more than 200 ms" },
    { "while true do pcall(function()\n while true do end end) end", 1,
      "it took more than 200 ms" },
    { "local function f() pcall(f) pcall(f) end f()", 0, "it took more than 200 ms" },
    { depth, 0, "stack overflow" },
    { "local t = {}\nfor i = 1, 1e8 do t[i] = i end", 1, "it needs more than 64 MB" },
    { "local s = 'x'\nwhile true do s = s .. s end", 1, "it needs more than 64 MB" },
    { "local s = 'x' while true do pcall(function()\ns = s .. s end) end", 1,
      "it needs more than 64 MB" },
    { "local s = ('x'):rep(1 << 20)\nfor i = 1, 6 do s = s .. s end", 1,
      "it needs more than 64 MB" },
    { "local s, t = ('x'):rep(1 << 20), {}\nfor i = 1, 4000 do t[i] = s end\n"
      .. "return #table.concat(t) > 0", 2, "table.concat makes at most 1048576 bytes" },
    { "return #('x'):rep(1 << 32) > 0", 0, "string.rep makes at most 1048576 bytes" },
    { "table.move({}, 1, 2^53, 2)", 0, "table.move moves at most 1048576 values" },
    { "local t = {} for i = 1, 200000 do t[i] = i end\n"
      .. "string.format(('%d'):rep(200000), table.unpack(t))", 1,
      "string.format takes at most 999 values" },
    { "local t = {} for i = 1, 1000 do t[i] = i end\ntable.sort(t, function(a) return a.x end)", 1,
      "attempt to index a number value (local 'a')" },
    { "local t = {} for i = 1, 200000 do t[i] = 1 end\ntable.sort(t)", 1,
      "table.sort sorts at most 100000 values" },
    { "error({})", 0, "the script raised a table as its error" },
    { "\nerror(nil)", 1, "the script raised a nil as its error" },
    { "return nil", 0, "it gave nil, where true or false is wanted; does every" },
    { "return 1", 0, "it gave 1.0, where true or false is wanted" },
    { "\n\nreturn 'yes'", 2, "it gave a string, where true or false is wanted" },
    { "return clv > nothing", 0, "unknown word `nothing`; a name of your own begins with `local "
      .. "nothing = ...`, and what the customer has is a parameter" },
    { "return has(clv)", 0, "`has` is a function of expressions, which stand in quotes" },
    { "return max(n, 1) > 1", 0, "`max` is a function of expressions, which stand in quotes; in "
      .. "Lua it is math.max" },
    { "return os.time() > 1", 0, "the day of the run is the parameter `today`" },
    { "print(n)", 0, "`patron explain` shows what a function took and gave" },
    { "return ('x'):gsub('x', 'y')", 0, "`gsub` is not available in a policy, which has no "
      .. "patterns" },
    { "return spend > 1", 0, "`spend` is no parameter of the function" },
    { "campaign 'z' {}", 0, "the words of a policy declare" },
    { "global = 1", 0, "`global` cannot be set" },
    { "string.rep = nil", 0, "cannot be set" },
    { "return n + {} > 1", 0, "attempt to perform arithmetic on a table value" },
    { "return n // (n - 7) > 1", -1, "attempt to divide by zero" }, -- Lua's own line for it,
  }

  local function campaign(i, case, place)
    return ('campaign "c%d" { offer = points(1), when = function(n, clv)\nif n == %d then %s end\n'
      .. 'return clv >= 0\nend }\n'):format(i, place, case[1])
  end

  it("is told with the customer and the line, and the others are answered", function()
    local text, expected, first = "", {}, nil
    for i, case in ipairs(cases) do
      local _, line = text:gsub("\n", "")
      expected[i] = { ("K00007 c%d %d "):format(i, line + 2 + case[2]), case[3] }
      text = text .. campaign(i, case, 7)
    end
    for threads = 1, 2 do
      local run = score(text, { threads = threads, data = "few" })
      assert.equal(4, run.status, run.err)
      local got = faults(run)
      table.sort(got, function(a, b)
        return tonumber(a:match("c(%d+)")) < tonumber(b:match("c(%d+)"))
      end)
      for i, want in ipairs(expected) do
        assert.equal(want[1], got[i]:sub(1, #want[1]), cases[i][1] .. "\n" .. got[i])
        assert.truthy(got[i]:find(want[2], 1, true), cases[i][1] .. "\n" .. got[i])
      end
      assert.equal(#expected, #got)
      assert.equal(40 * #cases - #cases, select(2, run.candidates:gsub(",granted,", ""))
        + select(2, run.candidates:gsub(",outbid,", "")))
      assert.matches("p.lua:%d+: failed for K00007: ", run.err)
      first = first or run.rows
      assert.equal(first, run.rows)
    end
  end)

  it("is listed by --json: how many, and the first hundred", function()
    cli.write(folder .. "/p.lua",
      'tiers "card" { { "gold", when = "n // (n - 3) > 1" }, { "base" } }\n'
      .. 'campaign "x" { offer = points(1), when = function(n)\n'
      .. '  return n % 2 == 0 or nil + n\nend }\n')
    for threads = 1, 2 do
      local run = cli.run({ "score", "few", "p.lua", "--json", "--threads", tostring(threads) })
      assert.equal(4, run.status, run.err)
      assert.matches('"failures":{"total":21,"first":[{"customer":"K00001","campaign":"x",'
        .. '"line":3,"reason":"', run.out, 1, true)
      assert.matches('{"customer":"K00003","tier":"gold","line":1,"reason":"', run.out, 1, true)
      assert.equal(21, select(2, run.out:gsub('"reason":"', "")))
      run = cli.run({ "score", "many", "p.lua", "--json", "--threads", tostring(threads) })
      assert.matches(('"total":%d,'):format(CUSTOMERS // 2 + 1), run.out, 1, true)
      assert.equal(100, select(2, run.out:gsub('"reason":"', "")))
    end
  end)

  it("is not waited for again and again, for hours", function()
    local run = score('campaign "x" { offer = points(1), when = function(n)\nlocal i = n\n'
      .. 'while true do i = i + 1 end end }')
    assert.equal(1, run.status)
    assert.matches("^patron: p.lua:3: functions took too long for more than 50 customers, the last "
      .. "time here: is there a loop without end%?", run.err)
    assert.falsy(run.rows)
  end)

  it("gives no amount that is none", function()
    for _, case in ipairs({ { "0 / 0", "it gave NaN" }, { "1 / 0", "it gave infinity" },
      { "-1 / 0", "it gave minus infinity" }, { "'5'", "it gave a string, where a number" },
      { "1e300", "it is not finite, or too large an amount" }, { "true", "it gave a boolean" } }) do
      local run = score(('campaign "x" { when = "n <= 2", offer = points(1),\n'
        .. 'value = function(n)\nreturn n == 2 and %s or 1 end }'):format(case[1]),
        { data = "few" })
      assert.equal(1, #faults(run))
      assert.truthy(faults(run)[1]:find("K00002 x " .. (case[1] == "1e300" and 2 or 3) .. " "
        .. case[2], 1, true), faults(run)[1])
    end
  end)

  it("does not change what memory the next one has", function()
    local text = 'campaign "x" { offer = points(1), when = function(n)\n'
      .. 'local t, s = {}, ("x"):rep(1 << 20)\nfor i = 1, 10 + n * 4 % 60 do t[i] = s .. i end\n'
      .. 'return true end }'
    local one = score(text, { data = "few", threads = 1 })
    assert.equal(one.candidates, score(text, { data = "few", threads = 2 }).candidates)
    for _, fault in ipairs(faults(one)) do
      assert.matches("it needs more than 64 MB", fault)
    end
    assert.is_true(#faults(one) < 40)
  end)
end)

describe("a function that keeps state", function()
  local ways = {
    { "local seen = 0", "seen = seen + 1 return seen % 2 == 0" },
    { "local seen = false", "seen = not seen return seen" },
    { "local t = { n = 0 }", "t.n = t.n + n return t.n > 9" },
    { "local t = {}", "t[n] = true return true" },
    { "local t = { { 1 } }", "table.insert(t[1], n) return #t[1] > 5" },
    { "local s = 'a'", "if n == 4000 then s = 'b' end return s == 'a'" },
    { "local k, f = 1\nf = function() k = k + 1 return k end", "return f() > 3" },
    { "local next = pairs({ 1, 2, 3 })", "return next() == nil" },
    { "local f = function() return 1 end", "f = function() return 2 end return true" },
    { "local t = { nil, nil, 3 }", "t.x = 1 t.x = nil return #t == 3" },
    { "local x", "local was = x if n == 500 then x = 1 error('no') end x = nil return was" },
  }

  it("is called no more, whoever calls it first", function()
    for _, way in ipairs(ways) do
      local _, lines = way[1]:gsub("\n", "")
      local text = way[1] .. '\ncampaign "x" { offer = points(1), value = "1",\nwhen = function(n) '
        .. way[2] .. ' end }\ncampaign "y" { offer = points(2), when = "n > 5" }'
      local first
      for threads = 1, 4, 3 do
        local run = score(text, { threads = threads })
        assert.equal(4, run.status, way[2])
        assert.truthy(run.err:find(("p.lua:%d: this function keeps state"):format(3 + lines), 1,
          true), way[2] .. run.err)
        first = first or run.candidates
        assert.equal(first, run.candidates)
        assert.equal(CUSTOMERS, #faults(run))
      end
    end
  end)

  it("is missing as a metric, also for those it was called for", function()
    cli.write(folder .. "/p.lua", "local seen = 0\nmetrics { m = function(n) seen = seen + 1 "
      .. "return seen end }\n")
    local run = cli.run({ "measure", "few", "p.lua", "--metrics", "m" })
    assert.equal(4, run.status, run.err)
    assert.truthy(run.err:find("`m` failed for 40 customers, first for K00001: it keeps state", 1,
      true), run.err)
    local _, missing = run.out:gsub("K%d+,\n", "")
    assert.equal(40, missing)
  end)

  it("is told from one that only reads, or puts back what it took", function()
    local run = score([[
      local rates, mode = { old = 2, young = { deep = 3 } }, "x"
      local function rate(segment) return rates[segment] and 1 or #mode end
      campaign "x" { offer = points(1), value = function(segment, n)
        local own = {}
        own[n] = rate(segment)
        rates.old = 5
        rates.old = 2
        return own[n]
      end, when = "true" }]], { threads = 2 })
    assert.equal(0, run.status, run.err)
  end)

  it("is named by check when there is data", function()
    cli.write(folder .. "/p.lua", 'local n = 0\ncampaign "x" { offer = points(1),\n'
      .. 'when = function(clv) n = n + 1 return n > 1 end }\n')
    local run = cli.run({ "check", "p.lua", "few" })
    assert.truthy(run.out:find("p.lua:3:8: warning: this function keeps state", 1, true), run.out)
  end)
end)

describe("functions and expressions", function()
  local columns = { "clv", "share", "n" }

  -- A number or a condition over columns that are never missing, in the syntax of both.
  local function number(depth)
    local pick = math.random(depth > 0 and 6 or 2)
    if pick == 1 then
      return columns[math.random(#columns)]
    elseif pick == 2 then
      return tostring(math.random(1, 50))
    elseif pick == 6 then
      return "-(" .. number(depth - 1) .. ")"
    end
    return "(" .. number(depth - 1) .. " " .. ({ "+", "-", "*" })[math.random(3)] .. " "
      .. number(depth - 1) .. ")"
  end

  local function condition(depth)
    local pick = math.random(depth > 0 and 5 or 3)
    if pick == 1 then
      return "segment " .. ({ "==", "~=" })[math.random(2)] .. " 'old'"
    elseif pick == 2 then
      return "opted_out"
    elseif pick == 3 then
      return number(2) .. " " .. ({ "<", "<=", ">", ">=", "==", "~=" })[math.random(6)] .. " "
        .. number(2)
    elseif pick == 4 then
      return "not (" .. condition(depth - 1) .. ")"
    end
    return "(" .. condition(depth - 1) .. " " .. ({ "and", "or" })[math.random(2)] .. " "
      .. condition(depth - 1) .. ")"
  end

  local function policy(rules, write)
    return ('tiers "t" { { "a", when = %s }, { "b", when = %s }, { "c" } }\n'
      .. 'campaign "x" { when = %s, never = %s, cost = %s, value = %s, offer = points(1) }\n'
      .. 'campaign "y" { when = %s, value = %s, offer = points(2) }\n'):format(write(rules[1]),
      write(rules[2]), write(rules[3]), write(rules[4]), write(rules[5]), write(rules[6]),
      write(rules[7]), write(rules[8]))
  end

  it("decide the same", function()
    math.randomseed(17)
    for _ = 1, 12 do
      local rules = { condition(2), condition(2), condition(2), "visits // 3 == 1",
        "(" .. number(1) .. ") ^ 2", number(2), "visits * 2 > share", "visits + clv" }
      local expressions = score(policy(rules, function(text)
        return ("%q"):format(text)
      end))
      local functions = score(policy(rules, function(text)
        local names, seen = {}, {}
        for name in text:gsub("'.-'", ""):gmatch("%a[%w_]*") do
          if not seen[name] and name ~= "not" and name ~= "and" and name ~= "or" then
            seen[name] = true
            names[#names + 1] = name
          end
        end
        return ("function(%s) return %s end"):format(table.concat(names, ", "), text)
      end))
      assert.equal(0, functions.status, functions.err)
      assert.equal(expressions.rows, functions.rows)
      assert.equal(expressions.candidates, functions.candidates)
    end
  end)

  it("get values of every type, missing ones never", function()
    local run = score([[
      params { least = { 2, from = 1 }, kind = "old" }
      campaign "x" { offer = points(1), when = function(customer, n, clv, share, segment, opted_out,
          visits, opened, note, least, kind, t, today)
        assert(customer == ("K%05d"):format(n) and math.type(n) == "integer")
        assert(math.type(clv) == "float" and math.type(share) == "float")
        assert(segment == "old" or segment == "young" or segment == "idle")
        assert(type(opted_out) == "boolean" and math.type(visits) == "integer")
        assert(math.type(opened) == "integer" and opened > 19000 and today == 20269)
        assert(note == "note " .. n % 700 and least == 2 and kind == "old" and t == "all")
        return true
      end }
      tiers "t" { { "all" } }]], { threads = 2 })
    assert.equal(0, run.status, run.err)
    assert.truthy(run.out:find("missing value 2"), run.out)
  end)
end)

describe("a metric that is a function", function()
  local text = [[
metrics {
  pace = function(clv, visits) return clv / (visits + 1) end,
  calm = flag(function(pace) return pace < 100 end),
  half = money(function(clv) return clv / 2 end),
  step = integer(function(n) if n == 3 then return 0.5 end return n // 2 end),
}
campaign "x" { when = "calm and half > 10 and step > 5", offer = points(1) }]]

  it("is a column like any other", function()
    cli.write(folder .. "/p.lua", text)
    local run = cli.run({ "measure", "few", "p.lua", "-o", "o.csv", "--metrics",
      "n,clv,visits,pace,calm,half,step" })
    assert.matches("p.lua:5: `step` failed for 1 customers, first for K00003: it gave 0.5, where a "
      .. "whole number", run.err)
    local rows = 0
    for line in cli.read(folder .. "/o.csv"):gmatch("K[^\n]+") do
      rows = rows + 1
      local n, clv, visits, pace, calm, half, step =
        line:match("K%d+,(%d+),([^,]*),([^,]*),([^,]*),([^,]*),([^,]*),([^,]*)")
      assert.equal(visits == "", pace == "")
      assert.equal(pace ~= "" and tostring(tonumber(pace) < 100) or "", calm)
      if visits ~= "" then
        assert.is_true(math.abs(tonumber(pace) - clv / (visits + 1)) < 1e-9)
      end
      assert.is_true(math.abs(half - clv / 2) < 0.0051)
      assert.equal(n == "3" and "" or tostring(n // 2), step)
    end
    assert.equal(40, rows)
  end)
end)

describe("a metric that is a function with labels or dates", function()
  local text = [[
metrics {
  mood = label({ "low", "fair", "high" }, function(n, share)
    if n == 7 then return "lo" end
    return share < 0.3 and "low" or share < 0.6 and "fair" or "high"
  end),
  due = date(function(n, opened)
    return n == 8 and 10^7 // 1 or opened + 30
  end),
}
tiers "card" { { "top", when = "mood == 'high'" }, { "base" } }
campaign "x" { when = "due < today and not (mood == 'low')", offer = points(1) }]]

  it("has its labels, or a day, and nothing else", function()
    cli.write(folder .. "/p.lua", text)
    local first
    for threads = 1, 2 do
      local run = cli.run({ "measure", "few", "p.lua", "-o", "o.csv", "--threads",
        tostring(threads), "--metrics", "n,share,opened,mood,due" })
      assert.matches("p.lua:3: `mood` failed for 1 customers, first for K00007: it gave 'lo', "
        .. "where one of its labels is wanted", run.err, 1, true)
      assert.matches("p.lua:%d: `due` failed for 1 customers, first for K00008: it is no day",
        run.err)
      local rows, seen = cli.read(folder .. "/o.csv"), {}
      for line in rows:gmatch("K[^\n]+") do
        local n, share, opened, mood, due = line:match("K%d+,(%d+),([^,]*),([^,]*),([^,]*),([^,]*)")
        share = tonumber(share)
        assert.equal(n == "7" and "" or share < 0.3 and "low" or share < 0.6 and "fair" or "high",
          mood)
        local y, m, d = opened:match("(%d+)-(%d+)-(%d+)")
        assert.equal((n == "8" or not y) and "" or os.date("%Y-%m-%d",
          os.time({ year = y, month = m, day = d + 30, hour = 12 })), due)
        seen[mood] = true
      end
      assert.is_true(seen.low and seen.fair and seen.high)
      first = first or rows
      assert.equal(first, rows)
    end
    local run = cli.run({ "score", "few", "p.lua", "-o", "o.csv" })
    assert.equal(4, run.status, run.err)
    assert.matches(",top,x,", cli.read(folder .. "/o.csv"), 1, true)
  end)

  it("takes no label in a rule that it cannot have", function()
    cli.write(folder .. "/p.lua", (text:gsub("'high'", "'hihg'")))
    local run = cli.run({ "check", "p.lua", "few" })
    assert.equal(1, run.status)
    assert.matches("p.lua:10:41: .*'hihg'.*'high'", run.out .. run.err)
  end)
end)

describe("check", function()
  local function check(rule, ...)
    cli.write(folder .. "/p.lua", "inputs { a = integer, b = integer, s = label, f = flag }\n"
      .. 'campaign "x" { offer = points(1), when = ' .. rule .. ", cost = '1' }\n")
    local run = cli.run({ "check", "p.lua", ... })
    return (run.out:gsub("[^\n]*%[unused%]\n", ""):gsub("    read it in a rule[^\n]*\n", "")
      :gsub("p.lua: \"p\" is sound[^\n]*\n", ""))
  end

  it("names parameters that are no columns, with what was meant", function()
    assert.equal("p.lua:2:54: error: there is no column, metric or param `orders_n`: did you mean "
      .. "`orders`? [parameter]\n", check("function(a, orders_n) return a > 1 end"))
    assert.matches("2:51: error: a method is no function over a customer", check("(function()\n"
      .. "local t = {} function t:m() return true end return t.m end)()"):gsub("3:%d+:", "2:51:"))
  end)

  it("says when an expression would do, and which", function()
    local function note(text, rest)
      return "p.lua:2:42: note: this function could be the expression `" .. text
        .. "`, which is faster and explained clause by clause" .. (rest or "")
        .. " [could-be-expression]\n"
    end
    local rest = "; it also goes on where a value is missing that it need not read"
    assert.equal(note("a > 3"), check("function(a) return a > 3 end"))
    assert.equal(note("a > 3 and s == 'x'", rest),
      check("function(a, s)\n  return a > 3\n    and s == 'x' end"))
    assert.equal(note("a + b > 3 or f"), check("function(a, b, f) return a + b > 3 or f end")
      :gsub(rest, ""))
    assert.equal(note("a > 3", rest), check("function(a, b) return a > 3 end"))
  end)

  it("says nothing where that is not certain", function()
    for _, rule in ipairs({
      "function(a) local x = a return x > 3 end",
      "function(a) return a > -- so\n3 end",
      "function(a) if a > 3 then return true end return false end",
      "function(a) return abs(a) > 3 end",
      "function(a) return math.abs(a) > 3 end",
      "function(a) return ({ 1, 2 })[a] == 1 end",
      "function(a) return b > a end",
      "function(a) return a > 3, 4 end",
      "function(a) return a & 1 == 0 end",
      "function(s) return s:len() > 3 end",
      "function(s) return #s > 3 end",
      "function() end",
      "(function() return function(a) return a ~= nil end end)()",
    }) do
      assert.equal("", check(rule), rule)
    end
  end)

  it("counts what functions read as read", function()
    cli.write(folder .. "/p.lua", "inputs { a = integer }\nparams { p = 3 }\n"
      .. "metrics { m = function(a) return a + 1 end }\n"
      .. 'campaign "x" { offer = let_go, when = function(m, p) local q = p return m > q end }\n')
    assert.equal('p.lua: "p" is sound: 0 tier systems, 1 campaign, 0 tests\n',
      cli.run({ "check", "p.lua" }).out)
  end)
end)

describe("explain", function()
  local text = [[
tiers "t" { { "gold", when = function(clv)
  return clv >= 0
end }, { "rest" } }
campaign "x" { offer = points(1), cost = "1",
  when = function(n, segment, opened)
    if n > 5 then
      return math.max(n, 3) > 3
    end
    return false
  end,
  never = function(visits) return visits.x end,
  value = function(clv) return clv / 2 end }
]]

  it("shows arguments, result and line", function()
    cli.write(folder .. "/p.lua", text)
    local seen = {}
    for i = 1, 40 do
      local run = cli.run({ "explain", "few", "p.lua", ("K%05d"):format(i) })
      assert.equal(0, run.status, run.err)
      assert.matches("yes   function%(clv = %d+%.?%d*%) gave true %(line 2%)", run.out)
      if run.out:find("opened = missing", 1, true) then
        assert.matches("%?     function%(n = %d+, segment = '%a+', opened = missing%) was not "
          .. "called: opened is missing\n", run.out)
        seen.missing = true
      else
        assert.matches("function%(n = %d+, segment = '%a+', opened = 2024%-%d%d%-%d%d%) gave "
          .. (i > 5 and "true %(line 7%)" or "false %(line 9%)"), run.out)
        seen[i > 5] = true
      end
      if run.out:find("!     function(visits", 1, true) then
        assert.matches("failed: attempt to index a number value[^\n]*%(line 11%)", run.out)
        seen.failed = true
      end
    end
    assert.same({ missing = true, [true] = true, [false] = true, failed = true }, seen)
  end)

  it("does so as JSON", function()
    cli.write(folder .. "/p.lua", text)
    local run = cli.run({ "explain", "few", "p.lua", "K00001", "--json" })
    assert.matches('"when":{"arguments":{"clv":%d+%.?%d*},"at_line":2,"line":1,"result":true}',
      run.out)
    assert.matches('"arguments":{"visits":%d+},"at_line":11,"line":11,"fault":"attempt to index',
      run.out)
  end)
end)

describe("a policy's own tests", function()
  it("call its functions", function()
    cli.write(folder .. "/p.lua", [[
campaign "x" { offer = points(1), when = function(orders) return orders > 3 end,
  value = function(spend) return spend * 2 end }
test "many orders" { customer = { orders = 4, spend = 3 }, gives = { offers = { "x" } } }
test "few" { customer = { orders = 2, spend = 3 }, gives = { offers = {} } }
test "none known" { customer = { spend = 3 }, gives = { offers = {} } }
test "wrong" { customer = { orders = 2 }, gives = { offers = { "x" } } }
]])
    local run = cli.run({ "test", "p.lua" })
    assert.equal(1, run.status)
    assert.truthy(run.out:find("p.lua: 3 of 4 passed", 1, true), run.out .. run.err)
    assert.truthy(run.out:find("function(orders = 2) gave false (line 1)", 1, true), run.out)
  end)
end)
