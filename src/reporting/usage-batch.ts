import { z } from "zod";
import type { UsageBatch } from "../ledger/journal-entry.ts";

/** More than the ledger puts in a message; a longer one was not made by it. */
const ENTRIES_PER_MESSAGE_MAX = 1000;

const count = z.int().nonnegative();
const time = z.int().nonnegative();
const jobId = z.string().regex(/^[0-9a-f]{32}$/);
const outcome = z.enum(["completed", "failed", "cancelled", "never_sent", "expired"]);

const jobFacts = z.object({
  jobId,
  mode: z.enum(["live", "test"]),
  keyId: z.string().min(1),
  team: z.string().min(1).nullable(),
  model: z.string().min(1),
  tags: z.record(z.string(), z.string()),
  seconds: count,
  costMicros: count,
  priceMicros: count,
  rateVersion: z.int(),
  // Jobs that were admitted before there were prices of a tenant's own have none of these three.
  basis: z
    .union([z.object({ markupBps: z.int() }), z.object({ unitMicros: count }), z.object({ quote: z.string().min(1) })])
    .default({ markupBps: 0 }),
  pricingVersion: z.int().default(1),
  onCredit: z.boolean().default(false),
  // 0 marks a job whose facts are still missing (see schema.ts), so no real job may have it.
  admittedAt: z.int().positive(),
});

const body = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("hold"), job: jobFacts }),
  z.object({ kind: z.literal("capture"), job: jobFacts, outcome, endedAt: time }),
  z.object({ kind: z.literal("release"), job: jobFacts, outcome, reason: z.string(), endedAt: time }),
  z.object({ kind: z.literal("unknown"), jobId, entered: z.boolean() }),
  z.object({ kind: z.literal("needs_operator"), jobId, reason: z.string() }),
  z.object({
    kind: z.literal("resolved"),
    jobId,
    action: z.enum(["capture", "release"]),
    reason: z.string(),
    actor: z.string(),
  }),
  z.object({ kind: z.literal("write_off"), jobId, costMicros: count, reason: z.string() }),
  z.object({
    kind: z.literal("loss"),
    jobId,
    costMicros: count,
    upstreamId: z.string().min(1),
    reason: z.string(),
    undelivered: z.literal(true).exactOptional(),
  }),
  z.object({
    kind: z.literal("credit"),
    cause: z.enum(["top_up", "adjustment"]),
    amountMicros: z.int(),
    balanceMicros: z.int(),
    reason: z.string(),
    actor: z.string(),
  }),
  z.object({ kind: z.literal("credit_limit"), limitMicros: count.nullable(), actor: z.string() }),
  z.object({
    kind: z.literal("threshold"),
    budget: z.string().min(1),
    windowId: z.string().min(1),
    percent: z.int().positive(),
    usedMicros: count,
    limitMicros: count,
  }),
]);

const usageBatch = z.object({
  tenant: z.string().regex(/^[0-9a-f]{12}$/),
  entries: z
    .array(z.object({ seq: z.int().positive(), at: time, localDay: z.iso.date(), body, hash: z.string().min(1) }))
    .min(1)
    .max(ENTRIES_PER_MESSAGE_MAX),
});

/**
 * Reads the body of a queue message; null if it is not a batch of journal entries. Fields that this
 * version does not know are dropped, kinds that it does not know make the whole message unreadable:
 * it waits in the queue for the version that does.
 */
export function parseUsageBatch(value: unknown): UsageBatch | null {
  const parsed = usageBatch.safeParse(value);
  return parsed.success ? parsed.data : null;
}
