import type { Context } from "hono";
import { z } from "zod";
import type { ConsoleEnv } from "./console-env.ts";
import { isPlainPath } from "./plain-path.ts";

/** What /v1 answered a page: its JSON, or why it refused. */
export type Answer<T> = { ok: true; status: number; value: T } | { ok: false; status: number; problem: Problem };

/** A refusal as pages show it. `errors`: each wrong field. */
export interface Problem {
  code: string;
  detail: string;
  errors: { field: string; rule: string; value: string }[];
  details: Record<string, unknown>;
}

const ProblemShape = z.object({
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ field: z.string(), rule: z.string(), value: z.string() })).default([]),
  details: z.record(z.string(), z.unknown()).default({}),
});

const UNREADABLE: Problem = { code: "internal", detail: "the gateway failed to answer", errors: [], details: {} };

const NOWHERE = { code: "not_found", detail: "there is nothing at this address" };

interface Sent {
  body?: unknown;
  headers?: Record<string, string>;
}

/**
 * Calls the management API as the person who looks at the page: same cookie, same address, same rules. The console has no
 * other way to anything, so whoever may not do something by the API may not do it here. `path` begins with /v1.
 */
export async function callApi<T>(
  c: Context<ConsoleEnv>,
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  sent: Sent = {},
): Promise<Answer<T>> {
  const response = await fetchApi(c, method, path, sent);
  const text = await response.text();
  const value: unknown = text === "" ? null : parseJson(text);
  if (response.ok) return { ok: true, status: response.status, value: value as T };
  const problem = ProblemShape.safeParse(value);
  return { ok: false, status: response.status, problem: problem.success ? problem.data : UNREADABLE };
}

/** The same, with the answer as it comes: for files that are passed on. An address that leads elsewhere is not called. */
export async function fetchApi(
  c: Context<ConsoleEnv>,
  method: string,
  path: string,
  sent: Sent = {},
): Promise<Response> {
  if (!isPlainPath(path)) return Response.json(NOWHERE, { status: 404 });
  const headers = new Headers(sent.headers);
  for (const name of PASSED) {
    const value = c.req.header(name);
    if (value !== undefined) headers.set(name, value);
  }
  // What the page's form sent, not what the session has: the API compares both.
  if (method !== "GET") headers.set("x-wavegate-csrf", c.get("csrfSent"));
  const body = sent.body === undefined ? null : JSON.stringify(sent.body);
  if (body !== null) headers.set("content-type", "application/json");
  return c.get("api")(new Request(new URL(path, c.req.url), { method, headers, body }));
}

const PASSED = ["cookie", "cf-connecting-ip", "user-agent", "cf-access-jwt-assertion"];

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
