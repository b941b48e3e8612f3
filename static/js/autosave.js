// Sends each answer as soon as it is chosen, over the same operation as the button below the section.
//
// What is not yet acknowledged by the server is kept in this browser, so that a dead line, a closed tab
// or an expired session loses nothing. The page works without this module.

const home = document.querySelector("[data-flush]");
const form = home.matches("[data-autosave]") ? home : null;
const handIn = document.querySelector("[data-hand-in]");
const words = home.querySelector("[data-words]").dataset;
const statusLine = home.querySelector("[data-save-state]");
const csrf = home.querySelector("[name=csrfmiddlewaretoken]");
const prefix = `prima:${home.dataset.person}:${home.dataset.assessment}:`;

const SUFFIXES = ["", ":reason", ":note", ":evidence", ":revision"];
const TYPING_PAUSE = 900;
const ANNOUNCE_AFTER = 400;
const TIMEOUT = 10_000;
const LONGEST_WAIT = 30_000;

let inFlight = null; // the promise of the request under way
let stopped = false; // the session is over, or the period is: sending again cannot help
let failures = 0;
let savedHere = false;
const timers = {};

// --- What waits in this browser: one record for each statement

// Where the browser has no room left, what waits lives as long as the page.
const memory = new Map();
const kept = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix));
const codes = () => [...new Set([...memory.keys(), ...kept().map((key) => key.slice(prefix.length))])];
const recall = (code) => memory.get(code) ?? JSON.parse(localStorage.getItem(prefix + code));

function keep(code, record) {
  try {
    localStorage.setItem(prefix + code, JSON.stringify(record));
    memory.delete(code);
  } catch {
    memory.set(code, record);
  }
}

function forget(code) {
  memory.delete(code);
  localStorage.removeItem(prefix + code);
}

const nextCode = () => codes().find((code) => !recall(code).held);

function newToken() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function remember(code) {
  const before = recall(code);
  const data = new FormData(form);
  const fields = {};
  for (const suffix of SUFFIXES) {
    if (data.has(code + suffix)) fields[code + suffix] = data.get(code + suffix);
  }
  // What waits already was built on its own revision, whatever the page shows since.
  if (before) fields[`${code}:revision`] = before.fields[`${code}:revision`];
  keep(code, { fields, token: newToken(), sent: before?.sent ?? [] });
}

// --- The page

const fieldset = (code) => form?.querySelector(`[data-code="${CSS.escape(code)}"]`);
const field = (code, suffix) => form?.elements.namedItem(code + suffix);

function say(state, text, link) {
  clearTimeout(timers.say);
  timers.say = setTimeout(() => {
    if (statusLine.textContent === text && statusLine.dataset.state === state) return;
    statusLine.dataset.state = state;
    statusLine.textContent = text;
    if (link) statusLine.append(" ", link);
  }, ANNOUNCE_AFTER);
}

function showMessages(code, html) {
  const box = fieldset(code);
  if (!box) return;
  const place = box.querySelector("[data-messages]");
  place.innerHTML = html; // drawn and escaped by the server's templates
  box.classList.toggle("is-error", html !== "");
  if (html) box.setAttribute("aria-describedby", place.id);
}

function restore(code) {
  const { fields } = recall(code);
  for (const [name, value] of Object.entries(fields)) {
    const input = form.elements.namedItem(name);
    if (input && name !== `${code}:revision`) input.value = value;
  }
  fieldset(code).querySelector(".extra").open ||= Boolean(fields[`${code}:note`] || fields[`${code}:evidence`]);
}

function signInLink() {
  const link = document.createElement("a");
  const here = document.activeElement?.closest("[data-code]")?.id;
  const target = location.pathname + location.search + (here ? `#${here}` : "");
  link.href = `${home.dataset.signIn}?next=${encodeURIComponent(target)}`;
  link.textContent = words.signIn;
  return link;
}

// --- Sending, one request at a time, because each revision builds on the one before

function wake(after = 0) {
  clearTimeout(timers.send);
  timers.send = setTimeout(pump, after);
}

async function pump() {
  if (inFlight || stopped) return;
  const code = nextCode();
  if (!code) return settle();
  let again = false;
  try {
    inFlight = send(code);
    again = await inFlight;
  } finally {
    inFlight = null;
  }
  if (again) wake(again === true ? 0 : again);
}

function settle() {
  // The task list counts what was just sent only after a reload; the page for handing in shows none of it.
  if (!form && !handIn && savedHere && codes().length === 0) location.reload();
}

async function send(code) {
  const record = recall(code);
  if (!record.sent.includes(record.token)) record.sent.push(record.token);
  keep(code, record);
  const body = new URLSearchParams({ ...record.fields, indicator: code, token: record.token });
  let response, answer;
  try {
    response = await fetch(home.dataset.saveUrl, {
      method: "POST",
      headers: { "X-CSRFToken": csrf.value },
      body,
      redirect: "manual", // a redirect means: sign in
      keepalive: true,
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (response.type === "opaqueredirect" || response.status === 403) return expired();
    answer = await response.json();
  } catch {
    failures += 1;
    say("offline", handIn ? words.unsent : words.offline);
    return Math.min(1000 * 2 ** (failures - 1), LONGEST_WAIT);
  }
  failures = 0;
  return outcomes[answer.state](code, record, answer);
}

function expired() {
  stopped = true;
  say("failed", words.expired, signInLink());
  return false;
}

function build(code, revision) {
  // Whatever is sent next for this statement builds on this revision.
  const input = field(code, ":revision");
  if (input) input.value = revision;
  const record = recall(code);
  if (!record) return;
  record.fields[`${code}:revision`] = String(revision);
  keep(code, record);
}

function hold(code) {
  const record = recall(code);
  if (record) keep(code, { ...record, held: true });
}

function release() {
  for (const code of codes()) keep(code, { ...recall(code), held: false });
}

// Since it was sent: another answer, or none that waits (it was given up in another tab).
const isChanged = (code, sent) => recall(code)?.token !== sent.token;

// Which statement it is, where the page does not show it.
const named = (code, text) => (fieldset(code) ? text : `${code}: ${text}`);

const outcomes = {
  saved(code, sent, answer) {
    savedHere = true;
    if (!isChanged(code, sent)) {
      forget(code);
      const box = fieldset(code);
      if (box?.classList.contains("is-error")) showMessages(code, "");
    }
    build(code, answer.revision);
    if (!nextCode()) say("saved", answer.text);
    return true;
  },
  invalid(code, sent, answer) {
    if (isChanged(code, sent)) return true;
    hold(code);
    showMessages(code, answer.messages);
    say("failed", named(code, words.invalid));
    return true;
  },
  conflict(code, sent, answer) {
    // The reply to an earlier try was lost: what is stored is our own, and the newer text follows it.
    if (sent.sent.includes(answer.token)) {
      build(code, answer.revision);
      return true;
    }
    hold(code);
    showMessages(code, answer.messages);
    say("conflict", named(code, words.conflict));
    return true;
  },
  refused(code, sent, answer) {
    stopped = true;
    say("failed", answer.text);
    return false;
  },
};

// --- What the person does

function decide(code, choice) {
  if (choice === "stored") {
    forget(code);
    return location.reload();
  }
  build(code, field(code, ":seen").value);
  remember(code);
  return wake();
}

function changed(event, pause) {
  const code = event.target.closest("[data-code]")?.dataset.code;
  if (!code) return;
  if (event.target.name === `${code}:keep`) return decide(code, event.target.value);
  if ("asksEvidence" in event.target.dataset) fieldset(code).querySelector(".extra").open = true;
  if (recall(code)?.held && field(code, ":keep")) return; // first the choice between two answers
  remember(code);
  wake(pause);
}

release();
for (const code of codes()) {
  if (fieldset(code)) restore(code);
}
if (form) {
  form.addEventListener("change", (event) => changed(event, 0));
  form.addEventListener("input", (event) => {
    if (event.target.matches("textarea")) changed(event, TYPING_PAUSE);
  });
  form.addEventListener("submit", async (event) => {
    if (!navigator.onLine) {
      // The browser's own page about a dead line would look as if everything were lost.
      event.preventDefault();
      return say("offline", words.kept);
    }
    // The form's revisions must be those after the request under way.
    clearTimeout(timers.send);
    if (!inFlight) return;
    event.preventDefault();
    stopped = true;
    await inFlight;
    stopped = false;
    form.requestSubmit(event.submitter);
  });
}
// What waits here would be missing from what is handed in.
handIn?.addEventListener("submit", (event) => {
  if (!navigator.onLine) {
    // As above: what waits is sent, and the button pressed again, once there is a line.
    event.preventDefault();
    return say("offline", codes().length ? words.unsent : words.unhanded);
  }
  if (stopped || codes().length === 0) return;
  event.preventDefault();
  say("failed", words.unsent);
  release();
  wake();
});
// Signed in again in another tab: what waits can go.
document.addEventListener("prima:session", () => {
  stopped = false;
  wake();
});
window.addEventListener("online", () => {
  if (handIn && codes().length === 0) say("saved", ""); // the line is no longer what is in the way
  wake();
});
window.addEventListener("pageshow", () => wake());
if (codes().length) say("pending", words.saving);
