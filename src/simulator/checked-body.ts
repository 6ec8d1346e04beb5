import type { z } from "zod";
import { type Result, err } from "../errors/result.ts";
import { explain } from "./directive.ts";
import { failure } from "./envelope.ts";
import { jsonBody } from "./json-body.ts";

const INVALID_PARAMETER = 1401;

/** Reads a JSON body by a schema; the error is the 400 to answer with. */
export async function checkedBody<T>(request: Request, schema: z.ZodType<T>): Promise<Result<T, Response>> {
  const body = await jsonBody(request);
  if (!body.ok) return err(failure(400, body.error, INVALID_PARAMETER));
  const parsed = schema.safeParse(body.value);
  if (parsed.success) return { ok: true, value: parsed.data };
  return err(failure(400, explain(parsed.error), INVALID_PARAMETER));
}
