"use strict";
// The page: its head, and its sections in their order. The run is a document of `patron simulate
// --json`.

const GRADES = {
  A: "rests on an experiment of the firm's own",
  B: "rests on the firm's own history",
  C: "rests on what somebody assumed or stated, so it is shown with two digits at most",
};

function headline(title, shown, note, loses) {
  return make("div", { class: loses ? "headline loss" : "headline" }, make("span", {}, title),
    make("b", {}, shown), make("span", {}, ...note));
}

function range_note(range, kind, grade) {
  return ["5% to 95%: ", figure(range.p5, kind, grade), " to ", figure(range.p95, kind, grade)];
}

function headlines(run) {
  const g = run.grade, m = (range) => range_note(range, money, g);
  return make("div", { class: "headlines" },
    headline(of_money(run, "Net earnings"), figure(run.net.mean, money, g), m(run.net),
      run.net.mean < 0),
    headline("Chance that it pays", figure(run.net.probability_positive, chance, g),
      ["the net is above 0"]),
    headline("Evidence", g ?? "–", [GRADES[g] ?? ""]),
    headline("Get an offer", figure(run.reach.offers, count),
      ["of ", figure(run.reach.customers, count), " customers"]),
    headline(of_money(run, "Cost"), figure(run.cost.total.mean, money, g), m(run.cost.total)),
    headline(of_money(run, "Earns"), figure(run.earns.mean, money, g), m(run.earns)));
}

function findings_section(run) {
  if (!run.findings?.length)
    return null;
  return [make("ul", {}, ...run.findings.map((f) => make("li", {},
    (f.file ? f.file + (f.line ? ":" + f.line : "") + ": " : "") + f.severity + ": " + f.text)))];
}

const SECTIONS = [
  ["money", "What it costs and earns", money_section],
  ["distribution", "How sure that is", distribution_section],
  ["campaigns", "Campaigns", campaigns_section],
  ["reach", "Who gets an offer", reach_section],
  ["why_not", "Who gets none, and why", why_not_section],
  ["tornado", "What decides", tornado_section],
  ["inputs", "What it rests on", inputs_section],
  ["budget", "Budget", budget_section],
  ["sweep", "What if", sweep_section],
  ["versus", "Against another policy", versus_section],
  ["months", "Over time", months_section],
  ["due", "Rewards and points", due_section],
  ["findings", "What to look at in the policy", findings_section],
];

function show(run) {
  const page = document.getElementById("page");
  document.title = run.policy + " – Patron";
  page.append(make("h1", {}, run.policy), about([run.data.name, "as of " + run.data.as_of,
    whole(run.data.customers) + " customers", whole(run.draws) + " draws",
    "seed " + run.seed].join(", ") + "."), headlines(run));
  for (const [id, title, build] of SECTIONS) {
    const parts = build(run);
    if (parts)
      page.append(make("section", { id }, make("h2", {}, title), ...parts));
  }
  page.append(make("footer", {}, "Made by patron simulate, whose figures stand in this file as a "
    + "JSON document (id \"run\"). Pictures: Chart.js " + Chart.version + ", MIT licence."));
}

document.addEventListener("DOMContentLoaded", () =>
  show(JSON.parse(document.getElementById("run").textContent)));
