// What only Python can tell: asked of where the page came from, if it was served.
async function called(name, body = {}) {
  const whole = { changes: state.changes, seed: state.seed, ...body };
  const answer = await fetch(`/api/${name}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(whole) });
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.error);
  return found;
}

/** The story of the run shown, in words, with the odds at the end of every week. */
async function tellRun() {
  const run = viewer.run, box = byId("run-words");
  fill(box, make("p", { class: "words" }, `Telling run ${run} ...`));
  const [story, { odds }] = await Promise.all([called("story", { run }), called("odds", { run })]);
  fill(box, make("h3", {}, `Run ${run} of seed ${state.seed}: ${story.verdict}`), listed(story.agreed), listed(story.policies),
    ...story.sections.flatMap(told_), make("h3", {}, "How it came out"), listed(story.ending));
  byId("run-odds").hidden = false;
  showOdds("run-odds", odds, viewer.week);
  document.body.dataset.told = run;
}

function listenToServed() {
  byId("tell").addEventListener("click", () => tellRun().catch(showError));
}
