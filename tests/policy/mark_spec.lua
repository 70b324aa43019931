-- Where in the file each error stands: line and column, also inside strings.
local run = require("policy.run")

-- A text without its mark «, and where that stood as "line:column", columns in characters.
local function marked(text)
  local before = text:match("^(.-)«") or ""
  local _, lines = before:gsub("\n", "")
  return text:gsub("«", ""), ("%d:%d"):format(lines + 1, utf8.len(before:match("[^\n]*$")) + 1)
end

-- The name `nope` in an expression is the error; it is found at «, or at the places given.
local function finds(text, expected)
  local clean, place = marked(text)
  local places = {}
  for _, finding in ipairs(run.load(clean, { compile = true }).findings) do
    if finding:find("nope", 1, true) then
      places[#places + 1] = finding:match("%d+:%d+")
    end
  end
  assert.equal(expected or place, table.concat(places, " "), text)
end

local tail = ", offer = let_go }"

describe("an error in an expression", function()
  it("is found in a string", function()
    finds('campaign "x" { when = "«nope > 3"' .. tail)
    finds("campaign 'x' {\n  when = 'orders > 3 and «nope > 3'" .. tail)
    finds('campaign "x" { ["when"] = "orders > 3 and «nope"' .. tail)
    finds('campaign("x", { when = ("true") and "«nope > 3"' .. tail .. ")")
    finds('campaign "签约" { goal = "日期", when = "«nope > 3"' .. tail)
    finds('campaign "x" { when = "\'日期\' == \'日\' or «nope > 3"' .. tail)
  end)

  it("is found behind escapes", function()
    finds([[campaign "x" { when = "\x6frders > 1 and «nope > 3"]] .. tail)
    finds([[campaign "x" { when = "\111rders > 1\tand\u{20}«nope > 3"]] .. tail)
    finds([[campaign "x" { when = "orders > 1 \z
              and «nope > 3"]] .. tail)
    finds([[campaign "x" { when = "orders > 1 \
and «nope > 3"]] .. tail)
    finds([[campaign "x" { when = '\'a\' == \'\u{65E5}\' or «nope']] .. tail)
  end)

  it("is found in long strings, with any line ends", function()
    for _, ending in ipairs({ "\n", "\r\n" }) do
      for _, text in ipairs({
        "campaign 'x' { when = [[«nope > 3]]" .. tail,
        "campaign 'x' { when = [[\n«nope > 3]]" .. tail,
        "campaign 'x' {\n  when = [==[\n\norders > 3\n  and «nope > 3\n]==]" .. tail,
      }) do
        finds((text:gsub("\n", ending)))
      end
    end
  end)

  it("is found in the block that it belongs to", function()
    local a, b = 'campaign "a" { when = "nope > 3"' .. tail, 'campaign "b" { when = "nope"' .. tail
    finds(a .. "\n" .. b, "1:24 2:24")
    finds(a .. b, "1:24 1:74")
    finds('tiers "t" { { "a", when = "orders > 5" }, { "b", when = "«nope" }, { "c" } }')
    finds('metrics { a = "1 + nope", b = "nope" }', "1:20 1:32")
    finds('campaign "a" { when = "true", cost = "«nope", value = "1"' .. tail)
  end)

  it("is found where the string was made, if there is one such", function()
    finds('local w = "«nope > 3"\ncampaign "x" { when = w' .. tail)
    finds('local c = { when = "«nope > 3"' .. tail .. '\ncampaign "x" (c)')
    finds('for i = 1, 2 do\n  campaign("c" .. i) { when = "«nope > 3"' .. tail .. "\nend")
    finds('local function say(w) return { "t", when = w } end\ntiers "x" { say("«nope"), { "l" } }')
  end)

  it("is found at what a computed string belongs to", function()
    finds('campaign "x" { when = «"nope" .. " > 3"' .. tail)
    finds('campaign "x" { when = «("%s > 3"):format("nope")' .. tail)
    finds('local n = "nope" campaign "x" {\n when = «n .. " > 3"' .. tail)
    finds('local c = { offer = let_go }\nc.when = "nope" .. " > 3"\ncampaign "x" («c)')
  end)

  it("is not led astray by what looks like code", function()
    finds('campaign "x" --{ when = "nope" \n --[[ { when = "nope" ]] { when = "«nope > 3"' .. tail)
    finds('campaign "x" { goal = "}, when =", when = "«nope > 3"' .. tail)
    finds('campaign "x" { goal = (function() local a = 1, { 2 }; if a then return "," end end)(),'
      .. ' when = "«nope > 3"' .. tail)
    finds('campaign "x" { goal = [[, when = "nope"]], when = "«nope > 3"' .. tail)
    finds('campaign "x" { goal = [=[ ]] ]=], when = "«nope > 3"' .. tail)
    finds('campaign "x" { goal = "a" .. "b", channel = nil, when = "«nope > 3"' .. tail)
  end)

  it("is found behind a byte-order mark and a #! line", function()
    finds("\xef\xbb\xbf" .. 'campaign "x" { when = "nope > 3"' .. tail, "1:24")
    finds("#!/usr/bin/patron\n" .. 'campaign "x" { when = "«nope > 3"' .. tail)
    finds("\xef\xbb\xbf#!/usr/bin/patron\n" .. 'campaign "x" { when = "nope > 3"' .. tail, "2:24")
  end)
end)

describe("a wrong value", function()
  local function wrong(text, expected)
    local clean, place = marked(text)
    assert.equal("error " .. (expected or place),
      run.finding(clean):match("^%S+ %S+"), text)
  end

  it("is found where it stands", function()
    wrong('campaign "x" { when = "true", holdout = «3' .. tail)
    wrong('campaign "x" {\n when = "true", «colour = 3' .. tail)
    wrong('inputs { a = integer,\n  b = «"x" }')
    wrong('inputs { a = integer, ["b c"] = «3 }')
    wrong('params { a = 1, b = { 1, «form = 2 } }')
    wrong('metrics { a = count "x", b = count "x" { last = «3 } }')
    wrong('metrics { a = sum "x" { "y", last = «days(0) } }')
    wrong('tiers "t" { { "a" }, «{ 3 } }')
    wrong('tiers("t", { { "a" }, «{ 3 } })')
    wrong('local o = waive_fee { up_to = «"x" }\ncampaign "x" { when = "true", offer = o }')
    wrong('params { a = 1,\n b = 2,\n «a = 3 }')
    wrong('local t = { a = «{} }\nparams(t)', "2:8")
  end)
end)
