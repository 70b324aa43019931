-- The reader of answers under answers that are cut, changed or made up.
local wire = require("patron_core").policy.wire
local run = require("policy.run")

local function answer_to(text)
  local path = os.tmpname()
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
  local pipe = assert(io.popen(run.program .. " --policy-helper <" .. path))
  local bytes = pipe:read("a")
  pipe:close()
  os.remove(path)
  return bytes
end

local answers = {
  answer_to([[params { a = 1, b = { 1.5, from = 1 }, c = true }
    campaign "x" { when = "true", offer = waive_fee { up_to = 3 }, channel = { "a", "b" } }
    campaign "y" { when = function() end }]]),
  answer_to("error('no')"),
}

describe("an answer", function()
  it("is read when it is whole", function()
    for _, bytes in ipairs(answers) do
      assert.is_true(wire(bytes))
    end
    assert.is_true(wire("L\3\0\0\0"))
  end)

  it("is refused when anything is missing or left over", function()
    for _, bytes in ipairs(answers) do
      for n = 0, #bytes - 1 do
        assert.is_false(wire(bytes:sub(1, n)), n)
      end
      assert.is_false(wire(bytes .. "\0"))
    end
  end)

  it("does no harm when it is changed", function()
    local read = 0
    for _, bytes in ipairs(answers) do
      for i = 1, #bytes do
        for _, byte in ipairs({ 0, 1, 127, 128, 255, ("T"):byte(), ("s"):byte() }) do
          local changed = bytes:sub(1, i - 1) .. string.char(byte) .. bytes:sub(i + 1)
          read = read + (wire(changed) and 1 or 0)
        end
      end
    end
    assert.is_true(read > 100) -- where a text or number was changed
  end)

  it("does no harm when it is made up", function()
    math.randomseed(7)
    local tags = { "f", "t", "i", "n", "s", "T", "W", "F", "\0", "\1", "\2", "\255" }
    for _ = 1, 20000 do
      local bytes = { "B\1\0\0\0W" }
      for i = 2, math.random(2, 40) do
        bytes[i] = tags[math.random(#tags)]
      end
      wire(table.concat(bytes))
    end
  end)

  it("nests only so deep, and holds only so much", function()
    local function nested(depth)
      return "B\1\0\0\0W\0\0\0\0\0\0\0\0\1\0\0\0" .. ("T\1\0\0\0"):rep(depth) .. "t"
        .. ("\0\0\0\0"):rep(depth)
    end
    assert.is_true(wire(nested(20)))
    assert.is_false(wire(nested(24)))
    assert.is_false(wire(nested(100000)))
    local function many(n)
      return "B\1\0\0\0W\0\0\0\0\0\0\0\0" .. ("<I4"):pack(n) .. ("t"):rep(n)
    end
    assert.is_true(wire(many(199999)))
    assert.is_false(wire(many(200000)))
  end)
end)
