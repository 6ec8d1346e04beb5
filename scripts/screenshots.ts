import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium, type Browser } from "playwright-core";
import { CONSOLE_PAGES, pageAddress } from "./screenshots/console-pages.ts";
import { furnish, type Manage } from "./screenshots/furnish.ts";

/**
 * `npm run screenshots [-- DIR]`: a picture of every page of the console, light and dark, wide and phone, of a gateway that is
 * started for it with a tenant that has been at work. Needs chromium.
 */
const ROOT = join(import.meta.dirname, "..");
const PORTS = { PORT: "8797", SIMULATOR_PORT: "8798" };
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"];
const VIEWS = { wide: { width: 1280, height: 860 }, phone: { width: 390, height: 844 } };

const folder = process.argv[2] ?? join(ROOT, "screenshots");
const stateDir = mkdtempSync(join(tmpdir(), "wavegate-screenshots-"));
mkdirSync(folder, { recursive: true });
const gateway = spawn("npm", ["start", "--silent", "--", "--json", "--state", stateDir], {
  cwd: ROOT,
  env: { ...process.env, ...PORTS, SIMULATOR_TASK_MS: "500" },
  stdio: ["ignore", "pipe", "inherit"],
  detached: true,
});
try {
  const [line] = (await once(createInterface(gateway.stdout), "line")) as [string];
  await takeAll(JSON.parse(line) as { gateway: string; operatorKey: string });
} finally {
  if (gateway.pid !== undefined) process.kill(-gateway.pid, "SIGTERM");
  rmSync(stateDir, { recursive: true, force: true, maxRetries: 20 });
}

async function takeAll({ gateway: url, operatorKey }: { gateway: string; operatorKey: string }): Promise<void> {
  const manage = managing(url, operatorKey);
  const about = await furnish(url, manage);
  const executablePath =
    process.env["CHROMIUM"] ?? execFileSync("/bin/sh", ["-c", "command -v chromium"]).toString().trim();
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  try {
    for (const colorScheme of ["light", "dark"] as const) {
      for (const view of ["wide", "phone"] as const) await take(browser, { url, manage, about, colorScheme, view });
    }
  } finally {
    await browser.close();
  }
}

interface Taking {
  url: string;
  manage: Manage;
  about: Record<string, string>;
  colorScheme: "light" | "dark";
  view: keyof typeof VIEWS;
}

async function take(browser: Browser, { url, manage, about, colorScheme, view }: Taking): Promise<void> {
  const context = await browser.newContext({ viewport: VIEWS[view], colorScheme, reducedMotion: "reduce" });
  const page = await context.newPage();
  const email = `olga-${colorScheme}-${view}@example.com`;
  const person = await manage("POST", "/v1/people", { email, name: "Olga Operator", operator: true });
  await page.goto((person["link"] as { url: string }).url);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((at) => !at.pathname.startsWith("/console/sign-in"));
  for (const [name, path] of Object.entries(CONSOLE_PAGES)) {
    await page.goto(url + pageAddress(path, about));
    const file = join(folder, `${name}-${view}-${colorScheme}.png`);
    // The whole page, but not the reference's hundred screens.
    await page.screenshot({ path: file, fullPage: name !== "docs" });
    process.stdout.write(`${file}\n`);
  }
  await context.close();
}

function managing(url: string, operatorKey: string): Manage {
  return async (method, path, body) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${operatorKey}`,
        "content-type": "application/json",
        "idempotency-key": crypto.randomUUID(),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  };
}
