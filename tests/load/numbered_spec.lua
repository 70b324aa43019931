-- Customers without ids: a row's number in its file is the customer.
local load = require("patron_core").load
local folder = require("load.folder")
local data = require("data")

local function describe_as(file, more)
  return ('{ "tables": { "customers": { "file": "%s", "numbered": true%s } } }'):format(file,
    more or "")
end

local function refusal(files)
  local d, message, status = load.dataset { path = folder(files) }
  assert.is_nil(d)
  assert.are.equal(1, status)
  return (message:gsub("/[^ ]*/lua_[^ /]*/", ""))
end

local function ids(d)
  return { table.unpack(d.people.column.customer, 1, d.customers) }
end

describe("numbered customers", function()
  it("are the numbers of the rows, and that is said", function()
    local d = assert(load.dataset { path = folder {
      ["dataset.json"] = describe_as("c.csv"), ["c.csv"] = "age,city\n41,Oslo\n,Rome\n7,Bonn\n",
    } })
    assert.are.same({ "1", "2", "3" }, ids(d))
    assert.are.same({ "Oslo", "Rome", "Bonn" }, { table.unpack(d.people.column.city, 1, 3) })
    assert.are.same({ "no column names the customer: rows are numbered" }, d.source[1].notes)
    assert.matches('"numbered": true', d.description, 1, true)
  end)

  it("count the rejected rows, for any chunk and number of threads", function()
    local rows, want, ages = { "age,note" }, {}, {}
    for i = 1, 300 do
      local bad = i % 7 == 0
      rows[#rows + 1] = bad and (i % 2 == 0 and "x,1" or "1,2,3") or i * 3 .. ',"two\nlines"'
      if not bad then
        want[#want + 1] = tostring(i)
        ages[#ages + 1] = tostring(i * 3)
      end
    end
    local path = folder {
      ["dataset.json"] = describe_as("c.csv", ', "columns": { "age": "integer" }'),
      ["c.csv"] = table.concat(rows, "\n") .. "\n",
    }
    for _, how in ipairs { { 1, 1 << 20 }, { 1, 7 }, { 2, 50 }, { 4, 333 } } do
      local d = assert(load.dataset { path = path, threads = how[1], chunk = how[2] })
      assert.are.same(want, ids(d))
      for i, age in ipairs(ages) do
        assert.are.equal(age, tostring(d.people.column.age[i]))
      end
    end
  end)

  it("stand in JSON, too", function()
    local d = assert(load.dataset { path = folder {
      ["dataset.json"] = describe_as("c.ndjson"),
      ["c.ndjson"] = '{"age":3}\n{"age":[]}\n{"age":5}\n',
    } })
    assert.are.same({ "1", "3" }, ids(d))
  end)

  it("can be named by the rows of other tables", function()
    local d = assert(load.dataset { path = folder {
      ["dataset.json"] = [[{ "tables": { "customers": { "file": "c.csv", "numbered": true },
        "transactions": { "file": "t.csv" } } }]],
      ["c.csv"] = "age\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n",
      ["t.csv"] = "customer,date,amount\n10,2024-01-01,1\n2,2024-01-02,2\n11,2024-01-01,3\n",
    } })
    assert.are.same({ 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2 }, d.transactions.start)
    assert.are.same({ ["no such customer"] = 1 }, d.source[2].reasons)
  end)

  it("are never assumed", function()
    assert.are.equal("customers.csv:1:1: no column of this customers file is recognised as the " ..
      'customer; its headers are kunde, age. To say which one it is, write a dataset.json ' ..
      'beside it, { "tables": { "customers": { "file": "customers.csv", "columns": { "HEADER": ' ..
      '{ "as": "customer" } } } } }, and give the folder ("customers" for a file that lists ' ..
      'them, one a row); customers who have no ids are "numbered": true',
      refusal { ["customers.csv"] = "kunde,age\nA,1\n" })
    assert.matches('customers who have no ids are "numbered": true$',
      refusal { ["x.csv"] = "age,visits\n1,2\n" })
  end)

  it("are no other table's rows", function()
    assert.are.equal('dataset.json:1:62: only "customers" can be numbered; the rows of other ' ..
      "tables must say whose they are", refusal {
      ["dataset.json"] = '{ "tables": { "transactions": { "file": "t.csv", "numbered": true } } }',
      ["t.csv"] = "date,amount\n2024-01-01,1\n",
    })
    assert.not_matches("numbered", refusal {
      ["dataset.json"] = '{ "tables": { "transactions": { "file": "t.csv" } } }',
      ["t.csv"] = "date,amount\n2024-01-01,1\n",
    })
    assert.are.equal("dataset.json:1:59: this must be true or false", refusal {
      ["dataset.json"] = '{ "tables": { "customers": { "file": "t.csv", "numbered": 1 } } }',
      ["t.csv"] = "age\n1\n",
    })
  end)

  it("have no ids beside their numbers", function()
    assert.are.equal("c.csv:1:5: column 'Id' names the customer, so that nothing is to be " ..
      'numbered; take "numbered" out of dataset.json, or give the column another name with "as"',
      refusal { ["dataset.json"] = describe_as("c.csv"), ["c.csv"] = "age,Id\n1,A\n" })
    local d = assert(load.dataset { path = folder {
      ["dataset.json"] = describe_as("c.csv", ', "columns": { "Id": { "as": "parcel" } }'),
      ["c.csv"] = "age,Id\n1,A\n",
    } })
    assert.are.same({ "1" }, ids(d))
    assert.are.equal("A", d.people.column.parcel[1])
  end)

  it("are those of a shop's experiment", function()
    local path = data("campaigns/hillstrom.csv")
    if not path then
      pending("campaigns/hillstrom.csv is not here")
      return
    end
    local file = assert(io.open(path))
    local text = file:read("a")
    file:close()
    local d = assert(load.dataset { threads = 2, chunk = 10000, path = folder {
      ["dataset.json"] = describe_as("c.csv"), ["c.csv"] = text,
    } })
    assert.are.equal(64000, d.customers)
    assert.are.equal("64000", d.people.column.customer[64000])
    local n = {}
    for _, arm in ipairs(d.people.column.segment) do
      n[arm] = (n[arm] or 0) + 1
    end
    assert.are.same({ ["Mens E-Mail"] = 21307, ["Womens E-Mail"] = 21387, ["No E-Mail"] = 21306 },
      n)
  end)
end)
