import { createRoute } from "@hono/zod-openapi";
import { seeAccess } from "./access.ts";
import { KeyParams, KeySchema, toKey } from "./key-shape.ts";
import { knownKey, unknownKey } from "./known-key.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { ofTeam } from "./seen-by-team.ts";
import { teamOf } from "./services.ts";

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/keys/{key_id}",
  summary: "Show a key",
  tags: ["keys"],
  ...seeAccess,
  request: { params: KeyParams },
  responses: answers200(KeySchema, "The key, without its secret"),
});

export const getKey = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const known = await knownKey(c.get("services"), c.req.valid("param"));
    if (!known.ok) return refuse(c, known.error);
    const [key] = ofTeam([known.value.key], teamOf(c.get("principal")));
    return key ? c.json(toKey(key, c.req.valid("param").tenant), 200) : refuse(c, unknownKey(known.value.key.id));
  });
};
