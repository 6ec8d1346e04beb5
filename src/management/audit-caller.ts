import type { Context } from "hono";
import { findManagementKey } from "../settings/index.ts";
import { actorOf, type ManagementEnv, type Principal } from "./services.ts";

/** Who makes a call, as the audit log names them; null: a call that needs no key, which has let nobody in. */
export async function auditCaller(c: Context<ManagementEnv>): Promise<{ actor: string; actorName: string } | null> {
  const signedIn = c.get("signedIn");
  if (signedIn) return { actor: `person:${signedIn.id}`, actorName: signedIn.name };
  const principal: Principal | undefined = c.get("principal");
  return principal ? { actor: actorOf(principal), actorName: await nameOf(c, principal) } : null;
}

async function nameOf(c: Context<ManagementEnv>, principal: Principal): Promise<string> {
  if (principal.kind === "tenant") return principal.key.name;
  if (principal.kind === "operator")
    return (await findManagementKey(c.get("services").control, principal.keyId))?.name ?? "";
  const { email, name } = principal.session.person;
  return email === null ? name : `${name} <${email}>`;
}
