import type { Env } from "../config.ts";
import { idOf } from "../storage/object-id.ts";
import type { WebhookDeskApi } from "./types.ts";

/** The desk that tells a tenant's servers how its jobs ended. */
export const deskOf = (env: Pick<Env, "WEBHOOK_DESK">, tenant: string): WebhookDeskApi =>
  env.WEBHOOK_DESK.get(idOf(env.WEBHOOK_DESK, tenant)) as unknown as WebhookDeskApi;
