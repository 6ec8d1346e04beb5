import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { callerWith, control, migrate, newTenant, operatorKey, type Call } from "./api.ts";
import { enter, newEmail, openBrowser } from "./browser.ts";

let operator: Call;

const PUBLIC = "https://gateway.example";
const MAIL = { MAIL_API_URL: "https://mail.example/emails", MAIL_API_KEY: "re_secret", MAIL_FROM: "w@example.com" };
const variables = { ...MAIL, PUBLIC_URL: PUBLIC };

interface Sent {
  to: string;
  text: string;
}

let sent: Sent[] = [];

beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

beforeEach(async () => {
  await control.prepare("DELETE FROM attempts").run();
  sent = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (_url, init) => {
    sent.push(JSON.parse(String(init?.body)) as Sent);
    return new Response("{}", { status: 200 });
  });
});

afterEach(() => void vi.restoreAllMocks());

const linkIn = ({ text }: Sent): string => /https:\S+/.exec(text)?.[0] ?? "";

test("asking for a link answers the same whether or not somebody has the e-mail", async () => {
  const email = newEmail();
  await operator("POST", "/v1/people", { email, name: "Ada" });
  const browser = openBrowser(variables);
  const known = await browser.call("POST", "/v1/sign-in/links", { email: ` ${email.toUpperCase()} ` });
  const unknown = await browser.call("POST", "/v1/sign-in/links", { email: newEmail() });
  expect([known.status, known.text, [...known.headers]]).toEqual([202, unknown.text, [...unknown.headers]]);
  await browser.settled();
  expect(sent.map(({ to }) => to)).toEqual([email]);
  const [mail] = sent;
  expect(mail && linkIn(mail)).toMatch(/^https:\/\/gateway\.example\/console\/sign-in\?code=[\w-]{43}$/);
  expect((await enter(mail && linkIn(mail))).answer.status).toBe(200);
});

const ask = async (email: string, ip: string, count = 1) => {
  const statuses: number[] = [];
  const browser = openBrowser(variables, ip);
  for (let asked = 0; asked < count; asked += 1) {
    statuses.push((await browser.call("POST", "/v1/sign-in/links", { email })).status);
  }
  await browser.settled();
  return statuses;
};

const known = async () => {
  const email = newEmail();
  await operator("POST", "/v1/people", { email, name: "Ada" });
  return email;
};

test("strangers who ask for somebody's link, from many addresses, do not lock the owner out", async () => {
  for (const email of [await known(), newEmail()]) {
    for (let index = 10; index < 30; index += 1) {
      expect(await ask(email, `203.0.113.${index}`, 6)).toEqual([202, 202, 202, 202, 202, 429]);
    }
    expect(await ask(email, "198.51.100.1")).toEqual([202]);
  }
  // One mail for all of it, whose link the owner has.
  expect(sent).toHaveLength(1);
  expect((await enter(sent[0] && linkIn(sent[0]))).answer.status).toBe(200);
});

test("a link is mailed anew when the one before was used, is 5 minutes old, or was not taken by the provider", async () => {
  const email = await known();
  const again = async () => {
    const before = sent.length;
    await Promise.all(Array.from({ length: 4 }, (_, n) => ask(email, `198.51.100.${n}`)));
    return sent.length - before;
  };
  // What ended long ago leaves with whatever link is made next.
  await control
    .prepare(
      "INSERT INTO sign_in_links (hash, id, kind, proves_email, made_by, created_at, expires_at) VALUES ('o', 'old', 'sign_in', 1, 'start', 1, 2)",
    )
    .run();
  expect([await again(), await again()]).toEqual([1, 0]);
  expect(await control.prepare("SELECT id FROM sign_in_links WHERE id = 'old'").first()).toBeNull();
  expect((await enter(sent[0] && linkIn(sent[0]))).answer.status).toBe(200);
  expect([await again(), await again()]).toEqual([1, 0]);
  await control.prepare("UPDATE sign_in_links SET created_at = created_at - 300000").run();
  vi.mocked(fetch).mockImplementationOnce(async () => new Response("", { status: 500 }));
  await control.prepare("DELETE FROM attempts").run();
  expect(await ask(email, "198.51.100.1")).toEqual([202]);
  expect([await again(), await again()]).toEqual([1, 0]);
  // The one that was mailed first works still.
  expect((await enter(sent[1] && linkIn(sent[1]))).answer.status).toBe(200);
});

test("without a provider it says so, for everybody", async () => {
  const answer = await openBrowser().call("POST", "/v1/sign-in/links", { email: newEmail() });
  expect([answer.status, answer.body["mails"]]).toEqual([202, false]);
  expect(sent).toEqual([]);
});

test("an invitation is mailed too, from the configured sender", async () => {
  const tenant = await newTenant(operator);
  const email = newEmail();
  const { call } = openBrowser(variables);
  const { key } = await operatorKey();
  const asked = { email, name: "Mia", role: "viewer" };
  const made = await call("POST", `/v1/tenants/${tenant}/invitations`, asked, { authorization: `Bearer ${key}` });
  expect(made.body["mailed"]).toBe(true);
  expect(sent).toMatchObject([{ from: "w@example.com", to: email }]);
  expect(sent[0] && linkIn(sent[0])).toBe(made.body["url"]);
});

test("who was invited under somebody else's e-mail is out when its owner proves it", async () => {
  const tenant = await newTenant(operator);
  const email = newEmail();
  const asked = { email, name: "Squatter", role: "viewer" };
  const squatter = await enter((await operator("POST", `/v1/tenants/${tenant}/invitations`, asked)).body["url"]);
  const id = (squatter.answer.body["person"] as { id: string }).id;
  const key = "INSERT INTO passkeys VALUES ('k1', ?, 'x', 0, '[]', 'planted', 1, NULL, '', '')";
  await control.prepare(key).bind(id).run();
  const owner = openBrowser(variables);
  await owner.call("POST", "/v1/sign-in/links", { email });
  await owner.settled();
  expect((await enter(sent[0] && linkIn(sent[0]), owner)).answer.status).toBe(200);
  expect((await squatter.call("GET", "/v1/session")).status).toBe(401);
  expect((await control.prepare("SELECT * FROM passkeys WHERE id = 'k1'").all()).results).toEqual([]);
  // The second time nothing ends.
  const again = openBrowser(variables);
  await again.call("POST", "/v1/sign-in/links", { email });
  await again.settled();
  expect((await enter(sent[1] && linkIn(sent[1]), again)).answer.status).toBe(200);
  expect((await owner.call("GET", "/v1/session")).status).toBe(200);
});
