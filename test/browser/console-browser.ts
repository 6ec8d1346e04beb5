import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll } from "vitest";
import { startGateway, type StartedGateway } from "../support/started-gateway.ts";
import { findChromium } from "./chromium.ts";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // No other host can be reached, whatever the browser itself would like to ask.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
];

export interface Console {
  gateway: StartedGateway;
  browser: Browser;
  /** Where it serves, and the demo tenant's pages. */
  url: string;
  /** The management API with the operator's key. */
  manage: (method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>;
  /** A page of somebody's own browser, nothing shared with others. What goes wrong on it is in `problems`. */
  newPage: (options?: { dark?: boolean; phone?: boolean }) => Promise<{ page: Page; problems: string[] }>;
}

/** A started gateway and a browser; both end with the test file. */
export async function openConsole(env: Readonly<Record<string, string>> = {}): Promise<Console> {
  const gateway = await startGateway({ env });
  const browser = await chromium.launch({ executablePath: findChromium(), args: FLAGS });
  afterAll(() => browser.close());
  const url = gateway.info.gateway;
  return { gateway, browser, url, manage: managing(gateway), newPage: (options) => newPage(browser, options) };
}

const managing =
  ({ info }: StartedGateway): Console["manage"] =>
  async (method, path, body) => {
    const response = await fetch(info.gateway + path, {
      method,
      headers: {
        authorization: `Bearer ${info.operatorKey}`,
        "content-type": "application/json",
        "idempotency-key": crypto.randomUUID(),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  };

async function newPage(browser: Browser, options: { dark?: boolean; phone?: boolean } = {}) {
  const context = await browser.newContext({
    viewport: options.phone ? { width: 360, height: 740 } : { width: 1280, height: 900 },
    colorScheme: options.dark ? "dark" : "light",
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) problems.push(message.text());
  });
  return { page, problems };
}

/** Opens a sign-in link and presses its button. */
export async function signIn(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((at) => !at.pathname.startsWith("/console/sign-in"));
}

/** Somebody who runs the gateway: a sign-in link, made by the operator's key. */
export async function operatorLink({ manage }: Console, email: string): Promise<string> {
  const person = await manage("POST", "/v1/people", { email, name: "Olga Operator", operator: true });
  return (person["link"] as { url: string }).url;
}

/** Somebody who is invited to a tenant. */
export async function invitationLink(
  { manage }: Console,
  tenant: string,
  invited: { email: string; name: string; role: string; team?: string },
): Promise<string> {
  const invitation = await manage("POST", `/v1/tenants/${tenant}/invitations`, invited);
  return String(invitation["url"] ?? (invitation["link"] as { url: string }).url);
}
