import { createRoute, z } from "@hono/zod-openapi";
import { removeAlert } from "../settings/index.ts";
import { operatorAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { problemResponse, refuse } from "./problem.ts";

const route = createRoute({
  method: "delete",
  path: "/alerts/{alert_id}",
  summary: "Say that an alert was seen to",
  description:
    "It is raised anew, with a count of 1, if its cause comes again. With `count`, an alert that was raised since it was " +
    "read stays.",
  tags: ["alerts"],
  ...operatorAccess,
  request: {
    params: z.object({ alert_id: z.string().regex(/^[0-9A-Za-z-]{1,40}$/, "must be the id of an alert") }),
    query: z.strictObject({
      count: z.coerce.number().int().min(1).optional().openapi({ type: "integer", description: "As it was read" }),
    }),
  },
  responses: { 204: { description: "Seen to" }, default: problemResponse },
});

export const deleteAlert = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const id = c.req.valid("param").alert_id;
    const { count } = c.req.valid("query");
    if (await removeAlert(c.get("services").control, id, count ?? null)) return c.body(null, 204);
    const since = count === undefined ? "" : ", or was raised again since it was read";
    return refuse(c, { code: "not_found", message: `alert ${id} does not exist${since}` });
  });
};
