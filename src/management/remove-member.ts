import { createRoute } from "@hono/zod-openapi";
import { changePlace, mayChangeRole } from "../people/index.ts";
import { manageAccess } from "./access.ts";
import { KEPT, knownMember, MemberParams } from "./known-member.ts";
import type { ManagementApp } from "./management-app.ts";
import { granterOf, notGranted } from "./person-of.ts";
import { problemResponse, refuse } from "./problem.ts";

const route = createRoute({
  method: "delete",
  path: "/tenants/{tenant}/members/{person}",
  summary: "Take somebody's place in a tenant away",
  description: "Acts at once, in every session. Links that the person made and nobody has used end too. API keys stay.",
  tags: ["people"],
  ...manageAccess,
  request: { params: MemberParams },
  responses: { 204: { description: "Taken away" }, default: problemResponse },
});

export const removeMember = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const params = c.req.valid("param");
    const known = await knownMember(services, params);
    if (!known.ok) return refuse(c, known.error);
    const from = known.value.role;
    const granter = granterOf(c);
    if (!granter || !mayChangeRole(granter, from, null)) return refuse(c, notGranted(from));
    const change = { ...params, from, to: null, byOperator: granter === "operator" };
    const changed = await changePlace(services.control, change, services.now());
    return changed === "kept" ? refuse(c, KEPT) : c.body(null, 204);
  });
};
