import { createRoute } from "@hono/zod-openapi";
import { operatorAccess } from "./access.ts";
import { KeyParams, KeySchema, toKey } from "./key-shape.ts";
import { knownKey } from "./known-key.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/keys/{key_id}",
  summary: "Show a key",
  tags: ["keys"],
  ...operatorAccess,
  request: { params: KeyParams },
  responses: answers200(KeySchema, "The key, without its secret"),
});

export const getKey = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const known = await knownKey(c.get("services"), c.req.valid("param"));
    return known.ok ? c.json(toKey(known.value.key), 200) : refuse(c, known.error);
  });
};
