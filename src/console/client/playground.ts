/** Shows what the form's input would cost while it is filled in: a quote holds nothing. */
const form = document.querySelector<HTMLFormElement>("form.playground");
const price = document.getElementById("price");
const WAIT_MS = 400;

let asked = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

async function show(from: HTMLFormElement, place: HTMLElement): Promise<void> {
  const mine = ++asked;
  if (!from.checkValidity()) {
    place.textContent = place.dataset["unit"] ?? "";
    return;
  }
  const values = new FormData(from);
  values.set("do", "price");
  const body = new URLSearchParams([...values].map(([name, value]) => [name, String(value)]));
  const response = await fetch(from.action, { method: "POST", body });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  // An answer that was overtaken says nothing any more.
  if (mine !== asked) return;
  place.textContent = (response.ok && page.getElementById("price")?.textContent) || (place.dataset["unit"] ?? "");
  if (!response.ok) return;
  for (const code of page.querySelectorAll("code[id^='code-']")) {
    const shown = document.getElementById(code.id);
    if (shown) shown.textContent = code.textContent;
  }
}

function later(from: HTMLFormElement, place: HTMLElement): void {
  clearTimeout(timer);
  timer = setTimeout(() => void show(from, place).catch(() => undefined), WAIT_MS);
}

/** What was typed outlives the run: the page comes back with the job, and inputs are not always kept. */
const KEPT = "wavegate:playground";

function keep(from: HTMLFormElement): void {
  const values = [...new FormData(from)].filter(([name]) => name === "model" || name.startsWith("input."));
  sessionStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(values)));
}

function restore(into: HTMLFormElement): void {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}") as Record<string, string>;
  if (kept["model"] !== new FormData(into).get("model")) return;
  for (const field of into.elements) {
    const isText = field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement;
    if (!isText && !(field instanceof HTMLSelectElement)) continue;
    const value = kept[field.name];
    if (value !== undefined && field.name.startsWith("input.")) field.value = value;
  }
}

if (form && price) {
  if (new URLSearchParams(location.search).has("job")) restore(form);
  form.addEventListener("submit", () => keep(form));
  form.addEventListener("input", () => later(form, price));
  later(form, price);
}
