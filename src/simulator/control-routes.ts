import { Hono } from "hono";
import { z } from "zod";
import type { SimulatorApp } from "./app-env.ts";
import { checkedBody } from "./checked-body.ts";
import { explain, nested } from "./directive.ts";
import { failure, success } from "./envelope.ts";
import { replyFaultSchema, submitFaultSchema, webhookFaultSchema } from "./fault.ts";
import { FAULTS_MAX, type FaultMatch, type Operation, OPERATIONS } from "./fault-store.ts";
import type { Settings } from "./settings.ts";
import { TIERS } from "./tier.ts";
import { timeSpan } from "./time-span.ts";

const faultOrder = z.strictObject({
  match: z
    .strictObject({
      operation: z.enum(OPERATIONS).default("submit"),
      model: z.string().max(200).default(""),
      prompt_contains: z.string().max(2_500).default(""),
      prediction_id: z.string().max(64).default(""),
    })
    .refine(canMatch, "prediction_id is for polls and webhooks; model and prompt_contains are for these and submits")
    .prefault({}),
  fault: z.record(z.string(), z.unknown()),
  times: z.number().int().min(1).max(1_000_000).default(1),
});

const limits = z.strictObject({
  tier: z.enum(["bronze", "silver", "gold", "ultra"]).optional(),
  videos_per_minute: z.number().int().min(0).optional(),
  concurrent_tasks: z.number().int().min(0).optional(),
  /** Before anything was spent. */
  balance_usd: z.number().min(0).optional(),
  refund_undelivered: z.boolean().optional(),
});

const advance = z.strictObject({ advance: timeSpan });

const page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1_000).default(1_000),
  cursor: z.string().max(64).default(""),
});

/** Scripts and shows an account; never part of WaveSpeed's API. */
export const controlRoutes = new Hono<SimulatorApp>()
  .post("/faults", async (c) => {
    const body = await checkedBody(c.req.raw, faultOrder);
    if (!body.ok) return body.error;
    const { match, fault, times } = body.value;
    const parsed = schemaOf(match.operation).safeParse(nested(fault));
    if (!parsed.success) return failure(400, `fault.${explain(parsed.error)}`, 1401);
    const added = await c.get("stub").addFault({ ...match, fault: parsed.data, times });
    return added ? success(await faultsOf(c)) : failure(409, `an account holds at most ${FAULTS_MAX} faults`);
  })
  .get("/faults", async (c) => success(await faultsOf(c)))
  .delete("/faults", async (c) => {
    await c.get("stub").clearFaults();
    return success({ faults: [] });
  })
  .post("/limits", async (c) => {
    const body = await checkedBody(c.req.raw, limits);
    if (!body.ok) return body.error;
    return success(await c.get("stub").change(changesOf(body.value)));
  })
  .post("/clock", async (c) => {
    const body = await checkedBody(c.req.raw, advance);
    if (!body.ok) return body.error;
    return success({
      now: new Date(await c.get("stub").advance(body.value.advance)).toISOString(),
    });
  })
  .post("/reset", async (c) => {
    await c.get("stub").reset();
    return success({});
  })
  .get("/bill", async (c) => {
    const query = page.safeParse(c.req.query());
    if (!query.success) return failure(400, explain(query.error), 1401);
    return success(await c.get("stub").bill(query.data.limit, query.data.cursor));
  })
  .get("/stats", async (c) => {
    const query = page.safeParse(c.req.query());
    if (!query.success) return failure(400, explain(query.error), 1401);
    return success(await c.get("stub").stats(query.data.limit, query.data.cursor));
  });

/** False for a fault that could never strike, since its operation does not know what it asks for. */
function canMatch(match: FaultMatch): boolean {
  if (match.operation === "poll" || match.operation === "webhook") return true;
  if (match.prediction_id !== "") return false;
  return match.operation === "submit" || (match.model === "" && match.prompt_contains === "");
}

function schemaOf(
  operation: Operation,
): typeof submitFaultSchema | typeof replyFaultSchema | typeof webhookFaultSchema {
  if (operation === "submit") return submitFaultSchema;
  return operation === "webhook" ? webhookFaultSchema : replyFaultSchema;
}

async function faultsOf(c: { get: (name: "stub") => SimulatorApp["Variables"]["stub"] }): Promise<unknown> {
  const faults = await c.get("stub").listFaults();
  return {
    faults: faults.map((fault) => ({ ...fault, fault: JSON.parse(fault.fault) as unknown })),
  };
}

function changesOf({ tier, refund_undelivered, ...given }: z.infer<typeof limits>): Partial<Settings> {
  const changes = { ...(tier === undefined ? {} : TIERS[tier]), ...given };
  const stated = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  return refund_undelivered === undefined ? stated : { ...stated, refund_undelivered: Number(refund_undelivered) };
}
