/**
 * What the pages gain where scripts run. Without it everything still works: whatever needs it is hidden until it is here.
 */

/** @param {string} selector @returns {HTMLElement[]} */
const all = (selector) => [...document.querySelectorAll(selector)].filter((found) => found instanceof HTMLElement);

/** @param {string | undefined} id */
const input = (id) => {
  const found = document.getElementById(id ?? "");
  return found instanceof HTMLInputElement ? found : null;
};

// An answer to a form takes the address that shows it without one: Reload and Back do not send the form again.
const { address } = document.body.dataset;
if (address) history.replaceState(null, "", address);

// Problems are read out first.
all("[data-focus]")[0]?.focus();

// Show and hide the password.
for (const button of all("[data-reveals]")) {
  const field = input(button.dataset.reveals);
  if (!field) continue;
  button.hidden = false;
  /** @param {boolean} shown */
  const show = (shown) => {
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  };
  button.addEventListener("click", () => show(field.type === "password"));
  // A browser would remember what was typed into a text field.
  field.form?.addEventListener("submit", () => show(false));
}

// A hint while Caps Lock is on.
for (const hint of all("[data-caps-lock]")) {
  const field = hint.closest(".field")?.querySelector("input");
  /** @param {Event} event */
  const look = (event) => {
    if (!(event instanceof KeyboardEvent || event instanceof MouseEvent)) return; // Autofill sends bare events.
    hint.textContent = event.getModifierState("CapsLock") ? (hint.dataset.capsLock ?? "") : "";
  };
  for (const kind of ["keydown", "keyup", "mousedown"]) field?.addEventListener(kind, look);
  field?.addEventListener("blur", () => {
    hint.textContent = "";
  });
}

// One press sends a form once. Buttons are not disabled: a disabled one would not be sent along with its name.
/** @type {Set<HTMLFormElement>} */
const sent = new Set();
/** @param {HTMLFormElement} form */
const release = (form) => {
  sent.delete(form);
  form.removeAttribute("aria-busy");
  for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
};
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || event.submitter?.hasAttribute("data-popup")) return;
  if (sent.has(form)) return event.preventDefault();
  sent.add(form);
  form.setAttribute("aria-busy", "true");
  event.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(release, 15_000, form); // The user may have stopped the browser, and nothing tells us.
});
// Coming back by the Back button shows the page as it was left.
addEventListener("pageshow", () => sent.forEach(release));

// Search the choices.
for (const box of all("[data-search]")) {
  const field = box.querySelector("input");
  const status = box.querySelector("[role=status]");
  const rows = all(`#${box.dataset.search} > li`);
  if (!field || !(status instanceof HTMLElement)) continue;
  box.hidden = false;
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    status.textContent = rows.every((row) => row.hidden) ? (status.dataset.none ?? "") : "";
  });
}

// Show what a form would come to while it is filled in: the server draws it, the newest answer counts.
for (const box of all("[data-preview]")) {
  const form = box.querySelector("form");
  if (!form) continue;
  let turn = 0;
  form.addEventListener("input", () => {
    const mine = ++turn;
    setTimeout(async () => {
      if (mine !== turn) return; // still typing
      const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
      const answer = await fetch(box.dataset.preview ?? "", { method: "POST", body }).catch(() => undefined);
      const drawn =
        answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
      if (mine === turn && drawn) document.getElementById("preview")?.replaceWith(drawn);
    }, 200);
  });
}

// No door takes a line break (they are control characters), so a text of several lines is one line.
for (const field of all("textarea"))
  field.addEventListener("input", () => {
    if (field instanceof HTMLTextAreaElement && field.value.includes("\n"))
      field.value = field.value.replace(/\s*\n\s*/g, " ");
  });

// Fill a field with a picture from a file, small enough for the server's rule: the first that is.
for (const box of all("[data-picture]")) {
  const field = input(box.dataset.picture);
  const file = box.querySelector("input");
  const status = box.querySelector("[role=status]");
  if (!field || !file || !(status instanceof HTMLElement)) continue;
  box.hidden = false;
  file.addEventListener("change", async () => {
    const picture = file.files?.[0] && (await createImageBitmap(file.files[0]).catch(() => undefined));
    status.textContent = picture ? "" : (status.dataset.unreadable ?? "");
    if (!picture) return;
    const urls = [96, 64, 48, 32].flatMap((size) =>
      ["image/webp", "image/png"].map((type) => scaled(picture, size, type)),
    );
    field.value = urls.find((url) => url.length <= Number(box.dataset.most)) ?? "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

/** Whole, in the middle of a square. @param {ImageBitmap} picture @param {number} size @param {string} type */
function scaled(picture, size, type) {
  const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
  const scale = Math.min(size / picture.width, size / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  canvas.getContext("2d")?.drawImage(picture, (size - width) / 2, (size - height) / 2, width, height);
  return canvas.toDataURL(type);
}

// Copy what must be quoted. The clipboard exists in secure contexts only.
for (const button of all("[data-copies]")) {
  const source = document.getElementById(button.dataset.copies ?? "");
  if (!source || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.textContent ?? "");
    button.textContent = button.dataset.done ?? "";
  });
}

// Open the app, once and when all else is there: a page that is loaded again or come back to waits for a click.
for (const link of all("a[data-open]")) {
  const [visit] = performance.getEntriesByType("navigation");
  const first = !(visit instanceof PerformanceNavigationTiming) || visit.type === "navigate";
  if (first && link instanceof HTMLAnchorElement) addEventListener("load", () => location.replace(link.href));
}

// Log in in a popup: it is opened by the click itself, and the form then goes there. Where popups are blocked it stays here.
for (const button of all("[data-popup]")) {
  if (!(button instanceof HTMLButtonElement)) continue;
  button.hidden = false;
  const name = button.formTarget;
  button.addEventListener("click", () => {
    button.formTarget = open("", name, "popup,width=480,height=720") ? name : "";
  });
}

// What a popup came to is told to the window behind it, by a channel: the two may have lost sight of each other.
const trials = new BroadcastChannel("latchkey-try");
for (const link of all("a[data-hands-over]")) {
  trials.postMessage(link.getAttribute("href"));
  close();
}
if (all("[data-popup]").length > 0)
  trials.addEventListener("message", ({ data }) => {
    if (typeof data === "string" && data.startsWith(`${location.pathname.split("/try")[0]}/try/`))
      location.assign(data);
  });

// Count what is left of a code's life.
for (const clock of all("[data-seconds-left]")) {
  const end = performance.now() + Number(clock.dataset.secondsLeft) * 1_000;
  const tell = () => {
    const left = Math.ceil((end - performance.now()) / 1_000);
    clock.textContent =
      left > 0 ? `: ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")} left` : (clock.dataset.over ?? "");
    if (left > 0) setTimeout(tell, 1_000);
  };
  tell();
}
