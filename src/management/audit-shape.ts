import { z } from "@hono/zod-openapi";
import type { AuditReport, AuditJob } from "../ledger/audit/audit-types.ts";
import { formatMicros } from "../money/index.ts";
import { AmountOut, InstantOut, toInstant, toInstantOrNull } from "./fields.ts";

export const AuditSchema = z
  .object({
    consistent: z.boolean(),
    entries: z.number().int().openapi({ description: "Journal entries that were replayed" }),
    captured: AmountOut,
    held: AmountOut,
    open_holds: z.number().int(),
    differences: z.array(z.string()),
    from_seq: z
      .number()
      .int()
      .openapi({ description: "The first entry replayed: the one after the checkpoint at its beginning" }),
    verified_to_seq: z.number().int().openapi({ description: "The last one: the head when it began, or later" }),
    checkpoint: z
      .object({ seq: z.number().int(), at: InstantOut })
      .nullable()
      .openapi({ description: "The one that it stands on, perhaps moved by this audit" }),
  })
  .openapi("Audit");

export const AuditJobSchema = z
  .object({
    id: z.string(),
    full: z.boolean().openapi({ description: "Whether it replays everything, or from the last checkpoint on" }),
    status: z.enum(["running", "completed", "failed"]),
    phase: z.enum(["anchor", "clear", "replay", "compare", "ended"]),
    seq: z.number().int().openapi({ description: "Replayed up to this entry" }),
    target_seq: z.number().int(),
    started_at: InstantOut,
    ended_at: InstantOut.nullable(),
    message: z.string().nullable().openapi({ description: "Why it failed" }),
    result: AuditSchema.nullable(),
  })
  .openapi("AuditJob");

export const toAudit = (report: AuditReport): z.infer<typeof AuditSchema> => ({
  consistent: report.consistent,
  entries: report.entries,
  captured: formatMicros(report.capturedMicros),
  held: formatMicros(report.heldMicros),
  open_holds: report.openHolds,
  differences: report.differences,
  from_seq: report.fromSeq,
  verified_to_seq: report.verifiedToSeq,
  checkpoint: report.checkpoint && { seq: report.checkpoint.seq, at: toInstant(report.checkpoint.at) },
});

export const toAuditJob = (audit: AuditJob): z.infer<typeof AuditJobSchema> => ({
  id: audit.id,
  full: audit.full,
  status: audit.status,
  phase: audit.phase,
  seq: audit.seq,
  target_seq: audit.targetSeq,
  started_at: toInstant(audit.startedAt),
  ended_at: toInstantOrNull(audit.endedAt),
  message: audit.message,
  result: audit.report && toAudit(audit.report),
});
