import { createRoute, z } from "@hono/zod-openapi";
import { changePlace, mayChangeRole } from "../people/index.ts";
import { manageAccess } from "./access.ts";
import { KEPT, knownMember, MemberParams } from "./known-member.ts";
import type { ManagementApp } from "./management-app.ts";
import { MemberSchema, toMember } from "./member-shape.ts";
import { fitsRole, RoleField, TEAM_RULE, TeamOfMemberField } from "./person-fields.ts";
import { granterOf, notGranted } from "./person-of.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200, bodyOf } from "./responses.ts";
import { shownValue } from "./shown-value.ts";

const Body = z
  .strictObject({ role: RoleField.optional(), team: TeamOfMemberField.optional() })
  .refine(({ role, team }) => role !== undefined || team !== undefined, "must change role or team");

const route = createRoute({
  method: "patch",
  path: "/tenants/{tenant}/members/{person}",
  summary: "Change somebody's role or team",
  description:
    "Acts at once. An admin changes members and viewers only, and makes nobody more than a member. The last owner is an operator's to change.",
  tags: ["people"],
  ...manageAccess,
  request: { params: MemberParams, body: bodyOf(Body) },
  responses: answers200(MemberSchema, "The member as it stands"),
});

export const updateMember = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const params = c.req.valid("param");
    const asked = c.req.valid("json");
    const known = await knownMember(services, params);
    if (!known.ok) return refuse(c, known.error);
    const member = known.value;
    const role = asked.role ?? member.role;
    const team = asked.team === undefined ? (role === "member" ? member.team : null) : asked.team;
    if (!fitsRole(role, team)) {
      return refuse(c, invalidFields([{ field: "team", rule: TEAM_RULE, value: shownValue(team) }]));
    }
    const granter = granterOf(c);
    if (!granter || !mayChangeRole(granter, member.role, null)) return refuse(c, notGranted(member.role));
    if (!mayChangeRole(granter, member.role, role)) return refuse(c, notGranted(role));
    const change = { ...params, from: member.role, to: { role, team }, byOperator: granter === "operator" };
    const changed = await changePlace(services.control, change, services.now());
    return changed === "kept" ? refuse(c, KEPT) : c.json(toMember({ ...member, role, team }), 200);
  });
};
