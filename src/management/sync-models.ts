import { createRoute, z } from "@hono/zod-openapi";
import { forgetSettings } from "../settings/index.ts";
import { syncCatalogue } from "../sync/index.ts";
import { operatorAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200, bodyOf } from "./responses.ts";

const Body = z.strictObject({
  accept_fewer: z.boolean().default(false).openapi({
    description: "Believe a list that has become less than half as long: what it lacks is marked as missing",
  }),
});

const SyncSchema = z
  .object({
    models: z.number().int().openapi({ description: "Models of WaveSpeed's list" }),
    malformed: z.number().int().openapi({ description: "Entries that could not be read" }),
    added: z.number().int(),
    changed: z.number().int(),
    missing: z.number().int().openapi({ description: "Models that the list has no more; they stay, marked" }),
  })
  .openapi("ModelSync");

const route = createRoute({
  method: "post",
  path: "/models/sync",
  summary: "Read WaveSpeed's list of models now",
  description: "The gateway does so by itself once an hour. Nothing is enabled by it, and no price of ours changes.",
  tags: ["prices"],
  ...operatorAccess,
  request: { body: bodyOf(Body) },
  responses: answers200(SyncSchema, "What the list said"),
});

export const syncModels = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { control, catalogue, now } = c.get("services");
    const acceptFewer = c.req.valid("json").accept_fewer;
    const report = await syncCatalogue(control, catalogue, now(), { everyMs: 0, acceptFewer });
    if (report.state === "failed") {
      const message = `WaveSpeed's list of models could not be read: ${report.problem ?? ""}`;
      return refuse(c, { code: "upstream_unavailable", message, retryAfterSeconds: 60 });
    }
    if (report.state === "distrusted")
      return refuse(c, { code: "conflict", message: report.problem ?? "not believed" });
    if (report.state !== "done") return refuse(c, { code: "conflict", message: "the list is being read already" });
    forgetSettings(control);
    const { models, malformed, added, changed, missing } = report;
    return c.json({ models, malformed, added, changed, missing }, 200);
  });
};
