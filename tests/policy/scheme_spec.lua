-- What classes say of themselves: details, which are columns of the scheme.
local run = require("policy.run")

local function says(cases)
  for i = 1, #cases, 2 do
    assert.equal(cases[i + 1], run.compiled(cases[i]), cases[i])
  end
end

local function tiers(gold, rest)
  return 'tiers "card" { { "gold", when = "orders > 1", ' .. gold .. ' }, { "classic", '
    .. (rest or "") .. " } }"
end

describe("the details of a class", function()
  it("are text, a list of texts, a number, true or false", function()
    local function rule(when)
      return 'campaign "x" { when = "' .. when .. '", offer = gift "x" }'
    end
    says({
      tiers('owner = "Ms Li"') .. rule("card_owner == 'Ms Li' or tier_owner == 'Ms Li'"), "",
      tiers('lounge = true, rank = 2, share = 0.5') .. rule("card_lounge and tier_rank > card_share"),
      "",
      tiers('owner = "Ms Li"') .. rule("card_owner == 'Mr Li'"),
      "error 1:120 `card_owner` is never 'Mr Li': did you mean 'Ms Li'?",
      tiers("owner = days(3)"),
      "error 1:55 tiers 'card': `owner` takes text, a list of texts, a number, true or false, "
        .. "got `days`",
      tiers("owner = {}"),
      "error 1:55 tiers 'card': `owner` takes text, a list of texts, a number, true or false, "
        .. "got an empty table",
      tiers("owner = { 1 }"),
      "error 1:55 tiers 'card': `owner` takes text, a list of texts, a number, true or false, "
        .. "got a table",
    })
  end)

  it("have one type in all classes", function()
    says({
      tiers("rank = 1", "rank = 0.5"), "",
      tiers("rank = 1", 'rank = "low"'),
      "error 1:79 tiers 'card': `rank` is \"low\" here, and 1 in line 1",
    })
  end)

  it("are no slips of the keyboard, and no other names", function()
    says({
      tiers('whem = "orders > 0"'),
      "error 1:47 tiers 'card': unknown word `whem`; did you mean `when`?",
      tiers('["the owner"] = "x"'),
      "error 1:48 'card_the owner' cannot name a detail of a tiers block: use letters, digits and "
        .. "_, and begin with a letter",
      "params { card_owner = 1 } " .. tiers('owner = "x"'),
      "error 1:73 'card_owner' is a detail of a tiers block here and a param in line 1; choose "
        .. "another name",
      tiers("undecided = true"),
      "error 1:47 'card_undecided' is a detail of a tiers block here and the mark of a tiers block "
        .. "in line 1; choose another name",
    })
  end)
end)
