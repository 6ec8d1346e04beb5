import { ask } from "./console/ask.ts";

/** What every page has: values that can be copied, and one question before what cannot be undone. */
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("button[data-copy]") : null;
  if (button) void copy(button);
});

async function copy(button: HTMLButtonElement): Promise<void> {
  const from = document.getElementById(button.dataset["copy"] ?? "");
  const text = from instanceof HTMLInputElement || from instanceof HTMLTextAreaElement ? from.value : from?.textContent;
  if (!text) return;
  await navigator.clipboard.writeText(text);
  const label = button.textContent;
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = label), 2_000);
}

/** Forms whose question was answered with yes. */
const asked = new WeakSet<HTMLFormElement>();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  const question = form.dataset["confirm"];
  if (!question || asked.has(form)) return;
  event.preventDefault();
  const by = event.submitter;
  void ask(question, by?.textContent?.trim() || "Go on").then((yes) => {
    if (!yes) return;
    asked.add(form);
    form.requestSubmit(by);
  });
});

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
  button.addEventListener("click", () => print());
}

// A filter that is chosen with the pointer is applied at once. Arrow keys pass every choice on the way to one: then, and without
// script, the form's button does it.
let isPointing = false;
document.addEventListener("pointerdown", () => (isPointing = true), true);
document.addEventListener("keydown", () => (isPointing = false), true);
document.addEventListener("change", (event) => {
  const field = event.target;
  if (!isPointing || !(field instanceof HTMLSelectElement)) return;
  if (field.form?.classList.contains("filters")) field.form.requestSubmit();
});

// Where the navigation is one line, the page's own link is in sight.
document.querySelector('.side [aria-current="page"]')?.scrollIntoView({ block: "nearest", inline: "center" });
