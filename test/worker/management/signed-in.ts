import { drizzle } from "drizzle-orm/d1";
import { startSession, csrfTokenOf, SESSION_COOKIE, type Role } from "../../../src/people/index.ts";
import { memberships, people } from "../../../src/people/schema.ts";
import { callerWith, control, random, type Call } from "./api.ts";

interface Place {
  tenant: string;
  role: Role;
  team?: string;
}

export interface SignedIn {
  call: Call;
  person: string;
  session: string;
  cookie: string;
  csrf: string;
}

/** Somebody who is signed in: an operator, or with places at tenants. */
export async function signedIn(who: { operator?: boolean; places?: readonly Place[] }): Promise<SignedIn> {
  const person = Buffer.from(random(8)).toString("hex");
  const db = drizzle(control);
  const facts = { id: person, email: `${person}@example.com`, name: `Person ${person}`, createdAt: Date.now() };
  await db.insert(people).values({ ...facts, operator: who.operator ?? false });
  for (const { tenant, role, team } of who.places ?? []) {
    await db.insert(memberships).values({ tenant, person, role, team: team ?? null, createdAt: Date.now() });
  }
  const from = { person, method: "link", ip: "203.0.113.9", userAgent: "test" } as const;
  const started = await startSession(control, from, Date.now(), random);
  if (!started) throw new Error("not signed in");
  const { id, secret } = started;
  const cookie = `${SESSION_COOKIE}=${secret}`;
  const csrf = csrfTokenOf(secret);
  const caller = callerWith(null);
  const call: Call = (method, path, body, headers = {}) =>
    caller(method, path, body, { cookie, "x-wavegate-csrf": csrf, ...headers });
  return { call, person, session: id, cookie, csrf };
}
