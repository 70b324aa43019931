-- The guide to simulating takes one policy from its first page to the look back: each step is made,
-- checked and run as a reader does it.
local cli = require("cli")
local guided = require("guide")
local json = require("dkjson")

local PATH = "docs/simulating.md"

describe("the guide to simulating", function()
  lazy_teardown(cli.clean)

  it("shows what the program says, step by step", function()
    local policy, outputs = {}, 0
    for kind, block in cli.read(PATH):gmatch("\n```(%l*)\n(.-)```") do
      if kind == "lua" then
        local own = block:match("^%-%- (%w+%.lua)\n") -- else it is a part of spring.lua
        if not own then
          guided.put(policy, block)
        end
        local file = own or "spring.lua"
        cli.write(cli.folder() .. "/" .. file, own and block or guided.text(policy))
        if not cli.read(cli.folder() .. "/first.lua") then
          cli.write(cli.folder() .. "/first.lua", guided.text(policy))
        end
        local check = cli.run({ "check", file, "bank" })
        assert.equal(0, check.status, check.out .. check.err)
        assert.is_nil(check.out:find("warning", 1, true), check.out)
      else
        local commands = ("\n" .. block):gsub("\n%$ patron ", "\0")
        for command, shown in commands:gmatch("%z([^\n\0]+)([^\0]*)") do
          guided.shown(command, shown)
          outputs = outputs + 1
        end
      end
    end
    assert.is_true(outputs >= 15)
  end)

  -- PATRON_REFRESH=1 writes the table anew.
  it("lists what is assumed, from the table", function()
    local said = json.decode(cli.run({ "simulate", "samples/bank", "policies/card-retention.lua",
      "--json" }).out)
    local rows = { "| name | default | for what |", "|---|---|---|" }
    for _, k in ipairs(said.assumptions) do
      rows[#rows + 1] = ("| `%s` | %.10g, %s | %s: %s |"):format(k.name, k.value, k.unit, k.help,
        k.source)
    end
    local list = table.concat(rows, "\n") .. "\n"
    local text = cli.read(PATH)
    local from = text:find(rows[1], 1, true)
    local to = text:find("\n\n", from, true)
    if os.getenv("PATRON_REFRESH") then
      cli.write(PATH, text:sub(1, from - 1) .. list .. text:sub(to + 1))
    else
      assert.equal(list, text:sub(from, to))
    end
  end)
end)
