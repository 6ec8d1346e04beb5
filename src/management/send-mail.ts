import { log } from "../observability/log.ts";
import type { Services } from "./services.ts";

export interface Mail {
  to: string;
  subject: string;
  text: string;
}

const SEND_MS_MAX = 10_000;

/** Hands a mail to the provider, if there is one. False: it was not taken. What it says is a secret: never logged. */
export async function sendMail({ mail }: Pick<Services, "mail">, { to, subject, text }: Mail): Promise<boolean> {
  if (!mail) return false;
  try {
    const response = await fetch(mail.url, {
      method: "POST",
      headers: { authorization: `Bearer ${mail.key}`, "content-type": "application/json" },
      body: JSON.stringify({ from: mail.from, to, subject, text }),
      redirect: "manual",
      signal: AbortSignal.timeout(SEND_MS_MAX),
    });
    await response.body?.cancel();
    if (!response.ok) log.error("the mail provider did not take a mail", { status: response.status });
    return response.ok;
  } catch (error) {
    log.error("the mail provider was not reached", { error });
    return false;
  }
}
