import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { startGateway, type StartedGateway } from "../support/started-gateway.ts";
import { Books } from "./books.ts";

/** A long life in few entries, and upkeep without waiting. */
const LONG_LIFE = {
  AUDIT_STEP_ENTRIES: "5",
  CHECKPOINT_ENTRIES: "6",
  SEGMENT_ENTRIES: "4",
  JOURNAL_KEEP_ENTRIES: "4",
  UPKEEP_MS: "50",
  HOLD_ACK_MS: "500",
  SIMULATOR_TASK_MS: "50",
  POLL_MS_MIN: "50",
  POLL_MS_MAX: "200",
};

const ROOT = join(import.meta.dirname, "../..");
const Audit = z.object({
  consistent: z.boolean(),
  entries: z.number(),
  from_seq: z.number(),
  differences: z.unknown(),
});
const FullAudit = z.object({ id: z.string(), status: z.string(), result: Audit.nullable() });

const submit = async ({ info }: StartedGateway): Promise<void> => {
  const response = await fetch(`${info.gateway}/api/v3/kwaivgi/kling-v2.0-t2v-master`, {
    method: "POST",
    headers: { authorization: `Bearer ${info.tenantKey}`, "content-type": "application/json" },
    body: JSON.stringify({ prompt: "a long life", duration: "5" }),
  });
  expect(response.status).toBe(200);
};

test("checkpoints and archives by itself, outlives a SIGKILL, and rebuilds its report from the archive", async () => {
  const first = await startGateway({ env: LONG_LIFE });
  for (let job = 0; job < 10; job++) await submit(first);
  const archived = () =>
    readdirSync(first.stateDir, { recursive: true, encoding: "utf8" }).filter((name) =>
      /wavegate-archive.*blobs\/./.test(name),
    );
  await vi.waitFor(() => expect(archived().length).toBeGreaterThanOrEqual(3), { timeout: 30_000, interval: 200 });
  await first.kill9();

  const gateway = await startGateway({ env: LONG_LIFE, stateDir: first.stateDir, ports: first.ports });
  const books = new Books(gateway.info);
  const { captured } = await books.expectAgreement();
  expect(captured).toBe("13.000000");
  const short = Audit.parse(await books.manage("POST", "/audit"));
  expect(short).toMatchObject({ consistent: true, differences: [] });
  expect(short.from_seq).toBeGreaterThan(1);

  const { id } = FullAudit.parse(await books.manage("POST", "/audit?full=true"));
  await vi.waitFor(
    async () => {
      const audit = FullAudit.parse(await books.manage("GET", `/audits/${id}`));
      expect(audit).toMatchObject({ status: "completed", result: { consistent: true, entries: 20, from_seq: 1 } });
    },
    { timeout: 30_000, interval: 200 },
  );

  const { gateway: url, operatorKey } = gateway.info;
  const args = ["run", "--silent", "rebuild-report", "--", "--gateway", url, "--key", operatorKey];
  const { stdout } = await promisify(execFile)("npm", args, { cwd: ROOT });
  expect(stdout).toContain("1 tenants, 20 entries");
  await books.expectAgreement();
  await gateway.kill9();
});
