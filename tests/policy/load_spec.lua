-- Files as they come, the settings of a run, and what identifies a policy.
local lfs = require("lfs")
local core = require("patron_core").policy
local run = require("policy.run")

local declares = 'campaign "c" { when = "true", offer = let_go }'

describe("a policy file", function()
  it("is text", function()
    assert.equal("FILE: is empty; a policy declares campaigns or tiers", run.load("").error)
    assert.equal("FILE: is compiled Lua; give the text itself",
      run.load(string.dump(function() end)).error)
    assert.equal("FILE:2: is no UTF-8 text; save it as UTF-8",
      run.load("-- ok\n-- \xb2\xdf\xc2\xd4\n" .. declares).error)
    assert.equal("FILE:3: is no UTF-8 text; save it as UTF-8",
      run.load(declares .. "\n\n--\0").error)
    assert.equal("FILE: is longer than 1 MB; is it a policy?",
      run.load(declares .. (" "):rep(1 << 20)).error)
    assert.equal("FILE: is compiled Lua; give the text itself", run.load("\27 Lua").error)
  end)

  it("has a title of its own, or its name", function()
    local folder = os.tmpname()
    os.remove(folder)
    lfs.mkdir(folder)
    local path = folder .. "/cards.lua"
    local file = assert(io.open(path, "w"))
    file:write(declares)
    file:close()
    assert.equal("policy cards", core.load({ path = path, helper = run.program }).policy:match(
      "^[^\n]*"))
    os.remove(path)
    lfs.rmdir(folder)
  end)

  it("must be there and readable", function()
    local missing = core.load({ path = "/nonexistent/policy.lua", helper = run.program })
    assert.equal(1, missing.status)
    assert.equal("/nonexistent/policy.lua: cannot read: No such file or directory; check the path",
      missing.error)
    local folder = core.load({ path = "/tmp", helper = run.program })
    assert.equal(1, folder.status)
    assert.truthy(folder.error:find("^/tmp: cannot read: Is a directory"))
    local device = core.load({ path = "/dev/null", helper = run.program })
    assert.truthy(device.error:find("^/dev/null: is no regular file"))
  end)

  it("may have any line ends, a byte-order mark and a #! line", function()
    for _, text in ipairs({
      "\xef\xbb\xbf" .. declares,
      "#!/usr/bin/env patron\n" .. declares,
      "\xef\xbb\xbf#!/usr/bin/env patron\r\n" .. declares .. "\r\n",
      "-- a\r\n-- b\r\n" .. declares,
    }) do
      assert.equal("", run.finding(text))
    end
    assert.equal("error 3:1 unknown word `campain`; did you mean `campaign`?",
      run.finding("#! x\r\n\r\ncampain 'x' {}"))
  end)

  it("has its syntax errors told with their line", function()
    assert.equal("error 2:0 '}' expected (to close '{' at line 1) near 'when'; is a comma missing "
        .. "before it?",
      run.finding("campaign 'x' {\n  when when = 3 }"))
    assert.equal("error 4:0 unexpected symbol near <eof>; the file ends too early: is a } or a "
        .. "quote missing?",
      run.finding("campaign 'x' {\n  when = 'true',\n  offer = let_go,\n"))
    assert.equal("error 1:0 unfinished string near <eof>; the quote that opens there is never "
        .. "closed",
      run.finding('campaign "x" { when = "true}'))
    assert.equal("error 1:0 'then' expected near '='; to compare write ==",
      run.finding("local a = 1 if a = 2 then end"))
    assert.equal("error 1:0 unexpected symbol near '!'; not equal is ~= in Lua",
      run.finding("local a = !1"))
  end)

  it("is known by its bytes", function()
    local one, two = run.load(declares), run.load(declares .. "\n")
    local pipe = assert(io.popen("printf '%s' '" .. declares .. "' | sha256sum"))
    assert.equal(pipe:read("a"):match("^%x+"), one.sha256)
    pipe:close()
    assert.not_equal(one.sha256, two.sha256)
  end)
end)

describe("a setting", function()
  local policy = [[params {
    whole = { 20, from = 10, to = 40 }, part = { 0.35, from = 0.1, to = 0.9 },
    polite = true, way = "sms", free = 7,
  }]]

  local function set(name, value)
    local result = run.load(policy, { set = { { name, value } } })
    if result.status ~= 0 then
      return result.status .. " " .. result.error
    end
    return result.policy:match("param (" .. name .. " [^\n]*)")
  end

  it("keeps the type of its param", function()
    assert.equal("whole integer 30 10..40 changed", set("whole", "30"))
    assert.equal("part number 0.5f 0.1..0.9 changed", set("part", "0.5"))
    assert.equal("part number 0.875f 0.1..0.9 changed", set("part", "875e-3"))
    assert.equal("polite flag false changed", set("polite", "false"))
    assert.equal("way label by phone changed", set("way", "by phone"))
    assert.equal("free integer -3 changed", set("free", "-3"))
    for _, bad in ipairs({ "30.0", "3e1", "x", "", "0x10", " 30" }) do
      assert.equal("2 --set whole=" .. bad
        .. ": it takes a whole number (any, if it is 20.0 there), "
        .. "no sign between thousands, as in the policy", set("whole", bad))
    end
    for _, bad in ipairs({ "x", "", "nan", "inf", "0,5", "50%" }) do
      assert.equal("2 --set part=" .. bad
        .. ": it takes a number, such as 0.25 for 25 %, as in the policy", set("part", bad))
    end
    assert.equal("2 --set polite=yes: it takes true or false, as in the policy",
      set("polite", "yes"))
    assert.equal("2 --set way=: it takes a text, as in the policy", set("way", ""))
  end)

  it("stays within the range of its param", function()
    assert.equal("whole integer 10 10..40 changed", set("whole", "10"))
    assert.equal("2 --set whole=9: the policy allows 10 to 40", set("whole", "9"))
    assert.equal("2 --set whole=41: the policy allows 10 to 40", set("whole", "41"))
    assert.equal("2 --set part=0.91: the policy allows 0.1 to 0.9", set("part", "0.91"))
  end)

  it("names a param", function()
    assert.equal("2 --set parts=1: the policy has no such param; did you mean part?",
      set("parts", "1"))
    assert.equal("2 --set zzzzzz=1: the policy has no such param; it has whole, part, "
      .. "polite, way, free", set("zzzzzz", "1"))
  end)

  it("holds in order, the last one wins", function()
    local result = run.load(policy, { set = { { "free", "1" }, { "free", "2" } } })
    assert.truthy(result.policy:find("param free integer 2 changed", 1, true))
  end)
end)
