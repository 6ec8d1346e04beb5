import { createRoute, z } from "@hono/zod-openapi";
import { changePerson } from "../people/index.ts";
import { operatorAccess } from "./access.ts";
import { NameField } from "./fields.ts";
import type { ManagementApp } from "./management-app.ts";
import { PersonParams, PersonSchema, toPerson, unknownPerson } from "./person-shape.ts";
import { refuse } from "./problem.ts";
import { answers200, bodyOf } from "./responses.ts";

const Body = z
  .strictObject({ name: NameField.optional(), operator: z.boolean().optional(), disabled: z.boolean().optional() })
  .refine((body) => Object.keys(body).length > 0, "must change name, operator or disabled");

const route = createRoute({
  method: "patch",
  path: "/people/{person}",
  summary: "Rename, promote, demote, disable or enable a person",
  description:
    "Acts at once. Disabling ends every session. The last operator who can sign in is neither disabled nor demoted.",
  tags: ["people"],
  ...operatorAccess,
  request: { params: PersonParams, body: bodyOf(Body) },
  responses: answers200(PersonSchema, "The person as it stands"),
});

export const updatePerson = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { control, now } = c.get("services");
    const { person } = c.req.valid("param");
    const changed = await changePerson(control, person, c.req.valid("json"), now());
    if (changed === "unknown") return refuse(c, unknownPerson(person));
    if (changed === "last_operator") return refuse(c, LAST);
    return c.json(toPerson(changed), 200);
  });
};

const LAST = { code: "conflict", message: "this is the last operator who can sign in: add another one first" } as const;
