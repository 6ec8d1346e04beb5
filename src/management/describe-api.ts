import { OpenAPIHono } from "@hono/zod-openapi";
import { SESSION_COOKIE } from "../people/index.ts";
import { managementApp } from "./management-app.ts";
import type { ManagementEnv } from "./services.ts";

type Description = ReturnType<OpenAPIHono["getOpenAPI31Document"]>;

let made: Description | undefined;

/** The OpenAPI 3.1 document of the management API, its paths beginning with /v1. Made once per isolate. */
export function describeApi(): Description {
  made ??= describe();
  return made;
}

function describe(): Description {
  const root = new OpenAPIHono<ManagementEnv>();
  root.route("/v1", managementApp());
  const bearer = { type: "http", scheme: "bearer" } as const;
  root.openAPIRegistry.registerComponent("securitySchemes", "operatorKey", { ...bearer, bearerFormat: "wg_mgmt_..." });
  root.openAPIRegistry.registerComponent("securitySchemes", "tenantKey", { ...bearer, bearerFormat: "wg_live_..." });
  const session = { type: "apiKey", in: "cookie", name: SESSION_COOKIE } as const;
  root.openAPIRegistry.registerComponent("securitySchemes", "session", session);
  return root.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "wavegate management API",
      version: "1",
      description: "Money is USD in decimal strings, six decimals. Times are RFC 3339, UTC. Errors are RFC 9457.",
    },
  });
}
