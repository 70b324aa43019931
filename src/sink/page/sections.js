"use strict";
// The sections of the page, in their order. Each is told the run, a document of `patron simulate
// --json`, and yields what stands under its title, or nothing: what a run has not is not shown.

const GRADES = {
  A: "rests on an experiment of the firm's own",
  B: "rests on the firm's own history",
  C: "rests on what somebody assumed or stated, so it is shown with two digits at most",
};

const MEANING = { "(none)": "in none", "(undecided)": "not decided" };
const named = (name) => MEANING[name] ?? name;
const paragraph = (...what) => make("p", {}, ...what);
const about = (text) => make("p", { class: "about" }, text);

// "net, CNY"
const of_money = (run, name) => name + (run.currency ? ", " + run.currency : "");

function headline(title, shown, note) {
  return make("div", { class: "headline" }, make("span", {}, title), make("b", {}, shown),
    make("span", {}, ...note));
}

function range_note(range, kind, grade) {
  return ["5% to 95%: ", figure(range.p5, kind, grade), " to ", figure(range.p95, kind, grade)];
}

function headlines(run) {
  const g = run.grade, m = (range) => range_note(range, money, g);
  return make("div", { class: "headlines" },
    headline(of_money(run, "Net earnings"), figure(run.net.mean, money, g), m(run.net)),
    headline("Chance that it pays", figure(run.net.probability_positive, chance, g),
      ["the net is above 0"]),
    headline("Evidence", g ?? "–", [GRADES[g] ?? ""]),
    headline("Get an offer", figure(run.reach.offers, count),
      ["of ", figure(run.reach.customers, count), " customers"]),
    headline(of_money(run, "Cost"), figure(run.cost.total.mean, money, g), m(run.cost.total)),
    headline(of_money(run, "Earns"), figure(run.earns.mean, money, g), m(run.earns)));
}

function money_section(run) {
  const g = run.grade, c = run.cost;
  const rows = [["Cost", c.total], ["– contacts", c.contact], ["– offers", c.offers],
    ["– of them to those who would have stayed or bought anyway", c.sure_things],
    ["Earns", run.earns], ["Net", run.net]];
  const facts = [
    ["Net in the worst 5 of 100 cases, on average", run.net.worst_5_percent, money],
    ["Chance that the net is above 0", run.net.probability_positive, chance],
    ["Net for each unit of cost", run.roi?.mean, amount],
    ["– at 5%", run.roi?.p5, amount],
    ["– at 95%", run.roi?.p95, amount],
    ["Months until it has paid for itself", run.payback_months, count],
    ["Error of the draws themselves, in the expected net", run.net.monte_carlo_error, money],
  ];
  return [
    table(of_money(run, "Amounts"), [{ title: "", of: (row) => row[0] },
      ...range_columns((row) => row[1], money)], rows, () => g),
    list_of(facts, g),
  ];
}

const rulers_of_net = (run) => [{ at: 0, name: "0" }, { at: run.net.p5, name: "5%" },
  { at: run.net.mean, name: "expected" }, { at: run.net.p95, name: "95%" }];

function distribution_section(run) {
  const d = run.distribution;
  if (!d?.counts?.length)
    return null;
  const bins = d.counts.map((n, i) => ({ from: d.edges[i], to: d.edges[i + 1], n }));
  const middle = (b) => (b.from + b.to) / 2;
  const says = "How often each net came out, of the draws. Pale: a loss.";
  return [
    picture(says, [720, 300], rulers_of_net(run), {
      type: "bar",
      data: { datasets: [{ label: "draws", data: bins.map((b) => ({ x: middle(b), y: b.n })),
        backgroundColor: bins.map((b) => (middle(b) < 0 ? LIGHT : DARK)),
        borderColor: DARK, borderWidth: 0.5, barPercentage: 1, categoryPercentage: 1 }] },
      options: {
        scales: { x: axis(of_money(run, "net"), { type: "linear", offset: false,
          min: d.edges[0], max: d.edges[d.edges.length - 1] }), y: axis("draws") },
        plugins: { legend: legend(false) },
      },
    }),
    folded("Draws by their net", [
      { title: of_money(run, "net from"), of: (b) => b.from, kind: money },
      { title: "to", of: (b) => b.to, kind: money },
      { title: "draws", of: (b) => b.n, kind: count }], bins, () => run.grade),
  ];
}

function campaigns_section(run) {
  const list = run.campaigns;
  if (!list?.length)
    return null;
  const grade_of = (c) => c.grade ?? run.grade; // one that reaches nobody has none
  const reaching = list.filter((c) => c.uplift);
  const parts = [
    intervals_picture("Net of each campaign: the expectation, and from 5% to 95%.",
      list.map((c) => c.campaign), list.map((c) => c.net), of_money(run, "net")),
    table(of_money(run, "Amounts"), [
      { title: "campaign", of: (c) => c.campaign },
      { title: "offers", of: (c) => c.offers, kind: count },
      { title: "cost", of: (c) => c.cost.mean, kind: money },
      { title: "earns", of: (c) => c.earns.mean, kind: money },
      ...range_columns((c) => c.net, money, "net, "),
      { title: "evidence", of: (c) => c.grade ?? "–" }], list, grade_of),
  ];
  if (reaching.length)
    parts.push(table("What an offer has to bring about, and what is expected of it", [
      { title: "campaign", of: (c) => c.campaign },
      { title: "effect on", of: (c) => c.uplift.of || "the stated value" },
      ...outer_columns((c) => c.uplift, amount),
      { title: "it pays from", of: (c) => c.uplift.break_even, kind: amount },
      { title: "chance of that", of: (c) => c.uplift.probability_above, kind: chance },
      { title: of_money(run, "largest offer that pays"), of: (c) => c.largest_offer, kind: money }],
    reaching, grade_of));
  return parts;
}

function reach_section(run) {
  const parts = [];
  for (const scheme of run.reach.by ?? []) {
    const classes = scheme.classes.filter((c) => c.customers > 0 || !MEANING[c.class]);
    parts.push(make("h3", {}, "By " + scheme.scheme));
    parts.push(rows_picture("Customers of each class, and the offers they get.",
      classes.map((c) => named(c.class)),
      [{ label: "customers", data: classes.map((c) => c.customers), backgroundColor: LIGHT },
        { label: "offers", data: classes.map((c) => c.offers), backgroundColor: DARK }],
      { unit: "" }));
    parts.push(table("", [{ title: scheme.scheme, of: (c) => named(c.class) },
      { title: "customers", of: (c) => c.customers, kind: count },
      { title: "offers", of: (c) => c.offers, kind: count }], classes));
  }
  if (run.reach.channels?.length)
    parts.push(make("h3", {}, "By channel"), table("", [
      { title: "channel", of: (c) => c.channel },
      { title: "offers", of: (c) => c.offers, kind: count }], run.reach.channels));
  return parts.length ? parts : null;
}

function why_not_section(run) {
  const rows = Object.entries(run.why_not ?? {}).filter(([, n]) => n > 0);
  const let_go = run.reach.let_go > 0 ? [["are let go", run.reach.let_go]] : [];
  const reasons = [...new Set((run.reach.campaigns ?? []).flatMap((c) =>
    Object.keys(c.reasons ?? {}).filter((r) => c.reasons[r] > 0)))];
  const parts = [table("All customers", [
    { title: "", of: (row) => row[0] },
    { title: "customers", of: (row) => row[1], kind: count }],
    [["get an offer", run.reach.offers], ...let_go, ...rows])];
  if (reasons.length)
    parts.push(table("By campaign", [
      { title: "campaign", of: (c) => c.campaign },
      ...reasons.map((r) => ({ title: r, of: (c) => c.reasons[r], kind: count }))],
      run.reach.campaigns));
  return parts;
}

// A bar in two halves: the end in the pale one is the net where the input stands at its 5%.
function tornado_section(run) {
  const list = run.tornado;
  if (!list?.length)
    return null;
  const middle = (t) => (t.low + t.high) / 2;
  const parts = [
    rows_picture("The net when one input alone stands at its 5% or 95%, and the others at their "
      + "median.", list.map((t) => t.input + (t.flips ? " (may turn the sign)" : "")),
    [{ label: "at its 5%", data: list.map((t) => [middle(t), t.low]), backgroundColor: LIGHT,
      grouped: false },
    { label: "at its 95%", data: list.map((t) => [middle(t), t.high]), backgroundColor: DARK,
      grouped: false }],
    { unit: of_money(run, "net"),
      list: [{ at: run.net.mean, name: "expected" }, { at: 0, name: "0" }] }),
    folded_if_long(of_money(run, "Net; and what it earns to know the input before all is launched "
      + "or nothing, or each campaign or not"), [
      { title: "input", of: (t) => t.input },
      { title: "at its 5%", of: (t) => t.low, kind: money },
      { title: "at its 95%", of: (t) => t.high, kind: money },
      { title: "swing", of: (t) => t.swing, kind: money },
      { title: "turns the sign", of: (t) => (t.flips ? "yes" : "no") },
      { title: "to know, all or nothing", of: (t) => t.worth_knowing, kind: money },
      { title: "to know, each", of: (t) => t.worth_knowing_each, kind: money }], list,
    () => run.grade),
  ];
  if (run.test_first)
    parts.push(paragraph("Worth testing first: ", make("b", {}, run.test_first), "."));
  return parts;
}

function inputs_section(run) {
  if (!run.inputs?.length && !run.assumptions?.length)
    return null;
  const parts = [
    about("A rests on an experiment of the firm's own, B on its own history, C on what somebody "
      + "stated or, where the policy says nothing, on a default that is assumed here."),
    table("", [
      { title: "input", of: (i) => i.name },
      ...outer_columns((i) => i, amount),
      { title: "evidence", of: (i) => i.grade + (i.assumed ? ", assumed" : "") },
      { title: "source", of: (i) => i.source }], run.inputs ?? [], (i) => i.grade),
  ];
  if (run.assumptions?.length)
    parts.push(table("Assumed, unless --assume said otherwise", [
      { title: "assumption", of: (a) => a.name },
      { title: "value", of: (a) => a.value, kind: amount },
      { title: "unit", of: (a) => a.unit },
      { title: "what it is", of: (a) => a.help },
      { title: "from", of: (a) => (a.given ? "--assume" : a.source) }], run.assumptions));
  const tried = (run.inputs ?? []).filter((i) => i.experiment);
  if (tried.length)
    parts.push(table("What experiments of the firm's own measured", [
      { title: "input", of: (i) => i.name },
      { title: "experiment", of: (i) => i.experiment.source },
      { title: "with the offer", of: (i) => i.experiment.treated, kind: count },
      { title: "without", of: (i) => i.experiment.control, kind: count },
      { title: "measured", of: (i) => i.experiment.measured, kind: amount },
      { title: "from", of: (i) => i.experiment.low, kind: amount },
      { title: "to", of: (i) => i.experiment.high, kind: amount }], tried));
  return parts;
}

// What a programme has at any time, which is no effect of the offers.
const DUE_MONEY = ["(paid)", "(clawed back)", "(value)", "liability"];

function due_section(run) {
  const programmes = [...Object.entries(run.referrals ?? {}), ...Object.entries(run.points ?? {})];
  if (!programmes.length)
    return null;
  const plain = (name) => name.replace(/[()]/g, "");
  const figures = (of) => Object.entries(of).filter(([, x]) => typeof x === "number" && x !== 0);
  return [about("Today, and no part of the figures above."),
    ...programmes.flatMap(([name, of]) => [make("h3", {}, name),
      list_of(figures(of).map(([key, x]) => (DUE_MONEY.includes(key)
        ? [of_money(run, plain(key)), x, money] : [key, x, count])))])];
}

// The best by every budget, what stands for the run's own, and what else could be done.
function budget_picture(run, b) {
  const points = b.curve.map((p) => ({ x: p.cost, y: p.value }));
  const end = Math.max(...b.curve.map((p) => p.cost), b.budget);
  const others = (b.compare ?? []).filter((c) => c.cost <= end);
  return lines_picture("What the best use of each budget earns; dashed: as much as it costs. Grey: "
    + "budgets whose best net is within 1% of the best of all.", [720, 380],
  [{ label: "best use of the budget", data: points, borderWidth: 2.5, pointRadius: 0,
    ...line_style(0), pointStyle: "line" },
  { label: "earns what it costs", data: [{ x: 0, y: 0 }, { x: end, y: end }], borderWidth: 1,
    pointRadius: 0, borderColor: INK, borderDash: [3, 3], pointStyle: "line" },
  ...others.map((c, i) => ({ label: c.name, data: [{ x: c.cost, y: c.value }], showLine: false,
    pointRadius: 6, ...line_style(i + 1) }))],
  { x: of_money(run, "cost"), y: of_money(run, "earns"), more: { min: 0, max: end },
    list: [{ from: b.flat.from, to: b.flat.to, name: "within 1%" },
      { at: b.best.budget, name: "best budget" }, { at: b.budget, name: "this budget" }] });
}

// What offers cost is known; what they earn is not.
function budget_section(run) {
  const b = run.budget, g = run.grade;
  if (!b)
    return null;
  const paid = [["Budget", b.budget], ["Cost of its best use", b.cost],
    [b.exact ? "Best budget" : "Best budget, about", b.best.budget],
    ["Within 1% of the best net: from", b.flat.from], ["– to", b.flat.to],
    ["Beyond this, more changes nothing", b.all]];
  const earned = [["What the best use earns", b.value],
    ["– by the effects as the policy states them, the luck of estimates with them", b.promise],
    ["No use of this budget earns more than", b.bound], ["Gap between the two", b.gap],
    ["Net at the best budget", b.best.net]];
  const listed = (list, kind) => list_of(list.map(([name, value]) =>
    [of_money(run, name), value, kind]), g);
  const next = b.price.cost === 0 ? paragraph("More money changes nothing.")
    : paragraph("The next ", figure(b.price.cost, price), " of budget earn ",
      figure(b.price.value, money, g), ".");
  return [next, budget_picture(run, b), listed(paid, price), listed(earned, money),
    folded("The best use of each budget", [
      { title: of_money(run, "cost"), of: (p) => p.cost, kind: price },
      { title: of_money(run, "earns"), of: (p) => p.value, kind: money }], b.curve, () => g),
    ...compare_parts(run, b.compare)];
}

function compare_parts(run, list) {
  return [
    make("h3", {}, "Compared with"),
    rows_picture("Expected net of other ways to make offers.", list.map((c) => c.name),
      [{ label: "net", data: list.map((c) => c.net), backgroundColor: list.map((c) =>
        (c.net < 0 ? LIGHT : DARK)), borderColor: DARK, borderWidth: 0.5 }],
      { unit: of_money(run, "net"), list: [{ at: 0, name: "0" }] }),
    table(of_money(run, "Amounts"), [
      { title: "", of: (c) => c.name },
      { title: "offers", of: (c) => c.offers, kind: count },
      { title: "cost", of: (c) => c.cost, kind: price },
      { title: "earns", of: (c) => c.value, kind: money },
      { title: "net", of: (c) => c.net, kind: money }], list, () => run.grade),
  ];
}

// Over one param a line in its band; over two a line for each value of the second, the wider ones
// behind; and if the first has no numbers, a row for each point.
function sweep_picture(run, s) {
  const [first, second] = s.params;
  const at = (p) => p.values[0], nets = s.points.map((p) => p.net);
  const scales = { x: first, y: of_money(run, "net") };
  if (!s.points.every((p) => typeof at(p) === "number"))
    return intervals_picture("The net at each value: the expectation, and from 5% to 95%.",
      s.points.map((p) => p.values.join(", ")), nets, of_money(run, "net"));
  if (!second)
    return lines_picture("The expected net by the param, and the band from 5% to 95%.", [720, 320],
      band("expected net", s.points.map(at), nets, line_style(0)),
      { ...scales, list: [{ at: at(s.points[s.best]), name: "best" }] });
  const values = [...new Set(s.points.map((p) => p.values[1]))];
  return lines_picture("The expected net by both params.", [720, 320], values.map((value, i) => ({
    label: second + " = " + value, borderWidth: 1.5 + i, pointRadius: 3 + i, ...line_style(i),
    data: s.points.filter((p) => p.values[1] === value).map((p) => ({ x: at(p), y: p.net.mean })),
  })), scales);
}

function sweep_section(run) {
  const s = run.sweep;
  if (!s)
    return null;
  const best = s.points[s.best];
  return [
    sweep_picture(run, s),
    paragraph("Best of these: ", s.params.map((name, i) => name + " = " + best.values[i])
      .join(", "), "; net ", between(best.net, money, run.grade), "."),
    folded_if_long(of_money(run, "Amounts"), [
      ...s.params.map((name, i) => ({ title: name, of: (p) => p.values[i], kind: amount })),
      { title: "offers", of: (p) => p.offers, kind: count },
      { title: "cost", of: (p) => p.cost.mean, kind: money },
      ...outer_columns((p) => p.net, money, "net, "),
      { title: "chance that it pays", of: (p) => p.probability_positive, kind: chance }], s.points,
    () => run.grade),
  ];
}

const offered = (name) => (name === "(none)" ? "nothing" : name);

function versus_section(run) {
  const v = run.versus, unit = of_money(run, "net of the other less that of this one");
  if (!v)
    return null;
  const g = v.grade;
  return [
    paragraph("In its place ", make("b", {}, v.policy), " (", v.path, ") would change the net by ",
      between(v.difference, money, g), ". The chance that the other is the better one is ",
      figure(v.probability_better, chance, g), "."),
    intervals_picture("The difference: the expectation, and from 5% to 95%.", ["difference"],
      [v.difference], unit),
    table(of_money(run, "What the other has more"), [{ title: "", of: (row) => row[0] },
      ...range_columns((row) => row[1], money)],
    [["Net", v.difference], ["Cost", v.cost], ["Earns", v.earns]], () => g),
    list_of([["Offers of this one", v.offers.before, count],
      ["Offers of the other", v.offers.after, count],
      ["Customers for whom something changes", v.changed, count]]),
    folded_if_long("Customers by what they get here and there", [
      { title: "here", of: (m) => offered(m.from) }, { title: "there", of: (m) => offered(m.to) },
      { title: "customers", of: (m) => m.customers, kind: count }], v.moves),
  ];
}

const SERIES = { // of a month: title, whether it is money
  customers: ["Customers", false], revenue: ["Revenue", true], margin: ["Margin", true],
  cost: ["Cost of offers", true], offers: ["Offers", false], joined: ["Customers who join", false],
  equity: ["Equity of the base", true],
};

function months_section(run) {
  const list = run.months, g = () => run.grade;
  if (!list?.length)
    return null;
  const x = list.map((m) => m.month), last = x[x.length - 1];
  const more = { min: 0, max: last, ticks: { stepSize: last > 36 ? 12 : last > 12 ? 6 : 1 } };
  const scales = (unit) => ({ x: "month", y: unit, more, base: { beginAtZero: true } });
  const series = Object.entries(SERIES).filter(([key]) => list.some((m) => m[key]?.p95 > 0));
  const unit = (is_money) => (is_money ? run.currency || "" : "");
  const titled = ([, [title, is_money]]) => title + (unit(is_money) ? ", " + unit(is_money) : "");
  const classes = Object.keys(list[0].classes ?? {}).filter((name) => !MEANING[name]
    || list.some((m) => m.classes[name].p95 > 0));
  const month = { title: "month", of: (m) => m.month, kind: count };
  const parts = [about("Line: expected. Band: from 5% to 95%."),
    make("div", { class: "pair" }, ...series.map((s) => lines_picture(titled(s) + ".", [352, 240],
      band(s[1][0], x, list.map((m) => m[s[0]]), line_style(0)), scales(unit(s[1][1])))))];
  if (classes.length)
    parts.push(lines_picture("Customers of each class.", [720, 320], classes.flatMap((name, i) =>
      band(named(name), x, list.map((m) => m.classes[name]), line_style(i))),
    scales("customers")));
  parts.push(...series.map((s) => folded(titled(s), [month,
    ...range_columns((m) => m[s[0]], s[1][1] ? money : count)], list, g)));
  parts.push(...classes.map((name) => folded("Customers: " + named(name), [month,
    ...range_columns((m) => m.classes[name], count)], list)));
  return [...parts, ...over_time_parts(run, run.over_time)];
}

// What all months earn together, and what they rest on.
function over_time_parts(run, o) {
  if (!o)
    return [];
  const e = o.elasticity;
  const parts = [list_of([
    [of_money(run, "Earned, with what is to come"), o.earned.mean, money],
    ["– at 5%", o.earned.p5, money], ["– at 95%", o.earned.p95, money],
    ["Error of so few runs", o.monte_carlo_error, money],
    [of_money(run, "Equity of the base at the start"), o.equity, money],
    ["Runs", o.runs, count], ["Customers who stand for all", o.sample, count],
    ["Customers without a purchase, who are taken to buy as the base does", o.without_history,
      count],
    ["Campaigns without an effect: their offers cost, and change nothing", o.without_effect, count],
  ], run.grade)];
  if (e)
    parts.push(paragraph(make("b", {}, e.change), " would change the equity at the start by ",
      figure(e.equity, change, run.grade), ", and what is earned by ",
      between(e.earned, change, run.grade), "."));
  parts.push(folded_if_long("What the months rest on", [
    { title: "", of: (i) => i.name },
    { title: "value", of: (i) => i.value, kind: amount },
    { title: "source", of: (i) => i.source },
    { title: "assumed", of: (i) => (i.assumed ? "yes" : "no") }],
  [...o.inputs, ...Object.entries(o.assumed ?? {}).map(([name, value]) =>
    ({ name, value, source: "--assume, or a default", assumed: true }))]));
  parts.push(about(o.frozen.length ? "These columns stay as they are: " + o.frozen.join(", ") + "."
    : "All that the rules read goes on from month to month."));
  return parts;
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
