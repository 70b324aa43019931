-- Playbooks as they are written: texts cut at their braces, what stands in those, and where they
-- are attached.
local run = require("policy.run")

local inputs = "inputs { name = text, fee = money, fee_due = date }\n"
local campaign = 'campaign "a" { when = "spend > 1", offer = gift "x", '
  .. 'channel = { "phone", "sms" }, '
local reads = 'cost = "has(name) and has(fee_due) and fee or 0", '

local function playbook(text, more)
  return inputs .. 'playbook "p" { text = [[\n' .. text .. "]]" .. (more or "") .. " }\n"
    .. campaign .. reads .. 'playbook = "p" }\n'
end

describe("a playbook", function()
  it("takes expressions over the customer, and what was decided", function()
    assert.equal("", run.compiled(playbook("Dear {name .. '!'}, {fee} is due {fee_due}, in "
      .. "{fee_due - today} days. {customer} {offer} {campaign} {channel} {goal}")))
  end)

  it("says where a name in it is wrong: file, line and column inside the text", function()
    assert.equal("error 4:7 there is no name `nme`: did you mean `name`?",
      run.compiled(playbook("First line.\nDear {nme}!")))
    assert.equal("error 3:19 there is no name `fee_do`: did you mean `fee_due`?",
      run.compiled(playbook("王丽 {fee} and {1 + fee_do}")))
    assert.equal("error 2:21 there is no name `nme`: did you mean `name`?",
      run.compiled(inputs .. "local text = 'Dear {nme}!'\nplaybook 'p' { text = text }\n"
        .. campaign .. reads .. "playbook = 'p' }"))
  end)

  it("checks types as elsewhere", function()
    assert.is_truthy(run.compiled(playbook("{fee + name}")):find("^error 3:8 `name` is a text"))
    assert.is_truthy(run.compiled(playbook("{fee_due + fee_due}")):find("^error 3:10 .* a date"))
  end)

  it("has braces by doubling them, and none that are alone", function()
    assert.equal("", run.compiled(playbook("{{name}} {{{name}}} }}{{ "
      .. "{c['fee'] > 1 and '}' or \"{\"}")))
    for text, finding in pairs({
      ["a } b"] = "3:3 playbook 'p': this } closes nothing: write }} for a brace in the text",
      ["a {name"] = "3:3 playbook 'p': this { is not closed: write }, or {{ for a brace in the "
        .. "text",
      ["{'}"] = "3:1 playbook 'p': this { is not closed: write }, or {{ for a brace in the text",
      ["x\n {} y"] = "4:2 playbook 'p': nothing stands in these braces: name a column, or write "
        .. "{{ }} for braces in the text",
      ["bell \7"] = "3:6 playbook 'p': there is a control character here; take it out",
    }) do
      assert.equal("error " .. finding, run.compiled(playbook(text)))
    end
  end)

  it("names an owner only where it has one", function()
    assert.equal("", run.compiled(playbook("{owner}", ", owner = \"name\"")))
    assert.is_truthy(run.compiled(playbook("{owner}")):find("^error 3:2 there is no name `owner`"))
    assert.is_truthy(run.compiled(playbook("x", ", owner = \"owner\"")):find(
      "^error 3:15 there is no name `owner`"))
    assert.equal("error 3:14 playbook 'p': `owner` takes an expression, got 3",
      run.compiled(playbook("x", ", owner = 3")))
  end)

  it("reads a column of the data by c[...] where a decision has the same name", function()
    assert.equal("", run.compiled("inputs { channel = label }\n" .. 'playbook "p" { text = '
      .. [["{channel} {c['channel']} {channel == 'phone'}" }]] .. "\n" .. campaign
      .. 'playbook = "p" }'))
    assert.is_truthy(run.compiled('campaign "a" { when = "campaign == \'x\'", offer = gift "y" }')
      :find("there is no name `campaign`"))
  end)

  it("makes params and inputs used", function()
    assert.equal("", run.compiled("params { limit = 3 } inputs { name = text }\n"
      .. "playbook 'p' { text = '{limit} {name}' }\n" .. campaign .. "playbook = 'p' }"))
  end)

  it("takes a text", function()
    for body, finding in pairs({
      [" text = 3"] = "1:23 playbook 'p': `text` takes text, got 3",
      [" text = '  '"] = "1:23 playbook 'p': `text` takes text, got \"  \"",
      [" title = 'x'"] = "1:14 playbook 'p': `text` is missing: it takes text",
      [" txt = 'x', text = 'x'"] = "1:16 playbook 'p': unknown word `txt`; did you mean `text`?",
    }) do
      assert.equal("error " .. finding, run.finding('playbook "p" {' .. body .. " }"), body)
    end
  end)
end)

describe("a campaign's playbook", function()
  local books = "playbook 'p' { text = 'x' } playbook 'q' { text = 'y' }\n"

  local function attached(value)
    return run.compiled(books .. campaign .. "playbook = " .. value .. " }")
  end

  it("is one for all channels, or one for each", function()
    assert.equal("warning 1:29 no campaign has the playbook 'q'; write `playbook = \"...\"` in one",
      attached("'p'"))
    assert.equal("", attached("{ phone = 'p', sms = 'q' }"))
  end)

  it("is there, and for a channel of the campaign", function()
    assert.equal("error 2:95 campaign 'a': there is no playbook 'pp'; did you mean 'p'?",
      attached("'pp'"))
    assert.equal("error 2:110 campaign 'a': the playbook is for the channel 'mail', which the "
      .. "campaign does not have", attached("{ phone = 'p', mail = 'q' }"))
    assert.equal("error 2:95 campaign 'a': `playbook` takes a playbook's name, or { channel = "
      .. "name, ... }, got an empty table", attached("{}"))
    assert.equal("error 2:65 campaign 'a': a playbook says what to do over a channel, and the "
      .. "campaign has none", run.compiled("playbook 'p' { text = 'x' }\n"
      .. "campaign 'a' { when = 'spend > 1', offer = let_go(), playbook = 'p' }"))
  end)
end)

describe("docs/playbooks.md", function()
  it("shows policies that are sound", function()
    local file = assert(io.open("docs/playbooks.md"))
    local examples = 0
    for text in file:read("a"):gmatch("\n```lua\n(.-)```") do
      assert.equal("", run.compiled(text))
      examples = examples + 1
    end
    file:close()
    assert.equal(1, examples)
  end)
end)
