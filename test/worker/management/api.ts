import { applyD1Migrations } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { testEnv } from "../../support/test-env.ts";
import { parseGatewaySecrets } from "../../../src/keys/gateway-secrets.ts";
import { hashKey, verifyKey } from "../../../src/keys/key.ts";
import { ledgerOf } from "../../../src/ledger/ledger-of.ts";
import { issueManagementKey } from "../../../src/management/index.ts";

const bindings = testEnv;
const worker = exports as unknown as { default: { fetch: (request: Request) => Promise<Response> } };

export const MODEL = "kwaivgi/kling-v2.1-i2v-master";

export const control = bindings.CONTROL;
export const report = bindings.REPORT;
export const secrets = parseGatewaySecrets(bindings.WAVEGATE_SECRET);
export const random = (bytes: number): Uint8Array => crypto.getRandomValues(new Uint8Array(bytes));

export type Json = Record<string, unknown>;

export interface Answer {
  status: number;
  body: Json;
  /** The body as it came. */
  text: string;
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
      text: answer,
      body: isJson(response) && answer !== "" ? (JSON.parse(answer) as Json) : {},
    };
  };
}

const isJson = (response: Response): boolean =>
  /^application\/(problem\+)?json\b/.test(response.headers.get("content-type") ?? "");

/** Admits a job of 5 seconds, cost $1.30, straight at the ledger. Answers its id. */
export async function reserve(tenant: string, key: string): Promise<string> {
  const parsed = verifyKey(key, secrets);
  if (!parsed) throw new Error("not a key");
  const reserved = await ledgerOf(bindings, tenant).reserve({
    caller: {
      keyId: parsed.keyId,
      keyHash: hashKey(key, parsed, secrets),
      mode: parsed.kind === "test" ? "test" : "live",
      ip: null,
    },
    model: MODEL,
    seconds: 5,
    tags: {},
    rates: [{ version: 1, effectiveFrom: 0, unit: "second", unitMicros: 260_000, costMicros: 1_300_000 }],
    quote: null,
    refusal: null,
    idempotencyKey: null,
    bodyHash: "0".repeat(64),
  });
  if (!reserved.ok) throw new Error(`${reserved.error.code}: ${reserved.error.message}`);
  return reserved.value.job.jobId;
}

/** A tenant with one key, and callers for both sides. */
export async function tenantWithKey(operator: Call, asked: Json = {}) {
  const tenant = await newTenant(operator);
  const { status, body } = await operator("POST", `/v1/tenants/${tenant}/keys`, { name: "app", ...asked });
  if (status !== 201) throw new Error(`key not made: ${JSON.stringify(body)}`);
  const key = String(body["key"]);
  return { tenant, key, keyId: String(body["id"]), at: `/v1/tenants/${tenant}`, asTenant: callerWith(key) };
}

export type Call = ReturnType<typeof callerWith>;

export async function newTenant(operator: Call, name = "Acme"): Promise<string> {
  const { status, body } = await operator("POST", "/v1/tenants", { name });
  if (status !== 201) throw new Error(`tenant not made: ${JSON.stringify(body)}`);
  return String(body["id"]);
}
