import type { z } from "zod";
import { type Result, err } from "../errors/result.ts";
import { explain } from "./directive.ts";
import { failure } from "./envelope.ts";
import { jsonBody } from "./json-body.ts";

const INVALID_PARAMETER = 1401;

/** Reads a JSON body by a schema; the error is the 400 to answer with. */
export async function checkedBody<T>(request: Request, schema: z.ZodType<T>): Promise<Result<T, Response>> {
  const body = await jsonBody(request);
  return body.ok ? checked(body.value, schema) : body;
}

/** The same for what is already an object, such as a query. */
export function checked<T>(given: unknown, schema: z.ZodType<T>): Result<T, Response> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return { ok: true, value: parsed.data };
  return err(failure(400, explain(parsed.error), INVALID_PARAMETER));
}
