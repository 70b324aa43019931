-- Effects from experiments and base rates from the history, through the program: against sums done
-- here, and against what is true of generated customers.
local json = require("dkjson")
local cli = require("cli")

local function write_base(customers, contacts)
  local folder = cli.folder()
  os.execute("rm -rf " .. folder .. "/base && mkdir -p " .. folder .. "/base")
  cli.write(folder .. "/base/customers.csv", customers)
  if contacts then
    cli.write(folder .. "/base/contacts.csv", contacts)
  end
end

local function policy(effect)
  return [[
inputs { kind = { "gold", "blue" } }
segments "kinds" { { "gold", when = "kind == 'gold'" }, { "blue" } }
campaign "call" { when = "true", offer = cash(4), cost = 4, value = 100, effect = { ]] .. effect
    .. " } }\n"
end

local function run(verb, text, ...)
  cli.write(cli.folder() .. "/p.lua", text)
  return cli.run({ verb, "base", "p.lua", "--as-of", "2025-06-30", ... })
end

-- So many customers, of whom by kind and arm so many answered. Kinds alternate.
local function experiment(answered, n, with_class)
  local customers = { "customer,kind" }
  local contacts = { "customer,date,campaign,arm,response" .. (with_class and ",kinds" or "") }
  local id = 0
  for _, kind in ipairs({ "gold", "blue" }) do
    for _, arm in ipairs({ "control", "phone" }) do
      for i = 1, n do
        id = id + 1
        customers[#customers + 1] = ("C%05d,%s"):format(id, kind)
        contacts[#contacts + 1] = ("C%05d,2025-03-01,spring call,%s,%d%s"):format(id, arm,
          i <= answered[kind][arm] and 1 or 0, with_class and "," .. kind or "")
      end
    end
  end
  write_base(table.concat(customers, "\n") .. "\n", table.concat(contacts, "\n") .. "\n")
end

local answers = { gold = { control = 200, phone = 320 }, blue = { control = 200, phone = 200 } }

describe("an effect from an experiment", function()
  lazy_teardown(cli.clean)

  it("is the same to score, explain and simulate, and of grade A", function()
    experiment(answers, 1000)
    local text = policy('retention = 0.1, sd = 0.2, from = "spring call"')
    local out = json.decode(run("simulate", text, "--json").out)
    local effect = out.inputs[1]
    assert.same({ "effect of call", "A" }, { effect.name, effect.grade })
    assert.equal('experiment "spring call" of 2025-03, 2000 against 2000 customers', effect.source)
    assert.near(0.06, effect.mean, 0.001) -- 520 and 400 of 2000
    local se = math.sqrt((0.26 * 0.74 + 0.2 * 0.8) / 2000)
    assert.near(se, effect.sd, 0.0005)
    assert.near(0.2, out.campaigns[1].uplift.base, 1e-12) -- of the control
    assert.near(4 * 4000 * 0.2, out.cost.sure_things.mean, 4 * 4000 * 0.001)
    assert.same({ 2000, 2000 }, { effect.experiment.treated, effect.experiment.control })
    local value = run("score", text).err:match("granted in all: cost %S+, value (%S+)")
    assert.near(out.earns.mean, tonumber(value), 0.02 * out.earns.mean)
    local told = cli.run({ "explain", "base", "p.lua", "C00001", "--as-of", "2025-06-30" }).out
    assert.truthy(told:find("retention 0.06%d*, measured, not 0.1"), told)
  end)

  it("differs by class where the contacts say the class of that day", function()
    experiment(answers, 1000, true)
    local text = policy('retention = 0.1, sd = 0.2, from = "spring call"')
    local rows = run("score", text, "-o", "-").out
    local value = {}
    for line in rows:gmatch("[^\n]+") do
      local id, amount = line:match("^C(%d+).-,4%.00,([%d.]+),")
      if id then
        value[id == "00001" and "gold" or id == "04000" and "blue" or "other"] = tonumber(amount)
      end
    end
    assert.near(12, value.gold, 0.6)
    assert.near(0, value.blue or 0, 0.6)
  end)

  it("is one of its arms", function()
    experiment(answers, 1000)
    local text = policy('retention = 0.1, sd = 0.2, from = "spring call", arm = "phone"')
    local out = json.decode(run("simulate", text, "--json").out)
    assert.truthy(out.inputs[1].source:find("of 2025%-03, arm phone, 2000 against 2000"))
    local wrong = run("simulate", (text:gsub('"phone"', '"fax"')))
    assert.equal(1, wrong.status)
    assert.truthy(wrong.err:find("p.lua:3:%d+: spring call has no arm 'fax'"), wrong.err)
  end)

  it("hardly moves the number after three people, and stays C", function()
    write_base("customer,kind\nA,gold\nB,gold\nC,gold\n", "customer,date,campaign,arm,response\n"
      .. "A,2025-03-01,call,control,1\nB,2025-03-01,call,phone,1\nC,2025-03-01,call,phone,0\n")
    local out = json.decode(run("simulate", policy(
      'retention = 0.1, sd = 0.05, from = "call"'), "--json").out)
    assert.equal("C", out.inputs[1].grade)
    assert.truthy(out.inputs[1].source:find("too few in the experiment", 1, true))
    assert.is_true(out.inputs[1].mean > 0.07 and out.inputs[1].mean < 0.1)
  end)

  it("is shown beside a number that the policy states by itself", function()
    experiment(answers, 100)
    local text = policy("retention = 0.1, sd = 0.05"):gsub('"call"', '"spring call"')
    -- 200 of 200 answered in both, but for gold: cut at n
    local out = run("simulate", text)
    assert.equal(0, out.status, out.err)
    assert.is_nil(out.out:find("not counted", 1, true)) -- all answered: nothing was measured
    experiment({ gold = { control = 20, phone = 32 }, blue = { control = 20, phone = 20 } }, 100)
    out = run("simulate", text).out
    assert.truthy(out:find("C effect of spring call   0.1, sd 0.05", 1, true), out)
    assert.truthy(out:find("not counted: experiment of 2025-03, 200 against 200 customers measured "
      .. "0.06 [-0.0", 1, true), out)
  end)

  it("is refused, with its place, where nothing was measured", function()
    local text = policy('retention = 0.1, sd = 0.2, from = "spring call"')
    local head = "customer,date,campaign,arm,response\n"
    for contacts, what in pairs({
      [head .. "A,2025-03-01,spring cal,phone,1\n"] = "did you mean 'spring cal'?",
      [head .. "A,2025-03-01,spring call,phone,1\nB,2025-03-01,spring call,sms,0\n"] =
        "none of the arms of spring call is called control",
      [head .. "A,2025-03-01,spring call,control,1\n"] = "reached nobody",
      [head .. "A,2025-03-01,spring call,control,1\nA,2025-04-01,spring call,phone,1\n"] =
        "the arms of spring call overlap",
      ["customer,date,campaign,arm\nA,2025-03-01,spring call,phone\n"
        .. "B,2025-03-01,spring call,control\n"] = "have no column `response`",
      [head .. "A,2025-03-01,spring call,control,\nB,2025-03-01,spring call,phone,1\n"] =
        "nobody's response is known in the control",
      [head .. "A,2025-03-01,spring call,control,2\nB,2025-03-01,spring call,phone,1\n"] =
        "a response of spring call is 2",
      [head .. "A,2025-03-01,spring call,control,0\nB,2025-03-01,spring call,phone,1\n"] =
        "all responses are the same",
    }) do
      write_base("customer,kind\nA,gold\nB,blue\n", contacts)
      for _, verb in ipairs({ "simulate", "score" }) do
        local out = run(verb, text)
        assert.equal(1, out.status, what)
        assert.truthy(out.err:find("p.lua:3:", 1, true), out.err)
        assert.truthy(out.err:find(what, 1, true), out.err)
      end
    end
    write_base("customer,kind\nA,gold\n")
    local out = run("simulate", text)
    assert.equal(1, out.status)
    assert.truthy(out.err:find("no table contacts", 1, true), out.err)
  end)

  it("takes a number with room around it", function()
    write_base("customer,kind\nA,gold\n")
    for effect, what in pairs({
      ['retention = 1.2, sd = 0.1'] = "`retention` is a share",
      ['retention = 0.1, sd = -1'] = "sd",
      ['retention = 0.1, from = "call"'] = "needs `sd` above 0",
      ['retention = 0.1, sd = 0, from = "call"'] = "needs `sd` above 0",
      ['retention = "0.1 * 1", sd = 0.1, from = "call"'] = "is a plain number",
      ['retention = 0.1, sd = 0.1, arm = "phone"'] = "`arm` is one of the campaign",
    }) do
      cli.write(cli.folder() .. "/p.lua", policy(effect))
      local out = cli.run({ "check", "p.lua" })
      assert.equal(1, out.status, effect)
      assert.truthy((out.out .. out.err):find(what, 1, true), out.out .. out.err)
    end
  end)
end)
