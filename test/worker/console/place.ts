import { callerWith, newTenant, operatorKey, type Call } from "../management/api.ts";
import { signedIn } from "../management/signed-in.ts";
import { browserOf } from "./browse.ts";

/** A tenant, with somebody of each role who looks at it, and the owner of another. The member is of team film. */
export async function newPlace() {
  const operator: Call = callerWith((await operatorKey()).key);
  const tenant = await newTenant(operator);
  const other = await newTenant(operator);
  const person = async (role: "owner" | "admin" | "member" | "viewer", at = tenant) =>
    browserOf(await signedIn({ places: [{ tenant: at, role, ...(role === "member" && { team: "film" }) }] }));
  return {
    tenant,
    operator,
    at: `/v1/tenants/${tenant}`,
    page: (name: string) => `/console/t/${tenant}/${name}`,
    owner: await person("owner"),
    admin: await person("admin"),
    member: await person("member"),
    viewer: await person("viewer"),
    stranger: await person("owner", other),
    asOperator: browserOf(await signedIn({ operator: true })),
  };
}

export type Place = Awaited<ReturnType<typeof newPlace>>;

/** No way to change anything on the page but signing out and the theme. */
export const hasNoForm = (html: string): boolean =>
  [...html.matchAll(/<form[^>]*action="([^"]*)"/g)].every(([, action]) => action === "/console/sign-out");
