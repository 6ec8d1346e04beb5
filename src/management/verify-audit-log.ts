import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { GATEWAY_CHAIN, verifyChain, type Verification, type Walked } from "../audit-log/index.ts";
import type { FieldIssue } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { manageAccess, operatorAccess } from "./access.ts";
import { refuseChain } from "./audit-log-shape.ts";
import { TenantParams } from "./fields.ts";
import type { ManagementApp } from "./management-app.ts";
import { decodeCursor, encodeCursor } from "./page.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200, bodyOf } from "./responses.ts";
import type { ManagementEnv } from "./services.ts";
import { shownValue } from "./shown-value.ts";

const Hash = z.string().regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hex digits");
const LinkSchema = z.object({ seq: z.number().int(), hash: z.string() });

const Body = z.strictObject({
  cursor: z.string().min(1).max(200).optional().openapi({ description: "next_cursor of the call before" }),
  noted: z
    .strictObject({ seq: z.number().int().min(1), hash: Hash })
    .optional()
    .openapi({ description: "A head that was noted elsewhere: the entry must still be the same" }),
});

const VerificationSchema = z
  .object({
    verified: z.boolean().nullable().openapi({ description: "null: all right so far; go on with next_cursor" }),
    entries: z.number().int().openapi({ description: "Checked so far" }),
    from_seq: z.number().int().openapi({ description: "Entries before it were deleted by age" }),
    head_seq: z.number().int(),
    head_hash: z.string().openapi({ description: "To be noted elsewhere, and sent as `noted` later" }),
    broken: LinkSchema.pick({ seq: true }).extend({ reason: z.string() }).nullable(),
    next_cursor: z.string().nullable(),
  })
  .openapi("AuditVerification");

const about = {
  method: "post" as const,
  description: "Checks 500 entries a call: each by its hash, the last by the chain's head, and the head by its seal.",
  tags: ["audit log"],
  // It changes nothing.
  "x-audit": false,
  responses: answers200(VerificationSchema, "What was found"),
};

const ofGateway = createRoute({
  ...about,
  path: "/audit-log/verify",
  summary: "Check the gateway's audit log for changes from outside",
  ...operatorAccess,
  request: { body: bodyOf(Body) },
});

const ofTenant = createRoute({
  ...about,
  path: "/tenants/{tenant}/audit-log/verify",
  summary: "Check a tenant's audit log for changes from outside",
  ...manageAccess,
  request: { params: TenantParams, body: bodyOf(Body) },
});

export const verifyAuditLog = (app: ManagementApp): void => {
  app.openapi(ofGateway, async (c) => answer(c, GATEWAY_CHAIN, c.req.valid("json")));
  app.openapi(ofTenant, async (c) => answer(c, c.req.valid("param").tenant, c.req.valid("json")));
};

async function answer(c: Context<ManagementEnv>, chain: string, { cursor, noted }: z.infer<typeof Body>) {
  const refusal = await refuseChain(c, chain);
  if (refusal) return refuse(c, refusal);
  const walked = walkedTo(cursor);
  if (!walked.ok) return refuse(c, invalidFields([walked.error]));
  const { control, secrets } = c.get("services");
  const found = await verifyChain(control, secrets, { chain, walked: walked.value, noted: noted ?? null });
  return c.json(toAnswer(found), 200);
}

function toAnswer({ verified, fromSeq, last, head, broken }: Verification): z.infer<typeof VerificationSchema> {
  return {
    verified,
    entries: last.seq - fromSeq + 1,
    from_seq: fromSeq,
    head_seq: head.seq,
    head_hash: head.hash,
    broken,
    next_cursor: verified === null ? encodeCursor(`${fromSeq}.${last.seq}.${last.hash}`) : null,
  };
}

function walkedTo(cursor: string | undefined): Result<Walked | null, FieldIssue> {
  const text = decodeCursor(cursor);
  if (!text.ok) return text;
  if (text.value === "") return ok(null);
  const [, from, seq, hash] = /^(\d{1,15})\.(\d{1,15})\.([0-9a-f]{64})$/.exec(text.value) ?? [];
  if (hash !== undefined) return ok({ fromSeq: Number(from), seq: Number(seq), hash });
  return err({ field: "cursor", rule: "must be a next_cursor of this call", value: shownValue(cursor) });
}
