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

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  const question = form.dataset["confirm"];
  if (question && !confirm(question)) event.preventDefault();
});

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
  button.addEventListener("click", () => print());
}

// A filter that is chosen is applied; without script its form has a button.
document.addEventListener("change", (event) => {
  const field = event.target;
  if (field instanceof HTMLSelectElement && field.form?.classList.contains("filters")) field.form.requestSubmit();
});
