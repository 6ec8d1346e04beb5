import { NO_TENANT } from "../keys/key.ts";
import { insertManagementKey, type ManagementKey } from "../settings/index.ts";
import { issueKey } from "./issue-key.ts";
import type { Services } from "./services.ts";

/** Makes and stores an operator's key. The first one of a gateway is made by this too, without a caller. */
export async function issueManagementKey(
  services: Pick<Services, "control" | "secrets" | "random" | "now">,
  name: string,
): Promise<Omit<ManagementKey, "hash"> & { key: string }> {
  const { id, key, secret } = issueKey(services, { kind: "mgmt", tenant: NO_TENANT });
  const createdAt = services.now();
  await insertManagementKey(services.control, { id, hash: secret.hash, name, createdAt });
  return { id, key, name, createdAt, revokedAt: null };
}
