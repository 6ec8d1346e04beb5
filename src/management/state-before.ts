import type { Context } from "hono";
import { encodeCursor } from "./page.ts";
import { innerRead } from "./inner-read.ts";
import type { ManagementApp } from "./management-app.ts";
import type { ManagementEnv } from "./services.ts";
import type { StateReader } from "./state-reader.ts";

/** Pages of a list that are looked through for one row, each of 100. */
const PAGES_MAX = 10;

/** What the API shows of what is about to change, to whoever changes it; null: nothing. */
export async function stateBefore(
  app: ManagementApp,
  c: Context<ManagementEnv>,
  { path, pick }: StateReader,
): Promise<unknown> {
  const params: Record<string, string> = c.req.param();
  const called = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
  if (pick !== null) return findRow(app, c, called, params[pick] ?? "");
  const state = await innerRead(app, c, called);
  // A list is of many things, of which it does not say the one.
  return isPage(state) ? null : state;
}

/** The row of a list by id: on the page that begins just before it. */
export async function rowBefore(
  app: ManagementApp,
  c: Context<ManagementEnv>,
  { path, id }: { path: string; id: string },
): Promise<unknown> {
  const cursor = id.length > 1 ? `&cursor=${encodeCursor(id.slice(0, -1))}` : "";
  const page = await innerRead(app, c, `${path}?limit=100${cursor}`);
  return isPage(page) ? (page.data.find((row) => row["id"] === id) ?? null) : null;
}

async function findRow(app: ManagementApp, c: Context<ManagementEnv>, list: string, id: string): Promise<unknown> {
  let cursor = "";
  for (let page = 0; page < PAGES_MAX; page++) {
    const read = await innerRead(app, c, `${list}?limit=100${cursor}`);
    if (!isPage(read)) return null;
    const row = read.data.find((one) => one["id"] === id || one["name"] === id);
    if (row !== undefined) return row;
    if (typeof read.next_cursor !== "string") return null;
    cursor = `&cursor=${encodeURIComponent(read.next_cursor)}`;
  }
  return null;
}

const isPage = (state: unknown): state is { data: Record<string, unknown>[]; next_cursor?: unknown } =>
  typeof state === "object" && state !== null && "data" in state && Array.isArray(state.data);
