import type { Context } from "hono";
import { z } from "zod";
import { ERRORS, type ErrorCode, type FieldIssue, type Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import type { ManagementEnv } from "./services.ts";

const Envelope = z.object({
  message: z.string(),
  data: z.unknown().optional(),
  error: z
    .object({
      code: z.string(),
      details: z.record(z.string(), z.unknown()).optional(),
      issues: z.array(z.object({ field: z.string(), rule: z.string(), value: z.string() })).optional(),
    })
    .optional(),
});

interface TenantCall {
  key: string;
  method: "POST";
  path: string;
  body: unknown;
  headers?: Record<string, string>;
}

/**
 * Calls the tenant API in this very Worker with a tenant's key, like a client: what binds a submit binds this one. A refusal
 * comes back as the same refusal; so does WaveSpeed's own about an input, in its words.
 */
export async function callTenantApi(
  c: Context<ManagementEnv>,
  { key, method, path, body, headers = {} }: TenantCall,
): Promise<Result<unknown, Refusal>> {
  const sent = new Headers({ ...headers, authorization: `Bearer ${key}`, "content-type": "application/json" });
  const ip = c.req.header("cf-connecting-ip");
  if (ip !== undefined) sent.set("cf-connecting-ip", ip);
  const request = new Request(new URL(path, c.req.url), { method, headers: sent, body: JSON.stringify(body) });
  const response = await c.get("services").tenantApi(request);
  const envelope = Envelope.safeParse(await response.json().catch(() => null));
  if (!envelope.success) return err({ code: "internal", message: "the gateway failed to answer this call" });
  const { message, data, error } = envelope.data;
  if (response.ok && !error) return ok(data);
  return err({
    code: error && error.code in ERRORS ? (error.code as ErrorCode) : "internal",
    message,
    ...(error?.details && { details: error.details }),
    ...(error?.issues && { issues: error.issues satisfies FieldIssue[] }),
    ...retryAfter(response),
  });
}

function retryAfter(response: Response): Pick<Refusal, "retryAfterSeconds"> {
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) ? { retryAfterSeconds: seconds } : {};
}
