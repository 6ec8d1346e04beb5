import { createRoute, z } from "@hono/zod-openapi";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { endMadeBy } from "../people/index.ts";
import * as settings from "../settings/index.ts";
import { operatorAccess } from "./access.ts";
import { KeyIdField } from "./fields.ts";
import type { ManagementApp } from "./management-app.ts";
import { ManagementKeySchema, toManagementKey } from "./management-key-shape.ts";
import { forgetOperatorKey } from "./operator-keys.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import type { Services } from "./services.ts";

const route = createRoute({
  method: "delete",
  path: "/management-keys/{key_id}",
  summary: "Revoke an operator's key",
  description:
    "Acts within 10 seconds everywhere. Sign-in links that it made end, and sessions that they began. The last key that works cannot be revoked.",
  tags: ["operators"],
  ...operatorAccess,
  request: { params: z.object({ key_id: KeyIdField }) },
  responses: answers200(ManagementKeySchema, "The revoked key"),
});

export const revokeManagementKey = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const revoked = await revoke(c.get("services"), c.req.valid("param").key_id);
    return revoked.ok ? c.json(toManagementKey(revoked.value), 200) : refuse(c, revoked.error);
  });
};

async function revoke({ control, now }: Services, id: string): Promise<Result<settings.ManagementKey, Refusal>> {
  const changed = await settings.revokeManagementKey(control, id, now());
  forgetOperatorKey(control, id);
  const key = await settings.findManagementKey(control, id);
  if (!key) return err({ code: "not_found", message: `management key ${id} does not exist` });
  if (changed === "unchanged" && key.revokedAt === null) {
    return err({ code: "conflict", message: "this is the last key that works: make another one first" });
  }
  // Asked again, it ends what a call that broke off has left.
  await endMadeBy(control, `operator:${id}`, now());
  return ok(key);
}
