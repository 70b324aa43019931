-- Opens a page in headless Chromium, without a network, and says what is in it. Specs that need it
-- are pending where there is none: `sh .ci/install.sh judges`.
local cli = require("cli")
local json = require("dkjson")

local M = {}

local function quote(s)
  return "'" .. s:gsub("'", "'\\''") .. "'"
end

local function has(program)
  return (os.execute("command -v " .. program .. " >/dev/null"))
end

-- Why there is no looking at pages, or nil.
function M.lack(...)
  for _, program in ipairs({ "chromium", ... }) do
    if not has(program) then
      return program .. " is not installed"
    end
  end
end

-- Any attempt to reach a network would go to a proxy that is not there, and be reported.
local function chromium(options)
  local folder = cli.folder()
  local command = "timeout 200 chromium --headless=new --no-sandbox --disable-gpu"
    .. " --disable-dev-shm-usage --no-first-run --proxy-server=127.0.0.1:9"
    .. " --enable-logging=stderr --v=0 --user-data-dir=" .. quote(folder .. "/.chromium")
    .. " " .. options .. " >" .. quote(folder .. "/.dom") .. " 2>" .. quote(folder .. "/.log")
  os.execute(command)
  local console = {}
  for line in (cli.read(folder .. "/.log") or ""):gmatch("[^\n]+") do
    if line:find("CONSOLE", 1, true) then
      console[#console + 1] = line
    end
  end
  return cli.read(folder .. "/.dom"), console
end

-- What the page shows, told by itself: a script at its end writes it down. A cell of a table is its
-- text, or of a figure { value, text }; a picture is what the library was given, and how many of
-- its points are inked, in how many colours.
local probe = [[<script>
addEventListener("load", () => {
  const figures = (within, path) => [...within.querySelectorAll(path)].map((d) =>
    ({ value: d.value, text: d.textContent }));
  const cell = (c) => figures(c, "data")[0] ?? c.textContent;
  const picture = (canvas) => {
    const { labels, datasets } = Chart.getChart(canvas).data;
    const p = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    const colours = new Set();
    let ink = 0;
    for (let i = 0; i < p.length; i += 4)
      if (p[i + 3] > 0) {
        ink++;
        colours.add(p[i] << 16 | p[i + 1] << 8 | p[i + 2]);
      }
    return { says: canvas.getAttribute("aria-label"), labels, ink, colours: colours.size,
      datasets: datasets.map(({ label, data }) => ({ label, data })) };
  };
  const seen = { title: document.title, hacked: window.hacked ?? false, sections: {},
    images: document.images.length,
    titles: [...document.querySelectorAll("h2")].map((h) => h.textContent),
    headlines: figures(document, ".headlines data") };
  for (const s of document.querySelectorAll("section"))
    seen.sections[s.id] = {
      text: figures(s, "p data"),
      prose: [...s.querySelectorAll("p")].map((p) => p.textContent),
      tables: [...s.querySelectorAll("table")].map((t) =>
        [...t.tBodies[0].rows].map((r) => [...r.cells].map(cell))),
      pictures: [...s.querySelectorAll("canvas")].map(picture),
    };
  const pre = document.createElement("pre");
  pre.id = "seen";
  pre.textContent = JSON.stringify(seen);
  document.body.append(pre);
});
</script>]]

local entities = { ["&lt;"] = "<", ["&gt;"] = ">", ["&amp;"] = "&", ["&quot;"] = '"',
  ["&nbsp;"] = "\u{a0}" }

-- What the page at that path shows, and the lines of its console.
function M.look(path)
  local text = assert(cli.read(path))
  local probed = path:gsub("%.html$", "-probed.html")
  cli.write(probed, (text:gsub("</body>%s*</html>%s*$", function(tail)
    return probe .. tail
  end)))
  local dom, console = chromium("--virtual-time-budget=10000 --dump-dom " .. quote("file://"
    .. probed))
  local seen = dom:match('<pre id="seen">(.-)</pre>')
  assert(seen, "the page shows nothing: " .. table.concat(console, "\n"))
  return assert(json.decode((seen:gsub("&%w+;", entities)), 1, nil)), console
end

-- The page as printed: how many sheets, and their text.
function M.print(path)
  local pdf = cli.folder() .. "/page.pdf"
  chromium("--no-pdf-header-footer --print-to-pdf=" .. quote(pdf) .. " "
    .. quote("file://" .. path))
  local pipe = io.popen("pdftotext -layout " .. quote(pdf) .. " -")
  local text = pipe:read("a")
  pipe:close()
  local _, sheets = text:gsub("\f", "")
  return sheets, text
end

return M
