import { randomBytes } from "node:crypto";
import { exports } from "cloudflare:workers";
import { hashKey, mintKey, verifyKey } from "../../../src/keys/key.ts";
import { parseGatewaySecrets } from "../../../src/keys/gateway-secrets.ts";
import { ledgerOf } from "../../../src/ledger/ledger-of.ts";
import type { TenantLedgerApi } from "../../../src/ledger/types.ts";
import { newKeyInput } from "../../support/new-key.ts";
import { testEnv } from "../../support/test-env.ts";

export const T2V = "kwaivgi/kling-v2.0-t2v-master";

const secrets = parseGatewaySecrets(testEnv.WAVEGATE_SECRET);
const worker = exports as unknown as { default: { fetch: (request: Request) => Promise<Response> } };

export interface TestTenant {
  id: string;
  key: string;
  keyId: string;
  ledger: TenantLedgerApi;
}

/** A new tenant with a key of that kind, and a live budget unless null. */
export async function newTenant(
  limitMicros: number | null = 100_000_000,
  kind: "live" | "test" = "live",
): Promise<TestTenant> {
  const id = randomBytes(6).toString("hex");
  const ledger = ledgerOf(testEnv, id);
  await ledger.provision({ tenant: id, name: "test", timeZone: "UTC" });
  const keyId = randomBytes(8).toString("hex");
  const key = mintKey({ kind, tenant: id, keyId, secrets, random: randomBytes(16) });
  const parsed = verifyKey(key, secrets);
  if (!parsed) throw new Error("the minted key does not verify");
  const hash = hashKey(key, parsed, secrets);
  await ledger.change("create_key", newKeyInput({ id: keyId, hash, mode: kind }));
  if (limitMicros !== null) {
    await ledger.change("put_budget", {
      id: "whole",
      mode: "live",
      scope: { kind: "tenant" },
      window: "total",
      limitMicros,
      timeZone: null,
    });
  }
  return { id, key, keyId, ledger };
}

/** A call to the whole Worker. `body` is sent as JSON unless it is a text. */
export function call(
  key: string | null,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const sent = new Headers(headers);
  if (key !== null) sent.set("authorization", `Bearer ${key}`);
  const text = body === undefined || typeof body === "string" ? (body ?? null) : JSON.stringify(body);
  return worker.default.fetch(new Request(`http://gateway.test${path}`, { method, headers: sent, body: text }));
}

export interface Envelope {
  code: number;
  message: string;
  data: Record<string, unknown>;
  error?: { source: string; code: string; details?: Record<string, unknown>; issues?: { field: string }[] };
}

export const envelope = async (response: Response): Promise<Envelope> => (await response.json()) as Envelope;
