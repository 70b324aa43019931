local base = require("patron_core").base

describe("dates", function()
  it("agree with the C library's calendar", function()
    for day = -50000, 50000, 37 do
      local text = base.print_date(day)
      local y, m, d = text:match("^(%d%d%d%d)-(%d%d)-(%d%d)$")
      -- os.time counts local noon; the machine's zone does not matter to whole days from noon UTC
      assert.equal(text, os.date("!%Y-%m-%d", day * 86400 + 43200))
      assert.equal(day, (base.date(text, "YYYY-MM-DD")), y .. m .. d)
    end
  end)

  it("read by the format", function()
    local want = base.date("2024-03-05", "YYYY-MM-DD")
    assert.equal(want, (base.date("5.3.2024", "D.M.YYYY")))
    assert.equal(want, (base.date("05/03/24", "DD/MM/YY")))
    assert.equal(want, (base.date("20240305", "YYYYMMDD")))
    assert.equal(want, (base.date("2024年3月5日", "YYYY年M月D日")))
    assert.is_nil((base.date("2024-3-5", "YYYY-MM-DD")))
  end)

  it("refuse days that do not exist", function()
    for _, text in ipairs({ "2023-02-29", "1998-02-30", "2023-13-01", "2023-00-10", "1900-02-29",
      "2023-04-31", "0000-01-01", "2023-01-01x", "" }) do
      assert.is_nil((base.date(text, "YYYY-MM-DD")), text)
    end
    assert.is_number((base.date("2000-02-29", "YYYY-MM-DD")))
  end)

  it("drop the time of day and say so", function()
    for _, time in ipairs({ "T10:00:00Z", " 08:26", "T10:00:00+08:00", " 10:00:00.123" }) do
      local day, had_time = base.date("2010-12-01" .. time, "YYYY-MM-DD")
      assert.equal("2010-12-01", base.print_date(day))
      assert.is_true(had_time)
    end
    assert.is_nil((base.date("2010-12-01 garbage", "YYYY-MM-DD")))
  end)

  it("add months, clamped to the month's end", function()
    local function add(text, n)
      return base.print_date(base.add_months(base.date(text, "YYYY-MM-DD"), n))
    end
    assert.equal("2023-02-28", add("2023-01-31", 1))
    assert.equal("2024-02-29", add("2024-01-31", 1))
    assert.equal("2023-11-29", add("2024-02-29", -3))
    assert.equal("2023-12-31", add("2024-12-31", -12))
    assert.equal("9999-12-31", add("2024-12-31", 12 * 9000))
  end)

  it("count whole months between", function()
    local function months(a, b)
      return base.months_between(base.date(a, "YYYY-MM-DD"), base.date(b, "YYYY-MM-DD"))
    end
    assert.equal(0, months("2024-01-15", "2024-02-14"))
    assert.equal(1, months("2024-01-15", "2024-02-15"))
    assert.equal(1, months("2024-01-31", "2024-02-29"))
    assert.equal(-1, months("2024-02-15", "2024-01-15"))
    assert.equal(12, months("2023-06-01", "2024-06-01"))
  end)

  it("know a format from a mistake", function()
    for _, format in ipairs({ "YYYY-MM-DD", "D/M/YY", "YYYY年M月D日" }) do
      assert.is_true(base.format_valid(format))
    end
    for _, format in ipairs({ "", "YYYY-MM", "YYY-MM-DD", "yyyy-mm-dd", "DD-DD-YYYY" }) do
      assert.is_false(base.format_valid(format))
    end
  end)
end)
