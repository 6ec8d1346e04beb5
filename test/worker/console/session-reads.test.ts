import { beforeAll, expect, test } from "vitest";
import { makeApp } from "../../../src/app.ts";
import { sessionLookup } from "../../../src/people/index.ts";
import { testEnv } from "../../support/test-env.ts";
import { control, newTenant } from "../management/api.ts";
import { signedIn, type SignedIn } from "../management/signed-in.ts";

let operator: SignedIn;
let owner: SignedIn;
let tenant: string;

beforeAll(async () => {
  operator = await signedIn({ operator: true });
  tenant = await newTenant(operator.call);
  owner = await signedIn({ places: [{ tenant, role: "owner" }] });
});

const app = makeApp();

/** One request to the console, with every statement that it has D1 CONTROL prepare. */
async function visit(who: SignedIn, path: string, form?: Record<string, string>) {
  const statements: string[] = [];
  const counting = new Proxy(control, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...given: unknown[]) => {
        if (name === "prepare") statements.push(String(given[0]));
        return Reflect.apply(member, target, given) as unknown;
      };
    },
  });
  const headers = { cookie: who.cookie, origin: "http://gateway.test" };
  const body = form && new URLSearchParams({ csrf: who.csrf, ...form });
  const init = body ? { method: "POST", headers, body } : { headers };
  const context = { waitUntil: () => {}, passThroughOnException: () => {} } as unknown as ExecutionContext;
  const env = { ...testEnv, CONTROL: counting };
  const answer = await app.fetch(new Request(`http://gateway.test${path}`, init), env, context);
  await answer.text();
  return {
    status: answer.status,
    all: statements.length,
    ofSession: statements.filter((sql) => sql.includes('from "sessions"')).length,
  };
}

const PAGES = ["overview", "jobs", "keys", "budgets", "limits", "teams", "members", "billing", "webhooks", "audit-log"];

/** What each page asked D1 CONTROL in all, and for sessions, before calls of one request shared what they found: 6 of 8, 10 of 21... */
test("a page looks for its session once, however many calls it makes", async () => {
  for (const page of PAGES) {
    const { status, all, ofSession } = await visit(owner, `/console/t/${tenant}/${page}`);
    // One for the session, one for its places.
    expect([page, status, ofSession]).toEqual([page, 200, 2]);
    expect(all, page).toBeLessThanOrEqual(14);
  }
  for (const page of ["/console/gateway", "/console/people"]) {
    expect((await visit(operator, page)).ofSession, page).toBe(2);
  }
});

test("what ended meanwhile counts from the next request on", async () => {
  const one = await signedIn({ places: [{ tenant, role: "owner" }] });
  const page = `/console/t/${tenant}/members`;
  expect((await visit(one, page)).status).toBe(200);
  await control.prepare("UPDATE memberships SET role = 'viewer' WHERE person = ?").bind(one.person).run();
  expect((await visit(one, page)).status).toBe(403);
  await control.prepare("DELETE FROM sessions WHERE person = ?").bind(one.person).run();
  expect((await visit(one, page)).status).toBe(303);
});

test("what a page's own form changed counts for the rest of it", async () => {
  const one = await signedIn({
    places: [
      { tenant, role: "owner" },
      { tenant: await newTenant(operator.call), role: "owner" },
    ],
  });
  // The call is refused, and the page that says so looks who is signed in anew.
  const refused = await visit(one, `/console/t/${tenant}/members/invitations`, { name: "", email: "", role: "viewer" });
  expect([refused.status, refused.ofSession]).toEqual([400, 4]);
});

test("a lookup is asked anew after a change and after a failure", async () => {
  const one = await signedIn({});
  const secret = one.cookie.split("=")[1] ?? "";
  const lookup = sessionLookup(control, Date.now);
  expect((await lookup.find(secret))?.person.id).toBe(one.person);
  await control.prepare("DELETE FROM sessions WHERE person = ?").bind(one.person).run();
  expect(await lookup.find(secret)).not.toBeNull();
  lookup.forget();
  expect(await lookup.find(secret)).toBeNull();
  let fails = true;
  const broken = new Proxy(control, {
    get: (target, name) => {
      if (fails && name === "prepare") throw new Error("D1 is away");
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? (member.bind(target) as unknown) : member;
    },
  });
  const again = sessionLookup(broken, Date.now);
  const other = await signedIn({});
  await expect(again.find(other.cookie.split("=")[1] ?? "")).rejects.toThrow("D1 is away");
  fails = false;
  expect(await again.find(other.cookie.split("=")[1] ?? "")).not.toBeNull();
});
