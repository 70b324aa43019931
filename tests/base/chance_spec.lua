-- Distributions against scipy 1.17.1 (stats.norm.cdf, t.cdf and ppf, chi2.sf;
-- special.betainc, betaincinv), printed by repr; and against themselves.
local chance = require("patron_core").base.chance

describe("distributions", function()
  -- The three test values of Wichura's paper, and one from tables.
  it("have the quantiles of the normal distribution", function()
    for p, x in pairs({ [0.25] = -0.67448975019608171, [0.001] = -3.090232306167814,
      [1e-20] = -9.262340089798408, [0.975] = 1.9599639845400545, [0.5] = 0 }) do
      assert.near(x, chance("normal_quantile", p), 1e-15 * math.max(1, math.abs(x)) * 4)
    end
  end)

  local figures = {
    { "normal", { -37.5 }, 4.605353009581954e-308 },
    { "normal", { -9.3 }, 7.022284240441541e-21 },
    { "normal", { -1.96 }, 0.024997895148220435 },
    { "normal", { 0 }, 0.5 },
    { "normal", { 0.5 }, 0.6914624612740131 },
    { "normal", { 4 }, 0.9999683287581669 },
    { "t", { 1, -22.6 }, 0.01407532715774764 },
    { "t", { 1, -2.1 }, 0.141463028121509 },
    { "t", { 1, 0.3 }, 0.5927735790777423 },
    { "t", { 1, 3 }, 0.8975836176504333 },
    { "t_quantile", { 1, 0.0005 }, -636.6192487687196 },
    { "t_quantile", { 1, 0.025 }, -12.706204736174705 },
    { "t_quantile", { 1, 0.5 }, 0.0 },
    { "t_quantile", { 1, 0.6 }, 0.32491969623290634 },
    { "t_quantile", { 1, 0.995 }, 63.656741162871526 },
    { "t", { 2.5, -22.6 }, 0.00029484988419903855 },
    { "t", { 2.5, -2.1 }, 0.07225122237742189 },
    { "t", { 2.5, 0.3 }, 0.6063288142524014 },
    { "t", { 2.5, 3 }, 0.9637119522254841 },
    { "t_quantile", { 2.5, 0.0005 }, -18.277893528130647 },
    { "t_quantile", { 2.5, 0.025 }, -3.5746548420036834 },
    { "t_quantile", { 2.5, 0.5 }, 0.0 },
    { "t_quantile", { 2.5, 0.6 }, 0.2814595127485477 },
    { "t_quantile", { 2.5, 0.995 }, 7.163728138948783 },
    { "t", { 10, -22.6 }, 3.238818953845167e-10 },
    { "t", { 10, -2.1 }, 0.031038622101109265 },
    { "t", { 10, 0.3 }, 0.6148396962171008 },
    { "t", { 10, 3 }, 0.9933281724887152 },
    { "t_quantile", { 10, 0.0005 }, -4.586893858702636 },
    { "t_quantile", { 10, 0.025 }, -2.2281388519862753 },
    { "t_quantile", { 10, 0.5 }, 0.0 },
    { "t_quantile", { 10, 0.6 }, 0.2601848294920803 },
    { "t_quantile", { 10, 0.995 }, 3.16927267261695 },
    { "t", { 42602.7, -22.6 }, 9.953947541665892e-113 },
    { "t", { 42602.7, -2.1 }, 0.01786735292576337 },
    { "t", { 42602.7, 0.3 }, 0.6179106903490488 },
    { "t", { 42602.7, 3 }, 0.998649321642865 },
    { "t_quantile", { 42602.7, 0.0005 }, -3.290755128849453 },
    { "t_quantile", { 42602.7, 0.025 }, -1.960019669684032 },
    { "t_quantile", { 42602.7, 0.5 }, 0.0 },
    { "t_quantile", { 42602.7, 0.6 }, 0.25334868524871546 },
    { "t_quantile", { 42602.7, 0.995 }, 2.5759447130178064 },
    { "chi_square_above", { 1, 3.84 }, 0.05004352124870519 },
    { "chi_square_above", { 2, 0.202531 }, 0.9036930705220463 },
    { "chi_square_above", { 2, 13.8 }, 0.0010077854290485102 },
    { "chi_square_above", { 5, 100 }, 5.285148360943219e-20 },
    { "chi_square_above", { 300, 250 }, 0.9838029502076451 },
    { "beta_quantile", { 0.1, 0.2, 0.001 }, 4.3988747541943253e-29 },
    { "beta_quantile", { 0.1, 0.2, 0.05 }, 4.2957761271294605e-12 },
    { "beta_quantile", { 0.1, 0.2, 0.5 }, 0.04165249555559618 },
    { "beta_quantile", { 0.1, 0.2, 0.999 }, 0.9999999999997877 },
    { "beta_quantile", { 0.5, 3, 0.001 }, 2.8444455232269607e-07 },
    { "beta_quantile", { 0.5, 3, 0.05 }, 0.0007117863263558017 },
    { "beta_quantile", { 0.5, 3, 0.5 }, 0.07903276707617297 },
    { "beta_quantile", { 0.5, 3, 0.999 }, 0.855447776691985 },
    { "beta_quantile", { 6, 14, 0.001 }, 0.06528999639221983 },
    { "beta_quantile", { 6, 14, 0.05 }, 0.147469565559241 },
    { "beta_quantile", { 6, 14, 0.5 }, 0.29322017994366456 },
    { "beta_quantile", { 6, 14, 0.999 }, 0.6378162447970581 },
    { "beta_quantile", { 300, 2.5, 0.001 }, 0.966468343822141 },
    { "beta_quantile", { 300, 2.5, 0.05 }, 0.9817634040933404 },
    { "beta_quantile", { 300, 2.5, 0.5 }, 0.9927917289553121 },
    { "beta_quantile", { 300, 2.5, 0.999 }, 0.9996505795548367 },
    { "beta_quantile", { 20000, 80000, 0.001 }, 0.19610830699294274 },
    { "beta_quantile", { 20000, 80000, 0.05 }, 0.19792283200540442 },
    { "beta_quantile", { 20000, 80000, 0.5 }, 0.1999979999946668 },
    { "beta_quantile", { 20000, 80000, 0.999 }, 0.20392589042798862 },
    { "beta", { 0.1, 0.2, 0.001 }, 0.3433186839931645 },
    { "beta", { 0.5, 3, 0.9 }, 0.9996750253207289 },
    { "beta", { 6, 14, 0.3 }, 0.5261374757264855 },
    { "beta", { 300, 2.5, 0.97 }, 0.002569816628459279 },
    { "beta", { 20000, 80000, 0.199 }, 0.2147704776102409 },
    { "beta", { 4, 9, 1e-08 }, 4.9499996832000075e-30 },
  }
  it("agree with scipy", function()
    for _, row in ipairs(figures) do
      local name, args, expected = table.unpack(row)
      local got = chance(name, table.unpack(args))
      local wide = (args[1] >= 1e4 or args[2] and args[2] >= 1e4) and 1e-9 or 1e-11
      assert.near(expected, got, wide * math.max(math.abs(expected), 1e-300),
        name .. " of " .. table.concat(args, ", "))
    end
  end)

  it("have quantiles that their functions lead back from", function()
    for _, p in ipairs({ 1e-12, 1e-4, 0.3, 0.5, 0.97, 1 - 1e-9 }) do
      for _, law in ipairs({ { "t", 3 }, { "t", 57.3 }, { "beta", 0.5, 2 },
        { "beta", 40, 3 }, { "beta", 1, 1 } }) do
        local args = { table.unpack(law, 2) }
        args[#args + 1] = p
        local x = chance(law[1] .. "_quantile", table.unpack(args))
        args[#args] = x
        assert.near(p, chance(law[1], table.unpack(args)), 1e-10 * p)
      end
    end
  end)

  it("end where they end", function()
    assert.equal(1, chance("chi_square_above", 2, 0))
    assert.equal(0, chance("beta", 2, 3, 0))
    assert.equal(1, chance("beta", 2, 3, 1))
    assert.equal(0.5, chance("t", 7, 0))
  end)
end)
