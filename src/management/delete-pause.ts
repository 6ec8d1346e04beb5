import { createRoute, z } from "@hono/zod-openapi";
import { forgetSettings, removePause } from "../settings/index.ts";
import { operatorAccess } from "./access.ts";
import { SlugField } from "./fields.ts";
import type { ManagementApp } from "./management-app.ts";
import { problemResponse, refuse } from "./problem.ts";

const route = createRoute({
  method: "delete",
  path: "/pauses/{pause_id}",
  summary: "End a pause",
  description: "Every part of the gateway follows within 30 seconds, the one that answers at once.",
  tags: ["stops"],
  ...operatorAccess,
  request: { params: z.object({ pause_id: SlugField }) },
  responses: { 204: { description: "Ended" }, default: problemResponse },
});

export const deletePause = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { control } = c.get("services");
    const id = c.req.valid("param").pause_id;
    const removed = await removePause(control, id);
    forgetSettings(control);
    return removed ? c.body(null, 204) : refuse(c, { code: "not_found", message: `pause ${id} does not exist` });
  });
};
