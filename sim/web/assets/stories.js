// Typical runs of the scenario as given, stepped section by section.
const stepper = { story: 0, section: 0 };

function buildStories() {
  if (!DATA.stories.length) return byId("stories-room").remove();
  const menu = byId("story");
  DATA.stories.forEach((story, n) => menu.append(make("option", { value: n }, `${spoken(story.kind)}: ${story.verdict}`)));
  menu.addEventListener("input", () => step(Number(menu.value), -1));
  byId("earlier").addEventListener("click", () => step(stepper.story, stepper.section - 1));
  byId("later").addEventListener("click", () => step(stepper.story, stepper.section + 1));
  byId("place").addEventListener("input", () => step(stepper.story, Number(byId("place").value)));
  return step(0, -1);
}

/** Shows a section of a story; -1: how it begins, and after the last how it came out. */
function step(number, section) {
  const story = DATA.stories[number];
  const last = story.sections.length;
  const at = Math.min(Math.max(section, -1), last);
  Object.assign(stepper, { story: number, section: at });
  byId("earlier").disabled = at === -1;
  byId("later").disabled = at === last;
  Object.assign(byId("place"), { min: -1, max: last, value: at });
  const told = at === -1 ? beginning(story) : at === last ? ending(story) : told_(story.sections[at]);
  byId("place").setAttribute("aria-valuetext", told[0].textContent);
  fill(byId("told"), ...told, oddsAt(story, story.sections[at]?.last ?? (at === -1 ? 0 : DATA.weeks)));
  showOdds("turns", story.odds, story.sections[at]?.last ?? (at === -1 ? 0 : DATA.weeks));
  ladderOf(story, story.sections[at]?.last ?? (at === -1 ? 0 : DATA.weeks));
}

/** The odds at the end of a week in words. */
function oddsAt(story, week) {
  const found = story.odds.find(([at]) => at === week);
  if (!found) return make("p", { class: "odds" }, "No odds here: it has ended.");
  const [, p, low, high, n, read] = found;
  return make("p", { class: "odds" }, make("strong", {}, share(p)), ` odds that it is ${spoken(DATA.headline)} at the end of week ${read}; 95 % interval ${interval([low, high])}, ${count(n)} continuations.`);
}

/** The odds at each turn as a curve. */
function showOdds(name, odds, week) {
  const at = (place) => weeksAxis().map((t) => odds.find(([turn]) => turn === t)?.[place] ?? null);
  const said = odds.map(([turn, p]) => `week ${turn} ${share(p)}`).join(", ");
  draw(name, [{ label: `odds of ${spoken(DATA.headline)}`, colour: "green", values: at(1), low: at(2), high: at(3), gaps: true, span: "95 % interval" }], { label: "odds", top: 1, week: week || null, said: `The odds at each turn: ${said}.` });
}

const listed = (lines) => make("ul", {}, ...lines.map((line) => make("li", {}, line)));
const beginning = (story) => [make("h3", {}, `Run ${story.run} of seed ${DATA.seed}: what was agreed`), make("p", {}, story.text), listed(story.agreed), make("h3", {}, "How they play"), listed(story.policies)];
const ending = (story) => [make("h3", {}, "How it came out"), make("p", {}, story.verdict), listed(story.ending)];
const told_ = (section) => [make("h3", {}, section.title), listed(section.paragraphs)];

/** The rungs of both sides up to a week, and what is still to come in grey. */
const ladderOf = (story, week) => ladder("ladder", story.rungs, week);

/** The same of any run, into the holder of a name. */
function ladder(name, [one, two], week) {
  const [first, second] = DATA.sides.map((side) => side.label);
  const known = (rungs) => [0, ...rungs].map((rung, t) => (t <= week ? rung : null));
  const said = week ? `At the end of week ${week}: ${first} rung ${one[week - 1].toFixed(2)}, ${second} rung ${two[week - 1].toFixed(2)}.` : "Before the first week.";
  const top = Math.max(1, ...one, ...two);
  const whole = (rungs) => [0, ...rungs];
  draw(name, [
    { label: `${first}, whole run`, colour: "grey", values: whole(one), dash: [2, 4] }, { label: `${second}, whole run`, colour: "grey", values: whole(two), dash: [6, 4] },
    { label: first, colour: "first", values: known(one) }, { label: second, colour: "second", values: known(two) },
  ], { label: "rung", top: Math.ceil(top * 1.05), week: week || null, said: `How high each side stands above its obligations. ${said}` });
}
