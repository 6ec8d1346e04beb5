import { exports } from "cloudflare:workers";
import { expect, test } from "vitest";

const worker = exports as unknown as { default: { fetch: (request: Request) => Promise<Response> } };
const get = (path: string): Promise<Response> => worker.default.fetch(new Request(`http://gateway.test${path}`));

test("every call of the description is on the page, with who may make it and no placeholder left over", async () => {
  const api = (await (await get("/openapi.json")).json()) as { paths: Record<string, Record<string, unknown>> };
  const page = await get("/docs");
  const html = await page.text();
  expect(page.status).toBe(200);
  const calls = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(calls.length).toBeGreaterThan(60);
  expect(calls.filter((call) => !html.includes(`${call}\n`) && !html.includes(`>${call}<`))).toEqual([]);
  expect(html).not.toMatch(/undefined|\[object|NaN|<script(?![^>]*src=)|\sstyle=/);
  expect(html.length).toBeLessThan(900_000);
});

test("each link within the page leads somewhere, and no two things have one name", async () => {
  const html = await (await get("/docs")).text();
  const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id ?? "");
  expect(new Set(ids).size).toBe(ids.length);
  const links = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id ?? "");
  expect(links.filter((link) => !ids.includes(link))).toEqual([]);
});
