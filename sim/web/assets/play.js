// A chair at the table: the page holds the moves, Python plays them (sim/play/game.py).
let game = null;
const KEPT = `detente-game-${DATA.scenario.hash}`;

const keep = () => localStorage.setItem(KEPT, JSON.stringify(game));
const kept = () => { try { return JSON.parse(localStorage.getItem(KEPT)); } catch { return null; } };
const ofGame = (body = {}) => ({ changes: game.changes, seed: game.seed, run: game.run, side: game.side, moves: game.moves, ...body });

/** Shows the table as the moves have it; a game that cannot be is not kept. */
async function sitDown(next) {
  const before = game;
  game = next;
  try {
    game.seen = await called("table", ofGame());
  } catch (error) {
    game = before;
    throw error;
  }
  game.given = {};
  keep();
  byId("table").hidden = false;
  for (const name of ["advice", "debriefing"]) fill(byId(name));
  byId("play-odds").hidden = true;
  byId("undo").disabled = !game.moves.length;
  for (const name of ["advise", "make-move", "order"]) byId(name).disabled = game.seen.over;
  if (game.seen.over) await debrief();
  else takeChair();
  document.body.dataset.week = game.seen.week;
}

const chairNow = () => Object.keys(game.seen.chairs).find((side) => !(side in game.given));

/** What the chair whose turn it is sees; between two people the table is covered first. */
function takeChair() {
  const side = chairNow();
  byId("order").value = "hold";
  byId("move-wrong").hidden = true;
  fill(byId("advice"));
  if (game.side === "both" && game.covered !== side) {
    const ready = make("button", { type: "button", id: "ready", onclick: () => { game.covered = side; takeChair(); } }, `${NATIONS[side]} is in the chair`);
    fill(byId("sight"), make("p", {}, `${NATIONS[side]}, take the chair.`), ready);
    fill(byId("own-levers"));
    fill(byId("words"));
    byId("move").hidden = true;
    return ready.focus();
  }
  byId("move").hidden = false;
  const { sight, levers, most, one_each: each } = game.seen.chairs[side];
  fill(byId("sight"), make("h3", {}, sight[0]), listed(sight.slice(1)));
  const rows = levers.map((lever) => [lever.label, `${lever.cells[1]}, ${lever.cells[2]}`, moveButton(side, "pull", lever), lever.cells[3], moveButton(side, "ease", lever), lever.cells[4]]);
  fill(byId("own-levers"), table(`Your levers: at most ${most} ${each ? "levers a week, a notch each" : "notches a week"}`, ["lever", "stands", "", "a notch more", "", "a notch less"], rows));
  fill(byId("words"), ...Object.entries(game.seen.words).filter(([word]) => word !== "pull").map(([word, meaning]) =>
    make("button", { type: "button", title: meaning, onclick: () => order(word) }, word === "talks" ? "call for talks" : word)));
}

const moveButton = (side, word, lever) => make("button", { type: "button", disabled: !lever[word], "data-order": `${word} ${lever.name}`, "aria-label": `${word} ${lever.label}`, onclick: () => order(word, lever.name) }, word);

/** Writes a word of a button into the move: levers join a pull, talks stand beside it. */
function order(word, lever = "") {
  const [act, talks] = byId("order").value.split(",").map((part) => part.trim());
  if (word === "talks") byId("order").value = `${act || "hold"}, talks`;
  else if (word === "pull" && act.startsWith("pull ")) byId("order").value = [`${act} ${lever}`, talks].filter(Boolean).join(", ");
  else byId("order").value = [`${word} ${lever}`.trim(), talks].filter(Boolean).join(", ");
  byId("order").focus();
}

/** Takes the move of the chair whose turn it is; the week is played when every chair has moved. */
async function makeMove() {
  const side = chairNow();
  const { move } = await called("check", ofGame({ chair: side, text: byId("order").value }));
  game.given[side] = move;
  if (chairNow()) return takeChair();
  return sitDown({ ...game, covered: null, moves: [...game.moves, game.given] });
}

async function advise() {
  const found = await called("advise", ofGame({ chair: chairNow() }));
  const moves = Object.keys(found.odds);
  const rows = Object.entries(found.outcomes).map(([name, says]) => [says, ...moves.map((move) => { const [p, low, high] = found.odds[move][name]; return `${share(p)} (${interval([low, high])})`; })]);
  const own = found.policy.map((p, n) => `${["retaliate", "hold", "concede"][n]} ${p.toFixed(2)}`).join(", ");
  fill(byId("advice"), table(`Odds of each move, read at the end of week ${found.read}: ${count(found.n)} continuations each, 95 % interval`, ["", ...moves], rows),
    make("p", { class: "words" }, `The adviser knows the truth; afterwards both sides play their policies. Chances by your own policy: ${own}.`));
}

/** The end: the odds over the weeks, and what was true. */
async function debrief() {
  fill(byId("sight"), make("p", {}, "The game is over. Working out the odds at the end of every week ..."));
  for (const name of ["own-levers", "words"]) fill(byId(name));
  byId("move").hidden = true;
  const found = await called("debrief", ofGame());
  fill(byId("sight"), make("h3", {}, found.verdict));
  const odds = [[0, ...found.start], ...found.weeks.filter((week) => week.odds).map((week) => [week.number, ...week.odds])];
  byId("play-odds").hidden = false;
  showOdds("play-odds", odds, null);
  const rows = found.weeks.map((week) => [String(week.number), ...week.chairs.flatMap((chair) => [orderText(chair.ordered), chair.did, chair.policy, chair.misread ? "wrongly" : "rightly"]), week.moved.join("; ")]);
  const heads = found.weeks[0].chairs.flatMap((chair) => [`${NATIONS[chair.side]} ordered`, "did", "its policy", "saw the other"]);
  fill(byId("debriefing"), table("Looking back, week by week", ["week", ...heads, "what moved"], rows), make("details", {}, make("summary", {}, "In words"), make("pre", {}, found.text)));
}

const orderText = ({ word, levers, talks }) => `${[word, ...levers].join(" ")}${talks ? ", talks" : ""}`;

async function save() {
  const { name, text } = await called("save", ofGame());
  const link = make("a", { href: URL.createObjectURL(new Blob([text], { type: "application/toml" })), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
  say(`Saved as ${name}; \`detente play --resume\` takes it too.`);
}

async function loadGame(file) {
  const found = await called("load", { text: await file.text() });
  await sitDown({ changes: { ...state.changes }, covered: null, ...found });
}

const begin_ = () => sitDown({ changes: { ...state.changes }, seed: state.seed, run: 0, side: byId("chair").value, moves: [], covered: null });

/** What a call for a move says is wrong stands beside the move. */
function wrongMove(error) {
  byId("move-wrong").textContent = error.message;
  byId("move-wrong").hidden = false;
}

function listenToPlay() {
  const chairs = [...DATA.sides.map((side) => [side.id, side.short]), ["both", "both, by turns"]];
  fill(byId("chair"), ...chairs.map(([value, words]) => make("option", { value }, words)));
  const on = (name, event, act, fail = showError) => byId(name).addEventListener(event, (given) => { given.preventDefault(); Promise.resolve(act(given)).catch(fail); });
  on("begin", "click", begin_);
  on("move", "submit", makeMove, wrongMove);
  on("advise", "click", advise);
  on("undo", "click", () => sitDown({ ...game, covered: null, moves: game.moves.slice(0, -1) }));
  on("save", "click", save);
  on("leave", "click", () => { byId("table").hidden = true; offer(); });
  on("go-on", "click", () => sitDown({ ...kept(), covered: null }));
  on("load", "change", ({ target }) => loadGame(target.files[0]).finally(() => { target.value = ""; }));
  offer();
}

/** A game that this browser has kept can be gone on with: nothing is lost by a closed lid. */
function offer() {
  const there = kept();
  byId("go-on").hidden = !there;
  if (there) byId("go-on").textContent = `Go on with your game, week ${there.moves.length + 1}`;
}
