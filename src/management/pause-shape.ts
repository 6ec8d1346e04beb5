import { z } from "@hono/zod-openapi";
import type { Pause } from "../settings/index.ts";
import { InstantOut, ModelField, toInstant } from "./fields.ts";

const SCOPE_RULE = 'must be one of {"gateway": true}, {"model": "<model id>"}, {"account": "<name>"}';

/** What a pause stops, as a request gives it. */
export const PauseScopeSchema = z
  .union(
    [
      z.strictObject({ gateway: z.literal(true) }),
      z.strictObject({ model: ModelField }),
      z.strictObject({ account: z.string().max(32).openapi({ description: "An upstream account, or sandbox" }) }),
    ],
    SCOPE_RULE,
  )
  .openapi("PauseScope");

export const PauseSchema = z
  .object({
    id: z.string(),
    scope: z.union([
      z.object({ gateway: z.literal(true) }),
      z.object({ model: z.string() }),
      z.object({ account: z.string() }),
    ]),
    reason: z.string().openapi({ description: "Shown to whoever is refused" }),
    actor: z.string(),
    created_at: InstantOut,
  })
  .openapi("Pause");

export function fromPauseScope(scope: z.infer<typeof PauseScopeSchema>): Pick<Pause, "kind" | "subject"> {
  if ("model" in scope) return { kind: "model", subject: scope.model };
  if ("account" in scope) return { kind: "account", subject: scope.account };
  return { kind: "gateway", subject: "" };
}

export const toPause = (pause: Pause): z.infer<typeof PauseSchema> => ({
  id: pause.id,
  scope: toScope(pause),
  reason: pause.reason,
  actor: pause.actor,
  created_at: toInstant(pause.createdAt),
});

function toScope({ kind, subject }: Pause): z.infer<typeof PauseSchema>["scope"] {
  if (kind === "model") return { model: subject };
  return kind === "account" ? { account: subject } : { gateway: true };
}
