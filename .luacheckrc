std = "lua54"
max_line_length = 100
exclude_files = { "lua/patron.lua", "build" } -- annotations, no code
files["tests"] = { std = "lua54+busted" }

-- The words of the policy language.
stds.policy = {
  read_globals = {
    "policy", "inputs", "params", "metrics", "loyalty", "playbook", "tiers", "channel", "campaign",
    "segments", "matrix", "tree", "decision_table", "contact_policy", "test", "by",
    "any", "at_least", "above", "at_most", "below", "from_to",
    "integer", "number", "money", "date", "flag", "label", "text",
    "count", "sum", "mean", "min", "max", "first", "last", "days", "months",
    "referral", "both", "referrer", "friend", "by", "steps",
    "quantile", "median", "average", "top_heads", "top_share",
    "waive_fee", "upgrade", "points", "cash", "gift", "service_recovery", "let_go",
  },
}
files["policies"] = { std = "lua54+policy" }
files["bench/rules"] = { std = "lua54+policy" }
files["bench/score.lua"] = { std = "lua54+policy" }
