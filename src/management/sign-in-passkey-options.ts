import { createRoute } from "@hono/zod-openapi";
import { publicAccess } from "./access.ts";
import { knownParty, NO_PARTY, passkeyRoom } from "./known-party.ts";
import type { ManagementApp } from "./management-app.ts";
import { OptionsSchema, toOptions } from "./passkey-shape.ts";
import { refuse } from "./problem.ts";
import { refuseSignIn } from "./refuse-sign-in.ts";
import { answers200 } from "./responses.ts";
import { throttle } from "./signing-in.ts";

const route = createRoute({
  method: "post",
  path: "/sign-in/passkey/options",
  summary: "Begin to sign in by a passkey",
  description:
    "For `navigator.credentials.get()`. Good once, for 5 minutes. Names no key, so that it tells nothing of anybody.",
  tags: ["sign-in"],
  ...publicAccess,
  "x-audit": false,
  responses: answers200(OptionsSchema, "What the browser is to ask of the authenticator"),
});

export const signInPasskeyOptions = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const throttled = await throttle(c, "passkey options");
    if (throttled) return refuseSignIn(c, "passkey", "throttled", throttled);
    const party = knownParty(c);
    if (!party) return refuse(c, NO_PARTY);
    const { control, now } = c.get("services");
    const { authenticationOptions } = await passkeyRoom();
    const options = await authenticationOptions(control, party, now());
    return c.json(toOptions(options), 200, { "cache-control": "no-store" });
  });
};
