-- What the differential test does not reach: blocks at any place, and dictionaries in other orders.
local expr = require("patron_core").expr

describe("a block", function()
  local ROWS = 2500
  local function column(f)
    local values = {}
    for i = 1, ROWS do
      values[i] = f(i)
    end
    return values
  end
  local world = expr.world(ROWS, {
    { name = "x", type = "integer",
      values = column(function(i) return i % 5 > 0 and i % 50 or nil end) },
    { name = "flag", type = "flag", values = column(function(i) return i % 3 == 0 end) },
    { name = "seg", type = "label",
      values = column(function(i) return i % 9 > 0 and ({ "a", "b", "c" })[i % 3 + 1] or nil end) },
    { name = "id", type = "label", in_order = true,
      values = column(function(i) return tostring(i * 7919 % 100003) end) },
  })

  it("may begin and end anywhere", function()
    for _, text in ipairs({ "x > 20 and flag", "flag or x // (x - 7) > 1",
      "not flag and seg == 'b'", "flag and x or x * 2", "default(x, 3) < 10", "has(x) == flag",
      "one_of(seg, 'a', 'c') or x > 3", "starts_with(id, '7') or flag",
      "seg .. id < 'b2' or flag" }) do
      local e = world:parse(text)
      local wanted, wanted_stops = e:rows()
      for _, size in ipairs({ 1, 7, 63, 64, 1000, 1024 }) do
        local values, stops = e:blocks(size)
        for i = 1, ROWS do
          assert((values[i] == wanted[i]) and (stops[i] ~= nil) == (wanted_stops[i] ~= nil),
            ("%s in blocks of %d, row %d"):format(text, size, i))
        end
      end
    end
  end)

  it("finds labels in a dictionary that is no ranking", function()
    for _, id in ipairs({ "7919", "15838", "nobody", "" }) do
      local values = world:parse(("id == '%s'"):format(id)):blocks(1024)
      for i = 1, ROWS do
        assert(values[i] == (tostring(i * 7919 % 100003) == id), i)
      end
    end
  end)
end)
