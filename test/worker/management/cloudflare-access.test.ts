import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from "jose";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { callerWith, control, migrate, operatorKey, type Call } from "./api.ts";
import { newEmail, openBrowser } from "./browser.ts";

const TEAM = "acme.cloudflareaccess.com";
const variables = { ACCESS_TEAM_DOMAIN: TEAM, ACCESS_AUD: "a".repeat(64) };

let operator: Call;
let ours: CryptoKey;
let foreign: CryptoKey;
let published: object;
let asked: string[] = [];

beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
  const pair = await generateKeyPair("RS256", { extractable: true });
  ours = pair.privateKey;
  published = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: "one", alg: "RS256", use: "sig" }] };
  foreign = (await generateKeyPair("RS256")).privateKey;
});

beforeEach(async () => {
  await control.prepare("DELETE FROM attempts").run();
  vi.spyOn(globalThis, "fetch").mockImplementation(async (url) => {
    asked.push(String(url));
    return Response.json(published);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  asked = [];
});

interface Token {
  key?: CryptoKey;
  claims?: JWTPayload;
  without?: string;
}

async function token(email: string, { key = ours, claims = {}, without }: Token = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const all = { email, aud: [variables.ACCESS_AUD], iss: `https://${TEAM}`, iat: now, exp: now + 60, ...claims };
  const kept = Object.fromEntries(Object.entries(all).filter(([name]) => name !== without));
  return new SignJWT(kept).setProtectedHeader({ alg: "RS256", kid: "one" }).sign(key);
}

const enterWith = (jwt: string, browser = openBrowser(variables)) =>
  browser.call("POST", "/v1/sign-in/access", undefined, { "cf-access-jwt-assertion": jwt });

test("a person whom Access let through is signed in, and nobody is made", async () => {
  const email = newEmail();
  const added = await operator("POST", "/v1/people", { email, name: "Ada", operator: true });
  const browser = openBrowser(variables);
  const answer = await enterWith(await token(email.toUpperCase()), browser);
  expect(answer.body).toMatchObject({ person: { email, operator: true }, method: "access" });
  expect((await browser.call("GET", "/v1/people")).status).toBe(200);
  expect(asked).toEqual([`https://${TEAM}/cdn-cgi/access/certs`]);
  await operator("POST", "/v1/people", { email: newEmail(), name: "Another", operator: true });
  const stranger = newEmail();
  expect((await enterWith(await token(stranger))).status).toBe(403);
  const count = "SELECT count(*) AS n FROM people WHERE email = ?";
  expect(await control.prepare(count).bind(stranger).first("n")).toBe(0);
  const at = `/v1/people/${String(added.body["id"])}`;
  expect((await operator("PATCH", at, { disabled: true })).status).toBe(200);
  expect((await enterWith(await token(email))).status).toBe(403);
});

test.each<[string, Token]>([
  ["for another application", { claims: { aud: ["b".repeat(64)] } }],
  ["for none", { without: "aud" }],
  ["of another team", { claims: { iss: "https://evil.cloudflareaccess.com" } }],
  ["that is over", { claims: { exp: 1_000 } }],
  ["without an end", { without: "exp" }],
  ["without an e-mail", { without: "email" }],
])("a token %s signs nobody in", async (_what, wrong) => {
  const email = newEmail();
  await operator("POST", "/v1/people", { email, name: "Ada" });
  expect((await enterWith(await token(email, wrong))).status).toBe(401);
});

test("a token by another key, without a signature, by a shared secret, or none at all signs nobody in", async () => {
  const email = newEmail();
  await operator("POST", "/v1/people", { email, name: "Ada" });
  const genuine = await token(email);
  const [head = "", claims = ""] = genuine.split(".");
  const none = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
  const secret = new TextEncoder().encode(JSON.stringify(published));
  const shared = await new SignJWT({ email, aud: variables.ACCESS_AUD, iss: `https://${TEAM}` })
    .setProtectedHeader({ alg: "HS256", kid: "one" })
    .setExpirationTime("1m")
    .sign(secret);
  const forged = [await token(email, { key: foreign }), `${none}.${claims}.`, `${head}.${claims}.`, shared, "x", ""];
  for (const jwt of forged) expect((await enterWith(jwt)).status, jwt).toBe(401);
  expect((await enterWith(genuine, openBrowser())).status).toBe(404);
  expect((await enterWith(genuine)).status).toBe(200);
});
