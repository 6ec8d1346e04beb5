import { createRoute } from "@hono/zod-openapi";
import { sessionAccess } from "./access.ts";
import { refuseStale } from "./fresh-session.ts";
import { knownParty, NO_PARTY, passkeyRoom } from "./known-party.ts";
import type { ManagementApp } from "./management-app.ts";
import { OptionsSchema, toOptions } from "./passkey-shape.ts";
import { NOT_A_PERSON, personOf } from "./person-of.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const route = createRoute({
  method: "post",
  path: "/passkeys/options",
  summary: "Begin to register a passkey",
  description: "For `navigator.credentials.create()`. Good once, for 5 minutes, and within 10 minutes of signing in.",
  tags: ["sign-in"],
  ...sessionAccess,
  "x-audit": false,
  responses: answers200(OptionsSchema, "What the browser is to ask of the authenticator"),
});

export const createPasskeyOptions = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const session = personOf(c);
    if (!session) return refuse(c, NOT_A_PERSON);
    const stale = refuseStale(c, session);
    if (stale) return refuse(c, stale);
    const party = knownParty(c);
    if (!party) return refuse(c, NO_PARTY);
    const { control, now } = c.get("services");
    const { registrationOptions } = await passkeyRoom();
    const options = await registrationOptions(control, session.person, party, now());
    return c.json(toOptions(options), 200, { "cache-control": "no-store" });
  });
};
