import { applyD1Migrations } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { testEnv } from "../../support/test-env.ts";
import { parseGatewaySecrets } from "../../../src/keys/gateway-secrets.ts";
import { issueManagementKey } from "../../../src/management/index.ts";

const bindings = testEnv;
const worker = exports as unknown as { default: { fetch: (request: Request) => Promise<Response> } };

export const control = bindings.CONTROL;
export const report = bindings.REPORT;
export const secrets = parseGatewaySecrets(bindings.WAVEGATE_SECRET);
export const random = (bytes: number): Uint8Array => crypto.getRandomValues(new Uint8Array(bytes));

export type Json = Record<string, unknown>;

export interface Answer {
  status: number;
  body: Json;
  headers: Headers;
}

export async function migrate(): Promise<void> {
  await applyD1Migrations(control, bindings.TEST_MIGRATIONS.CONTROL);
  await applyD1Migrations(report, bindings.TEST_MIGRATIONS.REPORT);
}

export async function operatorKey(): Promise<{ id: string; key: string }> {
  return issueManagementKey({ control, secrets, random, now: () => Date.now() }, "test");
}

/** A caller with a key; null: without. */
export function callerWith(key: string | null) {
  return async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const sent = new Headers(headers);
    if (key !== null) sent.set("authorization", `Bearer ${key}`);
    if (body !== undefined && !sent.has("content-type")) sent.set("content-type", "application/json");
    const text = body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body);
    const response = await worker.default.fetch(
      new Request(`http://gateway${path}`, { method, headers: sent, body: text }),
    );
    const answer = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: answer === "" ? {} : (JSON.parse(answer) as Json),
    };
  };
}

export type Call = ReturnType<typeof callerWith>;

export async function newTenant(operator: Call, name = "Acme"): Promise<string> {
  const { status, body } = await operator("POST", "/v1/tenants", { name });
  if (status !== 201) throw new Error(`tenant not made: ${JSON.stringify(body)}`);
  return String(body["id"]);
}
