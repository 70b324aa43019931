"use strict";
// Figures as text, and tables of them. Texts of the run reach the page as text, never as markup; a
// figure stands in a <data> element with what the run said as its value.

function make(tag, attributes, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {}))
    e.setAttribute(name, value);
  e.append(...children);
  return e;
}

// What only rests on what somebody assumed is shown with two digits.
const ASSUMED = "C";

function digits(options) {
  const format = new Intl.NumberFormat("en", options);
  return (x) => format.format(x);
}

const two_digits = digits({ minimumSignificantDigits: 2, maximumSignificantDigits: 2 });
const two = (x) => (Math.abs(x) < 5e-5 ? "0" : two_digits(x)); // as the verb has it
const whole = digits({ maximumFractionDigits: 0 });
const cents = digits({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
const four = digits({ maximumSignificantDigits: 4 });
const percent = digits({ style: "percent", maximumFractionDigits: 1 });
const rough = digits({ style: "percent", maximumSignificantDigits: 2 });
const compact = digits({ notation: "compact", maximumSignificantDigits: 3 });

// A chance that is neither 0 nor 1 is not shown as either.
const inside = (step, format) => (x) =>
  format(x > 0 && x < 1 ? Math.min(Math.max(x, step), 1 - step) : x);

// How to write a kind of figure that rests on evidence of a grade.
const count = () => whole;
const money = (grade) => (grade === ASSUMED ? two : (x) =>
  (x === 0 || Math.abs(x) >= 100 ? whole : cents)(x));
const chance = (grade) => (grade === ASSUMED ? inside(0.01, rough) : inside(0.001, percent));
const price = () => money(); // what something costs is known
const exact = () => digits({ maximumSignificantDigits: 15 }); // what somebody typed
const change = (grade) => (grade === ASSUMED ? rough : percent);
const amount = (grade) => (grade === ASSUMED ? two : four); // a rate, a price: whatever it is

function figure(value, kind, grade) {
  if (value === null || value === undefined)
    return "–";
  if (typeof value !== "number") // a param may be a text or a flag
    return String(value);
  return make("data", { value: String(value) }, kind(grade)(value));
}

// "1,200 (900 to 1,500)"
function between(range, kind, grade) {
  return make("span", {}, figure(range.mean, kind, grade), " (", figure(range.p5, kind, grade),
    " to ", figure(range.p95, kind, grade), ")");
}

// Columns are { title, of(row), kind }, without a kind a text; the first names the row.
function table(caption, columns, rows, grade_of) {
  const side = (c) => (c.kind ? "number" : "text");
  const head = columns.map((c) => make("th", { scope: "col", class: side(c) }, c.title));
  const body = rows.map((row) => make("tr", {}, ...columns.map((c, i) => {
    const x = c.of(row);
    const shown = c.kind ? figure(x, c.kind, grade_of ? grade_of(row) : null) : String(x ?? "");
    return make(i ? "td" : "th", { class: side(c), ...(i ? {} : { scope: "row" }) }, shown);
  })));
  const kept = rows.length <= 12 ? "scroll short" : "scroll"; // in one piece, on paper
  return make("div", { class: kept }, make("table", {}, make("caption", {}, caption),
    make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...body)));
}

// A long table, behind a line to open it.
function folded(caption, ...rest) {
  return make("details", {}, make("summary", {}, "Table: " + caption), table(caption, ...rest));
}

const AT_A_GLANCE = 30; // rows

function folded_if_long(caption, columns, rows, grade_of) {
  return (rows.length > AT_A_GLANCE ? folded : table)(caption, columns, rows, grade_of);
}

// Figures one under the other, [name, value, kind]; those that the run hasn't are left out.
function list_of(facts, grade) {
  const known = facts.filter(([, value]) => value !== undefined);
  const rows = known.map(([name, value, kind]) => make("tr", {},
    make("th", { scope: "row" }, name),
    make("td", { class: "number" }, figure(value, kind, grade))));
  return make("table", { class: "short" }, make("tbody", {}, ...rows));
}

// The columns of a range; and without its middle.
function range_columns(of, kind, name = "") {
  const column = (title, key) => ({ title: name + title, of: (row) => of(row)?.[key], kind });
  return [column("expected", "mean"), column("5%", "p5"), column("50%", "p50"),
    column("95%", "p95")];
}

function outer_columns(of, kind, name) {
  return range_columns(of, kind, name).filter((_, i) => i !== 2);
}

// ---- words --------------------------------------------------------------------------------------

const MEANING = { "(none)": "in none", "(undecided)": "not decided" };
const named = (name) => MEANING[name] ?? name;
const paragraph = (...what) => make("p", {}, ...what);
const about = (text) => make("p", { class: "about" }, text);

// "net, CNY"
const of_money = (run, name) => name + (run.currency ? ", " + run.currency : "");
