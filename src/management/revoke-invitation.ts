import { createRoute } from "@hono/zod-openapi";
import * as people from "../people/index.ts";
import { manageAccess } from "./access.ts";
import { TenantParams } from "./fields.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { PersonIdField } from "./person-fields.ts";
import { granterOf, notGranted } from "./person-of.ts";
import { problemResponse, refuse } from "./problem.ts";

const route = createRoute({
  method: "delete",
  path: "/tenants/{tenant}/invitations/{invitation_id}",
  summary: "Take an open invitation back",
  tags: ["people"],
  ...manageAccess,
  request: { params: TenantParams.extend({ invitation_id: PersonIdField }) },
  responses: { 204: { description: "Taken back" }, default: problemResponse },
});

export const revokeInvitation = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { tenant, invitation_id: id } = c.req.valid("param");
    const known = await knownTenant(services, tenant);
    if (!known.ok) return refuse(c, known.error);
    const found = await people.findInvitation(services.control, tenant, id);
    const granter = granterOf(c);
    if (found?.role && !(granter && people.mayGrant(granter, found.role))) return refuse(c, notGranted(found.role));
    const revoked = await people.revokeInvitation(services.control, tenant, id, services.now());
    if (!revoked) return refuse(c, { code: "not_found", message: `no open invitation has the id ${id}` });
    return c.body(null, 204);
  });
};
