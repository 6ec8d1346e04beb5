import { beforeAll, beforeEach, expect, test } from "vitest";
import { callerWith, control, migrate, operatorKey, type Call } from "./api.ts";
import { enter, newEmail, openBrowser, type Browser } from "./browser.ts";
import { softwareAuthenticator, type Wrong } from "./software-authenticator.ts";

let operator: Call;

beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

beforeEach(async () => void (await control.prepare("DELETE FROM attempts").run()));

interface Options {
  challenge: string;
  user: { id: string };
}

async function person(): Promise<Browser & { id: string }> {
  const { body } = await operator("POST", "/v1/people", { email: newEmail(), name: "Ada" });
  return { ...(await enter((body["link"] as { url: string }).url)), id: String(body["id"]) };
}

const optionsOf = async ({ call }: Browser, path: string): Promise<Options> => {
  const { status, body } = await call("POST", path);
  expect(status).toBe(200);
  return body["options"] as Options;
};

const registration = (browser: Browser) => optionsOf(browser, "/v1/passkeys/options");
const signingIn = (browser: Browser) => optionsOf(browser, "/v1/sign-in/passkey/options");

/** Somebody with a passkey. */
async function withPasskey() {
  const browser = await person();
  const key = softwareAuthenticator();
  const credential = key.create(await registration(browser));
  const made = await browser.call("POST", "/v1/passkeys", { name: "Laptop", credential });
  expect(made.status).toBe(201);
  return { ...browser, key };
}

test("a passkey that was registered signs in, anew each time, and is listed and deleted", async () => {
  const { call, id, key } = await withPasskey();
  const browser = openBrowser();
  for (let count = 0; count < 2; count += 1) {
    const before = browser.state.cookie;
    const credential = key.get(await signingIn(browser));
    const answer = await browser.call("POST", "/v1/sign-in/passkey", { credential });
    expect(answer.body).toMatchObject({ person: { id }, method: "passkey" });
    expect(browser.state.cookie).not.toBe(before);
  }
  expect((await browser.call("GET", "/v1/session")).status).toBe(200);
  const listed = await call("GET", "/v1/passkeys");
  expect(listed.body["data"]).toMatchObject([{ id: key.id, name: "Laptop" }]);
  expect(listed.text).not.toContain('"last_used_at":null');
  const other = await person();
  expect((await other.call("DELETE", `/v1/passkeys/${key.id}`)).status).toBe(404);
  expect((await call("DELETE", `/v1/passkeys/${key.id}`)).status).toBe(204);
  const gone = await browser.call("POST", "/v1/sign-in/passkey", { credential: key.get(await signingIn(browser)) });
  expect(gone.status).toBe(401);
});

test("a challenge is answered once: a replay signs nobody in", async () => {
  const { key } = await withPasskey();
  const browser = openBrowser();
  const credential = key.get(await signingIn(browser));
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => openBrowser().call("POST", "/v1/sign-in/passkey", { credential })),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401, 401, 401, 401]);
  const late = await signingIn(browser);
  await control.prepare("UPDATE challenges SET expires_at = 1").run();
  const answer = await browser.call("POST", "/v1/sign-in/passkey", { credential: key.get(late) });
  expect(answer.status).toBe(401);
});

test.each<[string, Wrong]>([
  ["of another origin", { origin: "https://evil.example" }],
  ["of another port", { origin: "http://localhost:9" }],
  ["for another relying party", { rpId: "evil.example" }],
  ["without the user's being verified", { verified: false }],
  ["with a counter that did not grow", { counter: 1 }],
  ["that is said to be another person's", { userHandle: "MDAwMDAwMDAwMDAwMDAwMA" }],
])("an answer %s signs nobody in, and says as little as any other", async (_what, wrong) => {
  const { key } = await withPasskey();
  const browser = openBrowser();
  const sent = key.get(await signingIn(browser), wrong);
  const answer = await browser.call("POST", "/v1/sign-in/passkey", { credential: sent });
  const unknown = softwareAuthenticator().get(await signingIn(browser));
  const nobody = await browser.call("POST", "/v1/sign-in/passkey", {
    credential: { ...unknown, response: { ...unknown.response, userHandle: null } },
  });
  expect([answer.status, answer.text]).toEqual([401, nobody.text]);
  expect(browser.state.cookie).toBeNull();
});

test("another's key under this id, and this key under another's id, sign nobody in", async () => {
  const [one, two] = [await withPasskey(), await withPasskey()];
  const browser = openBrowser();
  const sent = { ...one.key.get(await signingIn(browser)), id: two.key.id, rawId: two.key.id };
  expect((await browser.call("POST", "/v1/sign-in/passkey", { credential: sent })).status).toBe(401);
});

test("a key is registered to whoever asked for the options, once, and from here", async () => {
  const [ada, eve] = [await person(), await person()];
  const key = softwareAuthenticator();
  const forAda = await registration(ada);
  const register = (browser: Browser, credential: object) =>
    browser.call("POST", "/v1/passkeys", { name: "Key", credential });
  expect((await register(eve, key.create(forAda))).status).toBe(403);
  expect((await register(ada, key.create(await registration(ada), { origin: "https://evil.example" }))).status).toBe(
    403,
  );
  const credential = key.create(await registration(ada));
  expect((await register(ada, credential)).status).toBe(201);
  expect((await register(ada, credential)).status).toBe(403);
  // Her key is not taken over by registering it anew.
  expect((await register(eve, key.create(await registration(eve)))).status).toBe(409);
  const signed = key.get(await signingIn(eve));
  const answer = await openBrowser().call("POST", "/v1/sign-in/passkey", { credential: signed });
  expect(answer.status).toBe(401);
  // What is to be signed in order to sign in registers nothing, and the other way round.
  expect((await register(ada, key.create({ ...(await signingIn(ada)), user: { id: "x" } }))).status).toBe(403);
  const crossed = key.get(await registration(ada));
  expect((await openBrowser().call("POST", "/v1/sign-in/passkey", { credential: crossed })).status).toBe(401);
});

test("who is disabled does not come in by a passkey, and 20 are enough", async () => {
  const { id, key, call, ...browser } = await withPasskey();
  for (let made = 1; made <= 20; made += 1) {
    const credential = softwareAuthenticator().create(await registration({ call, ...browser }));
    const { status } = await call("POST", "/v1/passkeys", { name: "More", credential });
    expect(status).toBe(made < 20 ? 201 : 409);
  }
  expect((await operator("PATCH", `/v1/people/${id}`, { disabled: true })).status).toBe(200);
  const other = openBrowser();
  const answer = await other.call("POST", "/v1/sign-in/passkey", { credential: key.get(await signingIn(other)) });
  expect(answer.status).toBe(401);
});

test("a gateway that does not know its address has no passkeys", async () => {
  const browser = openBrowser();
  browser.state.origin = "https://host.that.was.sent";
  expect((await browser.call("POST", "/v1/sign-in/passkey/options")).status).toBe(409);
  const known = openBrowser({ PUBLIC_URL: "https://gateway.example" });
  known.state.origin = "https://host.that.was.sent";
  const { body } = await known.call("POST", "/v1/sign-in/passkey/options");
  expect(body["options"]).toMatchObject({ rpId: "gateway.example" });
});
