import { createRoute } from "@hono/zod-openapi";
import { findPersonById } from "../people/index.ts";
import { operatorAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { PersonParams, PersonSchema, toPerson, unknownPerson } from "./person-shape.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/people/{person}",
  summary: "Show a person",
  tags: ["people"],
  ...operatorAccess,
  request: { params: PersonParams },
  responses: answers200(PersonSchema, "The person"),
});

export const getPerson = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { person: id } = c.req.valid("param");
    const person = await findPersonById(c.get("services").control, id);
    return person ? c.json(toPerson(person), 200) : refuse(c, unknownPerson(id));
  });
};
