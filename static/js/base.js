// Small improvements for every page; nothing here is needed to use the portal.

// A page that comes back with errors starts at the summary of them.
document.querySelector("[data-error-summary]")?.focus();

// Menus are details elements: close them on Escape and on a click elsewhere.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement?.closest("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// Every password field marked data-reveal gets a button that shows what is typed; the words come from the page.
for (const input of document.querySelectorAll("input[type=password][data-reveal]")) {
  const { reveal, conceal } = input.dataset;
  const row = document.createElement("div");
  const button = document.createElement("button");
  row.className = "input-reveal";
  button.type = "button";
  button.className = "btn btn-secondary";
  button.textContent = reveal;
  button.setAttribute("aria-controls", input.id);
  input.replaceWith(row);
  row.append(input, button);

  const show = (visible) => {
    input.type = visible ? "text" : "password";
    button.textContent = visible ? conceal : reveal;
  };
  button.addEventListener("click", () => show(input.type === "password"));
  // Password managers and shared computers: never send or leave the field in clear.
  input.form?.addEventListener("submit", () => show(false));
}

// Leaving clears what waits in this browser (autosave.js): whoever would lose something is told, and asked, before.
const waits = (prefix) => Object.keys(localStorage).some((key) => key.startsWith(prefix));
for (const form of document.querySelectorAll("form[data-leaves]")) {
  form.addEventListener("submit", (event) => {
    if (!waits(form.dataset.leaves)) return;
    event.preventDefault();
    location.assign(form.action);
  });
}
for (const notice of document.querySelectorAll("[data-unsent]")) notice.hidden = !waits(notice.dataset.unsent);

// A file that would be refused for its size is refused before it is sent; the server decides about everything else.
for (const input of document.querySelectorAll("input[type=file][data-largest]")) {
  const said = document.createElement("p");
  said.className = "error-line";
  said.setAttribute("role", "alert");
  input.before(said);

  const refuse = () => {
    const tooLarge = [...input.files].some((file) => file.size > Number(input.dataset.largest));
    said.textContent = tooLarge ? input.dataset.tooLarge : "";
    input.classList.toggle("is-invalid", tooLarge);
    return tooLarge;
  };
  input.addEventListener("change", refuse);
  input.form?.addEventListener("submit", (event) => {
    if (!refuse()) return;
    event.preventDefault();
    input.focus();
  });
}
