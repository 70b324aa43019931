-- What the document about what-if shows is what the program says.
local cli = require("cli")
local guided = require("guide")

describe("the document about what-if", function()
  lazy_teardown(cli.clean)

  it("shows what the program says", function()
    local shown = 0
    for block in cli.read("docs/what-if.md"):gmatch("\n```\n(.-)```") do
      guided.shown(block:match("^%$ patron ([^\n]+)\n(.*)$"))
      shown = shown + 1
    end
    assert.equal(5, shown)
  end)
end)
