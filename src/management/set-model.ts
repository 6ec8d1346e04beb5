import { createRoute, z } from "@hono/zod-openapi";
import { forgetSettings, writeModelEnabled } from "../settings/index.ts";
import { operatorAccess } from "./access.ts";
import { InstantOut, ModelField, toInstant } from "./fields.ts";
import type { ManagementApp } from "./management-app.ts";
import { answers200, bodyOf } from "./responses.ts";

const Body = z.strictObject({ model: ModelField, enabled: z.boolean() });

const ModelSetting = z
  .object({ model: z.string(), enabled: z.boolean(), updated_at: InstantOut })
  .openapi("ModelSetting");

// The model is in the body, since its id has slashes.
const route = createRoute({
  method: "put",
  path: "/models",
  summary: "Switch a model on or off",
  description: "Every part of the gateway follows within 30 seconds. Running jobs are not touched.",
  tags: ["prices"],
  ...operatorAccess,
  request: { body: bodyOf(Body) },
  responses: answers200(ModelSetting, "The setting"),
});

export const setModel = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { control, now } = c.get("services");
    const { model, enabled } = c.req.valid("json");
    const updatedAt = now();
    await writeModelEnabled(control, { model, enabled, updatedAt });
    forgetSettings(control);
    return c.json({ model, enabled, updated_at: toInstant(updatedAt) }, 200);
  });
};
