-- Random numbers: the published answers of Philox, the moments of each distribution, and
-- that a draw depends on seed, customer, stream and counter, and on nothing else.
local base = require("patron_core").base

local function moments(list)
  local sum, squares = 0, 0
  for _, x in ipairs(list) do
    sum, squares = sum + x, squares + x * x
  end
  local mean = sum / #list
  return mean, squares / #list - mean * mean
end

-- The mean is within five standard errors, the variance within a twentieth.
local function has_moments(list, mean, variance)
  local m, v = moments(list)
  assert.near(mean, m, 5 * math.sqrt(variance / #list))
  assert.near(variance, v, variance / 20)
end

describe("random numbers", function()
  -- kat_vectors of the Random123 library, by the authors of the paper.
  it("are Philox4x32-10", function()
    for _, case in ipairs({
      { key = { 0, 0 }, counter = { 0, 0, 0, 0 },
        out = { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
      { key = { 0xffffffff, 0xffffffff },
        counter = { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff },
        out = { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
      { key = { 0xa4093822, 0x299f31d0 },
        counter = { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 },
        out = { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } },
    }) do
      assert.same(case.out, { base.random_block(case.key[1], case.key[2],
        table.unpack(case.counter)) })
    end
  end)

  it("take the counter's words in the order draw, stream, customer", function()
    local a, b, c, d = base.random_block(0x89abcdef, 0x01234567, 1, 9, 0x55667788, 0x11223344)
    local drawn = base.random(0x0123456789abcdef, 0x1122334455667788, 9, "bits", 4)
    assert.same({ a | b << 32, c | d << 32 }, { drawn[3], drawn[4] })
  end)

  it("differ by seed, customer and stream, and are the same for the same", function()
    local function draws(...)
      return table.concat(base.random(...), " ")
    end
    local one = draws(1, 2, 3, "bits", 10)
    assert.equal(one, draws(1, 2, 3, "bits", 10))
    for _, other in ipairs({ { 2, 2, 3 }, { 1, 3, 3 }, { 1, 2, 4 }, { 1, 2 + (1 << 32), 3 },
      { 1 + (1 << 32), 2, 3 } }) do
      assert.not_equal(one, draws(other[1], other[2], other[3], "bits", 10))
    end
  end)

  it("have the moments of their distributions", function()
    local n = 200000
    has_moments(base.random(7, 1, 1, "uniform", n), 1 / 2, 1 / 12)
    has_moments(base.random(7, 1, 2, "exponential", n), 1, 1)
    has_moments(base.random(7, 1, 3, "normal", n), 0, 1)
    for i, shape in ipairs({ 0.243, 0.6, 1, 3.74 }) do
      has_moments(base.random(7, 1, 10 + i, "gamma", n, shape), shape, shape)
    end
    has_moments(base.random(7, 1, 4, "below", n, 10), 4.5, 8.25)
    has_moments(base.random(7, 1, 5, "pick", n, 0.2), 1.3, 0.61) -- 0, 1, 2 by 0.2, 0.3, 0.5
  end)

  it("stay inside their ranges", function()
    for _, x in ipairs(base.random(3, 1, 1, "uniform", 100000)) do
      assert(x > 0 and x < 1)
    end
    for _, x in ipairs(base.random(3, 1, 1, "below", 100000, 3)) do
      assert(x >= 0 and x < 3)
    end
  end)
end)
