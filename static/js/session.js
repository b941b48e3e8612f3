// Says in time that the session ends, and lets it go on by one button.
//
// The server counts; a page knows what it was told last, and asks again before it warns, because another tab or
// an answer saved meanwhile may have been a use of the session. Asking is none.

const bar = document.querySelector("[data-session]");
const words = bar.dataset;
const text = bar.querySelector("[data-text]");
const prolong = bar.querySelector("[data-prolong]");
const close = bar.querySelector("[data-close]");
const enter = bar.querySelector("[data-enter]");

const MINUTE = 60_000;
const ASK_AGAIN = 45_000;
const SHOWN = 8_000;
const TIMEOUT = 10_000;
const OVER = { idle: 0, absolute: 0 };

let ends = { idle: 0, absolute: 0 }; // when the session ends by each limit, in this browser's time
let asked = Date.now(); // when the server was last asked
let state = ""; // what is shown: "", warning, last, over, other, said
let unreachable = false;
let isLooking = false;
let timer = 0;
let cameFrom = null; // where the focus was before it came to the bar

const channel = new BroadcastChannel("prima:session");

// --- How long it lasts

function learn({ idle, absolute }) {
  const now = Date.now();
  ends = { idle: now + idle * 1000, absolute: now + absolute * 1000 };
  asked = now;
}

async function ask(method) {
  asked = Date.now();
  const response = await fetch(words.url, {
    method,
    headers: method === "POST" ? { "X-CSRFToken": prolong.elements.csrfmiddlewaretoken.value } : {},
    redirect: "manual", // a redirect means: sign in
    cache: "no-store",
    signal: AbortSignal.timeout(TIMEOUT),
  });
  if (response.type === "opaqueredirect") return OVER;
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
}

async function askHowLong() {
  let told;
  try {
    told = await ask("GET");
  } catch {
    return; // a dead line: what was told last still counts
  }
  if (told.person && String(told.person) !== words.person) return show("other", words.other);
  learn(told);
  // Signing in anew gave the browser another token; forms that were open before send it from now on.
  if (told.token) renew(told.token);
}

function renew(token) {
  for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = token;
}

function tell() {
  channel.postMessage({ person: words.person, ends });
}

// --- What is shown

function inWords(left) {
  const minutes = Math.floor(left / MINUTE);
  return minutes ? words.minutes.replace("{minutes}", minutes) : words.minute;
}

function show(next, says = "") {
  state = next;
  const focused = document.activeElement;
  bar.classList.toggle("is-open", says !== "");
  if (says) {
    bar.setAttribute("role", "region");
    bar.setAttribute("aria-label", words.label);
  } else {
    bar.removeAttribute("role");
    bar.removeAttribute("aria-label");
  }
  // A line that does not change is not read out again.
  if (text.textContent !== says) text.textContent = says;
  prolong.hidden = next !== "warning";
  close.hidden = next !== "last";
  enter.hidden = next !== "over";
  const isGone = bar.contains(focused) && focused.closest("[hidden]");
  if (isGone) (cameFrom ?? document.getElementById("isi"))?.focus();
}

function say(says) {
  show("said", says);
  clearTimeout(timer);
  timer = setTimeout(() => {
    state = "";
    look();
  }, SHOWN);
}

const closedKey = `prima:session:${words.person}`;
const isClosed = (left) => left > MINUTE && sessionStorage.getItem(closedKey) !== null;

function judge(now) {
  const idle = ends.idle - now;
  const absolute = ends.absolute - now;
  const left = Math.min(idle, absolute);
  if (left <= 0) return show("over", words.over);
  if (idle < absolute && idle <= words.warnedIdle * 1000) {
    const warning = words.warning.replace("{when}", inWords(idle));
    return show("warning", unreachable ? `${warning} ${words.unreachable}` : warning);
  }
  if (absolute <= words.warnedAbsolute * 1000 && !isClosed(absolute)) {
    return show("last", words.last.replace("{when}", inWords(absolute)));
  }
  return show("");
}

const isNear = (now) =>
  ends.idle - now <= words.warnedIdle * 1000 || ends.absolute - now <= words.warnedAbsolute * 1000;

function pause(now) {
  const left = Math.min(ends.idle, ends.absolute) - now;
  if (isNear(now)) return Math.max(250, left % MINUTE || MINUTE);
  return Math.min(ends.idle - words.warnedIdle * 1000, ends.absolute - words.warnedAbsolute * 1000) - now;
}

async function look() {
  // What was just said stays a while; several reasons to look at once are one.
  if (state === "said" || state === "other" || isLooking) return;
  clearTimeout(timer);
  isLooking = true;
  const before = state;
  const isStale = isNear(Date.now()) && Date.now() - asked > ASK_AGAIN;
  if (isStale || before === "over") await askHowLong();
  isLooking = false;
  if (state === "other") return;
  judge(Date.now());
  if (before === "over" && state !== "over") {
    document.dispatchEvent(new Event("prima:session"));
    return say(words.again);
  }
  // After the end, only coming back to this page is a reason to ask.
  if (state !== "over") timer = setTimeout(look, pause(Date.now()) + 50);
}

function lookAnew() {
  if (document.visibilityState !== "visible") return;
  look();
}

// --- What the person does

async function useNow() {
  try {
    return learn(await ask("POST"));
  } catch {
    await askHowLong(); // with the token of a newer sign-in, if that was it
  }
  try {
    learn(await ask("POST"));
  } catch {
    unreachable = true;
  }
}

prolong.addEventListener("submit", async (event) => {
  event.preventDefault();
  unreachable = false;
  await useNow();
  if (unreachable || state === "other" || ends.idle <= Date.now()) return look();
  tell();
  say(words.prolonged);
});

close.addEventListener("click", () => {
  sessionStorage.setItem(closedKey, "1");
  look();
});

bar.addEventListener("focusin", (event) => {
  if (event.relatedTarget && !bar.contains(event.relatedTarget)) cameFrom = event.relatedTarget;
});

channel.addEventListener("message", async ({ data }) => {
  // A session that ends later than this page's could was begun since.
  const isAnew = data.ends.absolute - ends.absolute > MINUTE;
  if (isAnew || data.person !== words.person) await askHowLong();
  else ends = data.ends;
  look();
});
document.addEventListener("visibilitychange", lookAnew);
window.addEventListener("focus", lookAnew);
window.addEventListener("pageshow", lookAnew);

enter.href = `${words.signIn}?next=${encodeURIComponent(location.pathname + location.search)}`;
learn({ idle: Number(words.idle), absolute: Number(words.absolute) });
if (ends.absolute - Date.now() > words.warnedAbsolute * 1000) sessionStorage.removeItem(closedKey);
tell();
look();
