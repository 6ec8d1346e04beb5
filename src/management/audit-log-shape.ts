import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { GATEWAY_CHAIN, type SeenEntry } from "../audit-log/index.ts";
import type { Refusal } from "../errors/catalogue.ts";
import { InstantField, InstantOut, toInstant } from "./fields.ts";
import { unknownTenant } from "./known-tenant.ts";
import { findTenant } from "../settings/index.ts";
import { isOperator, type ManagementEnv } from "./services.ts";

const State = z.unknown().openapi({
  description:
    "As the API shows it, without secrets; null: nothing, or no call shows it. `too_long`: only its hash is kept",
});

export const AuditEntrySchema = z
  .object({
    seq: z.number().int().openapi({ description: "From 1, without a gap" }),
    at: InstantOut.openapi({ description: "When it was told" }),
    begun_at: InstantOut,
    id: z.string().openapi({ description: "Of the change" }),
    actor: z.string().openapi({
      example: "person:9b1c22f04ad85e67",
      description:
        "person, operator (a key) or key; `operator` alone is what a tenant's own people see of whoever runs the gateway",
    }),
    actor_name: z.string(),
    action: z.string().openapi({ example: "PATCH /tenants/{tenant}" }),
    target: z.string().openapi({ example: "/v1/tenants/5f3a9c0b17de" }),
    ip: z.string().openapi({ description: "Empty: not known, or an operator's" }),
    user_agent: z.string(),
    before: State,
    after: State,
    outcome: z.enum(["done", "unknown"]).openapi({ description: "unknown: begun, and nobody knows what came of it" }),
    hash: z.string(),
  })
  .openapi("AuditEntry");

/** A span of time: `from` inclusive, `to` exclusive. */
export const spanFields = { from: InstantField.optional(), to: InstantField.optional() };

export const timeOf = (instant: string | undefined): number | undefined =>
  instant === undefined ? undefined : Date.parse(instant);

export const toAuditEntry = (entry: SeenEntry): z.infer<typeof AuditEntrySchema> => ({
  seq: entry.seq,
  at: toInstant(entry.at),
  begun_at: toInstant(entry.begunAt),
  id: entry.id,
  actor: entry.actor,
  actor_name: entry.actorName,
  action: entry.action,
  target: entry.target,
  ip: entry.ip,
  user_agent: entry.userAgent,
  before: stateOf(entry.before),
  after: stateOf(entry.after),
  outcome: entry.outcome,
  hash: entry.hash,
});

/** Somebody may have written to the database: what is no JSON is shown as it is. */
function stateOf(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Whether whoever asks is one of the tenant's own people, to whom operators have no name and no address. */
export const hidesOperators = (c: Context<ManagementEnv>): boolean => !isOperator(c.get("principal"));

/** No chain of a tenant that there is not. */
export async function refuseChain(c: Context<ManagementEnv>, chain: string): Promise<Refusal | null> {
  if (chain === GATEWAY_CHAIN) return null;
  return (await findTenant(c.get("services").control, chain)) ? null : unknownTenant(chain);
}
