"use strict";
// What else could be done: the best use of a budget, other params, another policy.

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
    list: [...(b.flat.from < b.flat.to ? [{ from: b.flat.from, to: b.flat.to,
      name: "within 1%" }] : []),
      { at: b.best.budget, name: "best budget" }, { at: b.budget, name: "this budget" }] });
}

// What offers cost is known; what they earn is not.
function budget_section(run) {
  const b = run.budget, g = run.grade;
  if (!b)
    return null;
  const paid = [["Budget", b.budget], ["Cost of its best use", b.cost],
    [b.exact ? "Best budget" : "Best budget, about", b.best.budget],
    ...(b.flat.from < b.flat.to ? [["Within 1% of the best net: from", b.flat.from],
      ["– to", b.flat.to]] : []),
    ["Beyond this, more changes nothing", b.all]];
  const earned = [["What the best use earns", b.value],
    ["– by the effects as the policy states them, and `score` counts", b.promise],
    ["No use of this budget earns more than", b.bound], ["Gap between the two", b.gap],
    ["Net at the best budget", b.best.net]];
  const listed = (list, kind) => list_of(list.map(([name, value]) =>
    [of_money(run, name), value, kind]), g);
  const next = b.price.cost === 0 ? paragraph("More money changes nothing.")
    : paragraph("The next ", figure(b.price.cost, price), " of budget earn ",
      figure(b.price.value, money, g), run.currency ? " " + run.currency : "", ".");
  const excess = b.cost > b.flat.to && b.value - b.cost < b.best.net ? [paragraph("That is too much: offers beyond ",
    figure(b.best.budget, price), ", the best budget, earn less than they cost.")] : [];
  const net = b.net ? [paragraph("Its best use nets ", between(b.net, money, g), ", and pays with a "
    + "chance of ", figure(b.probability_positive, chance, g), ". That is the net to believe: the "
    + "figures below count effects just as they are expected.")] : [];
  return [next, ...excess, ...net, budget_picture(run, b), listed(paid, price), listed(earned, money),
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

// A row for each value of the first param, a column for each of the second; a net is the darker the
// further it is from 0, in one colour for gains and another for losses.
function sweep_grid(run, s) {
  const [first, second] = s.params.map((_, i) => [...new Set(s.points.map((p) => p.values[i]))]);
  const most = Math.max(...s.points.map((p) => Math.abs(p.net.mean))) || 1;
  const cell = (row, column) => {
    const p = s.points.find((q) => q.values[0] === row && q.values[1] === column);
    const share = Math.round(45 * Math.abs(p?.net.mean ?? 0) / most);
    const colour = `color-mix(in srgb, ${p?.net.mean < 0 ? MIDDLE : DARK} ${share}%, white)`;
    const shown = figure(p?.net.mean, money, p?.grade);
    return make("td", { class: "number", style: "background:" + colour },
      p && p === s.points[s.best] ? make("b", {}, shown, " *") : shown);
  };
  const head = (name, attributes) => make("th", { class: "number", ...attributes }, String(name));
  return make("div", { class: "scroll short" }, make("table", { class: "grid" },
    make("caption", {}, of_money(run, "Expected net") + "; * is the best. Down: " + s.params[0]
      + ", across: " + s.params[1] + ". The darker the more; blue earns, orange loses."),
    make("thead", {}, make("tr", {}, head(s.params.join(" \\ "), {}),
      ...second.map((v) => head(v, { scope: "col" })))),
    make("tbody", {}, ...first.map((v) => make("tr", {}, head(v, { scope: "row" }),
      ...second.map((w) => cell(v, w)))))));
}

// Over one param a line in its band, or if it has no numbers a row for each point; over two a grid.
function sweep_picture(run, s) {
  const at = (p) => p.values[0], nets = s.points.map((p) => p.net);
  if (s.params.length === 2)
    return sweep_grid(run, s);
  if (!s.points.every((p) => typeof at(p) === "number"))
    return intervals_picture("The net at each value: the expectation, and from 5% to 95%.",
      s.points.map((p) => p.values.join(", ")), nets, of_money(run, "net"));
  return lines_picture("The expected net by the param, and the band from 5% to 95%.", [720, 320],
    band("expected net", s.points.map(at), nets, line_style(0)),
    { x: s.params[0], y: of_money(run, "net"), list: [{ at: at(s.points[s.best]), name: "best" }] });
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
      ...s.params.map((name, i) => ({ title: name, of: (p) => p.values[i], kind: exact })),
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
