import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Books } from "../e2e/books.ts";
import { startGateway, type StartedGateway } from "../support/started-gateway.ts";
import { openPage } from "./chromium.ts";

const MODEL = "kwaivgi/kling-v2.1-i2v-standard";
const IMAGE = "https://example.com/first-frame.jpg";
const PAGE_MS_MAX = 60_000;

let gateway: StartedGateway;
let books: Books;
let site: Server;
let port: number;
let tell: (told: Told) => void;

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: { code: number; message: string };
}

interface Told {
  outputs: unknown;
  submit: Answer | string;
  refused: Answer | string;
  balance: Answer | string;
}

beforeAll(async () => {
  gateway = await startGateway({ env: { SIMULATOR_TASK_MS: "300", POLL_MS_MIN: "100", POLL_MS_MAX: "300" } });
  books = new Books(gateway.info);
  const page = await pageOf({ gateway: gateway.info.gateway, key: gateway.info.tenantKey, model: MODEL, image: IMAGE });
  site = createServer(async (request, response) => {
    if (request.method === "POST") tell(JSON.parse(await text(request)) as Told);
    response.setHeader("content-type", "text/html; charset=utf-8").end(page);
  });
  site.listen(0);
  await once(site, "listening");
  ({ port } = site.address() as AddressInfo);
});
afterAll(async () => {
  site?.close();
  await gateway?.kill9();
});

/** A web page with the official client on it. */
async function pageOf(given: object): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "official-client-page.ts")],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    // The client asks for these by itself where there are files, and goes on where there are none.
    external: ["fs", "path"],
    logLevel: "error",
  });
  const script = (outputFiles[0]?.text ?? "").replaceAll("</script", "<\\/script");
  return `<!doctype html><script>const given = ${JSON.stringify(given)};</script><script type="module">${script}</script>`;
}

/** What the page found when a browser opened it at this address. */
async function visit(origin: string): Promise<Told> {
  const told = new Promise<Told>((resolve, reject) => {
    tell = resolve;
    setTimeout(() => reject(new Error(`nothing was told from ${origin}`)), PAGE_MS_MAX).unref();
  });
  const page = openPage(`${origin}/`);
  return told.finally(() => page.close());
}

test("the official client works on a web page that the tenant lists, and reads prices and refusals there", async () => {
  const origin = `http://localhost:${port}`;
  await books.manage("PATCH", "", { allowed_origins: [origin] });
  const { outputs, submit, refused, balance } = await visit(origin);
  expect(outputs).toEqual([expect.stringContaining(".mp4")]);
  expect(submit).toMatchObject({ status: 200, headers: { "x-wavegate-job-cost": "0.250000" } });
  expect(refused).toMatchObject({ status: 400, body: { code: 400, message: expect.stringContaining("prompt") } });
  expect(balance).toMatchObject({ status: 200, body: { code: 200 } });
});

test("a page that it does not list can send nothing and reads nothing", async () => {
  const before = await books.tasks();
  const told = await visit(`http://127.0.0.1:${port}`);
  for (const answer of Object.values(told)) expect(answer).toMatch(/^failed: .*Failed to fetch/);
  expect(await books.tasks()).toHaveLength(before.length);
});
