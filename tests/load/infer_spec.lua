-- What is found out without a dataset.json: tables, roles, types, date formats; and that the
-- description of it, saved as dataset.json, loads to the same.
local load = require("patron_core").load
local folder = require("load.folder")

local function described(path)
  local d = assert(load.dataset { path = path })
  local out = {}
  for header, said in d.description:gmatch('\n        ("[^\n]-"): (%b{})') do
    out[header:sub(2, -2)] = said
  end
  return out, d
end

local function csv(text, name)
  return folder { [name or "data.csv"] = text } .. "/" .. (name or "data.csv")
end

-- The types of further columns of a customers file with these values, one a row.
local function type_of(...)
  local rows = { "customer,x\n" }
  for i, value in ipairs { ... } do
    rows[#rows + 1] = ("%d,%s\n"):format(i, value)
  end
  return described(csv(table.concat(rows))).x:match('"type":"(%a+)"')
end

describe("without a dataset.json", function()
  it("usual headers are recognised, in English and Chinese", function()
    local spellings = {
      { "customer_id,order_date,revenue", "1,2024-01-02,3" },
      { "Customer ID,Invoice-Date,Total Amount", "1,2024-01-02,3" },
      { "CustomerID,InvoiceDate,sales", "1,2024-01-02,3" },
      { "客户编号,日期,金额", "1,2024-01-02,3" },
      { "会员卡号,下单时间,实付金额（元）", "1,2024-01-02 10:00,3" },
      { "客户ID,交易日期,金额(元)", "1,2024/1/2,3" },
    }
    for _, case in ipairs(spellings) do
      local d = assert(load.dataset { path = csv(case[1] .. "\n" .. case[2] .. "\n") }, case[1])
      assert.are.same({ "date", "amount" }, d.transactions.names, case[1])
      assert.are.equal("2024-01-02", d.transactions.column.date[1])
      assert.are.equal("3.00", d.transactions.column.amount[1])
      assert.are.equal("1", d.people.column.customer[1])
      assert.is_true(d.inferred)
    end
  end)

  it("further roles are recognised, and any other column keeps its name", function()
    local d = assert(load.dataset {
      path = csv("客户编号,日期,金额,数量,商品,类别,渠道,订单号,备注,store " ..
        "no.\n" ..
        "7,2024-01-02,3,2,苹果,水果,门店,A1,好,4\n"),
    })
    assert.are.same({ "date", "amount", "quantity", "product", "category", "channel", "order",
      "备注", "store no." }, d.transactions.names)
  end)

  it("the best spelling gets the role, others stay what they are", function()
    local d = assert(load.dataset {
      path = csv("member,customer,total,amount,order_date,time\nm,1,9,3,2024-01-02,noon\n"),
    })
    assert.are.same({ "member", "total", "amount", "date", "time" }, d.transactions.names)
    assert.are.equal("3.00", d.transactions.column.amount[1])
  end)

  it("what was recognised is said", function()
    local path = csv("CustomerID,date,sales\n1,24/12/2023,3\n")
    local d = assert(load.dataset { path = path })
    assert.are.equal(path .. ": read as transactions: customer = 'CustomerID', date = 'date' " ..
      "(D/M/YYYY), amount = 'sales'", d.note[1])
    assert.are.equal("as of 2023-12-24, the latest date in the data", d.note[2])
  end)

  it("a file that has ids, but neither dates nor amounts, lists customers", function()
    local d = assert(load.dataset { path = csv("id,vip\n2,yes\n1,no\n") })
    assert.are.equal("customers", d.source[1].table)
    assert.are.same({ "customer", "vip" }, d.people.names)
    assert.are.equal(2, d.customers)
  end)

  it("files of a folder are taken by their names", function()
    local d = assert(load.dataset {
      path = folder {
        ["customers.csv"] = "id\n1\n", ["events.csv"] = "customer,date,type\n1,2024-01-01,x\n",
        ["readme.csv"] = "this is, nothing\n",
      },
    })
    assert.are.equal(1, d.events.n)
    assert.are.equal(2, #d.source)
  end)

  it("a single file of a folder is what its headers say, whatever its name", function()
    local d = assert(load.dataset {
      path = folder { ["export 7.csv"] = "customer,date,amount\n1,2024-01-01,3\n" },
    })
    assert.are.equal(1, d.transactions.n)
  end)

  it("types are what every value fits", function()
    assert.are.equal("integer", type_of("1", "-7", "0", "9007199254740993"))
    assert.are.equal("integer", type_of("0", "1", "1"))
    assert.are.equal("number", type_of("1", "2.5", "-1e3", "0.5"))
    assert.are.equal("flag", type_of("yes", "no", "YES"))
    assert.are.equal("flag", type_of("true", "", "false"))
    assert.are.equal("flag", type_of("是", "否"))
    assert.are.equal("date", type_of("2024-01-31", "1999-12-01"))
    assert.are.equal("date", type_of("31/1/2024", "1/2/2024"))
    assert.are.equal("date", type_of("2024年1月31日"))
    assert.are.equal("label", type_of("a", "b"))
    assert.are.equal("label", type_of("yes", "no", "perhaps"))
    assert.are.equal("label", type_of("", ""))
    assert.are.equal("label", type_of("1", "2", "x"))
  end)

  it("digits that a number would lose stay labels", function()
    assert.are.equal("label", type_of("007", "12"))
    assert.are.equal("label", type_of("+49", "12"))
    assert.are.equal("label", type_of("01.5", "12"))
    assert.are.equal("number", type_of("0.5", "-0.5"))
    assert.are.equal("number", type_of("9223372036854775808"))
  end)

  it("strings are labels when few differ, else texts, for any chunks and threads", function()
    local rows = { "customer,few,many,tenth\n" }
    for i = 1, 20000 do
      rows[#rows + 1] = ("%d,l%d,t%d,x%d\n"):format(i, i % 900, i, i % 1500)
    end
    local path = csv(table.concat(rows))
    local want
    for _, how in ipairs { { 1, 0 }, { 2, 1000 }, { 4, 7777 } } do
      local d = assert(load.dataset { path = path, threads = how[1], chunk = how[2] })
      local c = d.people.column
      assert.are.same({ "label", "text", "label" }, { c.few.type, c.many.type, c.tenth.type })
      want = want or d.people.hash
      assert.are.equal(want, d.people.hash)
    end
  end)

  it("a bad value among good ones does not change the type of amounts and quantities", function()
    local rows = { "customer,date,amount,quantity\n" }
    for i = 1, 30 do
      rows[#rows + 1] = ("%d,2024-01-%02d,%d.5,%d\n"):format(i, i, i, i)
    end
    rows[#rows + 1] = "1,2024-02-30,1,1\n1,2024-01-01,x,1\n1,2024-01-01,1,x\n"
    local d = assert(load.dataset { path = csv(table.concat(rows)) })
    assert.are.equal("integer", d.transactions.column.quantity.type)
    assert.are.same({ ["no such date"] = 1, ["no amount"] = 1, ["no integer"] = 1 },
      d.source[1].reasons)
  end)

  it("a nearly numeric column is said to be one", function()
    local rows = { "customer,age\n" }
    for i = 1, 30 do
      rows[#rows + 1] = ("%d,%s\n"):format(i, i == 9 and "gone" or i)
    end
    local d = assert(load.dataset { path = csv(table.concat(rows)) })
    assert.are.equal("label", d.people.column.age.type)
    assert.matches("column 'age' is no number, because not all of its values are", d.note[1], 1,
      true)
  end)

  it("dates of a further column that can be read in two ways stay labels, and it is said",
    function()
    local d = assert(load.dataset { path = csv("customer,born\n1,3/4/1980\n2,5/6/1990\n") })
    assert.are.equal("label", d.people.column.born.type)
    assert.matches("column 'born' has dates whose day and month cannot be told apart", d.note[1], 1,
      true)
  end)

  it("every usual date format is found", function()
    for _, case in ipairs {
      { "2024-03-25", "YYYY-MM-DD" }, { "2024-3-25", "YYYY-M-D" }, { "2024/3/25", "YYYY/M/D" },
      { "2024.03.25", "YYYY.M.D" }, { "20240325", "YYYYMMDD" }, { "25.3.2024", "D.M.YYYY" },
      { "2024年3月25日", "YYYY年M月D日" }, { "25/03/2024", "D/M/YYYY" },
      { "03/25/2024", "M/D/YYYY" }, { "25-3-2024", "D-M-YYYY" }, { "3-25-2024", "M-D-YYYY" },
    } do
      local said, d = described(csv("customer,date,amount\n1," .. case[1] .. ",3\n"))
      assert.matches(('"format":"%s"'):format(case[2]), said.date, 1, true)
      assert.are.equal("2024-03-25", d.transactions.column.date[1])
    end
  end)

  it("the description, saved as dataset.json, loads to the same", function()
    local path = folder {
      ["customers.csv"] = "ID,vip,born,score,age,name,\"a \"\"quoted\"\" header\"\n" ..
        "1,yes,25.12.1980,1.5,7,Li,x\n2,no,,,,王,y\n",
      ["transactions.csv"] = "客户编号,日期,单价,数量,备注\n1,2024年1月2日,2.5,3,\"a\nb\"\n2,2024年11月2日,1,1,\n",
      ["events.csv"] = "customer,date,type,value\n1,2024-01-02,visit,1\n1,2024-01-01,call,2.5\n",
    }
    local first = assert(load.dataset { path = path })
    assert.is_true(first.inferred)
    local file = assert(io.open(path .. "/dataset.json", "w"))
    file:write(first.description)
    file:close()
    local second = assert(load.dataset { path = path })
    assert.is_false(second.inferred)
    for _, name in ipairs { "people", "transactions", "events" } do
      assert.are.same(first[name], second[name])
    end
    assert.are.equal(first.as_of, second.as_of)
    assert.are.equal(first.name, second.name)
    assert.are.equal(first.description, second.description)
  end)

  it("labels that were said to be a closed set stay one", function()
    local json = '{"name":"n","currency":"JPY","date_formats":["D.M.YYYY"],' ..
      '"decimal":",","delimiter":";",' ..
      '"tables":{"transactions":{"file":"t.csv","columns":{"channel":{"values":["web","shop"]},' ..
      '"x":{"ignore":true}}}}}'
    local path = folder {
      ["dataset.json"] = json, ["t.csv"] = "customer;date;amount;channel;x\n1;5.1.2024;3,5;web;1\n",
    }
    local first = assert(load.dataset { path = path })
    local file = assert(io.open(path .. "/dataset.json", "w"))
    file:write(first.description)
    file:close()
    assert.are.same(first.transactions, assert(load.dataset { path = path }).transactions)
    assert.are.equal("4", first.transactions.column.amount[1])
    assert.are.equal(2, first.transactions.column.channel.labels)
    assert.are.equal("2024-01-05", first.transactions.column.date[1])
  end)
end)
