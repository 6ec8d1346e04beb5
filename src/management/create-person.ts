import { createRoute, z } from "@hono/zod-openapi";
import { addPerson, findPersonById, LINK_MS } from "../people/index.ts";
import { operatorAccess } from "./access.ts";
import { NameField } from "./fields.ts";
import { linkForPerson, LinkSchema } from "./link-for-person.ts";
import type { ManagementApp } from "./management-app.ts";
import { EmailField } from "./person-fields.ts";
import { PersonSchema, toPerson } from "./person-shape.ts";
import { refuse } from "./problem.ts";
import { answers201, bodyOf } from "./responses.ts";

const Body = z.strictObject({ email: EmailField, name: NameField, operator: z.boolean().default(false) });

const CreatedPerson = PersonSchema.extend({ link: LinkSchema }).openapi("CreatedPerson");

const route = createRoute({
  method: "post",
  path: "/people",
  summary: "Add a person",
  description:
    "With a sign-in link that is shown this once and works once, for 7 days. For a place in a tenant, invite.",
  tags: ["people"],
  ...operatorAccess,
  request: { body: bodyOf(Body) },
  responses: answers201(CreatedPerson, "The person, with a link"),
});

export const createPerson = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { control, now, random } = c.get("services");
    const id = Buffer.from(random(8)).toString("hex");
    const added = await addPerson(control, { id, ...c.req.valid("json") }, now());
    if (!added) return refuse(c, { code: "conflict", message: "this e-mail has a person already" });
    const person = await findPersonById(control, id);
    if (!person) throw new Error("a person who was just added is not there");
    const link = await linkForPerson(c, id, LINK_MS.invitation);
    return c.json({ ...toPerson(person), link }, 201, { "cache-control": "no-store" });
  });
};
