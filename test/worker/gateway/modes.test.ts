import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { parseGatewaySecrets } from "../../../src/keys/gateway-secrets.ts";
import { hashKey, mintKey, verifyKey } from "../../../src/keys/key.ts";
import { newKeyInput } from "../../support/new-key.ts";
import { testEnv } from "../../support/test-env.ts";
import { call, envelope, newTenant, T2V, type TestTenant } from "./api.ts";

const secrets = parseGatewaySecrets(testEnv.WAVEGATE_SECRET);

/** A sandbox key of a tenant that has a live one. */
async function sandboxKey({ id, ledger }: TestTenant): Promise<string> {
  const keyId = randomBytes(8).toString("hex");
  const key = mintKey({ kind: "test", tenant: id, keyId, secrets, random: randomBytes(16) });
  const parsed = verifyKey(key, secrets);
  if (!parsed) throw new Error("the minted key does not verify");
  await ledger.change("create_key", newKeyInput({ id: keyId, hash: hashKey(key, parsed, secrets), mode: "test" }));
  return key;
}

const submit = async (key: string): Promise<string> =>
  String((await envelope(await call(key, "POST", `/api/v3/${T2V}`, { prompt: "[[sim: delay=1h]]" }))).data["id"]);

describe("a job of the other mode", () => {
  test.each(["test", "live"] as const)(
    "is not there for a %s key: nothing reads, cancels or deletes it",
    async (mode) => {
      const tenant = await newTenant();
      const sandbox = await sandboxKey(tenant);
      const [own, other] = mode === "test" ? [sandbox, tenant.key] : [tenant.key, sandbox];
      const id = await submit(other);
      const at = `/api/v3/predictions/${id}`;
      for (const [method, path] of [
        ["GET", at],
        ["GET", `${at}/result`],
        ["GET", `/api/v2/predictions/${id}/result`],
        ["GET", `${at}/timeline`],
        ["GET", `${at}/input`],
        ["GET", `${at}/events`],
        ["GET", `${at}/deliveries`],
        ["POST", `${at}/cancel`],
        ["DELETE", at],
      ] as const) {
        const response = await call(own, method, path);
        expect([method, path, response.status]).toEqual([method, path, 404]);
        expect((await envelope(response)).error?.code).toBe("job_not_found");
      }
      const both = await call(own, "POST", "/api/v3/predictions/delete", { ids: [id, await submit(own)] });
      expect((await envelope(both)).data).toEqual({ deleted_count: 1 });
      expect((await call(other, "GET", at)).status).toBe(200);
    },
  );
});
