import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { readHead } from "../audit-log/index.ts";
import type { ManagementEnv } from "./services.ts";

/** How long entries are kept. */
export const RetentionDaysField = z
  .number()
  .int()
  .min(30)
  .max(3650)
  .nullable()
  .openapi({ description: "Days; null: for ever, as it is until somebody says otherwise" });

export const AuditRetentionSchema = z.object({ days: RetentionDaysField }).openapi("AuditRetention");

/** What is in force for a chain. */
export async function retentionOf(
  c: Context<ManagementEnv>,
  chain: string,
): Promise<z.infer<typeof AuditRetentionSchema>> {
  return { days: (await readHead(c.get("services").control, chain))?.retentionDays ?? null };
}
