import { createRoute, z } from "@hono/zod-openapi";
import { listModels as writtenModels } from "../catalog/index.ts";
import { listCatalogueModels, readCatalogueModels, readSettings } from "../settings/index.ts";
import { readChecks, type StoredCheck } from "../sync/index.ts";
import { operatorAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { ModelSchema, toSyncedModel, toWrittenModel } from "./model-shape.ts";
import { cutPage, decodeCursor, pageFields, pageOf } from "./page.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const Query = z.strictObject({
  ...pageFields,
  q: z.string().min(1).max(100).optional().openapi({ description: "Part of the id, in any case" }),
  enabled: z.enum(["true", "false"]).optional().openapi({ description: "Absent: either" }),
});

const route = createRoute({
  method: "get",
  path: "/models",
  summary: "List every model that WaveSpeed offers, by id: price, state, and why it cannot be enabled",
  tags: ["prices"],
  ...operatorAccess,
  request: { query: Query },
  responses: answers200(pageOf(ModelSchema), "A page of models"),
});

export const listModels = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { control, now } = c.get("services");
    const { limit, cursor, q, enabled } = c.req.valid("query");
    const after = decodeCursor(cursor);
    if (!after.ok) return refuse(c, invalidFields([after.error]));
    const wanted = enabled === undefined ? undefined : enabled === "true";
    const written = writtenModels();
    const ids = written.map(({ id }) => id);
    const [settings, checks, synced, listed] = await Promise.all([
      readSettings(control, now()),
      readChecks(control),
      listCatalogueModels(control, { after: after.value, limit: limit + 1, q, enabled: wanted, except: ids }),
      readCatalogueModels(control, ids),
    ]);
    const facts = { settings, checks: byModel(checks.values()) };
    const shown = written
      .filter(({ id }) => id > after.value && (q === undefined || id.includes(q.toLowerCase())))
      .filter(({ id }) => wanted === undefined || wanted === !settings.disabledModels.has(id))
      .map((model) => toWrittenModel(model, listed.get(model.id), facts));
    const rows = [...shown, ...synced.map((entry) => toSyncedModel(entry, facts))].sort((a, b) =>
      a.id < b.id ? -1 : 1,
    );
    const page = cutPage(rows, limit);
    return c.json({ data: page.rows, next_cursor: page.next }, 200);
  });
};

function byModel(checks: Iterable<StoredCheck>): Map<string, StoredCheck[]> {
  return Map.groupBy(checks, ({ model }) => model);
}
