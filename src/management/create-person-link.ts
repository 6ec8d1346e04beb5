import { createRoute } from "@hono/zod-openapi";
import { findPersonById } from "../people/index.ts";
import { operatorAccess } from "./access.ts";
import { refuseStaleSelf } from "./fresh-session.ts";
import { linkForPerson, LinkSchema } from "./link-for-person.ts";
import type { ManagementApp } from "./management-app.ts";
import { PersonParams, unknownPerson } from "./person-shape.ts";
import { refuse } from "./problem.ts";
import { answers201 } from "./responses.ts";

const route = createRoute({
  method: "post",
  path: "/people/{person}/links",
  summary: "Make a sign-in link for a person",
  description: "Shown this once; works once, for 15 minutes. It ends the one that was made before.",
  tags: ["people"],
  ...operatorAccess,
  request: { params: PersonParams },
  responses: answers201(LinkSchema, "The link"),
});

export const createPersonLink = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { person: id } = c.req.valid("param");
    const stale = refuseStaleSelf(c, id);
    if (stale) return refuse(c, stale);
    const person = await findPersonById(c.get("services").control, id);
    if (!person) return refuse(c, unknownPerson(id));
    if (person.disabledAt !== null) return refuse(c, { code: "conflict", message: "this person is disabled" });
    return c.json(await linkForPerson(c, id), 201, { "cache-control": "no-store" });
  });
};
