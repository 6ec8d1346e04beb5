import { startAuthentication, startRegistration, browserSupportsWebAuthn } from "@simplewebauthn/browser";

/** Passkeys need script, and a browser that has them: their buttons are shown only there. */
async function post(path: string, body: unknown, csrf = ""): Promise<Record<string, unknown>> {
  const headers = { "content-type": "application/json", "x-wavegate-csrf": csrf };
  const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  const answer = (await response.json()) as Record<string, unknown>;
  if (!response.ok) throw new Error(String(answer["detail"] ?? "This did not work."));
  return answer;
}

type Options = Parameters<typeof startAuthentication>[0]["optionsJSON"];
type NewOptions = Parameters<typeof startRegistration>[0]["optionsJSON"];

/** What a browser calls its refusals, in words that say what to do. By the name of its error (WebAuthn level 3). */
const SAID: Readonly<Record<string, string>> = {
  InvalidStateError: "This device has a passkey of yours already.",
  NotAllowedError: "The passkey was not confirmed in time. Try again, or sign in by a link.",
  SecurityError: "Passkeys work only at the gateway's own address: open the console there.",
};

const wordsFor = (error: unknown): string =>
  error instanceof Error ? (SAID[error.name] ?? error.message) : String(error);

function offer(id: string, work: (button: HTMLButtonElement) => Promise<void>): void {
  const button = document.getElementById(id);
  if (!(button instanceof HTMLButtonElement) || !browserSupportsWebAuthn()) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const problem = document.getElementById("passkey-problem");
    if (problem) problem.textContent = "";
    work(button).catch((error: unknown) => {
      if (problem) problem.textContent = wordsFor(error);
    });
  });
}

offer("passkey-sign-in", async (button) => {
  const { options } = await post("/v1/sign-in/passkey/options", {});
  const credential = await startAuthentication({ optionsJSON: options as Options });
  await post("/v1/sign-in/passkey", { credential });
  location.assign(button.dataset["next"] ?? "/console");
});

offer("passkey-add", async (button) => {
  const csrf = button.dataset["csrf"] ?? "";
  const name = document.getElementById("field-passkey_name");
  const { options } = await post("/v1/passkeys/options", {}, csrf);
  const credential = await startRegistration({ optionsJSON: options as NewOptions });
  await post("/v1/passkeys", { name: name instanceof HTMLInputElement ? name.value : "Passkey", credential }, csrf);
  location.reload();
});
