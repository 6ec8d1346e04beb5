import type { Context } from "hono";
import { findPersonById } from "../people/index.ts";
import { toInstant } from "./fields.ts";
import { sendMail } from "./send-mail.ts";
import type { ManagementEnv } from "./services.ts";
import { callerOf } from "./signing-in.ts";

/**
 * Mails a person, after the answer, what was changed of the passkeys that let them in: if it was somebody else, they must hear of it.
 * Nothing, where no mail is configured or no e-mail is known. `what`: a clause such as "a passkey was added".
 */
export function tellOfPasskeys(c: Context<ManagementEnv>, person: string, what: string): void {
  const services = c.get("services");
  const { control, mail, publicUrl, now } = services;
  if (!mail || publicUrl === null) return;
  const { ip, userAgent } = callerOf(c);
  const console = `${new URL(publicUrl).origin}/console/me`;
  const at = toInstant(now());
  const text =
    `At ${at} ${what}, from ${ip} (${oneLine(userAgent)}).\n\n` +
    `If this was not you, sign in, look at your passkeys and sessions at ${console}, sign out everywhere with your passkeys, ` +
    `and tell whoever runs the gateway.\n`;
  const tell = async () => {
    const email = (await findPersonById(control, person))?.email;
    if (email) await sendMail(services, { to: email, subject: "Your passkeys were changed", text });
  };
  services.waitUntil(tell());
}

/** What a browser says of itself, or somebody says of a key, must not look like more of the mail. */
export const oneLine = (text: string): string => text.replaceAll(/[\s\p{C}]+/gu, " ").slice(0, 200) || "unknown";
