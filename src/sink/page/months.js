"use strict";
// How it goes on from month to month.

const SERIES = { // of a month: title, whether it is money
  customers: ["Customers at the month's end", false], revenue: ["Revenue", true], margin: ["Margin", true],
  cost: ["Cost of offers", true], offers: ["Offers", false], joined: ["Customers who join", false],
  equity: ["Equity of the base at the month's end", true],
};

function months_section(run) {
  const list = run.months, g = () => run.over_time.grade;
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
    parts.push(lines_picture("Customers of each class, as the month begins.", [720, 320], classes.flatMap((name, i) =>
      band(named(name), x, list.map((m) => m.classes[name]), line_style(i))),
    scales("customers")));
  parts.push(...series.map((s) => folded(titled(s), [month,
    ...range_columns((m) => m[s[0]], s[1][1] ? money : count)], list, g)));
  parts.push(...classes.map((name) => folded("Customers as the month begins: " + named(name), [month,
    ...range_columns((m) => m.classes[name], count)], list)));
  return [...parts, ...over_time_parts(run, run.over_time)];
}

// By how much one of two courses is more, run by run with the same luck.
function more_table(run, caption, pair, grade) {
  return table(of_money(run, caption), [{ title: "", of: (row) => row[1] },
    ...range_columns((row) => pair[row[0]], money),
    { title: "P(more)", of: (row) => pair[row[0]].probability_more, kind: chance }],
  [["earned", "earned, with what is to come"], ["customers", "customers after the last month"],
    ["equity", "equity after the last month"], ["cost", "cost of all months"]], () => grade);
}

// What all months earn together, and what they rest on.
function over_time_parts(run, o) {
  const e = o.elasticity;
  const parts = (o.notes ?? []).map((note) => paragraph(note[0].toUpperCase() + note.slice(1), "."));
  if (o.against_nothing)
    parts.push(more_table(run, "What the policy brings: more than with no offers and no rewards",
      o.against_nothing, o.grade));
  if (o.versus)
    parts.push(more_table(run, `With ${o.versus.path} instead: more than with this policy`,
      o.versus, o.versus.grade));
  parts.push(list_of([
    [of_money(run, "Earned by base and policy, with what is to come"), o.earned.mean, money],
    ["– at 5%", o.earned.p5, money], ["– at 95%", o.earned.p95, money],
    ["– of it still to come after the last month", o.earned_after.mean, money],
    ["Error of so few runs", o.monte_carlo_error, money],
    [of_money(run, "Equity of the base at the start"), o.equity, money],
    ["– after the last month, of who is still there, as they were", o.equity_after.retained.mean,
      money],
    ["– what they have come to be worth since", o.equity_after.developed.mean, money],
    ["– of friends who joined", o.equity_after.acquired.mean, money],
    ["Runs", o.runs, count], ["Customers who stand for all", o.sample, count],
    ["Customers without a purchase, who are taken to buy as the base does", o.without_history,
      count],
    ["Campaigns without an effect: their offers cost, and change nothing", o.without_effect, count],
  ].filter(([, value]) => value !== 0), o.grade));
  if (e)
    parts.push(paragraph(make("b", {}, e.change), " would change the equity at the start by ",
      figure(e.equity, change, o.grade), ", and what is earned by ",
      between(e.earned, change, o.grade), "."));
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
