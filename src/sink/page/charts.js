"use strict";
// Pictures, by Chart.js. A canvas has one size everywhere, and enough points to be printed; shades
// and dashes differ without colour, too.

const INK = "#1b2733", DARK = "#1f4e79", MIDDLE = "#c8702a", LIGHT = "#a9c1d6", PALE = "#8a95a0",
  GRID = "#e3e8ec";
const LINES = [
  { borderColor: DARK, borderDash: [], pointStyle: "circle" },
  { borderColor: MIDDLE, borderDash: [7, 3], pointStyle: "triangle" },
  { borderColor: "#4f9a94", borderDash: [2, 2], pointStyle: "rect" },
  { borderColor: "#7a3b69", borderDash: [9, 3, 2, 3], pointStyle: "rectRot" },
  { borderColor: "#6b7681", borderDash: [4, 4], pointStyle: "star" },
  { borderColor: "#b3902f", borderDash: [12, 4], pointStyle: "crossRot" },
];

Object.assign(Chart.defaults, { animation: false, responsive: false, devicePixelRatio: 3 });
Chart.defaults.color = INK;
Chart.defaults.font.size = 12;
Chart.defaults.font.family = "system-ui, 'Helvetica Neue', Arial, sans-serif";
Object.assign(Chart.defaults.plugins.legend.labels, { usePointStyle: true, boxWidth: 9,
  boxHeight: 9, padding: 14 });
Chart.defaults.scale.grid.color = GRID;

function line_style(i) {
  const line = LINES[i % LINES.length], turn = Math.floor(i / LINES.length);
  return { ...line, backgroundColor: line.borderColor,
    pointStyle: LINES[(i + turn) % LINES.length].pointStyle };
}

const faint = (colour) => colour + "38";

const LEVELS = 3;
const room = (list) => 8 + 12 * Math.min(list.length, LEVELS);

// Lines across a picture at a value of x, { at, name }, and behind it zones, { from, to, name }.
const rulers = (list) => ({
  id: "rulers",
  beforeDatasetsDraw({ ctx, chartArea: area, scales: { x } }) {
    ctx.save();
    ctx.fillStyle = "#e8ecf0";
    for (const { from, to } of list.filter((r) => r.to !== undefined)) {
      const left = Math.max(x.getPixelForValue(from), area.left);
      const right = Math.min(x.getPixelForValue(to), area.right);
      ctx.fillRect(left, area.top, Math.max(right - left, 0), area.bottom - area.top);
    }
    ctx.restore();
  },
  afterDatasetsDraw({ ctx, chartArea: area, scales: { x } }) {
    const named = []; // { level, left, right }
    ctx.save();
    ctx.font = "11px " + Chart.defaults.font.family;
    ctx.fillStyle = ctx.strokeStyle = INK;
    for (const r of list) {
      const at = x.getPixelForValue(r.at ?? (r.from + r.to) / 2);
      if (!(at >= area.left - 1 && at <= area.right + 1))
        continue;
      if (r.at !== undefined)
        draw_ruler(ctx, area, at, r.at === 0);
      draw_name(ctx, area, at, r.name, named);
    }
    ctx.restore();
  },
});

function draw_ruler(ctx, area, x, solid) {
  ctx.setLineDash(solid ? [] : [4, 3]);
  ctx.beginPath();
  ctx.moveTo(x, area.top - 2);
  ctx.lineTo(x, area.bottom);
  ctx.stroke();
}

// Above the picture, on the first level where no other name stands in the way.
function draw_name(ctx, area, x, name, named) {
  const width = ctx.measureText(name).width;
  const left = x > (area.left + area.right) / 2 ? x - width : x, right = left + width;
  const meets = (n) => left < n.right + 6 && n.left < right + 6;
  let level = 0;
  while (level < LEVELS - 1 && named.some((n) => n.level === level && meets(n)))
    level++;
  named.push({ level, left, right });
  ctx.fillText(name, left, area.top - 5 - 12 * level);
}

function axis(title, options = {}) {
  return { ...options, title: { display: Boolean(title), text: title },
    ticks: { callback: compact, maxTicksLimit: 9, ...options.ticks } };
}

// A name on as many lines as it needs, three at most.
function wrapped(name) {
  const lines = [""];
  for (const word of name.split(/\s+/)) {
    if (lines[lines.length - 1] && (lines[lines.length - 1] + word).length > 26)
      lines.push("");
    lines[lines.length - 1] += (lines[lines.length - 1] && " ") + word;
  }
  const shown = lines.slice(0, 3).map((l) => (l.length > 30 ? l.slice(0, 29) + "…" : l));
  return lines.length > 3 ? [...shown.slice(0, 2), shown[2] + " …"] : shown;
}

// The figure of a picture. `says` is what it shows, for who doesn't see it; the table beside it has
// the figures.
function picture(says, size, list, config) {
  const canvas = make("canvas", { width: size[0], height: size[1], role: "img",
    "aria-label": says });
  config.plugins = [rulers(list)];
  config.options.layout = { padding: { top: room(list), right: 12 } };
  new Chart(canvas, config);
  return make("figure", {}, canvas, make("figcaption", {}, says));
}

const legend = (shown) => ({ display: shown, position: "bottom" });

const ROWS_MOST = 24;

// Bars to the right, one row a name. A value is a length, or [from, to].
function rows_picture(says, names, datasets, { unit, list = [], marks = [] }) {
  const labels = names.slice(0, ROWS_MOST).map(wrapped);
  const least = datasets.length > 1 ? 2 : 1.4;
  const lines = labels.reduce((sum, l) => sum + Math.max(l.length, least), 0);
  const shown = (d) => ({ ...d, data: d.data.slice(0, ROWS_MOST) });
  if (names.length > ROWS_MOST)
    says += ` The first ${ROWS_MOST} of ${names.length}.`;
  return picture(says, [720, 84 + room(list) + 18 * lines], list, {
    type: "bar",
    data: { labels, datasets: [
      ...marks.map((m) => ({ type: "line", showLine: false, pointRadius: 5, ...shown(m) })),
      ...datasets.map((d) => ({ maxBarThickness: 22, pointStyle: "rect", ...shown(d) })),
    ] },
    options: {
      indexAxis: "y",
      scales: { x: axis(unit), y: { ticks: { autoSkip: false }, grid: { display: false } } },
      plugins: { legend: legend(datasets.length + marks.length > 1) },
    },
  });
}

// Of each name the expectation, and the bar from 5 to 95 %.
function intervals_picture(says, names, ranges, unit) {
  return rows_picture(says, names,
    [{ label: "5% to 95%", data: ranges.map((r) => [r.p5, r.p95]), backgroundColor: LIGHT }],
    { unit, list: [{ at: 0, name: "0" }],
      marks: [{ label: "expected", data: ranges.map((r) => r.mean), backgroundColor: INK,
        borderColor: INK }] });
}

// The expectation as a line, and the band from 5% to 95%.
function band(name, x, ranges, style) {
  const points = (key) => ranges.map((r, i) => ({ x: x[i], y: r?.[key] ?? null }));
  const edge = { borderColor: "transparent", pointRadius: 0, band: true };
  return [
    { label: name, data: points("mean"), borderWidth: 2, pointRadius: x.length > 40 ? 0 : 3,
      ...style },
    { ...edge, label: name + ", 95%", data: points("p95"), fill: "+1",
      backgroundColor: faint(style.borderColor) },
    { ...edge, label: name + ", 5%", data: points("p5") },
  ];
}

// Lines over x, which are numbers; `more` is said of that axis.
function lines_picture(says, size, datasets, { x, y, list = [], more = {}, base = {} }) {
  const shown = datasets.filter((d) => !d.band).length > 1;
  return picture(says, size, list, {
    type: "line",
    data: { datasets },
    options: {
      scales: { x: axis(x, { type: "linear", ...more }), y: axis(y, { ...base,
        grid: { color: ({ tick }) => (tick?.value === 0 ? PALE : GRID) } }) },
      plugins: { legend: { ...legend(shown), labels: { filter: (item, data) =>
        !data.datasets[item.datasetIndex].band } } },
    },
  });
}
