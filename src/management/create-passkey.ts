import { createRoute, z } from "@hono/zod-openapi";
import type { RegistrationResponseJSON } from "@simplewebauthn/server";
import { PASSKEYS_MAX, USER_AGENT_CHARS_MAX } from "../people/index.ts";
import { sessionAccess } from "./access.ts";
import { refuseStale } from "./fresh-session.ts";
import { NameField } from "./fields.ts";
import { knownParty, NO_PARTY, passkeyRoom } from "./known-party.ts";
import type { ManagementApp } from "./management-app.ts";
import { CreatedCredential, PasskeySchema, toPasskey } from "./passkey-shape.ts";
import { NOT_A_PERSON, personOf } from "./person-of.ts";
import { refuse } from "./problem.ts";
import { answers201, bodyOf } from "./responses.ts";
import { callerOf } from "./signing-in.ts";
import { oneLine, tellOfPasskeys } from "./tell-of-passkeys.ts";

const route = createRoute({
  method: "post",
  path: "/passkeys",
  summary: "Register a passkey",
  description:
    "`credential` is what `navigator.credentials.create()` gave for the options of `POST /v1/passkeys/options`. Within 10 minutes of signing in; its person is mailed.",
  tags: ["sign-in"],
  ...sessionAccess,
  request: { body: bodyOf(z.strictObject({ name: NameField, credential: CreatedCredential })) },
  responses: answers201(PasskeySchema, "The passkey"),
});

export const createPasskey = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const session = personOf(c);
    if (!session) return refuse(c, NOT_A_PERSON);
    const stale = refuseStale(c, session);
    if (stale) return refuse(c, stale);
    const party = knownParty(c);
    if (!party) return refuse(c, NO_PARTY);
    const { control, now } = c.get("services");
    const { name, credential } = c.req.valid("json");
    const response = credential as RegistrationResponseJSON;
    const { ip, userAgent } = callerOf(c);
    const from = { ip, userAgent: userAgent.slice(0, USER_AGENT_CHARS_MAX) };
    const asked = { person: session.person.id, session: session.id, name, response, party, from };
    const { register } = await passkeyRoom();
    const made = await register(control, asked, now());
    if (made === "not_proved") return refuse(c, NOT_PROVED);
    if (made === "not_added") return refuse(c, NOT_ADDED);
    tellOfPasskeys(c, session.person.id, `a passkey named "${oneLine(name)}" was added`);
    return c.json(toPasskey(made), 201);
  });
};

const NOT_PROVED = {
  code: "forbidden",
  message: "this is no answer to options that were asked for in the last 5 minutes: begin again",
} as const;

const NOT_ADDED = {
  code: "conflict",
  message: `this passkey is registered already, or there are ${PASSKEYS_MAX}, or this session has ended`,
} as const;
