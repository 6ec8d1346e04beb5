import { beforeAll, beforeEach, expect, test } from "vitest";
import { countRefusal, REFUSAL_ROWS_MAX, REFUSAL_TRIES_MAX } from "../../../src/people/index.ts";
import { callerWith, control, migrate, operatorKey, type Call } from "./api.ts";
import { codeOf, newEmail, openBrowser } from "./browser.ts";
import { softwareAuthenticator } from "./software-authenticator.ts";

let operator: Call;
const ACCESS = { ACCESS_TEAM_DOMAIN: "acme.cloudflareaccess.com", ACCESS_AUD: "a".repeat(64) };

beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

beforeEach(async () => {
  for (const table of ["attempts", "refused_sign_ins"]) await control.prepare(`DELETE FROM ${table}`).run();
});

const listed = async (query = "") => {
  const { body } = await operator("GET", `/v1/refused-sign-ins${query}`);
  return body as unknown as {
    data: { source: string | null; way: string; reason: string; tries: number }[];
    next_cursor: string | null;
  };
};

const counts = async () =>
  (await listed("?limit=100")).data.map(({ source, way, reason, tries }) => [source, way, reason, tries]);

test("each refusal is counted by address, way and reason, and nothing of what was sent is kept", async () => {
  const browser = openBrowser(ACCESS, "2001:db8:1:2::7");
  const { body } = await operator("POST", "/v1/people", { email: newEmail(), name: "Ada" });
  const code = codeOf((body["link"] as { url: string }).url);
  await operator("PATCH", `/v1/people/${String(body["id"])}`, { disabled: true });
  for (const sent of ["x".repeat(43), "y", code]) await browser.call("POST", "/v1/sign-in", { code: sent });
  await browser.call("POST", "/v1/sign-in/access", undefined, { "cf-access-jwt-assertion": "a.b.c" });
  const { options } = (await browser.call("POST", "/v1/sign-in/passkey/options")).body;
  const credential = softwareAuthenticator().get(options as { challenge: string }, { userHandle: "eA" });
  await browser.call("POST", "/v1/sign-in/passkey", { credential });
  for (let count = 0; count < 7; count += 1) {
    await browser.call("POST", "/v1/sign-in/links", { email: "nobody@example.com" });
  }
  await browser.settled();
  const source = "2001:db8:1:2";
  expect(await counts()).toEqual([
    [source, "access", "not_genuine", 1],
    [source, "link", "revoked", 1],
    [source, "link", "unknown", 2],
    [source, "mail", "throttled", 2],
    [source, "passkey", "not_known", 1],
  ]);
  const kept = JSON.stringify((await control.prepare("SELECT * FROM refused_sign_ins").all()).results);
  expect(kept).not.toMatch(/xxx|nobody@/);
});

test("who comes in is not counted", async () => {
  const { body } = await operator("POST", "/v1/people", { email: newEmail(), name: "Ada" });
  const browser = openBrowser();
  expect(
    (await browser.call("POST", "/v1/sign-in", { code: codeOf((body["link"] as { url: string }).url) })).status,
  ).toBe(200);
  await browser.settled();
  expect(await counts()).toEqual([]);
});

test("however many come from however many addresses, an hour has few rows, each with an end", async () => {
  const now = 50 * 3_600_000 + 5;
  const count = (source: string, at = now) => countRefusal(control, { source, way: "link", reason: "unknown" }, at);
  for (let n = 0; n < REFUSAL_ROWS_MAX + 30; n += 1) await count(`10.0.0.${n}`);
  const rows = async () => (await control.prepare("SELECT * FROM refused_sign_ins").all()).results.length;
  expect(await rows()).toBe(REFUSAL_ROWS_MAX + 1);
  const others = (await counts()).filter(([source]) => source === null);
  expect(others).toEqual([[null, "link", "unknown", 30]]);
  // An address that is there is counted on, to its end.
  await control
    .prepare("UPDATE refused_sign_ins SET tries = ?1 WHERE source = '10.0.0.1'")
    .bind(REFUSAL_TRIES_MAX - 1)
    .run();
  for (let n = 0; n < 3; n += 1) await count("10.0.0.1");
  expect((await counts()).find(([source]) => source === "10.0.0.1")).toEqual(["10.0.0.1", "link", "unknown", 1_000]);
  await count("10.0.0.9", now + 7 * 86_400_000);
  expect(await rows()).toBe(REFUSAL_ROWS_MAX + 2);
  await count("10.0.0.9", now + 7 * 86_400_000 + 3_600_000);
  expect(await rows()).toBe(2);
});

test("it is listed page by page, the last hour first, for operators", async () => {
  for (const [hour, source] of [
    [1, "a"],
    [2, ""],
    [2, "b"],
    [2, "c"],
  ] as const) {
    await countRefusal(control, { source, way: "link", reason: "unknown" }, hour * 3_600_000);
    await countRefusal(control, { source, way: "link", reason: "used" }, hour * 3_600_000);
  }
  const seen: (string | null)[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page = await listed(`?limit=3${cursor && `&cursor=${cursor}`}`);
    seen.push(...page.data.map(({ source, reason }) => `${source} ${reason}`));
    cursor = page.next_cursor;
  }
  const twice = (source: string) => [`${source} unknown`, `${source} used`];
  expect(seen).toEqual([...twice("null"), ...twice("b"), ...twice("c"), ...twice("a")]);
  expect((await operator("GET", "/v1/refused-sign-ins?cursor=eA")).status).toBe(400);
});
