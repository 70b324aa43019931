-- What people see on the screen, to the byte, for each verb on the samples. PATRON_REFRESH=1 writes
-- the files anew (tests/cli.lua).
local cli = require("cli")

local bank, retention = "samples/bank", "policies/card-retention.lua"

describe("the screen of", function()
  lazy_teardown(cli.clean)

  for name, arguments in pairs({
    ["help"] = { "--help" },
    ["help-score"] = { "score", "--help" },
    ["score-bank"] = { "score", bank, retention },
    ["score-bank-json"] = { "score", bank, retention, "--json" },
    ["score-nine"] = { "score", "samples/rfm-nine", "policies/churn-warning.lua", "--metrics",
      "rf_ratio" },
    ["explain-granted"] = { "explain", bank, retention, "C001" },
    ["explain-missed"] = { "explain", bank, retention, "C006" },
    ["explain-missing"] = { "explain", bank, retention, "C024" },
    ["measure-bank"] = { "measure", bank, "--metrics", "orders,spend,rfm,rf_warning" },
    ["profile-bank"] = { "profile", bank },
    ["profile-inferred"] = { "profile", "samples/bank/transactions.csv" },
    ["metrics"] = { "metrics" },
    ["metrics-rf_ratio"] = { "metrics", "rf_ratio" },
    ["check-bank"] = { "check", retention, bank },
    ["help-generate"] = { "generate", "--help" },
    ["diff-bank"] = { "diff", bank, retention, "--set", "high_value=850", "--set",
      "waiver_keeps=0.05" },
    ["diff-itself"] = { "diff", bank, retention, retention },
    ["diff-nine"] = { "diff", "samples/rfm-nine", "policies/rfm.lua",
      "policies/churn-warning.lua" },
    ["plan-test-rate"] = { "plan-test", "--rate", "0.106167", "--effect", "0.005" },
    ["plan-test-bank"] = { "plan-test", bank, retention, "--campaign", "waive the fee", "--outcome",
      "orders,spend", "--strata", "potential", "--effect", "20%" },
    ["test-policies"] = { "test", "policies" },
  }) do
    it(name, function()
      cli.golden(name, arguments)
    end)
  end

  it("test-failed", function()
    cli.golden("test-failed", { "test", "policies/churn-warning.lua", "--set", "alarm=1.6",
      "--min-coverage", "100" })
  end)
end)

-- The files themselves hold what a reader should see.
describe("the golden files", function()
  local function golden(name)
    return (cli.read("tests/cli/golden/" .. name .. ".txt"))
  end

  it("begin with the data and the policy, and no warning, for the samples", function()
    for _, name in ipairs({ "score-bank", "explain-granted", "check-bank" }) do
      assert.is_nil(golden(name):find("warning", 1, true), name)
    end
  end)

  it("have no space at the end of a line", function()
    for _, name in ipairs({ "profile-inferred", "score-bank", "explain-missing", "help" }) do
      assert.is_nil(golden(name):find(" \n", 1, true), name)
    end
  end)
end)
