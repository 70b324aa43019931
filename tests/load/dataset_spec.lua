-- Whole datasets: what is read against a slow oracle in Lua, and that neither the chunks nor the
-- number of threads can be seen in the result, to the byte of the regions.
local core = require("patron_core")
local load, base = core.load, core.base
local folder = require("load.folder")

local function generator(seed)
  return function(n)
    seed = (seed * 6364136223846793005 + 1442695040888963407)
    return (seed >> 33) % n + 1
  end
end

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("a")
  file:close()
  return text
end

local description = [[{
  "name": "shop", "currency": "CNY", "as_of": "2024-12-31",
  "tables": {
    "customers": { "file": "customers.csv", "columns": {
      "id": { "as": "customer" }, "age": "integer", "vip": "flag", "city": "label",
      "joined": { "type": "date", "format": "D.M.YYYY" }, "remark": "text", "score": "number",
      "grade": { "values": ["low", "mid", "high"] } } },
    "transactions": { "file": "orders.csv", "columns": {
      "who": { "as": "customer" }, "on": { "as": "date", "format": "YYYY-MM-DD" },
      "paid": { "as": "amount" }, "quantity": "integer", "note": "text",
      "skipped": { "ignore": true }
    } } } }]]

local function pick(random, list)
  return list[random(#list)]
end

local function customers_csv(random)
  local out = { "id,age,vip,city,joined,remark,score,grade\n" }
  for id = 1, 30 do
    out[#out + 1] = table.concat({
      (id * 7919) % 1000, pick(random, { "", "41", "7", "x" }), pick(random, { "yes", "0", "",
        "maybe" }),
      pick(random, { "北京", "Oslo", "", "A" }), pick(random, { "1.2.2020", "31.12.1999",
        "30.2.2020", "" }),
      pick(random, { '"two\nlines"', "", "plain", '"a ""b"""' }), pick(random, { "1.5", "-2e3", "",
        "1,5" }),
      pick(random, { "low", "high", "", "top" }),
    }, ",") .. "\n"
  end
  return table.concat(out)
end

local function orders_csv(random)
  local out = { "note,who,on,paid,quantity,skipped\n" }
  for _ = 1, 60 do
    local row = {
      pick(random, { "", "", '"x\ny"', "n", '"q""q"', 'bad"quote', '"open' }),
      pick(random, { 919, 838, 757, 676, 919, "nobody", "" }),
      pick(random, { "2024-01-05", "2024-01-05", "2023-12-31", "2024-02-30", "2025-01-01", "5.1.24",
        "" }),
      pick(random, { "3", "12.50", "-1.25", "0.005", "", "three" }),
      pick(random, { "1", "", "-2", "1.5" }), "z",
    }
    if random(15) == 1 then
      row[#row] = nil
    end
    out[#out + 1] = table.concat(row, ",") .. "\n"
  end
  return table.concat(out) .. '"closed at the end",919,2024-01-05,1,1,z'
end

local chunks = { 0, 1, 2, 3, 5, 7, 8, 11, 13, 16, 21, 31, 32, 47, 64 }

local function outcome(path, threads, chunk)
  local rejects = path .. "/rejects.csv"
  local d, message = load.dataset {
    path = path, threads = threads, chunk = chunk, rejects = rejects, values = false,
  }
  if not d then
    return message
  end
  local out = { d.people.hash, d.transactions.hash, table.concat(d.note, "\n"), read(rejects) }
  for _, source in ipairs(d.source) do
    assert.are.equal(source.read, source.accepted + source.rejected)
    out[#out + 1] = ("%s %d %d %d"):format(source.table, source.read, source.rejected,
      source.after_as_of)
    for _, reject in ipairs(source.rejects) do
      out[#out + 1] = ("%d:%d %s"):format(reject.line, reject.column, reject.text)
    end
  end
  return table.concat(out, "\n")
end

describe("a dataset", function()
  it("is the same for any chunk and number of threads", function()
    local random = generator(7)
    local loaded = 0
    for _ = 1, 12 do
      local path = folder {
        ["dataset.json"] = description,
        ["customers.csv"] = customers_csv(random),
        ["orders.csv"] = orders_csv(random),
      }
      local want = outcome(path, 1, 1 << 20)
      loaded = loaded + (want:find("never closed", 1, true) and 0 or 1)
      for _, threads in ipairs { 1, 2, 4 } do
        for _, chunk in ipairs(chunks) do
          assert.are.equal(want, outcome(path, threads, chunk), chunk .. " " .. threads)
        end
      end
    end
    assert.is_true(loaded >= 6)
  end)

  -- What a field must become: its value, or nil and the reason of the reject.
  local kinds = {
    money = function(text)
      local x = base.money(text, 2)
      return x and base.print_money(x, 2), "no amount"
    end,
    integer = function(text)
      return base.integer(text) and text, "no integer"
    end,
    date = function(text)
      if not text:match("^%d%d%d%d%-%d%d%-%d%d$") then
        return nil, "no date"
      end
      return base.date(text, "YYYY-MM-DD") and text, "no such date"
    end,
    any = function(text)
      return text
    end,
  }

  local orders = {
    { "note", kinds.any }, { "customer", kinds.any, true }, { "date", kinds.date, true },
    { "amount", kinds.money, true }, { "quantity", kinds.integer }, { "skipped", kinds.any },
  }

  local function oracle_row(record, known)
    local row = {}
    if #record ~= #orders then
      return nil, #record < #orders and "too few fields" or "too many fields"
    end
    for i, column in ipairs(orders) do
      local text, value, reason = record[i], false, nil
      if text ~= "" then
        value, reason = column[2](text)
      elseif column[3] then
        value, reason = nil, "empty field"
      end
      if value == nil then
        return nil, reason
      end
      row[column[1]] = value
    end
    -- A row after the as-of date does not exist, whoever it is about.
    if row.date <= "2024-12-31" and not known[row.customer] then
      return nil, "no such customer"
    end
    return row
  end

  local function oracle(text, known)
    local rows, reasons, late = {}, {}, 0
    for i, record in ipairs(load.reference(text, ",")) do
      local row, reason = nil, "quote out of place"
      if not record.broken then
        row, reason = oracle_row(record, known)
      end
      if i == 1 then
        row, reason = nil, nil -- the header
      end
      if reason then
        reasons[reason] = (reasons[reason] or 0) + 1
      elseif row and row.date > "2024-12-31" then
        late = late + 1
      elseif row then
        row.order = i
        rows[#rows + 1] = row
      end
    end
    table.sort(rows, function(a, b)
      local x, y = tonumber(a.customer), tonumber(b.customer)
      if x ~= y then
        return x < y
      elseif a.date ~= b.date then
        return a.date < b.date
      end
      return a.order < b.order
    end)
    return rows, reasons, late
  end

  it("holds what a slow oracle makes of the same file", function()
    local random, compared, seen = generator(11), 0, {}
    for _ = 1, 40 do
      local text = orders_csv(random):gsub('"open', "o")
      local path = folder {
        ["dataset.json"] = description,
        ["customers.csv"] = "id,age,vip,city,joined,remark,score,grade\n" ..
          "919,,,,,,,\n838,,,,,,,\n757,,,,,,,\n676,,,,,,,\n5,,,,,,,\n",
        ["orders.csv"] = text,
      }
      local d = assert(load.dataset { path = path, threads = 2, chunk = 100 })
      local rows, reasons, late = oracle(text, { ["919"] = 1, ["838"] = 1, ["757"] = 1,
        ["676"] = 1 })
      local t, source = d.transactions, d.source[2]
      assert.are.same(reasons, source.reasons)
      assert.are.equal(late, source.after_as_of)
      assert.are.equal(#rows, t.n)
      assert.are.same({ "note", "date", "amount", "quantity" }, t.names)
      local ids = d.people.column.customer
      for customer = 1, d.customers do
        for i = t.start[customer] + 1, t.start[customer + 1] do
          assert.are.equal(rows[i].customer, ids[customer])
          for _, name in ipairs(t.names) do
            assert.are.equal(rows[i][name], t.column[name][i], name)
            compared = compared + 1
          end
        end
      end
      for reason in pairs(reasons) do
        seen[reason] = true
      end
    end
    assert.is_true(compared > 1000)
    for _, reason in ipairs { "no amount", "no integer", "no date", "no such date", "empty field",
      "no such customer", "quote out of place", "too few fields" } do
      assert.is_true(seen[reason], reason)
    end
  end)

  it("does not show the order of the input, within a day of a customer apart", function()
    local rows, want = {}, nil
    for i = 1, 200 do
      rows[i] = ("%d,2024-%02d-%02d,%d\n"):format(i % 7, i // 28 + 1, i % 28 + 1, i)
    end
    local random = generator(3)
    for _ = 1, 5 do
      local path = folder { ["t.csv"] = "customer,date,amount\n" .. table.concat(rows) }
      local hash = load.dataset { path = path .. "/t.csv", threads = 2,
        chunk = 64 }.transactions.hash
      want = want or hash
      assert.are.equal(want, hash)
      for i = #rows, 2, -1 do
        local k = random(i)
        rows[i], rows[k] = rows[k], rows[i]
      end
    end
  end)

  it("keeps types, missing values and names of all columns", function()
    local path = folder {
      ["dataset.json"] = description,
      ["customers.csv"] = "id,age,vip,city,joined,remark,score,grade\n" ..
        '10,41,yes,Oslo,1.2.2020,"two\nlines",1.5,low\n' ..
        '9,,no,,,,,\n11,-3,是,北京,31.12.1999,x,-2e3,high\n',
      ["orders.csv"] = "note,who,on,paid,quantity,skipped\n,10,2024-01-01,3,1,\n",
    }
    local d = assert(load.dataset { path = path })
    local c = d.people.column
    assert.are.same({ "customer", "age", "vip", "city", "joined", "remark", "score", "grade" },
      d.people.names)
    assert.are.same({ "9", "10", "11" }, { c.customer[1], c.customer[2], c.customer[3] })
    local function values(name)
      return { c[name].type, c[name].missing, c[name][1], c[name][2], c[name][3] }
    end
    assert.are.same({ "integer", 1, false, "41", "-3" }, values("age"))
    assert.are.same({ "flag", 0, "false", "true", "true" }, values("vip"))
    assert.are.same({ "label", 1, false, "Oslo", "北京" }, values("city"))
    assert.are.same({ "date", 1, false, "2020-02-01", "1999-12-31" }, values("joined"))
    assert.are.same({ "text", 1, false, "two\nlines", "x" }, values("remark"))
    assert.are.same({ "number", 1, false, "1.5", "-2000" }, values("score"))
    assert.are.same({ "label", 1, false, "low", "high" }, values("grade"))
    assert.are.equal(3, c.grade.labels) -- the closed set, whether used or not
    assert.are.equal("date", d.transactions.date)
    assert.are.same({ 0, 0, 1, 1 }, d.transactions.start)
  end)

  it("orders customers by number if all ids are plain integers, else by bytes", function()
    local function ids(...)
      local text = "customer\n" .. table.concat({ ... }, "\n") .. "\n"
      local path = folder { ["customers.csv"] = text }
      local c = assert(load.dataset { path = path, threads = 2, chunk = 3 }).people.column.customer
      return table.concat(c, " ")
    end
    assert.are.equal("0 2 10 9007199254740993", ids("10", "2", "9007199254740993", "0"))
    assert.are.equal("007 10 2", ids("10", "2", "007"))
    assert.are.equal("10 2 a", ids("10", "2", "a"))
    assert.are.equal("12345678901234567890 123456789012345678901 b", ids("b",
      "123456789012345678901", "12345678901234567890"))
    assert.are.equal("1234567890123456789 12345678901234567890 12345678901234567891",
      ids("12345678901234567891", "12345678901234567890", "1234567890123456789"))
    assert.are.equal("C C00000001 C000000010 C0000000100 C00000002", ids("C00000002", "C000000010",
      "C", "C0000000100", "C00000001"))
    assert.are.equal("20000000000 20000000001 200000000000", ids("200000000000", "20000000001",
      "20000000000"))
    assert.are.equal("客户 customer-000001 customer-000002",
      ids("customer-000002", "客户", "customer-000001"):gsub("^(.*) (客户)$", "%2 %1"))
  end)

  it("tells whose the rows are when there is no customers table", function()
    local path = folder {
      ["transactions.csv"] = "customer,date,amount\nb,2024-01-02,1\n" ..
        "a,2024-01-03,2\nb,2024-01-01,3\n",
      ["events.csv"] = "customer,date,type\nc,2024-01-05,complaint\na,2024-01-04,visit\n",
    }
    local d = assert(load.dataset { path = path, threads = 2, chunk = 10 })
    assert.are.same({ "a", "b", "c" }, { table.unpack(d.people.column.customer, 1, 3) })
    assert.are.same({ 0, 1, 3, 3 }, d.transactions.start)
    assert.are.same({ 0, 1, 1, 2 }, d.events.start)
    assert.are.same({ "2.00", "3.00", "1.00" }, { table.unpack(d.transactions.column.amount, 1,
      3) })
    assert.are.same({ "visit", "complaint" }, { table.unpack(d.events.column.type, 1, 2) })
    assert.are.equal(base.date("2024-01-05", "YYYY-MM-DD"), d.as_of)
  end)

  it("does not know customers whose rows are all rejected or too late", function()
    local path = folder {
      ["t.csv"] = "customer,date,amount\nearly,2024-01-01,1\nbad,2024-01-01,x\nlate,2024-06-01,1\n",
    }
    local d = assert(load.dataset { path = path .. "/t.csv", as_of = "2024-03-01" })
    assert.are.equal(1, d.customers)
    assert.are.equal(1, d.source[1].after_as_of)
    assert.are.same({ "early" }, { d.people.column.customer[1] })
  end)

  it("keeps tables without customers in their order", function()
    local path = folder {
      ["products.csv"] = "product,category\nz,1\na,2\nm,1\n",
      ["transactions.csv"] = "customer,date,amount\nb,2024-01-02,1\n",
    }
    local d = assert(load.dataset { path = path, chunk = 4, threads = 2 })
    assert.is_nil(d.products.start)
    assert.are.same({ "z", "a", "m" }, { table.unpack(d.products.column.product, 1, 3) })
  end)

  it("computes the amount from price and quantity where it is missing", function()
    local path = folder {
      ["t.csv"] = "客户编号,日期,单价,数量\n1,2024-01-01,2.55,6\n1,2024-01-02,0.385,10\n" ..
        "1,2024-01-03,4,-1\n1,2024-01-04,,1\n1,2024-01-05,1e300,1\n",
    }
    local d = assert(load.dataset { path = path .. "/t.csv" })
    assert.are.same({ "15.30", "3.85", "-4.00" },
      { table.unpack(d.transactions.column.amount, 1, 3) })
    assert.are.same({ ["empty field"] = 1, ["no amount"] = 1 }, d.source[1].reasons)
  end)

  it("rounds money half to even and says so", function()
    local path = folder {
      ["t.csv"] = "customer,date,amount\n1,2024-01-01,0.125\n1,2024-01-02,0.135\n1,2024-01-03,1\n",
    }
    local d = assert(load.dataset { path = path .. "/t.csv" })
    assert.are.same({ "0.12", "0.14", "1.00" },
      { table.unpack(d.transactions.column.amount, 1, 3) })
    assert.are.same({ "amount is rounded to 2 decimals in 2 of 3 rows" }, d.source[1].notes)
  end)

  it("finds its customers among many, and drops the rows of others", function()
    local random = generator(13)
    local function id(i)
      local forms = { "%d", "C%07d", "C%08d", "C%09d", "C%010d", "C%011d", "customer-%07d",
        "a customer with a name longer than most: number %07d" }
      return forms[i % #forms + 1]:format(i)
    end
    local people, rows, want, unknown, sorted = { "customer\n" }, {}, {}, 0, {}
    for i = 1, 9000 do
      people[#people + 1] = id(i) .. "\n"
      want[id(i)] = {}
      sorted[i] = id(i)
    end
    table.sort(sorted)
    for i = 1, 20000 do
      local customer = id(random(10000))
      local note, flag, number = ("n"):rep(i % 5), i % 3 == 0 and "yes" or "no", i % 7
      rows[i] = ("%s,2024-01-01,%d,%s,%s,%s\n"):format(note, i, customer, flag,
        number > 0 and number or "")
      if want[customer] then
        table.insert(want[customer], { note, ("%d.00"):format(i),
          flag == "yes" and "true" or "false",
          number > 0 and tostring(number) })
      else
        unknown = unknown + 1
      end
    end
    local path = folder {
      ["customers.csv"] = table.concat(people),
      ["t.csv"] = "note,date,amount,customer,flag,number\n" .. table.concat(rows),
      ["dataset.json"] = [[{ "tables": { "customers": { "file": "customers.csv" },
        "transactions": { "file": "t.csv", "columns": { "note": "text", "flag": "flag" } } } }]],
    }
    local hash
    for threads = 1, 2 do
      local d = assert(load.dataset { path = path, threads = threads, chunk = 5000 })
      local t = d.transactions
      assert.are.same({ ["no such customer"] = unknown }, d.source[2].reasons)
      assert.are.equal(20000 - unknown, t.n)
      assert.are.equal(hash or t.hash, t.hash)
      hash = t.hash
      assert.are.equal(table.concat(sorted, " "), table.concat(d.people.column.customer, " "))
      for customer, name in ipairs(d.people.column.customer) do
        local first = t.start[customer]
        assert.are.equal(#want[name], t.start[customer + 1] - first)
        for k, row in ipairs(want[name]) do
          local c = t.column
          local i = first + k
          assert.are.same(row, { c.note[i] or "", c.amount[i], c.flag[i], c.number[i] })
        end
      end
    end
  end)

  it("runs out of memory anywhere without harm", function()
    local path = folder {
      ["dataset.json"] = description,
      ["customers.csv"] = customers_csv(generator(5)),
      ["orders.csv"] = orders_csv(generator(6)):gsub('"open', "o"),
    }
    local rejects = path .. "/rejects.csv"
    local want = assert(load.dataset { path = path, threads = 1 })
    local failed, n = 0, 1
    repeat
      for threads = 1, 2 do
        local d, message, status = load.dataset {
          path = path, threads = threads, chunk = 700, rejects = rejects, fail_at = n,
        }
        if d then
          assert.are.equal(want.transactions.hash, d.transactions.hash)
          assert(os.remove(rejects))
        else
          failed = failed + 1
          assert.are.equal("out of memory", message)
          assert.are.equal(3, status)
          assert.is_nil(io.open(rejects))
        end
      end
      n = n + (n < 200 and 1 or 7)
    until load.dataset { path = path, chunk = 700, fail_at = n }
    assert.is_true(failed > 100)
  end)

  it("runs out of memory without harm in JSON and another encoding, too", function()
    local path = folder {
      ["dataset.json"] = [[{"tables":{"customers":{"file":"c.json","encoding":"GB18030"},
        "events":{"file":"e.ndjson"}}}]],
      ["c.json"] = '[{"id":"\xd5\xc5","n":1},\n{"id":"b\\u0041","n":1e2,"x":[]}]',
      ["e.ndjson"] = '{"customer":"\\u5f20","date":"2024-01-01","type":"a"}\n{"type":"b"\n',
    }
    local failed, n = 0, 1
    repeat
      local d, message, status = load.dataset { path = path, chunk = 30, threads = 2, fail_at = n }
      if not d then
        failed = failed + 1
        assert.are.same({ "out of memory", 3 }, { message, status })
      end
      n = n + 1
    until d and n > 200
    assert.is_true(failed > 100)
  end)

  it("lives in a region that can be moved", function()
    local path = folder {
      ["dataset.json"] = description,
      ["customers.csv"] = customers_csv(generator(5)):gsub("maybe", "y"):gsub(",x,", ",9,")
        :gsub("30%.2%.", "3.2."):gsub("1,5", "1.25"):gsub("top", "mid"),
      ["orders.csv"] = "note,who,on,paid,quantity,skipped\n",
    }
    local d = assert(load.dataset { path = path })
    local people, message = load.moved(path)
    assert.are_not.equal(d.people.hash, people.hash) -- of the region, which has its sums now
    people.hash = d.people.hash
    assert.are.same(d.people, people)
    assert.matches("is damaged: the directory of a table", message)
  end)
end)
