import { createRoute, z } from "@hono/zod-openapi";
import type { Refusal } from "../errors/catalogue.ts";
import { FRESH_MS, isFresh, MEMBERSHIPS_MAX, useLink, type LinkRefusal } from "../people/index.ts";
import { publicAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuseSignIn } from "./refuse-sign-in.ts";
import { answers200, bodyOf } from "./responses.ts";
import { SessionSchema } from "./session-shape.ts";
import { callerOf, handOver, signedInBefore, throttle } from "./signing-in.ts";

const route = createRoute({
  method: "post",
  path: "/sign-in",
  summary: "Sign in by a link",
  description:
    "Uses the link up, makes the person and the place that it gives, and sets the session's cookie. An invitation of an e-mail " +
    "that has a person already is accepted by that person only: they sign in first, at most 10 minutes ago.",
  tags: ["sign-in"],
  ...publicAccess,
  request: { body: bodyOf(z.strictObject({ code: z.string().min(1).max(200) })) },
  responses: answers200(SessionSchema, "Who is signed in now"),
});

export const signIn = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { control, now, random } = c.get("services");
    const throttled = await throttle(c, "link");
    if (throttled) return refuseSignIn(c, "link", "throttled", throttled);
    const before = await signedInBefore(c);
    // Accepting begins a session, and ends what else lets the person in: whoever found an old session open does neither.
    const signedInAs = before && isFresh(before, now()) ? before.person.id : null;
    const use = { code: c.req.valid("json").code, signedInAs, ...callerOf(c) };
    const used = await useLink(control, use, now(), random);
    if (!used.ok) return refuseSignIn(c, "link", used.error, REFUSALS[used.error]);
    return c.json(await handOver(c, used.value, before), 200);
  });
};

const unusable = (why: string): Refusal => ({ code: "invalid_key", message: `this link ${why}: ask for another one` });

const REFUSALS: Readonly<Record<LinkRefusal, Refusal>> = {
  unknown: unusable("is not one of this gateway"),
  used: unusable("was used already"),
  revoked: unusable("was taken back"),
  expired: unusable("has expired"),
  disabled: { code: "invalid_key", message: "this person may not sign in" },
  operator_exists: { code: "invalid_key", message: "this link is for the first operator, and there is one already" },
  sign_in_first: {
    code: "forbidden",
    message:
      "the invited e-mail has a person already: sign in as that person first, " +
      `at most ${FRESH_MS / 60_000} minutes ago, then open the invitation again`,
    details: { reason: "sign_in_first" },
  },
  too_many_places: {
    code: "conflict",
    message: `you have a place in ${MEMBERSHIPS_MAX} tenants, and nobody has more: have one taken away first`,
  },
};
