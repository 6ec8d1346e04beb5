import type { Env } from "../config.ts";
import type { WebhookDeskApi } from "./types.ts";

/** The desk that tells a tenant's servers how its jobs ended. */
export const deskOf = (env: Pick<Env, "WEBHOOK_DESK">, tenant: string): WebhookDeskApi =>
  env.WEBHOOK_DESK.get(env.WEBHOOK_DESK.idFromName(tenant)) as unknown as WebhookDeskApi;
