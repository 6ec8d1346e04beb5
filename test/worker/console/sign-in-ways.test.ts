import { beforeAll, expect, test } from "vitest";
import { makeApp } from "../../../src/app.ts";
import { testEnv } from "../../support/test-env.ts";
import { migrate } from "../management/api.ts";

const MAIL = {
  MAIL_API_URL: "https://mail.example/emails",
  MAIL_API_KEY: "re_secret",
  MAIL_FROM: "w@example.com",
  PUBLIC_URL: "https://gateway.example",
};
const ACCESS = { ACCESS_TEAM_DOMAIN: "acme.cloudflareaccess.com", ACCESS_AUD: "a".repeat(64) };

const MAILS = "Send me a link";
const BY_ACCESS = "Sign in with Cloudflare Access";

const app = makeApp();

beforeAll(async () => {
  await migrate();
});

const context = { waitUntil: () => {}, passThroughOnException: () => {} } as unknown as ExecutionContext;

async function signInPage(variables: object, init?: RequestInit): Promise<{ status: number; html: string }> {
  const request = new Request("http://localhost:8787/console/sign-in", init);
  const answer = await app.fetch(request, { ...testEnv, ...variables }, context);
  return { status: answer.status, html: await answer.text() };
}

test.each([
  ["nothing", {}, []],
  ["mail", MAIL, [MAILS]],
  ["Access", ACCESS, [BY_ACCESS]],
  ["both", { ...MAIL, ...ACCESS }, [MAILS, BY_ACCESS]],
])("a gateway with %s set up offers that to who signs in, and passkeys", async (_, variables, offered) => {
  const { html } = await signInPage(variables);
  expect([MAILS, BY_ACCESS].filter((way) => html.includes(way))).toEqual(offered);
  expect(html).toContain("Sign in with a passkey");
});

test("the page that says why somebody is not signed in offers the same", async () => {
  const headers = { origin: "http://localhost:8787" };
  const { status, html } = await signInPage(ACCESS, {
    method: "POST",
    headers,
    body: new URLSearchParams({ code: "x" }),
  });
  expect(status).toBe(401);
  expect(html).toContain(BY_ACCESS);
  expect(html).not.toContain(MAILS);
});
