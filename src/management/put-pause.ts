import { createRoute, z } from "@hono/zod-openapi";
import { forgetSettings, PAUSES_MAX, readPauses, writePause } from "../settings/index.ts";
import { operatorAccess } from "./access.ts";
import { ReasonField, SlugField } from "./fields.ts";
import { refuseUnknownModels } from "./known-models.ts";
import type { ManagementApp } from "./management-app.ts";
import { fromPauseScope, PauseSchema, PauseScopeSchema, toPause } from "./pause-shape.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200, bodyOf } from "./responses.ts";
import { actorOf } from "./services.ts";
import { shownValue } from "./shown-value.ts";

const route = createRoute({
  method: "put",
  path: "/pauses/{pause_id}",
  summary: "Stop new submits: all, of one model, or to one upstream account",
  description:
    "Submits that it stops are refused (503) with its reason. Every part of the gateway follows within 30 seconds, the " +
    "one that answers at once. Jobs that were admitted go on and settle. It lasts until it is deleted.",
  tags: ["stops"],
  ...operatorAccess,
  request: {
    params: z.object({ pause_id: SlugField }),
    body: bodyOf(z.strictObject({ scope: PauseScopeSchema, reason: ReasonField })),
  },
  responses: answers200(PauseSchema, "The pause"),
});

export const putPause = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { control, now, accounts } = services;
    const { scope, reason } = c.req.valid("json");
    const names = [...accounts.map(({ name }) => name), "sandbox"];
    if ("account" in scope && !names.includes(scope.account)) {
      const rule = `must be one of ${names.join(", ")}`;
      return refuse(c, invalidFields([{ field: "scope.account", rule, value: shownValue(scope.account) }]));
    }
    const unknown = "model" in scope ? await refuseUnknownModels(services, [scope.model], () => "scope.model") : null;
    if (unknown) return refuse(c, unknown);
    const id = c.req.valid("param").pause_id;
    const others = (await readPauses(control)).filter((pause) => pause.id !== id);
    if (others.length >= PAUSES_MAX) {
      return refuse(c, { code: "conflict", message: `a gateway has at most ${PAUSES_MAX} pauses` });
    }
    const actor = actorOf(c.get("principal"));
    const pause = await writePause(control, { id, ...fromPauseScope(scope), reason, actor, createdAt: now() });
    forgetSettings(control);
    return c.json(toPause(pause), 200);
  });
};
