import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { ERRORS, retryAfterOf, type ErrorCode, type FieldIssue, type Refusal } from "../errors/catalogue.ts";

/** Problem details, RFC 9457. `type` is a name, not an address; `code` is the same for programs. */
export const ProblemSchema = z
  .object({
    type: z.string().openapi({ example: "urn:wavegate:error:not_found" }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
    retryable: z.boolean(),
    details: z.record(z.string(), z.unknown()).optional(),
    errors: z.array(z.object({ field: z.string(), rule: z.string(), value: z.string() })).optional(),
  })
  .openapi("Problem");

const CONTENT_TYPE = "application/problem+json";

/** The `default` response of every operation. */
export const problemResponse = {
  description: "Refused: problem details, RFC 9457",
  content: { [CONTENT_TYPE]: { schema: ProblemSchema } },
} as const;

/** Answers with a refusal: the one place where a code becomes a status and headers. */
export function refuse(c: Context, refusal: Refusal) {
  const { status, retryable } = ERRORS[refusal.code];
  const headers: Record<string, string> = { "content-type": CONTENT_TYPE, "cache-control": "no-store" };
  if (status === 401) headers["www-authenticate"] = 'Bearer realm="wavegate"';
  const retryAfter = retryAfterOf(refusal);
  if (retryAfter !== null) headers["retry-after"] = String(retryAfter);
  const problem = {
    type: `urn:wavegate:error:${refusal.code}`,
    title: titleOf(refusal.code),
    status,
    detail: refusal.message,
    code: refusal.code,
    retryable,
    ...(refusal.details && { details: refusal.details }),
    ...(refusal.issues && { errors: refusal.issues }),
  };
  return c.json(problem, status, headers);
}

/** A refusal of a request that is wrong in these fields; names each in its message. */
export function invalidFields(issues: FieldIssue[]): Refusal {
  const wrong = issues.map(({ field, rule, value }) => `${field} ${rule} (was ${value})`);
  return { code: "invalid_request", message: wrong.join("; "), issues };
}

const titleOf = (code: ErrorCode): string => {
  const words = code.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};
