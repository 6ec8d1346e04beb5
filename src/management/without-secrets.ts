import { PUBLIC_CHARS } from "../keys/key.ts";

/** What stands for a secret that was there. */
export const REDACTED = "[redacted]";

/** Members that have such names hold what lets somebody in, unless an operation says that its own do not. */
const SECRET_NAME = /(^|_)(key|secret|token|code|url|link|password|cookie|csrf|challenge|credential)$/;

/** Our own keys and webhook secrets, wherever they are. The characters by which people recognise a key are none of its secret. */
const SECRET_VALUE = new RegExp(`\\bwg_(live|test|mgmt)_[\\w-]{${PUBLIC_CHARS + 1},}|\\bwhsec_\\S+`, "g");

/**
 * A value as the audit log may keep it. A text under a name of a secret is not kept, unless `tells` has its place: the names
 * on the way, with dots between, lists left out (`scope.key`). A new field is so kept out until somebody lets it in.
 */
export function withoutSecrets(value: unknown, tells: readonly string[], place = ""): unknown {
  if (typeof value === "string") return isSecretPlace(place, tells) ? REDACTED : value.replace(SECRET_VALUE, REDACTED);
  if (Array.isArray(value)) return value.map((one) => withoutSecrets(one, tells, place));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => {
    const at = place === "" ? name : `${place}.${name}`;
    return [name, withoutSecrets(member, tells, at)] as const;
  });
  return Object.fromEntries(members);
}

/** Whether a text at this place is kept out. */
export const isSecretPlace = (place: string, tells: readonly string[]): boolean =>
  SECRET_NAME.test(place.slice(place.lastIndexOf(".") + 1)) && !tells.includes(place);
