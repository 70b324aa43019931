-- docs/checking.md: each code has an example, which gives that finding and no other.
local cli = require("cli")
local json = require("dkjson")

local function sections()
  local list, text = {}, cli.read("docs/checking.md")
  local with_data = text:find("\n## What the data show", 1, true)
  for at, code, example in text:gmatch("()\n### `([%w-]+)`\n.-\n```lua\n(.-)```") do
    list[#list + 1] = { code = code, example = example, data = at > with_data }
  end
  return list
end

-- The rows of the tables of errors.
local function errors()
  local list, text = {}, cli.read("docs/checking.md")
  local with_data = text:find("\nWith data (here", 1, true)
  for at, code, example in text:gmatch("()\n| `([%w-]+)` | [^|\n]+ | `([^|\n]+)` |%f[\n]") do
    list[#list + 1] = { code = code, example = example, data = at > with_data }
  end
  return list
end

describe("docs/checking.md", function()
  after_each(cli.clean)

  it("knows every code that there is", function()
    local pipe = io.popen("cat src/policy/*.c src/decide/review.c src/verb/check.c")
    local source, text, n = pipe:read("a"), cli.read("docs/checking.md"), 0
    pipe:close()
    for _, adds in ipairs({ "read_wrong", "findings_add", "audit_report", "tell_all", "nobody" }) do
      for code in source:gmatch(adds .. '%([^";{}]*"(%l[%l-]*)",%s') do
        assert.is_truthy(text:find("`" .. code .. "`", 1, true), code .. " is missing")
        n = n + 1
      end
    end
    assert.is_true(n > 90, n)
  end)

  for _, section in ipairs(sections()) do
    it("shows what " .. section.code .. " is", function()
      cli.write(cli.folder() .. "/p.lua", section.example)
      local run = cli.run({ "check", "p.lua", section.data and "samples/bank" or "--json",
        section.data and "--json" or nil })
      local found = json.decode(run.out).findings
      assert.equal(1, #found, run.out .. run.err)
      assert.equal(section.code, found[1].code, found[1].text)
      assert.is_truthy(found[1].remedy or found[1].text:find("expression `", 1, true)
        or found[1].text:find("cost = ", 1, true) or found[1].text:find("without `when`", 1, true))
      local strict = cli.run({ "check", "p.lua", "--strict" })
      assert.equal(found[1].severity == "warning" and 1 or 0, strict.status)
    end)
  end

  it("has an example of every error that it names, and names each once", function()
    local seen = {}
    for _, case in ipairs(errors()) do
      cli.write(cli.folder() .. "/p.lua", case.example)
      local run = cli.run({ "check", "p.lua", case.data and "samples/bank" or "--json",
        case.data and "--json" or nil })
      local codes = {}
      for _, found in ipairs(json.decode(run.out).findings) do
        codes[found.code] = true
      end
      assert.is_true(codes[case.code], case.code .. ": " .. run.out)
      assert.is_nil(seen[case.code .. tostring(case.data)])
      seen[case.code .. tostring(case.data)] = true
    end
    local _, rows = cli.read("docs/checking.md"):gsub("\n| `", "")
    assert.equal(rows, #errors())
  end)

  it("says nothing of a rule that only the day of the data makes true", function()
    cli.write(cli.folder() .. "/p.lua", [[campaign "x" {
      when = "today > date('2020-01-01') and default(orders, 0) > 5", offer = let_go }]])
    for _, data in ipairs({ "--json", "samples/bank" }) do
      local run = cli.run({ "check", "p.lua", data, data ~= "--json" and "--json" or nil })
      assert.same({}, json.decode(run.out).findings)
    end
  end)

  it("says of each rule what becomes of those for whom a value is missing", function()
    local columns = { "passed", "kept", "written", "banned", "asked", "named", "owned" }
    local lines = { "id,tier_before," .. table.concat(columns, ",") }
    for i = 1, #columns do
      lines[i + 1] = "A" .. i .. ",gold"
      for k = 1, #columns do
        lines[i + 1] = lines[i + 1] .. "," .. (k == i and "" or k == 6 and "Ann" or k)
      end
    end
    lines[#lines + 1] = "B,gold,11,12,13,14,15,Bea,17"
    os.execute("mkdir -p " .. cli.folder() .. "/d")
    cli.write(cli.folder() .. "/d/customers.csv", table.concat(lines, "\n") .. "\n")
    cli.write(cli.folder() .. "/p.lua", [[
tiers "card" { { "gold", when = "passed > 20", keep = "kept > 2" }, { "base" },
  previous = "tier_before", review = months(12) }
channel "letter" { when = "written > 3" }
campaign "c" { when = "asked > 1", never = "banned > 20", offer = gift "x", cost = "1",
  channel = "letter", playbook = "talk" }
playbook "talk" { title = "Hello", owner = "owned", text = "Dear {named}" }]])
    local found = {}
    for _, f in ipairs(json.decode(cli.run({ "check", "p.lua", "d", "--json" }).out).findings) do
      local column, who, what = f.text:match("^`(%l+)` is missing for 1 of the 8 customers, (A%d) "
        .. "first, and this needs it: they (.*)$")
      found[column or f.code] = column and who .. " " .. what
    end
    assert.equal("A1 are passed over", found.passed)
    assert.equal("A2 keep the tier if they have it", found.kept)
    assert.equal("A3 are not reached by it", found.written)
    assert.equal("A4 are suppressed", found.banned)
    assert.equal("A5 get no offer", found.asked)
    assert.equal("A6 have a gap in their call sheet", found.named)
    assert.equal("A7 have no owner on their call sheet", found.owned)
  end)

  it("does not take the label 'today' for the day", function()
    cli.write(cli.folder() .. "/p.lua",
      [[campaign "x" { when = "city == 'today' and city == 'Lyon'", offer = let_go }]])
    local run = cli.run({ "check", "p.lua", "samples/bank", "--json" })
    assert.match("never%-fires", run.out)
  end)
end)

describe("the policies that come with Patron", function()
  after_each(cli.clean)

  for name in io.popen("ls policies"):lines() do
    it("have no warnings: " .. name, function()
      local run = cli.run({ "check", "policies/" .. name, "--strict" })
      assert.equal(0, run.status, run.out)
    end)
  end
end)
