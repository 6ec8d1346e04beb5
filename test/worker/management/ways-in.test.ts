import { beforeAll, beforeEach, expect, test } from "vitest";
import { callerWith, control, migrate, newTenant, operatorKey, type Call } from "./api.ts";
import { enter, newEmail, openBrowser, type Browser } from "./browser.ts";
import { signedIn } from "./signed-in.ts";

let operator: Call;

beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

beforeEach(async () => void (await control.prepare("DELETE FROM attempts").run()));

const inTenant = (tenant: string, role: "owner" | "admin" | "member") => signedIn({ places: [{ tenant, role }] });

const isIn = async ({ call }: { call: Browser["call"] }) => (await call("GET", "/v1/session")).status === 200;

const keepKey = (person: string) =>
  control
    .prepare("INSERT INTO passkeys VALUES (?1, ?2, 'x', 0, '[]', 'Mine', 0, NULL, '', '')")
    .bind(`key-of-${person}`, person)
    .run();

const keysOf = async (person: string): Promise<number> =>
  (await control.prepare("SELECT * FROM passkeys WHERE person = ?").bind(person).all()).results.length;

/** A tenant's admin who has come in as one of its members, with another link at hand. */
async function impostor() {
  const tenant = await newTenant(operator);
  const [admin, member] = await Promise.all([inTenant(tenant, "admin"), inTenant(tenant, "member")]);
  const links = `/v1/tenants/${tenant}/members/${member.person}/links`;
  const browser = await enter((await admin.call("POST", links)).body["url"]);
  expect(await isIn(browser)).toBe(true);
  await keepKey(member.person);
  const { url } = (await admin.call("POST", links)).body;
  return { tenant, admin, member, browser, url };
}

test("an admin who came in as a member is no owner by the member's promotion", async () => {
  const { tenant, member, browser, url } = await impostor();
  const owner = await inTenant(tenant, "owner");
  const at = `/v1/tenants/${tenant}/members/${member.person}`;
  expect((await owner.call("PATCH", at, { team: "trailer" })).status).toBe(200);
  expect(await isIn(browser)).toBe(true);
  expect((await owner.call("PATCH", at, { role: "owner" })).status).toBe(200);
  expect(await isIn(browser)).toBe(false);
  expect((await enter(url)).answer.status).toBe(401);
  expect(await keysOf(member.person)).toBe(0);
});

test("nor an operator, where the member is made one", async () => {
  const { member, browser, url } = await impostor();
  const at = `/v1/people/${member.person}`;
  expect((await operator("PATCH", at, { name: "Ada" })).status).toBe(200);
  expect(await isIn(browser)).toBe(true);
  expect((await operator("PATCH", at, { operator: true })).status).toBe(200);
  expect(await isIn(browser)).toBe(false);
  expect((await enter(url)).answer.status).toBe(401);
  expect(await keysOf(member.person)).toBe(0);
  const own = await enter((await operator("POST", `${at}/links`)).body["url"]);
  expect((await operator("PATCH", at, { operator: true })).status).toBe(200);
  expect(await isIn(own)).toBe(true);
  await operator("PATCH", at, { operator: false });
});

test("nor in another tenant, whose invitation the person accepts", async () => {
  const first = await newTenant(operator);
  const admin = await inTenant(first, "admin");
  const email = newEmail();
  const asked = { email, name: "Mia", role: "member" };
  const made = await admin.call("POST", `/v1/tenants/${first}/invitations`, asked);
  const thief = await enter(made.body["url"]);
  const { id } = thief.answer.body["person"] as { id: string };
  await keepKey(id);
  const { url } = (await admin.call("POST", `/v1/tenants/${first}/members/${id}/links`)).body;
  const second = await newTenant(operator);
  const invited = await operator("POST", `/v1/tenants/${second}/invitations`, asked);
  const mia = await enter((await operator("POST", `/v1/people/${id}/links`)).body["url"], openBrowser());
  expect((await enter(url)).answer.status).toBe(401);
  expect(await isIn(thief)).toBe(true);
  const accepted = await enter(invited.body["url"], mia);
  expect(accepted.answer.body["memberships"]).toHaveLength(2);
  expect([await isIn(thief), await isIn(mia)]).toEqual([false, true]);
  expect(await keysOf(id)).toBe(0);
});

test("whoever is removed or disabled is nobody else any more, and those who came in by themselves stay", async () => {
  for (const how of ["removed", "disabled"]) {
    const { tenant, admin, member, browser } = await impostor();
    const done =
      how === "removed"
        ? await operator("DELETE", `/v1/tenants/${tenant}/members/${admin.person}`)
        : await operator("PATCH", `/v1/people/${admin.person}`, { disabled: true });
    expect(done.status, how).toBeLessThan(300);
    expect(await isIn(browser), how).toBe(false);
    expect(await isIn(member), how).toBe(true);
  }
});

test("invitations that are made and taken back by turns have an end", async () => {
  const tenant = await newTenant(operator);
  const { call } = await inTenant(tenant, "admin");
  const at = `/v1/tenants/${tenant}/invitations`;
  const statuses: number[] = [];
  for (let turn = 0; turn < 61; turn += 1) {
    const made = await call("POST", at, { email: newEmail(), name: "Mia", role: "viewer" });
    statuses.push(made.status);
    if (made.status === 201) await call("DELETE", `${at}/${made.body["id"] as string}`);
  }
  expect(statuses.filter((status) => status === 201)).toHaveLength(60);
  expect(statuses.at(-1)).toBe(429);
});

test("a CSRF token of other characters is refused like any other", async () => {
  const { call, csrf } = await signedIn({});
  const answer = await call("DELETE", "/v1/sessions/current", undefined, {
    "x-wavegate-csrf": "é".repeat(csrf.length),
  });
  expect(answer.status).toBe(403);
});
