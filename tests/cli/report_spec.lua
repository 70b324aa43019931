-- `patron simulate -o`: the page and the tables of a real run, against what --json prints.
local browser = require("browser")
local cli = require("cli")
local json = require("dkjson")

local verb = { "simulate", "samples/bank", "policies/card-retention.lua" }

local function simulate(...)
  return cli.run({ verb[1], verb[2], verb[3], ... })
end

local function exists(name)
  return cli.read(cli.folder() .. "/" .. name) ~= nil
end

-- Every number of a document, as a set.
local function numbers(x, out)
  for _, value in pairs(x) do
    if type(value) == "number" then
      out[value] = true
    elseif type(value) == "table" then
      numbers(value, out)
    end
  end
  return out
end

-- All figures in what a page shows, as a list.
local function figures(seen, out)
  for key, value in pairs(seen) do
    if type(value) == "table" and value.value then
      out[#out + 1] = tonumber(value.value)
    elseif type(value) == "table" and key ~= "pictures" then
      figures(value, out)
    end
  end
  return out
end

describe("simulate -o", function()
  after_each(cli.clean)

  it("writes a page that holds the very document of --json, and tables", function()
    local run = simulate("--json", "-o", "report.html", "-o", "tables")
    assert.equal(0, run.status, run.err)
    local html = cli.read(cli.folder() .. "/report.html")
    local held = html:match('<script type="application/json" id="run">(.*)</script>\n</body>')
    assert.equal(run.out:gsub("\n$", ""), (held:gsub("\\u003c", "<")))
    for _, name in ipairs({ "figures", "reach", "reasons", "campaigns", "inputs" }) do
      assert.is_true(exists("tables/" .. name .. ".csv"), name)
    end
    assert.is_false(exists("tables/months.csv"))
  end)

  it("shows figures of the document only, the net first", function()
    local lack = browser.lack()
    if lack then
      pending(lack)
    end
    local run = simulate("--json", "-o", "report.html", "--tornado", "--budget", "1000",
      "--vs", "policies/use-it-again.lua", "--sweep", "high_value=400..1200:3", "--months", "6",
      "--runs", "8", "--elasticity", "retention=+0.05")
    assert.equal(0, run.status, run.err)
    local document = json.decode(run.out, 1, nil)
    local seen, console = browser.look(cli.folder() .. "/report.html")
    assert.same({}, console)
    assert.equal(document.net.mean, tonumber(seen.headlines[1].value))
    local known, shown = numbers(document, {}), figures(seen, {})
    assert.is_true(#shown > 500, #shown)
    for _, x in ipairs(shown) do
      assert.is_true(known[x], x)
    end
    for _, id in ipairs({ "money", "distribution", "campaigns", "reach", "why_not", "tornado",
      "inputs", "budget", "sweep", "versus", "months" }) do
      assert.is_truthy(seen.sections[id], id)
      for _, picture in ipairs(seen.sections[id].pictures) do
        assert.is_true(picture.ink > 10000, picture.says)
      end
    end
    for _, c in ipairs(document.campaigns) do
      assert.is_truthy(json.encode(seen.sections.campaigns):find(c.campaign, 1, true))
    end
  end)

  it("says in a manifest what it wrote", function()
    simulate("-o", "tables/", "-o", "report.html", "--seed", "7")
    local manifest = json.decode(cli.read(cli.folder() .. "/report.html.manifest.json"), 1, nil)
    assert.equal(7, manifest.counts.seed)
    assert.equal(0.9, manifest.counts.intervals)
    assert.equal("report.html", manifest.outputs[1].file)
    assert.equal("tables/figures.csv", manifest.outputs[2].file)
    for _, output in ipairs(manifest.outputs) do
      local pipe = io.popen("sha256sum '" .. cli.folder() .. "/" .. output.file .. "'")
      assert.equal(output.sha256, pipe:read("a"):match("^%x+"), output.file)
      pipe:close()
    end
    simulate("-o", "alone/")
    assert.is_true(exists("alone.manifest.json") and exists("alone/figures.csv"))
  end)

  it("refuses what is neither a page nor a new folder, before it works", function()
    for name, said in pairs({
      ["rows.csv"] = "(a browser prints it), or a folder",
      ["report.pdf"] = "(a browser prints it)",
      ["-"] = "(a browser prints it), or a folder",
    }) do
      local run = simulate("-o", name)
      assert.equal(2, run.status)
      assert.is_truthy(run.err:find(said, 1, true), run.err)
    end
    local twice = simulate("-o", "a.html", "-o", "b.html")
    assert.equal(2, twice.status)
    assert.is_truthy(twice.err:find("two pages, 'a.html' and 'b.html'", 1, true), twice.err)
    local there = simulate("-o", "samples")
    assert.equal(1, there.status)
    assert.is_truthy(there.err:find("samples: is there already", 1, true), there.err)
  end)

  it("writes over nothing that it reads, and no file twice, whichever -o it is", function()
    local function refused(said, policy, ...)
      local run = cli.run({ "simulate", "samples/bank", policy, "--budget", "1000", ... })
      assert.equal(2, run.status, run.err)
      assert.is_truthy(run.err:find(said, 1, true), run.err)
    end
    local text = cli.read("policies/card-retention.lua")
    for _, name in ipairs({ "mine.html", "mine.html.manifest.json", "plan.csv.manifest.json" }) do
      cli.write(cli.folder() .. "/" .. name, text)
    end
    local read, twice = "this file is read; write to another one", "another option writes this file"
    refused("-o mine.html: " .. read, "mine.html", "-o", "mine.html", "-o", "tables")
    refused("-o mine.html: " .. read, verb[3], "--vs", "mine.html", "-o", "mine.html")
    refused("--plan plan.csv.manifest.json: " .. read, verb[3], "--vs",
      "plan.csv.manifest.json", "--plan", "plan.csv")
    refused("--rejects page.html: " .. twice, verb[3], "-o", "page.html", "-o", "tables",
      "--rejects", "page.html")
    refused("--rejects plan.csv.manifest.json: " .. twice, verb[3], "--plan", "plan.csv",
      "--rejects", "plan.csv.manifest.json")
    assert.equal(text, cli.read(cli.folder() .. "/mine.html"))
    assert.is_false(exists("tables/figures.csv"))
  end)

  it("leaves nothing behind when it fails", function()
    local run = cli.run({ verb[1], verb[2], "policies/no-such.lua", "-o", "page.html", "-o", "t" })
    assert.equal(1, run.status)
    assert.is_false(exists("page.html") or exists("t/figures.csv"))
    assert.equal(1, simulate("-o", "no/such/page.html").status)
  end)
end)
