import { createRoute, z } from "@hono/zod-openapi";
import type { AuthenticationResponseJSON } from "@simplewebauthn/server";
import type { Refusal } from "../errors/catalogue.ts";
import { startSession } from "../people/index.ts";
import { publicAccess } from "./access.ts";
import { knownParty, NO_PARTY, passkeyRoom } from "./known-party.ts";
import type { ManagementApp } from "./management-app.ts";
import { UsedCredential } from "./passkey-shape.ts";
import { refuse } from "./problem.ts";
import { refuseSignIn } from "./refuse-sign-in.ts";
import { answers200, bodyOf } from "./responses.ts";
import { SessionSchema } from "./session-shape.ts";
import { callerOf, handOver, signedInBefore, throttle } from "./signing-in.ts";

const route = createRoute({
  method: "post",
  path: "/sign-in/passkey",
  summary: "Sign in by a passkey",
  description: "`credential` is what `navigator.credentials.get()` gave for the options. Sets the session's cookie.",
  tags: ["sign-in"],
  ...publicAccess,
  request: { body: bodyOf(z.strictObject({ credential: UsedCredential })) },
  responses: answers200(SessionSchema, "Who is signed in now"),
});

export const signInPasskey = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const throttled = await throttle(c, "passkey");
    if (throttled) return refuseSignIn(c, "passkey", "throttled", throttled);
    const party = knownParty(c);
    if (!party) return refuse(c, NO_PARTY);
    const { control, now, random } = c.get("services");
    const { authenticate } = await passkeyRoom();
    const { credential } = c.req.valid("json");
    const known = await authenticate(control, withoutNull(credential), party, now());
    if (known === null) return refuseSignIn(c, "passkey", "not_known", NOT_KNOWN);
    const before = await signedInBefore(c);
    const begun = await startSession(control, { ...known, method: "passkey", ...callerOf(c) }, now(), random);
    if (begun === null) return refuseSignIn(c, "passkey", "not_known", NOT_KNOWN);
    return c.json(await handOver(c, begun, before), 200);
  });
};

/** Some browsers say null where there is no user handle. */
function withoutNull(credential: z.infer<typeof UsedCredential>): AuthenticationResponseJSON {
  const { userHandle, ...response } = credential.response;
  const given = userHandle === null || userHandle === undefined ? {} : { userHandle };
  return { ...credential, response: { ...response, ...given } } as AuthenticationResponseJSON;
}

/** One text for every reason: what exists is nobody's business yet. */
const NOT_KNOWN: Refusal = { code: "invalid_key", message: "this passkey does not sign anybody in: begin again" };
