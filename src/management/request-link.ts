import { createRoute, z } from "@hono/zod-openapi";
import { dropMailedLink, findPersonByEmail, makeMailedLink, networkOf, signInUrl, TRIES_MAX } from "../people/index.ts";
import { publicAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { EmailField } from "./person-fields.ts";
import { problemResponse } from "./problem.ts";
import { refuseSignIn } from "./refuse-sign-in.ts";
import { bodyOf, jsonOf } from "./responses.ts";
import { sendMail } from "./send-mail.ts";
import type { Services } from "./services.ts";
import { callerOf, throttle, throttleSubject } from "./signing-in.ts";

const Answer = z
  .object({ mails: z.boolean().openapi({ description: "This gateway can send e-mail" }), message: z.string() })
  .openapi("RequestedLink");

const route = createRoute({
  method: "post",
  path: "/sign-in/links",
  summary: "Have a sign-in link mailed",
  description:
    "Answers the same whether or not somebody has this e-mail, and whether or not it is mailed: not while one of the last 5 minutes is open. " +
    "5 a quarter of an hour for one e-mail from one address.",
  tags: ["sign-in"],
  ...publicAccess,
  request: { body: bodyOf(z.strictObject({ email: EmailField })) },
  responses: { 202: jsonOf(Answer, "Whoever has this e-mail is sent a link"), default: problemResponse },
});

export const requestLink = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { email } = c.req.valid("json");
    const pair = `mail\n${networkOf(callerOf(c).ip)}\n${email}`;
    const throttled = (await throttle(c, "mail")) ?? (await throttleSubject(c, pair, TRIES_MAX.emailByAddress));
    if (throttled) return refuseSignIn(c, "mail", "throttled", throttled);
    // The search too is made after the answer, whose time would tell what it found.
    if (services.mail) services.waitUntil(mailLink(services, email));
    return c.json(services.mail ? MAILED : NOT_MAILED, 202, { "cache-control": "no-store" });
  });
};

async function mailLink(services: Services, email: string): Promise<void> {
  const { control, now, random, publicUrl } = services;
  const person = await findPersonByEmail(control, email);
  if (!person || person.disabledAt !== null || publicUrl === null) return;
  const link = await makeMailedLink(control, person.id, now(), random);
  if (!link) return;
  const url = signInUrl(new URL(publicUrl).origin, link.code);
  const mailed = await sendMail(services, {
    to: email,
    subject: "Your sign-in link",
    text: `Open this link to sign in. It works once, for 15 minutes.\n\n${url}\n\nIf you did not ask for it, ignore it.\n`,
  });
  if (!mailed) await dropMailedLink(control, link.id, now());
}

const MAILED = { mails: true, message: "if somebody has this e-mail, a link is on its way" };

const NOT_MAILED = {
  mails: false,
  message: "this gateway sends no e-mail: ask an operator, or whoever manages your tenant, for a link",
};
