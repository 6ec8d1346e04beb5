import { showValue } from "../catalog/index.ts";
import type { FieldIssue, Refusal } from "../errors/catalogue.ts";
import type { TenantInfo } from "../ledger/types.ts";
import { invalid } from "./reply.ts";

/** A file that somebody wants to upload, and what its size and type are called where it was said. */
export interface OfferedFile {
  bytes: number;
  /** null: not said. */
  type: string | null;
  fields: { bytes: string; type: string };
}

/** Why a tenant may not upload such a file (403 if it is suspended, 413 for its size, 400 for its type), or null. */
export function refuseUpload(
  { status, statusReason, uploads: rules }: Pick<TenantInfo, "status" | "statusReason" | "uploads">,
  { bytes, type, fields }: OfferedFile,
): Refusal | null {
  if (status === "suspended") {
    return { code: "tenant_suspended", message: `this tenant is suspended: ${statusReason}` };
  }
  if (bytes > rules.bytesMax) {
    const issue: FieldIssue = {
      field: fields.bytes,
      rule: `must be at most ${rules.bytesMax} bytes`,
      value: String(bytes),
    };
    return { ...invalid([issue]), code: "body_too_large" };
  }
  if (rules.types === null || (type !== null && rules.types.some((allowed) => isOf(type, allowed)))) return null;
  const rule = `must be one of ${rules.types.join(", ")}`;
  return invalid([{ field: fields.type, rule, value: showValue(type ?? undefined) }]);
}

/** `image/png` is of `image/png` and of `image/*`, whatever its parameters. */
function isOf(type: string, allowed: string): boolean {
  const plain = (type.split(";", 1)[0] ?? "").trim().toLowerCase();
  return allowed.endsWith("/*") ? plain.startsWith(allowed.slice(0, -1)) : plain === allowed;
}
