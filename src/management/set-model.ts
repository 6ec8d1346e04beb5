import { createRoute, z } from "@hono/zod-openapi";
import { findModel } from "../catalog/index.ts";
import { forgetSettings, writeModelEnabled } from "../settings/index.ts";
import { operatorAccess } from "./access.ts";
import { enableModel } from "./enable-model.ts";
import { InstantOut, ModelField, toInstant } from "./fields.ts";
import { refuseUnknownModels } from "./known-models.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200, bodyOf } from "./responses.ts";
import { actorOf } from "./services.ts";

const Body = z.strictObject({ model: ModelField, enabled: z.boolean() });

const ModelSetting = z
  .object({ model: z.string(), enabled: z.boolean(), updated_at: InstantOut })
  .openapi("ModelSetting");

// The model is in the body, since its id has slashes.
const route = createRoute({
  method: "put",
  path: "/models",
  summary: "Switch a model on or off",
  description:
    "Every part of the gateway follows within 30 seconds. Running jobs are not touched. Enabling a model that is only " +
    "in WaveSpeed's list freezes its input schema and its price as they are there now; enabling it again takes over " +
    "what has changed since. It is refused with the reason where the list fixes no price and no operator has set one.",
  tags: ["prices"],
  ...operatorAccess,
  "x-audit": { row: "model" },
  request: { body: bodyOf(Body) },
  responses: answers200(ModelSetting, "The setting"),
});

export const setModel = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { control, now } = services;
    const { model, enabled } = c.req.valid("json");
    const unknown = await refuseUnknownModels(services, [model]);
    if (unknown) return refuse(c, unknown);
    const updatedAt = now();
    if (enabled && findModel(model) === undefined) {
      const refusal = await enableModel(services, model, actorOf(c.get("principal")));
      if (refusal) return refuse(c, refusal);
    } else {
      await writeModelEnabled(control, { model, enabled, updatedAt });
    }
    forgetSettings(control);
    return c.json({ model, enabled, updated_at: toInstant(updatedAt) }, 200);
  });
};
