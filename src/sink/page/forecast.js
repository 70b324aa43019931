"use strict";
// What the policy does to this base: money, campaigns, reach; what decides, and what all that rests
// on. Each section is told the run, and yields what stands under its title, or nothing: what a run
// has not is not shown.

function money_section(run) {
  const g = run.grade, c = run.cost;
  const rows = [["Cost", c.total], ["– contacts", c.contact], ["– offers", c.offers],
    ["– of them to those who would have stayed or bought anyway", c.sure_things],
    ["Earns", run.earns], ["Net", run.net]];
  const apart = Math.abs(run.net.scored - run.net.mean) > Math.abs(run.earns.mean) / 50;
  const scored = apart ? run.net.scored : undefined;
  const facts = [
    ["Net in the worst 5 of 100 cases, on average", run.net.worst_5_percent, money],
    ["Net as `score` counts it, with effects just as stated: not to be believed", scored, money],
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
          min: d.edges[0], max: d.edges[d.edges.length - 1],
          ticks: { includeBounds: false } }), y: axis("draws") },
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
  const hopeful = list.filter((c) => c.uplift?.of || typeof c.uplift?.break_even === "number");
  const pays_from = (c) => c.uplift.break_even ?? (c.net.mean < 0 ? "never" : null);
  const parts = [
    intervals_picture("Net of each campaign: the expectation, and from 5% to 95%.",
      list.map((c) => c.campaign), list.map((c) => c.net), of_money(run, "net")),
    table(of_money(run, "Amounts"), [
      { title: "campaign", of: (c) => c.campaign },
      { title: "customers", of: (c) => c.offers, kind: count }, // some are let go
      { title: "cost", of: (c) => c.cost.mean, kind: money },
      { title: "earns", of: (c) => c.earns.mean, kind: money },
      ...range_columns((c) => c.net, money, "net, "),
      { title: "evidence", of: (c) => c.grade ?? "–" }], list, grade_of),
  ];
  if (hopeful.length)
    parts.push(table("What an offer has to bring about, and what is expected of it", [
      { title: "campaign", of: (c) => c.campaign },
      { title: "effect on", of: (c) => c.uplift.of || "the stated value" },
      { title: "without it", of: (c) => c.uplift.base, kind: amount },
      ...outer_columns((c) => c.uplift, amount),
      { title: "it pays from", of: pays_from, kind: amount },
      { title: "chance of that", of: (c) => c.uplift.probability_above, kind: chance },
      { title: of_money(run, "largest offer that pays"), of: (c) => c.largest_offer, kind: money }],
    hopeful, grade_of));
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
      { title: "evidence", of: (i) => i.grade + (i.assumed ? ", its spread assumed" : "") },
      { title: "source", of: (i) => i.source }], run.inputs ?? [], (i) => i.grade),
  ];
  const assumed = (run.assumptions ?? []).filter((a) => a.counts !== false || a.given);
  if (assumed.length)
    parts.push(table("Assumed, unless --assume said otherwise", [
      { title: "assumption", of: (a) => a.name },
      { title: "value", of: (a) => a.value, kind: amount },
      { title: "unit", of: (a) => a.unit },
      { title: "what it is", of: (a) => a.help },
      { title: "from", of: (a) => (a.given ? "--assume" : a.source) }], assumed));
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
