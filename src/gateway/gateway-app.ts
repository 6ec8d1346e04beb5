import { Hono } from "hono";
import type { Refusal } from "../errors/catalogue.ts";
import { platformRefusal } from "../errors/platform-error.ts";
import { log } from "../observability/log.ts";
import { keyFor, signedKey } from "./access.ts";
import { allowedMethods } from "./allowed-methods.ts";
import { balance } from "./balance.ts";
import { browserAccess } from "./browser-access.ts";
import { cancelJob } from "./cancel-job.ts";
import { deleteJob, deleteJobs } from "./delete-jobs.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { jobDeliveries } from "./job-deliveries.ts";
import { jobEvents } from "./job-events.ts";
import { jobInput } from "./job-input.ts";
import { jobTimeline } from "./job-timeline.ts";
import { listByQuery, listPredictions } from "./list-predictions.ts";
import { models } from "./models.ts";
import { price } from "./price.ts";
import { readResult } from "./read-result.ts";
import { receiveHook } from "./receive-hook.ts";
import { refuse } from "./reply.ts";
import { sandboxMedia } from "./sandbox-media.ts";
import { searchBillings } from "./search-billings.ts";
import { submit } from "./submit.ts";
import { uploadBinary } from "./upload-binary.ts";
import { uploadTicket } from "./upload-ticket.ts";
import { usageStats } from "./usage-stats.ts";
import { webhookSecret } from "./webhook-secret.ts";

/** First path segments that are never a model id. */
const RESERVED = new Set(["model", "models", "media", "predictions", "billings", "user", "webhook", "balance"]);

/** The tenant API: WaveSpeed's paths, bodies and statuses. One line per operation. */
export function gatewayApp(): Hono<GatewayEnv> {
  const app = new Hono<GatewayEnv>();
  app.use("/api/*", browserAccess);
  app.use("/sandbox/*", browserAccess);
  app.get("/api/:edition{v[23]}/predictions/:id/result", keyFor("read"), (c) => readResult(c, c.req.param("id")));
  app.get("/api/v3/predictions/:id/events", keyFor("read"), (c) => jobEvents(c, c.req.param("id")));
  app.get("/api/v3/predictions/:id/input", keyFor("read"), (c) => jobInput(c, c.req.param("id")));
  app.get("/api/v3/predictions/:id/deliveries", keyFor("read"), (c) => jobDeliveries(c, c.req.param("id")));
  app.get("/api/v3/predictions/:id/timeline", keyFor("read"), (c) => jobTimeline(c, c.req.param("id")));
  app.get("/api/:edition{v[23]}/predictions/:id", keyFor("read"), (c) => readResult(c, c.req.param("id")));
  app.get("/api/v3/predictions", keyFor("read"), listByQuery);
  app.post("/api/v3/predictions", keyFor("read"), listPredictions);
  app.post("/api/v3/predictions/delete", keyFor("cancel"), deleteJobs);
  app.delete("/api/v3/predictions/:id", keyFor("cancel"), (c) => deleteJob(c, c.req.param("id")));
  app.post("/api/v3/predictions/:id/cancel", keyFor("cancel"), (c) => cancelJob(c, c.req.param("id")));
  app.get("/api/v3/models", keyFor(null), models);
  app.get("/api/v3/balance", keyFor(null), balance);
  app.post("/api/v3/billings/search", keyFor("read"), searchBillings);
  app.post("/api/v3/user/usage_stats", keyFor("read"), usageStats);
  // Whoever may submit may name a webhook, and needs this to verify it.
  app.get("/api/v3/webhook/secret", keyFor("submit"), webhookSecret);
  app.post("/api/v3/model/price", keyFor(null), price);
  app.post("/api/v3/model/pricing", keyFor(null), price);
  app.post("/api/v3/media/uploads", keyFor("upload"), uploadTicket);
  app.post("/api/:edition{v[23]}/media/upload/binary", keyFor("upload"), uploadBinary);
  app.on(["GET", "HEAD", "PUT"], "/sandbox/media/*", sandboxMedia);
  app.post("/hooks/wavespeed/:id", (c) => receiveHook(c, c.req.param("id")));
  const methodsOf = allowedMethods(app.routes);
  app.post("/api/v3/*", signedKey, async (c, next) => {
    const modelId = modelIn(c.req.path);
    return modelId === null ? next() : submit(c, modelId);
  });
  // A mounted app's notFound is never asked, so the rest of all paths is a route.
  app.all("*", (c) => {
    const methods = [...methodsOf(c.req.path), ...(modelIn(c.req.path) === null ? [] : ["POST"])];
    if (methods.length > 0) c.header("allow", methods.join(", "));
    return refuse(c, { code: "not_found", message: `there is no ${c.req.method} ${c.req.path.slice(0, 200)} here` });
  });
  app.onError((error, c) => {
    log.error("request failed", { method: c.req.method, path: c.req.path, error });
    return refuse(c, platformRefusal(error) ?? FAILED);
  });
  return app;
}

/** The model that a path names, known or not; null: it names none. */
function modelIn(path: string): string | null {
  const modelId = /^\/api\/v3\/(.+)$/.exec(path)?.[1];
  return modelId === undefined || RESERVED.has(modelId.split("/", 1)[0] ?? "") ? null : modelId;
}

const FAILED: Refusal = { code: "internal", message: "the gateway failed to answer this request" };
