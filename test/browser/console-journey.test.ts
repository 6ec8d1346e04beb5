import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { invitationLink, openConsole, operatorLink, signIn, type Console } from "./console-browser.ts";

/** What people do with the console, one after the other, in a real browser on a started gateway. */
let at: Console;
let page: Page;
let problems: string[];
let tenant: string;

beforeAll(async () => {
  at = await openConsole({ SIMULATOR_TASK_MS: "500" });
  ({ page, problems } = await at.newPage());
});

const open = (path: string): Promise<unknown> => page.goto(`${at.url}/console/t/${tenant}/${path}`);

/** A sandbox or live run in the playground; comes back when the page says how it went. */
async function run(mode: "Sandbox" | "Live"): Promise<void> {
  await open("playground");
  await page.getByLabel(/^Prompt/).fill("a lighthouse at dusk");
  await page.getByLabel(new RegExp(`^${mode}`)).check();
  await page.getByRole("button", { name: "Run", exact: true }).click();
}

test("an operator signs in by a link that works once", async () => {
  const link = await operatorLink(at, "olga@example.com");
  await signIn(page, link);
  expect(new URL(page.url()).pathname).toBe("/console/gateway");
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Gateway");
  const other = await at.newPage();
  await other.page.goto(link);
  await other.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await other.page.getByRole("alert").first().waitFor();
  expect(new URL(other.page.url()).pathname).toBe("/console/sign-in");
});

test("makes a tenant with a budget, a team, and a key that is shown once and works", async () => {
  await page.goto(`${at.url}/console/tenants`);
  await page.getByLabel("Name", { exact: true }).fill("Studio North");
  await page.getByLabel(/^First budget/).fill("2.00");
  await page.getByRole("button", { name: "Make the tenant" }).click();
  await page.waitForURL(/\/console\/t\/[0-9a-f]{12}\/budgets/);
  tenant = /\/t\/([0-9a-f]{12})\//.exec(page.url())?.[1] ?? "";
  expect(await page.content()).toContain("$2.00");

  await open("teams");
  await page.getByLabel("Name", { exact: true }).fill("trailer");
  await page.getByRole("button", { name: "Save" }).last().click();
  await page.getByText("trailer").first().waitFor();

  await open("keys/new");
  await page.getByLabel("Name", { exact: true }).fill("render farm");
  await page.getByLabel("Team", { exact: true }).fill("trailer");
  await page.getByRole("button", { name: "Make the key" }).click();
  const key = await page.getByLabel("The key").inputValue();
  expect(key).toMatch(/^wg_live_/);
  const me = await fetch(`${at.url}/v1/me`, { headers: { authorization: `Bearer ${key}` } });
  expect(me.status).toBe(200);
  await open("keys");
  expect(await page.content()).not.toContain(key);
});

test("runs a sandbox job in the playground, with its price before it, and sees it play", async () => {
  await open("playground");
  await page.getByLabel(/^Prompt/).fill("a lighthouse at dusk");
  await page.locator("#price", { hasText: "$1.30" }).waitFor();
  await run("Sandbox");
  const video = page.locator("#result video");
  await video.waitFor();
  // It is a film that the browser can play, from an address that the page's policy lets it load.
  await expect.poll(() => page.evaluate('document.querySelector("#result video").videoWidth')).toBeGreaterThan(0);
  expect(await page.getByLabel(/^Prompt/).inputValue()).toBe("a lighthouse at dusk");
});

test("sees spend move without a reload, hits the budget, and reads why", async () => {
  const watching = await page.context().newPage();
  await watching.goto(`${at.url}/console/t/${tenant}/overview`);
  expect(await watching.locator("main").textContent()).toContain("$0.00");
  const loads: string[] = [];
  watching.on("load", () => loads.push(watching.url()));
  await run("Live");
  await page.locator("#result video").waitFor();
  await watching.getByText("$1.30").first().waitFor({ timeout: 30_000 });
  expect(loads).toEqual([]);
  await watching.close();

  await run("Live");
  const told = await page.getByRole("alert").first().textContent();
  expect(told).toMatch(/budget/i);
  expect(told).toContain("2.00");
});

test("rotates and revokes a key, and asks before it", async () => {
  await open("keys");
  await page.getByRole("link", { name: "render farm" }).click();
  await page.getByRole("button", { name: "Rotate" }).click();
  const key = await page.getByLabel("The key").inputValue();
  const asTenant = async () => (await fetch(`${at.url}/v1/me`, { headers: { authorization: `Bearer ${key}` } })).status;
  expect(await asTenant()).toBe(200);
  await open("keys");
  await page.getByRole("link", { name: "render farm" }).click();
  await page.getByRole("button", { name: "Revoke" }).click();
  const dialog = page.getByRole("dialog");
  expect(await dialog.textContent()).toContain("cannot be undone");
  expect(await asTenant()).toBe(200);
  await dialog.getByRole("button", { name: "Revoke" }).click();
  await page.waitForURL(/done=revoked/);
  expect(await asTenant()).toBe(401);
});

test("exports a CSV whose sum is what the ledger captured, and prints a statement", async () => {
  const { budgets } = await at.manage("GET", `/v1/tenants/${tenant}/balance`);
  const captured = (budgets as { captured: string; mode: string }[]).find(({ mode }) => mode === "live")?.captured;
  await open("billing");
  const day = new Date().toISOString().slice(0, 10);
  await page.getByLabel("From").fill(day);
  await page.getByLabel("To", { exact: true }).fill(day);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download" }).click(),
  ]);
  const [head = "", ...lines] = readFileSync(await download.path(), "utf8")
    .trimEnd()
    .split("\r\n");
  const price = head.split(",").indexOf("price");
  expect(lines.map((line) => line.split(",")[price])).toEqual([captured]);

  await page
    .getByRole("link", { name: day.slice(0, 7) })
    .first()
    .click();
  await page.getByRole("heading", { level: 1, name: /^Statement/ }).waitFor();
  await page.emulateMedia({ media: "print" });
  expect(await page.locator(".side").isVisible()).toBe(false);
  expect(await page.locator("main").textContent()).toContain("$1.30");
  expect((await page.pdf()).subarray(0, 4).toString()).toBe("%PDF");
  await page.emulateMedia({ media: "screen" });
});

test("a viewer can change nothing, and another tenant's data is nowhere, by address or by API", async () => {
  const invited = { email: "vera@example.com", name: "Vera Viewer", role: "viewer" };
  const { page: seen } = await at.newPage();
  await signIn(seen, await invitationLink(at, tenant, invited));
  for (const path of ["overview", "jobs", "keys", "budgets", "limits", "teams", "billing"]) {
    const answer = await seen.goto(`${at.url}/console/t/${tenant}/${path}`);
    expect([path, answer?.status()]).toEqual([path, 200]);
    // The theme and the way out are forms; a filter changes nothing.
    const forms = await seen.locator("main form[method=post]").count();
    expect([path, forms]).toEqual([path, 0]);
  }
  const demo = at.gateway.info.tenant;
  for (const path of ["overview", "jobs", "keys", "billing", "members", "audit-log", "playground"]) {
    const answer = await seen.goto(`${at.url}/console/t/${demo}/${path}`);
    expect([path, answer?.status()]).toEqual([path, 404]);
    expect(await seen.content()).not.toContain("demo");
  }
  const statuses = await seen.evaluate(async (other) => {
    const paths = [`/v1/tenants/${other}`, `/v1/tenants/${other}/jobs`, "/v1/tenants", "/v1/people"];
    return Promise.all(paths.map(async (path) => (await fetch(path)).status));
  }, demo);
  expect(statuses).toEqual([404, 404, 403, 403]);
});

test("nothing went wrong in the browser meanwhile", () => {
  expect(problems).toEqual([]);
});
