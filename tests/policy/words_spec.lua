-- The guide says what the vocabulary is, word for word.
local core = require("patron_core").policy
local run = require("policy.run")

local function guide()
  local file = assert(io.open("docs/policies.md"))
  local text = file:read("a")
  file:close()
  return text
end

local function row(word)
  return ("| %s | `%s` | %s%s | %s |"):format(word.block == "" and "the file" or word.block,
    word.name, word.takes, word.required and " (needed)" or "", word.help)
end

describe("the guide", function()
  it("has a row for every word, in order, and no other", function()
    local expected, got = {}, {}
    for i, word in ipairs(core.words()) do
      expected[i] = row(word)
    end
    for line in (guide() .. "\n"):match("\n|%-%-%-|[^\n]*\n(.-)\n\n"):gmatch("[^\n]+") do
      got[#got + 1] = line
    end
    assert.same(expected, got)
    assert.is_true(#got > 40)
  end)

  it("has examples that are sound", function()
    local examples = 0
    for text in guide():gmatch("\n```lua\n(.-)```") do
      if text:find("opted_out and has", 1, true) then
        text = "inputs { opted_out = flag, phone = text }\n" .. text
      end
      assert.equal("", run.compiled(text))
      examples = examples + 1
    end
    assert.equal(3, examples)
  end)
end)
