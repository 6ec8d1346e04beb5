import { Hono } from "hono";
import { accountOf, keyOf } from "./account.ts";
import type { SimulatorApp } from "./app-env.ts";
import { controlRoutes } from "./control-routes.ts";
import { failure } from "./envelope.ts";
import { mediaRoutes } from "./media-routes.ts";
import { modelRoutes } from "./model-routes.ts";
import { moneyRoutes } from "./money-routes.ts";
import { predictionRoutes } from "./prediction-routes.ts";
import { submitTask } from "./submit-task.ts";
import { uploadRoutes } from "./upload-routes.ts";
import { usageRoute } from "./usage-route.ts";

const RESERVED = new Set(["balance", "billings", "media", "model", "models", "predictions", "user", "webhook"]);

/** Everything that a key opens: the API and the controls. */
const account = new Hono<SimulatorApp>()
  .use(async (c, next) => {
    const key = keyOf(c.req.header("authorization"));
    if (key === null) return failure(401, "Invalid API key");
    const name = await accountOf(key);
    c.set("account", name);
    c.set("stub", c.env.SIMULATED_ACCOUNT.getByName(name));
    return next();
  })
  .route("/control", controlRoutes);

for (const version of ["/api/v3", "/api/v2"]) {
  account
    .route(version, predictionRoutes)
    .route(version, uploadRoutes)
    .route(version, modelRoutes)
    .route(version, moneyRoutes)
    .route(version, usageRoute)
    .post(`${version}/*`, async (c) => {
      const id = modelIdIn(new URL(c.req.url).pathname.slice(version.length + 1));
      return id === null ? failure(404, "Not found") : submitTask(c, id);
    });
}

export const app = new Hono<SimulatorApp>()
  .route("/media", mediaRoutes)
  .route("/", account)
  .notFound(() => failure(404, "Not found"))
  // A scripted drop is an exception that must reach the caller; so is a bug.
  .onError((error) => {
    throw error;
  });

/** Two or three path segments that do not start with a reserved word; escaped slashes count as slashes. */
function modelIdIn(path: string): string | null {
  const segments = path.replaceAll(/%2f/gi, "/").split("/");
  const shaped = segments.length >= 2 && segments.length <= 3 && segments.every((segment) => segment !== "");
  return shaped && !RESERVED.has(segments[0] ?? "") ? segments.join("/") : null;
}
