/** Asks in a dialog of the page: Cancel has the focus first, Escape means it, and the focus goes back to where it was. */
export function ask(question: string, yes: string): Promise<boolean> {
  const dialog = document.createElement("dialog");
  const article = dialog.appendChild(document.createElement("article"));
  const text = article.appendChild(document.createElement("p"));
  text.id = "asked";
  text.textContent = question;
  dialog.setAttribute("aria-labelledby", text.id);
  const form = article.appendChild(document.createElement("form"));
  form.method = "dialog";
  form.className = "answers";
  const no = buttonOf("Cancel", "quiet", "");
  const go = buttonOf(yes, "danger", "yes");
  form.append(no, go);
  document.body.append(dialog);
  // A dialog keeps the pointer in; the browser's own bar is still a stop of the Tab key, and two buttons need none.
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    event.preventDefault();
    (document.activeElement === no ? go : no).focus();
  });
  dialog.showModal();
  no.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

function buttonOf(words: string, look: string, value: string): HTMLButtonElement {
  const button = document.createElement("button");
  button.textContent = words;
  button.className = look;
  button.value = value;
  return button;
}
