// Sliders and menus, from the list of settings; each says what it is when asked.
const shown = []; // functions that bring a control up to the state

const sideOf = (owner) => NATIONS[owner] ?? owner.replace(/^[^.]+(?=\.)/, (side) => NATIONS[side] ?? side).replace(".", ": ").replaceAll("_", " ");

function explained(id, setting) {
  const lines = [setting.meaning, setting.unit && `Unit: ${setting.unit}.`, `Source: ${setting.source || "none given"}`, setting.path];
  return make("div", { id, class: "help", role: "tooltip" }, ...lines.filter(Boolean).map((line) => make("p", {}, line)));
}

/** A slider over the values of a setting, or a menu where they are words. */
function control(setting, standing, chosen, now = () => current(setting.path, standing())) {
  const id = `set-${setting.path}`;
  const words = typeof setting.values[0] === "string" || typeof setting.values[0] === "boolean";
  const label = [spoken(setting.name), setting.symbol && ` (${setting.symbol})`, setting.owner && `, ${sideOf(setting.owner)}`].filter(Boolean).join("");
  const output = make("output", { for: id });
  const common = { id, "aria-describedby": `${id}-help`, "data-path": setting.path };
  const input = words
    ? make("select", common, ...setting.values.map((value) => make("option", { value: String(value) }, plainly(value))))
    : make("input", { ...common, type: "range", min: 0, max: setting.values.length - 1, step: 1 });
  input.addEventListener("input", () => chosen(words ? setting.values[input.selectedIndex] : setting.values[Number(input.value)]));
  const back = make("button", { type: "button", class: "back", title: "as given", "aria-label": `${label}: as given`, onclick: () => chosen(standing()) }, "↺");
  const row = make("div", { class: "setting" }, make("label", { for: id }, label), output, input, back, explained(`${id}-help`, setting));
  shown.push(() => {
    const value = now();
    const at = setting.values.indexOf(value);
    if (words) input.selectedIndex = at;
    else input.value = at >= 0 ? at : nearestPlace(setting.values, value);
    input.setAttribute("aria-valuetext", `${plainly(value)} ${setting.unit}`);
    output.textContent = plainly(value);
    const moved = value !== standing();
    row.classList.toggle("moved", moved);
    back.disabled = !moved;
  });
  return row;
}

const current = (path, standing) => state.changes[path] ?? standing;

function nearestPlace(values, value) {
  let best = 0;
  values.forEach((other, n) => { if (Math.abs(other - value) < Math.abs(values[best] - value)) best = n; });
  return best;
}

/** The menu of policies of a side, what the policy does, and its parameters. */
function policyControls(side) {
  const seat = DATA.seats.find((chair) => chair.side === side);
  const id = `policy-${side}`;
  const given = make("option", { value: "" }, `${spoken(seat.label)} (as given)`);
  const others = DATA.policies.filter((policy) => policy.name !== seat.policy);
  const menu = make("select", { id, "aria-describedby": `${id}-words` }, given, ...others.map((policy) => make("option", { value: policy.name }, spoken(policy.name))));
  menu.addEventListener("input", () => choose(policyKey(side, "name"), menu.value));
  const words = make("p", { id: `${id}-words`, class: "words" });
  const parameters = make("div");
  shown.push(() => {
    menu.value = state.changes[policyKey(side, "name")] ?? "";
    const { policy } = policyOf(state.changes, side);
    words.textContent = policy ? `${policy.summary.replaceAll("`", "")} (${policy.source})` : "A policy of the scenario's own.";
    if (parameters.dataset.policy === (policy?.name ?? "")) return;
    parameters.dataset.policy = policy?.name ?? "";
    dropControls(parameters);
    fill(parameters, ...(policy?.parameters ?? []).map((parameter) => parameterControl(side, parameter)));
  });
  return make("div", { class: "policy" }, make("label", { for: id }, `${NATIONS[side]} plays`), menu, words, parameters);
}

function dropControls(holder) {
  for (const old of holder.children) shown.splice(shown.indexOf(old.bring), 1);
}

function parameterControl(side, parameter) {
  const path = policyKey(side, parameter.name);
  const standing = () => {
    const bare = { ...state.changes };
    delete bare[path];
    return policyOf(bare, side).values[parameter.name];
  };
  const row = control({ ...parameter, name: parameter.meaning, path, symbol: "", owner: side }, standing, (value) => choose(path, value));
  row.bring = shown.at(-1);
  row.bring();
  return row;
}

/** How many hundredths of the runs are played under a reading; the others share the rest. */
function weightControl(reading) {
  const path = weightPath(reading);
  const setting = {
    path, name: reading.name, symbol: "", owner: "", unit: "of 100 runs", source: "", value: Math.round(SLOTS * reading.weight),
    values: Array.from({ length: SLOTS + 1 - DATA.readings.length }, (_, n) => n + 1), meaning: `This reading sets ${reading.changes.join(", ")}.`,
  };
  const chosen = (value) => { weigh(state.changes, reading.name, value); changed(); };
  return control(setting, () => setting.value, chosen, () => weightOf(state.changes, reading));
}

/** All of them, in groups that open and close. */
function buildControls() {
  const groups = new Map();
  for (const setting of DATA.settings.filter(({ path }) => DATA.shared.includes(path))) groups.set(setting.group, [...(groups.get(setting.group) ?? []), setting]);
  const panel = byId("settings");
  if (DATA.readings.length) panel.append(make("details", { open: true }, make("summary", {}, "Which reading of the sources"), ...DATA.readings.map(weightControl)));
  if (DATA.chosen.length) panel.append(make("details", { open: true }, make("summary", {}, "How each side answers"), ...DATA.chosen.map(policyControls)));
  let open = true;
  for (const [group, members] of groups) {
    const rows = members.map((setting) => control(setting, () => setting.value, (value) => choose(setting.path, value)));
    panel.append(make("details", { open }, make("summary", {}, group), ...rows));
    open = false;
  }
}

const bringControls = () => { for (const bring of [...shown]) bring(); };
