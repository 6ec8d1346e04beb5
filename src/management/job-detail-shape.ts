import { z } from "@hono/zod-openapi";
import { predictionView } from "../jobs/prediction-view.ts";
import type { JobInput, JobView } from "../jobs/types.ts";
import type { TimelineEvent } from "../jobs/timeline.ts";
import { formatMicros } from "../money/index.ts";
import type { JobNow } from "../reporting/late-jobs.ts";
import { DELIVERY_STATES, type Delivery } from "../webhooks/types.ts";
import { AmountOut, InstantOut, toInstant, toInstantOrNull } from "./fields.ts";
import { JobSchema } from "./job-shape.ts";

const EventSchema = z.object({
  event: z.string(),
  at: InstantOut,
  actor: z.string(),
  amount: AmountOut.nullable().openapi({
    description: "Held, captured or released; to operators also what was written off or lost; null: no money moved",
  }),
});

const PredictionSchema = z.object({
  status: z.string().openapi({ description: "As the tenant API shows it" }),
  outputs: z.array(z.unknown()),
  error: z.string(),
  progress: z.number().nullable().openapi({ description: "Of its model's usual time, 0 to 0.95, while it runs" }),
  queue_position: z.number().int().nullable(),
});

const InputSchema = z.object({
  input_sha256: z.string(),
  kept_until: InstantOut.nullable(),
  dropped_for_room: z.boolean(),
  input: z.unknown().openapi({ description: "null: it is not kept" }),
});

const JobDeliverySchema = z.object({
  id: z.string(),
  event: z.string(),
  endpoint: z.string().nullable().openapi({ description: "null: the URL that came with the submit" }),
  state: z.enum(DELIVERY_STATES),
  reason: z.string().nullable(),
  attempts: z.number().int(),
  next_attempt_at: InstantOut.nullable(),
  created_at: InstantOut,
  ended_at: InstantOut.nullable(),
});

export const JobDetailSchema = JobSchema.extend({
  held: AmountOut.nullable().openapi({ description: "What was held for it" }),
  margin: AmountOut.nullable().optional().openapi({ description: "Told to operators; null: it cost nothing yet" }),
  upstream_id: z.string().nullable().optional().openapi({ description: "Told to operators" }),
  deleted: z.boolean().openapi({ description: "By its tenant: outputs and input are gone" }),
  prediction: PredictionSchema.nullable(),
  input: InputSchema.nullable(),
  timeline: z.array(EventSchema),
  deliveries: z.array(JobDeliverySchema).openapi({ description: "Its webhooks, the newest 50" }),
}).openapi("JobDetail");

export const toPrediction = (view: JobView, url: string): z.infer<typeof PredictionSchema> => {
  const { status, outputs, error } = predictionView(view, url);
  return { status, outputs, error, progress: view.progress, queue_position: view.queue?.position ?? null };
};

export const toInput = (kept: JobInput): z.infer<typeof InputSchema> => ({
  input_sha256: kept.hash,
  kept_until: toInstantOrNull(kept.keptUntil),
  dropped_for_room: kept.dropped,
  input: kept.bytes === null ? null : (JSON.parse(new TextDecoder().decode(kept.bytes)) as unknown),
});

export const toEvent = ({ event, at, actor, amountMicros }: TimelineEvent): z.infer<typeof EventSchema> => ({
  event,
  at: toInstant(at),
  actor,
  amount: amountMicros === null ? null : formatMicros(amountMicros),
});

/**
 * A job's story as the report has it, for one that its tracker does not know any more. Of one that was delivered after it was given up
 * the report does not say when it was, nor whether it was written off.
 */
export function reportedEvents(job: JobNow): TimelineEvent[] {
  const { admittedAt, endedAt, refundedAt, heldMicros, priceMicros, costMicros, keyId, status } = job;
  const held = { event: "held" as const, at: admittedAt, actor: `key:${keyId}`, amountMicros: heldMicros };
  if (endedAt === null) return [held];
  const end = status === "completed" || status === "cancelled" || status === "expired" ? status : "failed";
  const gateway = { at: endedAt, actor: "wavegate" };
  const ended = { ...gateway, event: end, amountMicros: null } as const;
  if (priceMicros !== null) return [held, ended, { ...gateway, event: "captured", amountMicros: priceMicros }];
  const released = { actor: gateway.actor, at: refundedAt ?? endedAt };
  const events: TimelineEvent[] = [held, ended, { ...released, event: "released", amountMicros: heldMicros }];
  if (status === "expired") events.push({ ...released, event: "written_off", amountMicros: costMicros });
  return events.toSorted((a, b) => a.at - b.at);
}

/** What an operator earned by it; a job that was delivered and not charged is a loss. Null: nothing was, or may still be. */
export function marginOf({ priceMicros, costMicros, status }: JobNow): string | null {
  if (priceMicros === null && status !== "completed") return null;
  return formatMicros((priceMicros ?? 0) - costMicros);
}

export const toJobDelivery = (delivery: Delivery): z.infer<typeof JobDeliverySchema> => ({
  id: delivery.id,
  event: delivery.event,
  endpoint: delivery.endpointId,
  state: delivery.state,
  reason: delivery.end,
  attempts: delivery.attempts,
  next_attempt_at: toInstantOrNull(delivery.nextAt),
  created_at: toInstant(delivery.createdAt),
  ended_at: toInstantOrNull(delivery.endedAt),
});
