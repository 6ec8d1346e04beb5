import { drizzle } from "drizzle-orm/d1";
import { beforeAll, beforeEach, expect, test } from "vitest";
import {
  countOpenInvitations,
  INVITATIONS_MAX,
  makeLink,
  mayGrant,
  mayLetIn,
  MEMBERSHIPS_MAX,
  ROLES,
  SESSION_COOKIE,
  startSession,
  useLink,
  type Role,
} from "../../../src/people/index.ts";
import { memberships } from "../../../src/people/schema.ts";
import { callerWith, control, migrate, newTenant, operatorKey, random, type Call } from "./api.ts";
import { codeOf, enter, newEmail, openBrowser } from "./browser.ts";
import { signedIn } from "./signed-in.ts";

let operator: Call;
let tenant: string;

beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
  tenant = await newTenant(operator);
});

beforeEach(async () => void (await control.prepare("DELETE FROM attempts").run()));

interface Made {
  madeBy: string;
  person?: string;
  role?: Role;
  at?: string;
}

/** A link as it is there after its maker was asked about and before anything could end it. */
async function linkOf({ madeBy, person, role = "viewer", at = tenant }: Made): Promise<string> {
  const given = person
    ? ({ kind: "sign_in", person } as const)
    : ({
        kind: "invitation",
        person: null,
        email: newEmail(),
        name: "Mia",
        place: { tenant: at, role, team: null },
      } as const);
  const now = Date.now();
  return (await makeLink(control, { ...given, madeBy, expiresAt: now + 60_000 }, now, random)).code;
}

const use = (code: string, signedInAs: string | null = null) =>
  useLink(control, { code, signedInAs, ip: "", userAgent: "" }, Date.now(), random);

const resultOf = async (code: string) => {
  const used = await use(code);
  return used.ok ? "in" : used.error;
};

const person = (role: Role, at = tenant) => signedIn({ places: [{ tenant: at, role }] });

test("an invitation is used where its maker may still give its role, as the rule says it", async () => {
  for (const own of ROLES) {
    const maker = `person:${(await person(own)).person}`;
    for (const role of ROLES) {
      const expected = mayGrant(own, role) ? "in" : "revoked";
      expect(await resultOf(await linkOf({ madeBy: maker, role })), `${role} by ${own}`).toBe(expected);
    }
  }
  const other = `person:${(await person("owner", await newTenant(operator))).person}`;
  expect(await resultOf(await linkOf({ madeBy: other }))).toBe("revoked");
});

test("a sign-in link is used where its maker may still let its person in, as the rule says it", async () => {
  const second = await newTenant(operator);
  const places = (first: Role | null, other: Role | null) => [
    ...(first ? [{ tenant, role: first }] : []),
    ...(other ? [{ tenant: second, role: other }] : []),
  ];
  const makers = [places("owner", null), places("admin", null), places("viewer", null), places("owner", "admin"), []];
  const targets = [
    ...ROLES.map((role) => places(role, null)),
    places("member", "viewer"),
    places("viewer", "owner"),
    [],
  ];
  for (const memberships of makers) {
    const maker = await signedIn({ places: memberships });
    for (const held of targets) {
      const target = await signedIn({ places: held });
      const all = { operator: false, memberships: memberships.map((place) => ({ ...place, team: null })) };
      const whom = { operator: false, memberships: held.map((place) => ({ ...place, team: null })) };
      const code = await linkOf({ madeBy: `person:${maker.person}`, person: target.person });
      const what = `${JSON.stringify(held)} by ${JSON.stringify(memberships)}`;
      expect(await resultOf(code), what).toBe(mayLetIn(all, whom) ? "in" : "revoked");
    }
  }
  const owner = `person:${(await person("owner")).person}`;
  const boss = await signedIn({ operator: true, places: [{ tenant, role: "viewer" }] });
  expect(await resultOf(await linkOf({ madeBy: owner, person: boss.person }))).toBe("revoked");
  const self = await signedIn({});
  expect(await resultOf(await linkOf({ madeBy: `person:${self.person}`, person: self.person }))).toBe("in");
});

test("a link that was made while its maker was being disabled or demoted lets nobody in", async () => {
  await signedIn({ operator: true });
  const target = await person("owner");
  for (const change of [{ disabled: true }, { operator: false }]) {
    const maker = await signedIn({ operator: true });
    const madeBy = `person:${maker.person}`;
    expect(await resultOf(await linkOf({ madeBy, person: target.person }))).toBe("in");
    expect((await operator("PATCH", `/v1/people/${maker.person}`, change)).status).toBe(200);
    expect(await resultOf(await linkOf({ madeBy, person: target.person }))).toBe("revoked");
    expect(await resultOf(await linkOf({ madeBy }))).toBe("revoked");
  }
});

test("a management key that was revoked lets nobody in, nor stay who came in as somebody else by it", async () => {
  const { id, key } = await operatorKey();
  const target = await person("owner");
  const link = async () => (await callerWith(key)("POST", `/v1/people/${target.person}/links`)).body["url"];
  const inside = await enter(await link());
  const open = await link();
  expect((await operator("DELETE", `/v1/management-keys/${id}`)).status).toBeLessThan(300);
  expect((await inside.call("GET", "/v1/session")).status).toBe(401);
  expect((await enter(open)).answer.status).toBe(401);
  expect(await resultOf(await linkOf({ madeBy: `operator:${id}`, person: target.person }))).toBe("revoked");
  expect((await target.call("GET", "/v1/session")).status).toBe(200);
});

test("a maker who is removed between the look and the use: one of both wins, and never both", async () => {
  for (let turn = 0; turn < 5; turn += 1) {
    const [admin, member] = [await person("admin"), await person("member")];
    const code = await linkOf({ madeBy: `person:${admin.person}`, person: member.person });
    const browser = openBrowser();
    const [removed] = await Promise.all([
      operator("DELETE", `/v1/tenants/${tenant}/members/${admin.person}`),
      browser.call("POST", "/v1/sign-in", { code }),
    ]);
    expect(removed.status).toBe(204);
    expect((await browser.call("GET", "/v1/session")).status).toBe(401);
  }
});

/** Somebody with so many places, all but those at `tenant`. */
async function withPlaces(count: number) {
  const one = await signedIn({});
  const rows = Array.from({ length: count }, (_, n) => ({
    tenant: n.toString(16).padStart(12, "0"),
    person: one.person,
    role: "viewer" as const,
    team: null,
    createdAt: 0,
  }));
  for (let from = 0; from < count; from += 20)
    await drizzle(control)
      .insert(memberships)
      .values(rows.slice(from, from + 20));
  return one;
}

test("a tenant has 200 open invitations at most, however many are made at once", async () => {
  const at = await newTenant(operator);
  for (let made = 0; made < INVITATIONS_MAX - 2; made += 1) await linkOf({ madeBy: "start", at });
  const invite = () =>
    operator("POST", `/v1/tenants/${at}/invitations`, { email: newEmail(), name: "Mia", role: "viewer" });
  const statuses = (await Promise.all(Array.from({ length: 8 }, invite))).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set(statuses.includes(201) ? [201, 409] : [409]));
  expect(await countOpenInvitations(control, at, Date.now())).toBeLessThanOrEqual(INVITATIONS_MAX);
});

const placesOf = (id: string) =>
  control.prepare("SELECT count(*) AS n FROM memberships WHERE person = ?").bind(id).first<number>("n");

test("nobody has more places than one may have, whatever is accepted at once", async () => {
  const one = await withPlaces(MEMBERSHIPS_MAX - 1);
  const tenants = [tenant, await newTenant(operator), await newTenant(operator)];
  const urls: unknown[] = [];
  for (const at of tenants) {
    const asked = { email: `${one.person}@example.com`, name: "Ada", role: "viewer" };
    urls.push((await operator("POST", `/v1/tenants/${at}/invitations`, asked)).body["url"]);
  }
  const results = await Promise.all(urls.map((url) => use(codeOf(url), one.person)));
  expect(results.map((used) => (used.ok ? "in" : used.error)).toSorted()).toEqual([
    "in",
    "too_many_places",
    "too_many_places",
  ]);
  expect(await placesOf(one.person)).toBe(MEMBERSHIPS_MAX);
  // Those that were refused are open still, and the API says why.
  const from = { person: one.person, method: "link", ip: "", userAgent: "" } as const;
  const secret = (await startSession(control, from, Date.now(), random))?.secret ?? "";
  const left = { code: codeOf(urls[results.findIndex((used) => !used.ok)]) };
  const again = await callerWith(null)("POST", "/v1/sign-in", left, { cookie: `${SESSION_COOKIE}=${secret}` });
  expect([again.status, again.text.includes("200 tenants")]).toEqual([409, true]);
});
