import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { openConsole, operatorLink, type Console } from "./console-browser.ts";
import { focused, keyboardOf } from "./keyboard.ts";

/** One visit by keyboard alone: Tab, Enter, Space and arrows. Nothing here clicks, and nothing sets the focus. */
let at: Console;
let page: Page;
let problems: string[];
let keys: ReturnType<typeof keyboardOf>;

beforeAll(async () => {
  at = await openConsole({ SIMULATOR_TASK_MS: "500" });
  ({ page, problems } = await at.newPage());
  keys = keyboardOf(page);
});

test("signs in by a link", async () => {
  await page.goto(await operatorLink(at, "kay@example.com"));
  await keys.follow(/^Sign in$/, /\/console\/gateway$/);
});

test("the first stop skips the navigation, and the next one is in the page", async () => {
  await keys.press("Tab");
  expect(await focused(page)).toMatchObject({ name: "Skip to content", isSeen: true, isOnScreen: true });
  await keys.press("Enter");
  expect(await page.evaluate("document.activeElement.id")).toBe("content");
  await keys.press("Tab");
  expect(await page.evaluate("document.getElementById('content').contains(document.activeElement)")).toBe(true);
});

test("comes to a tenant's keys and makes one", async () => {
  await keys.follow(/^Tenants$/, /\/console\/tenants$/);
  await keys.follow(/^demo/i, /\/console\/t(enants)?\/[0-9a-f]{12}/);
  if (!page.url().includes("/console/t/")) await keys.follow(/^Open its pages$/, /\/overview$/);
  await keys.follow(/^Keys$/, /\/keys$/);
  await keys.follow(/^Make a key$/, /\/keys\/new$/);
  await keys.tabTo(/^Name$/);
  await keys.type("by keyboard");
  // A scope is taken away with the space bar.
  await keys.tabTo(/^upload$/);
  await keys.press("Space");
  await keys.tabTo(/^Make the key$/);
  await keys.press("Enter");
  await page.getByText("not shown again").waitFor();
  await keys.tabTo(/^The key$/);
  expect(await page.evaluate("document.activeElement.value")).toMatch(/^wg_live_/);
  await keys.tabTo(/^I have copied it/);
});

test("a dialog that asks first has the focus while it is open, and gives it back", async () => {
  await keys.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Keys", exact: true }).waitFor();
  await keys.follow(/^by keyboard$/, /\/keys\/[0-9a-f]{16}$/);
  await keys.tabTo(/^Revoke$/);
  await keys.press("Enter");
  await page.locator("dialog[open]").waitFor();
  expect((await focused(page)).name).toBe("Cancel");
  for (const key of ["Tab", "Tab", "Tab", "Shift+Tab", "Shift+Tab"]) {
    await keys.press(key);
    expect(await page.evaluate("document.querySelector('dialog[open]').contains(document.activeElement)")).toBe(true);
    expect((await focused(page)).isSeen).toBe(true);
  }
  await keys.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  expect(await focused(page)).toMatchObject({ tag: "BUTTON", name: "Revoke" });
  expect(page.url()).not.toContain("done=");
  // And once more with its own button, chosen with the space bar.
  await keys.press("Space");
  await keys.press("Space");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  expect((await focused(page)).name).toBe("Revoke");
});

test("runs a sandbox job in the playground and opens it; the focus stays where it was while the result comes", async () => {
  await keys.follow(/^Playground$/, /\/playground$/);
  await keys.tabTo(/^Prompt/);
  await keys.type("a lighthouse at dusk");
  await keys.tabTo(/^(Sandbox|Live)/);
  if (!(await page.getByLabel(/^Sandbox/).isChecked())) await keys.press("ArrowDown");
  expect(await page.getByLabel(/^Sandbox/).isChecked()).toBe(true);
  await keys.tabTo(/^Run$/);
  await Promise.all([page.waitForURL(/job=/), keys.press("Enter")]);
  await keys.tabTo(/^Its page$/);
  await page.locator("#result video").waitFor();
  expect(await focused(page)).toMatchObject({ tag: "A", name: "Its page", isSeen: true });
  await Promise.all([page.waitForURL(/\/jobs\/[0-9a-f]{32}/), keys.press("Enter")]);
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toMatch(/job/i);
});

test("what is replaced under the focus keeps it: a link in the live part of the overview", async () => {
  await keys.follow(/^Overview$/, /\/overview$/);
  await page.locator("#now a").first().waitFor();
  await keys.tabTo(/^\d+$/);
  const before = await focused(page);
  await at.manage("PUT", `/v1/tenants/${at.gateway.info.tenant}/budgets/seen`, {
    scope: { team: "seen" },
    limit: "5.00",
    window: "month",
  });
  await page.locator("#now", { hasText: "Team seen" }).waitFor();
  expect(await focused(page)).toEqual(before);
});

test("signs out; every stop on the way could be seen, and nothing failed", async () => {
  await keys.follow(/^Sign out$/, /\/console\/sign-in/);
  expect(keys.unseen).toEqual([]);
  expect(problems).toEqual([]);
});
