import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { consoleOrigin, LINK_MS, makeLink, signInUrl } from "../people/index.ts";
import { InstantOut, toInstant } from "./fields.ts";
import { linkFields } from "./person-fields.ts";
import { actorOf, type ManagementEnv } from "./services.ts";

export const LinkSchema = z.object({ ...linkFields, expires_at: InstantOut }).openapi("SignInLink");

/** A new way in for a person, shown to whoever asked for it. Whether they may is the caller's to know. */
export async function linkForPerson(
  c: Context<ManagementEnv>,
  person: string,
  lasts: number = LINK_MS.sign_in,
): Promise<z.infer<typeof LinkSchema>> {
  const { control, now, random, publicUrl } = c.get("services");
  const at = now();
  const expiresAt = at + lasts;
  const link = { kind: "sign_in", person, madeBy: actorOf(c.get("principal")), expiresAt } as const;
  const { code } = await makeLink(control, link, at, random);
  return { url: signInUrl(consoleOrigin(c.req.url, publicUrl), code), expires_at: toInstant(expiresAt) };
}
