import { createExecutionContext } from "cloudflare:test";
import { makeApp } from "../../../src/app.ts";
import type { Env } from "../../../src/config.ts";
import { testEnv } from "../../support/test-env.ts";

const app = makeApp();

/** The whole Worker with other bindings than its own: one of them is down. */
export async function callWith(
  other: Partial<Record<keyof Env, unknown>>,
  key: string | null,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const sent = new Headers(headers);
  if (key !== null) sent.set("authorization", `Bearer ${key}`);
  const text = body === undefined ? null : JSON.stringify(body);
  const request = new Request(`http://gateway.test${path}`, { method, headers: sent, body: text });
  return app.fetch(request, { ...testEnv, ...other } as Env, createExecutionContext());
}

/** A namespace whose objects answer every call with this exception, as a stub throws it. */
export const throwing = (error: Error): unknown => ({
  idFromName: () => ({}),
  get: () => new Proxy({}, { get: () => () => Promise.reject(error) }),
});

type Methods = Readonly<Record<string, () => Promise<unknown>>>;

/** The objects of a namespace as they are, but for these methods. */
const objectsWith = (namespace: DurableObjectNamespace, methods: Methods): unknown => ({
  idFromName: (name: string) => namespace.idFromName(name),
  get: (id: DurableObjectId) => {
    const stub = namespace.get(id) as unknown as Record<string, (...args: unknown[]) => unknown>;
    const method = (name: string) => methods[name] ?? ((...args: unknown[]) => stub[name]?.(...args));
    return new Proxy({}, { get: (_target, name) => method(String(name)) });
  },
});

export const ledgersWith = (methods: Methods): unknown => objectsWith(testEnv.TENANT_LEDGER, methods);
export const trackersWith = (methods: Methods): unknown => objectsWith(testEnv.JOB_TRACKER, methods);

const away = (): Promise<never> =>
  Promise.reject(new Error("D1_ERROR: Internal error while starting up D1 DB storage caused object to be reset."));

const STATEMENT = { bind: () => STATEMENT, all: away, first: away, run: away, raw: away };

/** A database that is away. */
export const NO_D1: unknown = { prepare: () => STATEMENT, batch: away, exec: away };

/** As the platform marks what a stub throws. */
export const marked = (message: string, marks: Record<string, true>): Error =>
  Object.assign(new Error(message), { remote: true, ...marks });
