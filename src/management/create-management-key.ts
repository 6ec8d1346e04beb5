import { createRoute, z } from "@hono/zod-openapi";
import { operatorAccess } from "./access.ts";
import { NameField } from "./fields.ts";
import { issueManagementKey } from "./issue-management-key.ts";
import type { ManagementApp } from "./management-app.ts";
import { ManagementKeySchema, toManagementKey } from "./management-key-shape.ts";
import { answers201, bodyOf } from "./responses.ts";

const CreatedManagementKey = ManagementKeySchema.extend({
  key: z.string().openapi({ description: "The key itself, shown this once" }),
}).openapi("CreatedManagementKey");

const route = createRoute({
  method: "post",
  path: "/management-keys",
  summary: "Issue a key to an operator",
  tags: ["operators"],
  ...operatorAccess,
  request: { body: bodyOf(z.strictObject({ name: NameField })) },
  responses: answers201(CreatedManagementKey, "Issued; the key is not shown again"),
});

export const createManagementKey = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { key, ...issued } = await issueManagementKey(c.get("services"), c.req.valid("json").name);
    return c.json({ ...toManagementKey(issued), key }, 201, { "cache-control": "no-store" });
  });
};
