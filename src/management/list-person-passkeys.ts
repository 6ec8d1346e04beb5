import { createRoute } from "@hono/zod-openapi";
import * as people from "../people/index.ts";
import { manageAccess, operatorAccess } from "./access.ts";
import { MemberParams } from "./known-member.ts";
import type { ManagementApp } from "./management-app.ts";
import { ownMember } from "./own-member.ts";
import { PasskeysSchema, toPasskey } from "./passkey-shape.ts";
import { PersonParams, unknownPerson } from "./person-shape.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const about = {
  method: "get" as const,
  description: `When and from where each was registered, and when it was last used. There are ${people.PASSKEYS_MAX} at most.`,
  tags: ["people"],
  responses: answers200(PasskeysSchema, "The passkeys"),
};

const ofPerson = createRoute({
  ...about,
  path: "/people/{person}/passkeys",
  summary: "List a person's passkeys, oldest first",
  ...operatorAccess,
  request: { params: PersonParams },
});

const ofMember = createRoute({
  ...about,
  path: "/tenants/{tenant}/members/{person}/passkeys",
  summary: "List a member's passkeys, oldest first",
  ...manageAccess,
  request: { params: MemberParams },
});

export const listPersonPasskeys = (app: ManagementApp): void => {
  app.openapi(ofPerson, async (c) => {
    const { control } = c.get("services");
    const { person } = c.req.valid("param");
    if (!(await people.findPersonById(control, person))) return refuse(c, unknownPerson(person));
    return c.json(await keysOf(control, person), 200);
  });
  app.openapi(ofMember, async (c) => {
    const known = await ownMember(c, c.req.valid("param"));
    return known.ok ? c.json(await keysOf(c.get("services").control, known.value.id), 200) : refuse(c, known.error);
  });
};

const keysOf = async (control: D1Database, person: string) => ({
  data: (await people.listPasskeys(control, person)).map(toPasskey),
  next_cursor: null,
});
