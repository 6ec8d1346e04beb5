import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { LINK_MS, makeLink } from "../../../src/people/index.ts";
import { callerWith, control, migrate, newTenant, operatorKey, random, type Call } from "./api.ts";
import { codeOf, enter, newEmail, openBrowser, ORIGIN, storedOfPeople } from "./browser.ts";
import { signedIn } from "./signed-in.ts";

let operator: Call;

beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

beforeEach(async () => void (await control.prepare("DELETE FROM attempts").run()));

const firstOperatorLink = async (): Promise<string> => {
  const expiresAt = Date.now() + LINK_MS.first_operator;
  const link = { kind: "first_operator", person: null, madeBy: "deploy", expiresAt } as const;
  return `${ORIGIN}/console/sign-in?code=${(await makeLink(control, link, Date.now(), random)).code}`;
};

test("the first operator is made by one of many links, once", async () => {
  const links = await Promise.all([firstOperatorLink(), firstOperatorLink(), firstOperatorLink()]);
  const tries = await Promise.all(links.flatMap((link) => [enter(link), enter(link)]));
  const won = tries.filter(({ answer }) => answer.status === 200);
  expect(won).toHaveLength(1);
  expect(won[0]?.answer.body).toMatchObject({ person: { operator: true, email: null }, memberships: [] });
  expect((await won[0]?.call("GET", "/v1/tenants"))?.status).toBe(200);
  const { results } = await control.prepare("SELECT id FROM people WHERE operator = 1").all();
  expect(results).toHaveLength(1);
  expect((await enter(await firstOperatorLink())).answer.status).toBe(401);
});

test("of 20 who use an invitation at once exactly one comes in, with one place", async () => {
  const tenant = await newTenant(operator);
  const invited = { email: newEmail(), name: "Mia", role: "member", team: "trailer" };
  const { body } = await operator("POST", `/v1/tenants/${tenant}/invitations`, invited);
  const tries = await Promise.all(Array.from({ length: 20 }, () => enter(body["url"])));
  expect(tries.map(({ answer }) => answer.status).toSorted()).toEqual([200, ...Array.from({ length: 19 }, () => 401)]);
  const { results } = await control.prepare("SELECT * FROM memberships WHERE tenant = ?").bind(tenant).all();
  expect(results).toHaveLength(1);
  const inside = tries.find(({ answer }) => answer.status === 200);
  expect(inside?.answer.body["memberships"]).toEqual([
    { tenant, tenant_name: "Acme", role: "member", team: "trailer" },
  ]);
  expect((await inside?.call("GET", `/v1/tenants/${tenant}`))?.status).toBe(200);
});

test("a link is not used up by reading, and not known when forged, expired or taken back", async () => {
  const tenant = await newTenant(operator);
  const invite = async () => {
    const asked = { email: newEmail(), name: "Mia", role: "viewer" };
    return (await operator("POST", `/v1/tenants/${tenant}/invitations`, asked)).body;
  };
  const read = await invite();
  expect((await openBrowser().call("GET", `/v1/sign-in?code=${codeOf(read["url"])}`)).status).toBe(401);
  expect((await enter(read["url"])).answer.status).toBe(200);
  for (const code of ["x", "A".repeat(43), codeOf(read["url"]).replace(/^./, "-"), "%00", "é".repeat(43)]) {
    const answer = await openBrowser().call("POST", "/v1/sign-in", { code });
    expect([answer.status, answer.headers.get("set-cookie")], code).toEqual([401, null]);
  }
  const expired = await invite();
  await control.prepare("UPDATE sign_in_links SET expires_at = 1 WHERE id = ?").bind(expired["id"]).run();
  expect((await enter(expired["url"])).answer.body["detail"]).toContain("expired");
  const revoked = await invite();
  const at = `/v1/tenants/${tenant}/invitations/${String(revoked["id"])}`;
  expect((await operator("DELETE", at)).status).toBe(204);
  expect((await operator("DELETE", at)).status).toBe(404);
  expect((await enter(revoked["url"])).answer.body["detail"]).toContain("taken back");
});

test("the cookie is bound to this host and out of reach of scripts, and no secret is in D1", async () => {
  const { body } = await operator("POST", "/v1/people", { email: newEmail(), name: "Ada" });
  const { url } = body["link"] as { url: string };
  const log = vi.spyOn(console, "log");
  const browser = await enter(url);
  expect(browser.answer.status).toBe(200);
  expect(browser.answer.headers.get("cache-control")).toBe("no-store");
  expect(browser.state.setCookie).toMatch(
    /^__Host-wavegate=[\w-]{43}; Max-Age=1209[56]\d\d; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  );
  expect(browser.answer.text).not.toContain(browser.state.cookie);
  const stored = await storedOfPeople();
  for (const secret of [codeOf(url), browser.state.cookie, browser.state.csrf]) {
    expect(secret).toMatch(/.{40}/);
    expect(stored).not.toContain(secret);
    expect(JSON.stringify(log.mock.calls)).not.toContain(secret);
  }
});

test("a session that a browser brings along is not taken over, and ends", async () => {
  const { body } = await operator("POST", "/v1/people", { email: newEmail(), name: "Ada" });
  const attacker = await signedIn({ operator: true });
  const browser = openBrowser();
  browser.state.cookie = attacker.cookie.split("=")[1] ?? null;
  const planted = browser.state.cookie;
  await enter((body["link"] as { url: string }).url, browser);
  expect(browser.state.cookie).not.toBe(planted);
  expect((await browser.call("GET", "/v1/session")).body).toMatchObject({ person: { name: "Ada" }, method: "link" });
  expect((await attacker.call("GET", "/v1/session")).status).toBe(401);
  const made = openBrowser();
  made.state.cookie = "B".repeat(43);
  expect((await made.call("GET", "/v1/session")).status).toBe(401);
});

test("a page of another site signs nobody in, and changes nothing without the token", async () => {
  const { body } = await operator("POST", "/v1/people", { email: newEmail(), name: "Ada" });
  const code = codeOf((body["link"] as { url: string }).url);
  for (const headers of [{ "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "same-site" }]) {
    expect((await openBrowser().call("POST", "/v1/sign-in", { code }, headers)).status).toBe(403);
  }
  const origin = callerWith(null);
  expect((await origin("POST", "/v1/sign-in", { code }, { origin: "https://evil.example" })).status).toBe(403);
  const browser = await enter(`${ORIGIN}/?code=${code}`);
  expect(browser.answer.status).toBe(200);
  const { csrf } = browser.state;
  browser.state.csrf = null;
  expect((await browser.call("DELETE", "/v1/sessions/current")).status).toBe(403);
  browser.state.csrf = csrf;
  expect((await browser.call("DELETE", "/v1/sessions/current")).status).toBe(204);
  expect(browser.state.cookie).toBeNull();
  expect((await browser.call("GET", "/v1/session")).status).toBe(401);
});

test("own sessions are listed and ended, others' are not there", async () => {
  const mine = await signedIn({});
  const other = await signedIn({});
  const listed = await mine.call("GET", "/v1/sessions");
  expect(listed.body["data"]).toMatchObject([{ id: mine.session, current: true, ip: "203.0.113.9", method: "link" }]);
  expect((await mine.call("DELETE", `/v1/sessions/${other.session}`)).status).toBe(404);
  expect((await other.call("GET", "/v1/session")).status).toBe(200);
  expect((await mine.call("DELETE", `/v1/sessions/${mine.session}`)).status).toBe(204);
  expect((await mine.call("GET", "/v1/session")).status).toBe(401);
  expect((await operator("GET", "/v1/session")).status).toBe(403);
});

test("a person has 50 sessions at most: another one ends the oldest", async () => {
  const { person, call } = await signedIn({});
  await control.prepare("UPDATE sessions SET created_at = 1 WHERE person = ?").bind(person).run();
  for (let made = 0; made < 50; made += 1) {
    await operator("POST", `/v1/people/${person}/links`).then(({ body }) => enter(body["url"]));
    if (made === 30) await control.prepare("DELETE FROM attempts").run();
  }
  expect((await call("GET", "/v1/session")).status).toBe(401);
  const { results } = await control.prepare("SELECT id FROM sessions WHERE person = ?").bind(person).all();
  expect(results).toHaveLength(50);
});

test("a new link ends the one before, and who is disabled has none", async () => {
  const { person } = await signedIn({});
  const link = async () => (await operator("POST", `/v1/people/${person}/links`)).body["url"];
  const first = await link();
  const second = await link();
  expect((await enter(first)).answer.status).toBe(401);
  expect((await operator("PATCH", `/v1/people/${person}`, { disabled: true })).status).toBe(200);
  expect((await enter(second)).answer.status).toBe(401);
  expect((await operator("POST", `/v1/people/${person}/links`)).status).toBe(409);
});

test("tries are counted by address, an IPv6 network as one, and refused with the time to wait", async () => {
  const statuses = new Set<number>();
  for (let index = 0; index < 60; index += 1) {
    const browser = openBrowser({}, `2001:db8:1:2::${index.toString(16)}`);
    statuses.add((await browser.call("POST", "/v1/sign-in", { code: "x" })).status);
  }
  expect([...statuses]).toEqual([401]);
  const refused = await openBrowser({}, "2001:db8:1:2:ffff::1").call("POST", "/v1/sign-in", { code: "x" });
  expect([refused.status, refused.body["code"]]).toEqual([429, "rate_limited"]);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await openBrowser({}, "2001:db8:1:3::1").call("POST", "/v1/sign-in", { code: "x" })).status).toBe(401);
});
