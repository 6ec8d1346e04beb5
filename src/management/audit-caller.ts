import type { Context } from "hono";
import { findManagementKey } from "../settings/index.ts";
import { actorOf, isOperator, type ManagementEnv, type Principal } from "./services.ts";

interface AuditCaller {
  actor: string;
  actorName: string;
  isOperator: boolean;
}

/** Who makes a call, as the audit log names them; null: a call that needs no key, which has let nobody in. */
export async function auditCaller(c: Context<ManagementEnv>): Promise<AuditCaller | null> {
  const signedIn = c.get("signedIn");
  if (signedIn) return { actor: `person:${signedIn.id}`, actorName: signedIn.name, isOperator: false };
  const principal: Principal | undefined = c.get("principal");
  if (!principal) return null;
  return { actor: actorOf(principal), actorName: await nameOf(c, principal), isOperator: isOperator(principal) };
}

async function nameOf(c: Context<ManagementEnv>, principal: Principal): Promise<string> {
  if (principal.kind === "tenant") return principal.key.name;
  if (principal.kind === "operator")
    return (await findManagementKey(c.get("services").control, principal.keyId))?.name ?? "";
  const { email, name } = principal.session.person;
  return email === null ? name : `${name} <${email}>`;
}
