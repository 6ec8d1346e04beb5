import { z } from "@hono/zod-openapi";
import {
  DELIVERY_STATES,
  JOB_EVENTS,
  SIGNATURE_SCHEMES,
  type Attempt,
  type Delivery,
  type Endpoint,
  type EndpointChange,
} from "../webhooks/types.ts";
import { InstantOut, ModeField, TenantIdField, toInstant, toInstantOrNull } from "./fields.ts";

const HEX16 = z.string().regex(/^[0-9a-f]{16}$/, "must be 16 lower-case hex digits");

export const EndpointIdField = HEX16.openapi({ example: "3fa0c5d2914be776" });
export const DeliveryIdField = HEX16.openapi({ example: "000000000000002a" });
export const WebhookParams = z.object({ tenant: TenantIdField, endpoint_id: EndpointIdField });
export const DeliveryParams = z.object({ tenant: TenantIdField, delivery_id: DeliveryIdField });

const EventsField = z
  .array(z.enum(JOB_EVENTS))
  .min(1)
  .max(JOB_EVENTS.length)
  .refine((events) => new Set(events).size === events.length, "must name each event once");

/** Its rule is `checkWebhookUrl`: what is allowed depends on the configuration. */
const UrlField = z.string().openapi({ example: "https://hooks.example.com/wavegate", description: "https, port 443" });

/** What an endpoint is made of and may be changed in. */
export const endpointFields = {
  url: UrlField,
  events: EventsField.openapi({ description: "Absent: all" }),
  mode: ModeField.nullable().openapi({ description: "Whose jobs it hears of; absent or null: live and test" }),
  signature: z.enum(SIGNATURE_SCHEMES).openapi({ description: "The scheme in webhook-signature; absent: standard" }),
  description: z.string().trim().max(200),
};

export const WebhookSchema = z
  .object({
    id: EndpointIdField,
    ...endpointFields,
    enabled: z.boolean(),
    disabled_reason: z.enum(["operator", "gone", "failing"]).nullable(),
    disabled_at: InstantOut.nullable(),
    failing_since: InstantOut.nullable().openapi({ description: "Since when it has answered nothing but failures" }),
    created_at: InstantOut,
  })
  .openapi("Webhook");

export const DeliverySchema = z
  .object({
    id: DeliveryIdField,
    event: z.enum([...JOB_EVENTS, "test"]),
    event_id: z.string().openapi({ description: "The webhook-id: stable over attempts and replays" }),
    job: z.string().nullable(),
    endpoint: EndpointIdField.nullable().openapi({ description: "null: the URL that came with the submit" }),
    url: z.string(),
    signature: z.enum(SIGNATURE_SCHEMES),
    state: z.enum(DELIVERY_STATES),
    reason: z.string().nullable().openapi({ description: "Why it failed for good, or was dropped" }),
    attempts: z.number().int(),
    next_attempt_at: InstantOut.nullable(),
    created_at: InstantOut,
    ended_at: InstantOut.nullable(),
  })
  .openapi("WebhookDelivery");

const AttemptSchema = z
  .object({
    attempt: z.number().int(),
    at: InstantOut,
    status: z.number().int().nullable().openapi({ description: "null: there was no answer" }),
    ms: z.number().int(),
    error: z.string().nullable(),
    reply: z.string().openapi({ description: "The first bytes of the answer" }),
  })
  .openapi("WebhookAttempt");

export const DeliveryDetailSchema = DeliverySchema.extend({
  body: z.string().nullable().openapi({ description: "As it is sent; null: it is gone, since its job was deleted" }),
  log: z.array(AttemptSchema).openapi({ description: "The newest 50 attempts, in order" }),
}).openapi("WebhookDeliveryDetail");

export const toWebhook = (endpoint: Endpoint): z.infer<typeof WebhookSchema> => ({
  id: endpoint.id,
  url: endpoint.url,
  events: endpoint.events,
  mode: endpoint.mode,
  signature: endpoint.signature,
  description: endpoint.description,
  enabled: endpoint.disabled === null,
  disabled_reason: endpoint.disabled,
  disabled_at: toInstantOrNull(endpoint.disabledAt),
  failing_since: toInstantOrNull(endpoint.failingSince),
  created_at: toInstant(endpoint.createdAt),
});

export const toDelivery = (delivery: Delivery): z.infer<typeof DeliverySchema> => ({
  id: delivery.id,
  event: delivery.event,
  event_id: delivery.eventId,
  job: delivery.jobId,
  endpoint: delivery.endpointId,
  url: delivery.url,
  signature: delivery.signature,
  state: delivery.state,
  reason: delivery.end,
  attempts: delivery.attempts,
  next_attempt_at: toInstantOrNull(delivery.nextAt),
  created_at: toInstant(delivery.createdAt),
  ended_at: toInstantOrNull(delivery.endedAt),
});

export const toDetail = (delivery: Delivery, attempts: Attempt[], body: string | null) => ({
  ...toDelivery(delivery),
  body,
  log: attempts.map(({ at, ...attempt }) => ({ ...attempt, at: toInstant(at) })),
});

/** Leaves out what was not given. */
export const givenOf = (change: { [Field in keyof EndpointChange]: EndpointChange[Field] | undefined }) =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as EndpointChange;
