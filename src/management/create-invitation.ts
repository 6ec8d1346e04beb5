import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import * as people from "../people/index.ts";
import { manageAccess } from "./access.ts";
import { NameField, TenantParams } from "./fields.ts";
import { InvitationSchema, toInvitation } from "./invitation-shape.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { EmailField, fitsRole, linkFields, RoleField, TEAM_RULE, TeamOfMemberField } from "./person-fields.ts";
import { granterOf, notGranted } from "./person-of.ts";
import { refuse } from "./problem.ts";
import { answers201, bodyOf } from "./responses.ts";
import { sendMail } from "./send-mail.ts";
import { actorOf, type ManagementEnv } from "./services.ts";
import { throttleSubject } from "./signing-in.ts";
import { oneLine } from "./tell-of-passkeys.ts";

const Body = z
  .strictObject({ email: EmailField, name: NameField, role: RoleField, team: TeamOfMemberField.optional() })
  .refine(({ role, team }) => fitsRole(role, team ?? null), { path: ["team"], error: TEAM_RULE });

const CreatedInvitation = InvitationSchema.extend({
  ...linkFields,
  mailed: z.boolean().openapi({ description: "The mail provider took it" }),
}).openapi("CreatedInvitation");

const route = createRoute({
  method: "post",
  path: "/tenants/{tenant}/invitations",
  summary: "Invite somebody into a tenant",
  description:
    "The link is shown this once, and mailed where a mail provider is configured; it works once, for 7 days. An admin invites members and viewers.",
  tags: ["people"],
  ...manageAccess,
  request: { params: TenantParams, body: bodyOf(Body) },
  responses: answers201(CreatedInvitation, "The invitation, with its link"),
});

export const createInvitation = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const made = await invite(c, c.req.valid("param").tenant, c.req.valid("json"));
    return made.ok ? c.json(made.value, 201, { "cache-control": "no-store" }) : refuse(c, made.error);
  });
};

type Made = Result<z.infer<typeof CreatedInvitation>, Refusal>;

async function invite(c: Context<ManagementEnv>, tenant: string, asked: z.infer<typeof Body>): Promise<Made> {
  const services = c.get("services");
  const { control, now, random, publicUrl } = services;
  const { email, name, role } = asked;
  const known = await knownTenant(services, tenant);
  if (!known.ok) return known;
  const granter = granterOf(c);
  if (!granter || !people.mayGrant(granter, role)) return err(notGranted(role));
  const at = now();
  const [isMember, open] = await Promise.all([
    people.isMemberEmail(control, tenant, email),
    people.countOpenInvitations(control, tenant, at),
  ]);
  if (isMember) return err({ code: "conflict", message: "this e-mail has a place in the tenant already" });
  if (open >= people.INVITATIONS_MAX) return err(TOO_MANY);
  // Made and taken back by turns, they would be mails and rows without end.
  const throttled = await throttleSubject(c, `invitation\n${tenant}`, people.TRIES_MAX.invitations, "invitations");
  if (throttled) return err(throttled);
  const place = { tenant, role, team: asked.team ?? null };
  const madeBy = actorOf(c.get("principal"));
  const link = { kind: "invitation", person: null, email, name, place, madeBy } as const;
  const { id, code } = await people.makeLink(
    control,
    { ...link, expiresAt: at + people.LINK_MS.invitation },
    at,
    random,
  );
  // Others may have been made since it was asked: of those that are too many each is taken back.
  if ((await people.countOpenInvitations(control, tenant, at)) > people.INVITATIONS_MAX) {
    await people.revokeInvitation(control, tenant, id, at);
    return err(TOO_MANY);
  }
  const made = await people.findInvitation(control, tenant, id);
  if (!made) throw new Error("an invitation that was just made is not there");
  const url = people.signInUrl(people.consoleOrigin(c.req.url, publicUrl), code);
  const called = oneLine(known.value.tenant.name);
  const text = `You are invited to ${called} as ${role}. This link works once, for 7 days.\n\n${url}\n`;
  const mailed = await sendMail(services, { to: email, subject: `Invitation to ${called}`, text });
  return ok({ ...toInvitation(made, at), url, mailed });
}

const TOO_MANY: Refusal = {
  code: "conflict",
  message: `a tenant has at most ${people.INVITATIONS_MAX} open invitations: take some back first`,
};
