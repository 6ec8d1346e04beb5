import { createRoute } from "@hono/zod-openapi";
import type { Refusal } from "../errors/catalogue.ts";
import { emailOfAccess, findPersonByEmail, proveEmail, startSession } from "../people/index.ts";
import { publicAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { refuseSignIn } from "./refuse-sign-in.ts";
import { answers200 } from "./responses.ts";
import { SessionSchema } from "./session-shape.ts";
import { callerOf, handOver, signedInBefore, throttle } from "./signing-in.ts";

const HEADER = "cf-access-jwt-assertion";
const TOKEN_CHARS_MAX = 8_192;

const route = createRoute({
  method: "post",
  path: "/sign-in/access",
  summary: "Sign in by Cloudflare Access",
  description:
    "By the token that Access puts into `Cf-Access-Jwt-Assertion`, as the person of its e-mail: who has none is not made. Sets the session's cookie.",
  tags: ["sign-in"],
  ...publicAccess,
  responses: answers200(SessionSchema, "Who is signed in now"),
});

export const signInAccess = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const throttled = await throttle(c, "access");
    if (throttled) return refuseSignIn(c, "access", "throttled", throttled);
    const { control, now, random, access } = c.get("services");
    if (!access) return refuse(c, NOT_SET_UP);
    const token = c.req.header(HEADER) ?? "";
    const email = token === "" || token.length > TOKEN_CHARS_MAX ? null : await emailOfAccess(token, access);
    if (email === null) return refuseSignIn(c, "access", "not_genuine", NOT_GENUINE);
    const person = await findPersonByEmail(control, email);
    if (!person) return refuseSignIn(c, "access", "no_person", NOBODY);
    if (person.disabledAt !== null) return refuseSignIn(c, "access", "disabled", NOBODY);
    const before = await signedInBefore(c);
    await proveEmail(control, person.id, now());
    const begun = await startSession(control, { person: person.id, method: "access", ...callerOf(c) }, now(), random);
    if (begun === null) return refuseSignIn(c, "access", "disabled", NOBODY);
    return c.json(await handOver(c, begun, before), 200);
  });
};

const NOT_SET_UP: Refusal = { code: "not_found", message: "this gateway is not behind Cloudflare Access" };

const NOT_GENUINE: Refusal = { code: "invalid_key", message: "Cloudflare Access did not let this call through" };

const NOBODY: Refusal = { code: "forbidden", message: "nobody of this e-mail may sign in: ask an operator to add you" };
