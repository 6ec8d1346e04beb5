import type { z } from "@hono/zod-openapi";
import { problemResponse } from "./problem.ts";

/** A JSON answer as a route declares it. */
export const jsonOf = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { "application/json": { schema } },
});

/** A JSON body that must be there. */
export const bodyOf = <Schema extends z.ZodType>(schema: Schema) => ({
  required: true,
  content: { "application/json": { schema } },
});

/** The answers of a route that succeeds with 200; every refusal is a problem. */
export const answers200 = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  200: jsonOf(schema, description),
  default: problemResponse,
});

/** The answers of a route that makes something. */
export const answers201 = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  201: jsonOf(schema, description),
  default: problemResponse,
});
