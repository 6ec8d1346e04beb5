import { OpenAPIHono, z } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import type { Context } from "hono";
import type { ZodError } from "zod";
import { platformRefusal } from "../errors/platform-error.ts";
import { log } from "../observability/log.ts";
import { anyAccess } from "./access.ts";
import { auditChanges } from "./audit-changes.ts";
import { fieldIssues } from "./field-issues.ts";
import { innerServices } from "./inner-read.ts";
import { OPERATIONS } from "./operations.ts";
import { invalidFields, refuse } from "./problem.ts";
import type { ManagementEnv } from "./services.ts";
import { shownValue } from "./shown-value.ts";

export type ManagementApp = OpenAPIHono<ManagementEnv>;

/**
 * The management API, to be mounted at /v1. The app around it sets the variable `services` first.
 * Whatever goes wrong inside is answered here, as a problem.
 */
export function managementApp(): ManagementApp {
  const app: ManagementApp = new OpenAPIHono<ManagementEnv>({
    defaultHook: (result, c) => (result.success ? undefined : refuseInvalid(c, result)),
  });
  refuseStrayQueries(app);
  app.use(innerServices);
  auditChanges(app);
  for (const register of OPERATIONS) register(app);
  // A mounted app's notFound is never asked, so the rest of its paths is a route.
  app.all("*", anyAccess.middleware, (c) => refuse(c, { code: "not_found", message: "there is no such call" }));
  app.onError((error, c) => refuseError(c, error));
  return app;
}

const NO_QUERY = z.strictObject({});

/** A route that takes no query refuses one: `?mode=test` that nobody reads must not look as if it had been obeyed. */
function refuseStrayQueries(app: ManagementApp): void {
  const register = app.openapi.bind(app);
  const strictly: typeof register = (route, ...rest) =>
    register({ ...route, request: { query: NO_QUERY, ...route.request } }, ...rest);
  app.openapi = strictly;
}

/** What a validator found. PUT names what it makes; elsewhere an id that cannot be is one that is not. */
function refuseInvalid(c: Context, result: { target: string; error: ZodError; data?: unknown }) {
  if (result.target === "param" && c.req.method !== "PUT") {
    return refuse(c, { code: "not_found", message: "there is nothing of this id" });
  }
  return refuse(c, invalidFields(fieldIssues(result.error, result.data)));
}

/** Whatever was thrown, as a problem. */
export function refuseError(c: Context, error: Error) {
  if (error instanceof HTTPException && error.status === 415) {
    const value = shownValue(c.req.header("content-type"));
    return refuse(c, invalidFields([{ field: "content-type", rule: "must be application/json", value }]));
  }
  if (error instanceof HTTPException && error.status === 400) {
    return refuse(c, invalidFields([{ field: "body", rule: "must be JSON", value: "malformed" }]));
  }
  log.error("management call failed", { method: c.req.method, path: c.req.path, error });
  return refuse(c, platformRefusal(error) ?? { code: "internal", message: "the gateway failed to answer this call" });
}
