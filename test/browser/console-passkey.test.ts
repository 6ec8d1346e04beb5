import type { CDPSession, Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { openConsole, operatorLink, signIn, type Console } from "./console-browser.ts";

/**
 * Passkeys with the browser's own WebAuthn and a virtual authenticator, as a fingerprint reader of this device would be. The
 * relying party is `localhost`, since the console is opened there (`people/relying-party.ts`); a port is no part of it.
 */
let at: Console;
let page: Page;
let problems: string[];
let device: { cdp: CDPSession; id: string };

async function pluggedIn(into: Page): Promise<{ cdp: CDPSession; id: string }> {
  const cdp = await into.context().newCDPSession(into);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId: id } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { cdp, id };
}

const kept = async () => {
  const { cdp, id } = device;
  return (await cdp.send("WebAuthn.getCredentials", { authenticatorId: id })).credentials;
};

const passkeys = () => page.locator("#passkeys tbody tr");

beforeAll(async () => {
  at = await openConsole();
  ({ page, problems } = await at.newPage());
  device = await pluggedIn(page);
  await signIn(page, await operatorLink(at, "pia@example.com"));
});

test("a passkey is added on the own page, for localhost and under the person's name", async () => {
  await page.goto(`${at.url}/console/me`);
  expect(await passkeys().count()).toBe(0);
  await page.getByLabel("Name of a new passkey").fill("This laptop");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await passkeys().first().waitFor();
  expect(await passkeys().first().textContent()).toContain("This laptop");
  const [credential, ...others] = await kept();
  expect(others).toEqual([]);
  expect(credential).toMatchObject({ rpId: "localhost", isResidentCredential: true });
});

test("the same device is not added twice, and the page says so", async () => {
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.locator("#passkey-problem", { hasText: "already" }).waitFor();
  expect(await passkeys().count()).toBe(1);
});

test("signs in again by it alone, and the list says when", async () => {
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.waitForURL(/\/console\/sign-in/);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.waitForURL(/\/console\/gateway/);
  await page.goto(`${at.url}/console/me`);
  const used = passkeys().first().locator("time");
  expect(await used.count()).toBe(2);
});

test("whoever asked for a page comes to it after signing in", async () => {
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.goto(`${at.url}/console/people`);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.waitForURL(/\/console\/people$/);
});

test("a person who is not verified is told what to do, and is not signed in", async () => {
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await device.cdp.send("WebAuthn.setUserVerified", { authenticatorId: device.id, isUserVerified: false });
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.locator("#passkey-problem", { hasText: "not confirmed" }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/console/sign-in");
  await device.cdp.send("WebAuthn.setUserVerified", { authenticatorId: device.id, isUserVerified: true });
});

test("once it is deleted it signs nobody in, and the page says why", async () => {
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.waitForURL(/\/console\/gateway/);
  await page.goto(`${at.url}/console/me`);
  await page.getByRole("button", { name: "Delete This laptop" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.locator("#passkeys tbody").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.waitForURL(/\/console\/sign-in/);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.locator("#passkey-problem:not(:empty)").waitFor();
  expect(new URL(page.url()).pathname).toBe("/console/sign-in");
});

test("nothing went wrong in the browser meanwhile", () => {
  expect(problems).toEqual([]);
});
