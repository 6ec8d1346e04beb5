import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { FRESH_MS, startSession } from "../../../src/people/index.ts";
import { addPasskey, listPasskeys } from "../../../src/people/passkey-store.ts";
import { callerWith, control, migrate, newTenant, operatorKey, random, type Call } from "./api.ts";
import { enter, newEmail, openBrowser, type Browser } from "./browser.ts";
import { signedIn } from "./signed-in.ts";
import { softwareAuthenticator } from "./software-authenticator.ts";

const MAIL = { MAIL_API_URL: "https://mail.example/emails", MAIL_API_KEY: "re_secret", MAIL_FROM: "w@example.com" };
const variables = { ...MAIL, PUBLIC_URL: "http://localhost:8787" };

let operator: Call;
let tenant: string;
let sent: { to: string; subject: string; text: string }[] = [];

beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
  tenant = await newTenant(operator);
});

beforeEach(async () => {
  await control.prepare("DELETE FROM attempts").run();
  sent = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (_url, init) => {
    sent.push(JSON.parse(String(init?.body)) as (typeof sent)[number]);
    return new Response("{}", { status: 200 });
  });
});

afterEach(() => void vi.restoreAllMocks());

type Options = Parameters<ReturnType<typeof softwareAuthenticator>["create"]>[0];

/** Somebody invited into the tenant, in a browser of a gateway that mails. */
async function member() {
  const email = newEmail();
  const asked = { email, name: "Mia", role: "member" };
  const { url } = (await operator("POST", `/v1/tenants/${tenant}/invitations`, asked)).body;
  const browser = await enter(url, openBrowser(variables, "198.51.100.7"));
  return { ...browser, email, id: (browser.answer.body["person"] as { id: string }).id };
}

async function add({ call, settled }: Browser, name: string, agent = "Mia's browser") {
  const key = softwareAuthenticator();
  const headers = { "user-agent": agent };
  const begun = await call("POST", "/v1/passkeys/options", undefined, headers);
  const credential = key.create((begun.body["options"] ?? { challenge: "x", user: { id: "x" } }) as Options);
  const made = await call("POST", "/v1/passkeys", { name, credential }, headers);
  await settled();
  return { key, begun, made };
}

const age = (person: string) =>
  control.prepare("UPDATE sessions SET created_at = created_at - ?1 WHERE person = ?2").bind(FRESH_MS, person).run();

test("a passkey that is added or deleted is mailed, told by the log, and shown with when and where", async () => {
  const mia = await member();
  const { key } = await add(mia, "Lap top", "Evil\tbrowser");
  expect(sent).toMatchObject([{ to: mia.email, subject: "Your passkeys were changed" }]);
  expect(sent[0]?.text).toContain('a passkey named "Lap top" was added, from 198.51.100.7 (Evil browser).');
  expect(sent[0]?.text).toContain("http://localhost:8787/console/me");
  const where = { id: key.id, ip: "198.51.100.7", user_agent: "Evil\tbrowser" };
  const owner = await signedIn({ places: [{ tenant, role: "owner" }] });
  const lists = [
    await mia.call("GET", "/v1/passkeys"),
    await operator("GET", `/v1/people/${mia.id}/passkeys`),
    await owner.call("GET", `/v1/tenants/${tenant}/members/${mia.id}/passkeys`),
  ];
  for (const { body } of lists) expect(body["data"]).toMatchObject([where]);
  const entries = await operator("GET", `/v1/audit-log?actor=person:${mia.id}`);
  expect(entries.body["data"]).toMatchObject([
    { action: "POST /passkeys", ip: "198.51.100.7", after: { id: key.id } },
    { action: "POST /sign-in" },
  ]);
  expect((await mia.call("DELETE", `/v1/passkeys/${key.id}`)).status).toBe(204);
  await mia.settled();
  expect(sent[1]?.text).toContain('the passkey named "Lap top"');
});

test("passkeys are changed by whoever signed in a moment ago", async () => {
  const mia = await member();
  const { key } = await add(mia, "Mine");
  await age(mia.id);
  const { begun, made } = await add(mia, "Planted");
  const deleted = await mia.call("DELETE", `/v1/passkeys/${key.id}`);
  const all = await mia.call("DELETE", "/v1/sessions?passkeys=true");
  for (const { status, body } of [begun, made, deleted, all]) {
    expect([status, body["details"]]).toEqual([403, { reason: "sign_in_again" }]);
  }
  expect(await listPasskeys(control, mia.id)).toHaveLength(1);
  const again = openBrowser(variables);
  const { body } = await again.call("POST", "/v1/sign-in/passkey/options");
  await again.call("POST", "/v1/sign-in/passkey", { credential: key.get(body["options"] as Options) });
  expect((await add(again, "Second")).made.status).toBe(201);
});

test("a session that is found open makes no fresh one of itself: by no invitation, by no link for oneself", async () => {
  const mia = await member();
  const { key } = await add(mia, "Mine");
  await age(mia.id);
  const thief = await newTenant(operator);
  const asked = { email: mia.email, name: "Mia", role: "viewer" };
  const { url } = (await operator("POST", `/v1/tenants/${thief}/invitations`, asked)).body;
  const accepted = await enter(url, mia);
  expect([accepted.answer.status, accepted.answer.body["details"]]).toEqual([403, { reason: "sign_in_first" }]);
  expect((await listPasskeys(control, mia.id)).map(({ id }) => id)).toEqual([key.id]);
  const owner = await signedIn({ places: [{ tenant, role: "owner" }] });
  const boss = await signedIn({ operator: true });
  const own = [
    () => owner.call("POST", `/v1/tenants/${tenant}/members/${owner.person}/links`),
    () => boss.call("POST", `/v1/people/${boss.person}/links`),
  ];
  for (const link of own) expect((await link()).status).toBe(201);
  await age(owner.person);
  await age(boss.person);
  for (const link of own) expect((await link()).body["details"]).toEqual({ reason: "sign_in_again" });
  expect((await boss.call("POST", `/v1/people/${mia.id}/links`)).status).toBe(201);
});

test("whoever signs everywhere out keeps this session, and with the passkeys nothing else", async () => {
  const mia = await member();
  await add(mia, "Mine");
  const elsewhere = await enter((await operator("POST", `/v1/people/${mia.id}/links`)).body["url"]);
  const open = (await operator("POST", `/v1/people/${mia.id}/links`)).body["url"];
  expect((await mia.call("DELETE", "/v1/sessions")).body).toEqual({ sessions: 1, links: 1, passkeys: 0 });
  expect((await elsewhere.call("GET", "/v1/session")).status).toBe(401);
  expect((await enter(open)).answer.status).toBe(401);
  expect((await mia.call("DELETE", "/v1/sessions?passkeys=true")).body).toMatchObject({ passkeys: 1 });
  expect((await mia.call("GET", "/v1/session")).status).toBe(200);
});

test("an owner or operator ends all of a person's ways in, and the impostor's passkey with them", async () => {
  const owner = await signedIn({ places: [{ tenant, role: "owner" }] });
  const viewer = await signedIn({ places: [{ tenant, role: "viewer" }] });
  const ends: ((id: string) => [Call, string])[] = [
    (id) => [operator, `/v1/people/${id}/sessions?passkeys=true`],
    (id) => [owner.call, `/v1/tenants/${tenant}/members/${id}/sessions?passkeys=true`],
  ];
  for (const end of ends) {
    const mia = await member();
    const { key } = await add(mia, "Planted");
    const [call, path] = end(mia.id);
    expect((await viewer.call("DELETE", path)).status).toBe(403);
    expect((await call("DELETE", path.replace("true", "false"))).body).toEqual({ sessions: 1, links: 0, passkeys: 0 });
    expect((await mia.call("GET", "/v1/session")).status).toBe(401);
    expect((await call("DELETE", path)).body).toEqual({ sessions: 0, links: 0, passkeys: 1 });
    const browser = openBrowser();
    const { body } = await browser.call("POST", "/v1/sign-in/passkey/options");
    const credential = key.get(body["options"] as Options);
    expect((await browser.call("POST", "/v1/sign-in/passkey", { credential })).status).toBe(401);
  }
});

test("nobody signs out, or looks at, whose other places are not theirs to give", async () => {
  const other = await newTenant(operator);
  const both = await signedIn({
    places: [
      { tenant, role: "member" },
      { tenant: other, role: "viewer" },
    ],
  });
  const owner = await signedIn({ places: [{ tenant, role: "owner" }] });
  const at = `/v1/tenants/${tenant}/members/${both.person}`;
  expect((await owner.call("DELETE", `${at}/sessions?passkeys=true`)).status).toBe(403);
  expect((await owner.call("GET", `${at}/passkeys`)).status).toBe(403);
  expect((await both.call("GET", "/v1/session")).status).toBe(200);
});

test("what was about to begin does not outlive what ended all: no passkey of an ended session, no session of a deleted passkey", async () => {
  const mia = await member();
  const { key } = await add(mia, "Mine");
  await operator("DELETE", `/v1/people/${mia.id}/sessions?passkeys=true`);
  const row = { id: "late", person: mia.id, publicKey: "x", counter: 0, transports: "[]", name: "", createdAt: 0 };
  expect(await addPasskey(control, { ...row, ip: "", userAgent: "" }, "0".repeat(16))).toBe(false);
  const late = { person: mia.id, method: "passkey", ip: "", userAgent: "" } as const;
  expect(await startSession(control, { ...late, passkey: key.id }, Date.now(), random)).toBeNull();
  expect(await startSession(control, late, Date.now(), random)).not.toBeNull();
  await operator("PATCH", `/v1/people/${mia.id}`, { disabled: true });
  expect(await startSession(control, late, Date.now(), random)).toBeNull();
});
