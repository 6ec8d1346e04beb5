import { z } from "zod";
import { parseGatewaySecrets } from "../../src/keys/gateway-secrets.ts";
import { verifyKey } from "../../src/keys/key.ts";
import { mintOperatorKey, operatorKeyRow } from "../operator-key.ts";
import type { ConsoleLink } from "../sign-in-link.ts";
import type { Database } from "./databases.ts";
import type { State } from "./state.ts";

/** What a first start leaves behind for a newcomer to use. */
export interface Seeded {
  operatorKey: string;
  tenant: string;
  tenantKey: string;
}

const DEMO_BUDGET = { scope: { tenant: true }, limit: "100.00", window: "month" };

/**
 * The operator's key, the same on every start of a state; its row is put back if it is gone. A key whose
 * secret was rotated away is replaced.
 */
export async function seedOperator(state: State, control: Database): Promise<void> {
  const { wavegateSecret } = state.secrets;
  if (!isSigned(state.secrets.operatorKey, wavegateSecret)) {
    state.remember({ operatorKey: mintOperatorKey(wavegateSecret) });
  }
  const row = operatorKeyRow(state.secrets.operatorKey ?? "", wavegateSecret, Date.now());
  await control
    .prepare("INSERT OR IGNORE INTO management_keys (id, hash, name, created_at, revoked_at) VALUES (?, ?, ?, ?, NULL)")
    .bind(row.id, row.hash, row.name, row.created_at)
    .run();
}

/** A fresh link into the console, of which the one before is no longer good. */
export async function writeConsoleLink(control: Database, link: ConsoleLink): Promise<void> {
  await control.batch(link.statements.map((statement) => control.prepare(statement)));
}

/**
 * A demo tenant with a budget and a live key, made as any operator would: by the management API.
 * Each step is remembered, so that a start that was cut short goes on where it was.
 */
export async function seedTenant(state: State, gateway: string): Promise<Seeded> {
  const operatorKey = state.secrets.operatorKey ?? "";
  const call = (method: string, path: string, body: unknown) => manage(gateway, operatorKey, method, path, body);
  if (!state.secrets.tenant) {
    const { id } = z.object({ id: z.string() }).parse(await call("POST", "/v1/tenants", { name: "demo" }));
    state.remember({ tenant: id });
  }
  const tenant = state.secrets.tenant ?? "";
  if (!isSigned(state.secrets.tenantKey, state.secrets.wavegateSecret)) {
    await call("PUT", `/v1/tenants/${tenant}/budgets/demo`, DEMO_BUDGET);
    const made = await call("POST", `/v1/tenants/${tenant}/keys`, { name: "demo", mode: "live" });
    state.remember({ tenantKey: z.object({ key: z.string() }).parse(made).key });
  }
  return { operatorKey, tenant, tenantKey: state.secrets.tenantKey ?? "" };
}

/** What the official clients' own tests run; it is in WaveSpeed's list only. */
const FIRST_MODEL = "wavespeed-ai/z-image/turbo";

/**
 * Reads WaveSpeed's list of models and enables one of it, once. A WaveSpeed that does not answer, or does not sell it
 * at a fixed price, is no reason not to start: the reason is said, and the next start tries again.
 */
export async function seedModel(state: State, gateway: string): Promise<void> {
  if (state.secrets.enabledModel) return;
  const operatorKey = state.secrets.operatorKey ?? "";
  try {
    await manage(gateway, operatorKey, "POST", "/v1/models/sync", {});
    await manage(gateway, operatorKey, "PUT", "/v1/models", { model: FIRST_MODEL, enabled: true });
    state.remember({ enabledModel: FIRST_MODEL });
  } catch (error) {
    process.stderr.write(`wavegate: ${FIRST_MODEL} is not enabled: ${String(error)}\n`);
  }
}

const isSigned = (key: string | undefined, wavegateSecret: string): boolean =>
  key !== undefined && verifyKey(key, parseGatewaySecrets(wavegateSecret)) !== null;

async function manage(gateway: string, key: string, method: string, path: string, body: unknown): Promise<unknown> {
  const response = await fetch(gateway + path, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`seeding: ${method} ${path} answered ${response.status}: ${text.slice(0, 500)}`);
  return JSON.parse(text);
}
