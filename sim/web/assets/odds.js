// The odds as the record came in: a curve over the days, a date to scrub, the events up to it.
function buildOdds() {
  if (!DATA.odds) return;
  const { days, weeks, outcomes, settings } = DATA.odds;
  const at = (rows, place) => weeksAxis().map((week) => { const n = weeks.indexOf(week); return n < 0 ? null : rows[n][place]; });
  const draw_ = () => {
    const lines = Object.entries(outcomes).map(([name, rows], n) => ({ label: spoken(name), colour: COLOURS[n % COLOURS.length], values: at(rows, 0), low: at(rows, 1), high: at(rows, 2), gaps: true, span: "95 % interval" }));
    const n = Number(byId("odds-day").value);
    draw("odds", lines, { label: "odds", top: 1, week: weeks[n] || null, said: `Odds at the end of the term by the day on which they were; on ${days[n]}: ${lines.map((line) => `${line.label} ${share(line.values[weeks[n]])}`).join(", ")}. The table below has the numbers.` });
  };
  const show_ = () => {
    const n = Number(byId("odds-day").value);
    byId("odds-said").textContent = days[n];
    byId("odds-day").setAttribute("aria-valuetext", days[n]);
    const rows = Object.entries(outcomes).map(([name, found]) => [spoken(name), share(found[n][0]), interval(found[n].slice(1, 3)), count(Math.round(found[n][3])), bar(found[n][0], found[n].slice(1, 3), 0, 1)]);
    fill(byId("odds-now"), table(`On ${days[n]}, at the end of the term then running, ${DATA.odds.read[n]}; settings ${settings}`, ["outcome", "odds", "95 % interval", "effective runs", ""], rows));
    const seen = DATA.odds.events.filter(([, date]) => date <= days[n]).reverse();
    fill(byId("odds-events"), make("h3", {}, "What had happened, the latest first"), seen.length ? listed(seen.map(([, date, text]) => `${date}: ${text}`)) : make("p", {}, "Nothing that is on record."));
    draw_();
  };
  Object.assign(byId("odds-day"), { min: 0, max: days.length - 1, value: days.length - 1 });
  byId("odds-day").addEventListener("input", show_);
  byId("odds-room").addEventListener("toggle", show_);
  redrawers.push(show_);
  show_();
}
