import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { startGateway, type StartedGateway } from "../support/started-gateway.ts";
import { Books } from "./books.ts";
import { submit, tally } from "./race.ts";

let gateway: StartedGateway | undefined;
afterAll(() => gateway?.kill9());

/** Stops the gateway, changes its own secret as an operator would, and starts it on the same state. */
async function restartWith(running: StartedGateway, change: (secret: string) => string): Promise<StartedGateway> {
  const { stateDir, ports } = running;
  await running.stop();
  const file = join(stateDir, "secrets.json");
  const secrets = JSON.parse(readFileSync(file, "utf8")) as { wavegateSecret: string };
  writeFileSync(file, JSON.stringify({ ...secrets, wavegateSecret: change(secrets.wavegateSecret) }));
  return startGateway({ stateDir, ports });
}

test("the gateway's own secret is rotated, and no key breaks on the way", async () => {
  gateway = await startGateway();
  const { books } = await Books.open(gateway.info, "1000");
  const old = await books.newKey({});
  const works = async (key: string): Promise<number> =>
    (await submit(gateway!.info, key, { prompt: "[[sim: delay=1h]]" })).status;
  expect(await works(old.key)).toBe(200);

  // 1. Both secrets are valid: old keys work, new ones are made under the new secret.
  gateway = await restartWith(gateway, (secret) => `${secret},2:${randomBytes(32).toString("hex")}`);
  expect(await works(old.key)).toBe(200);
  // 2. The key gets a secret under the new one, keeps its id, and its users change over in their own time.
  const rotated = (await books.manage("POST", `/keys/${old.id}/rotate`, { overlap_seconds: 3_600 })) as {
    id: string;
    key: string;
    secret_version: number;
  };
  expect(rotated).toMatchObject({ id: old.id, secret_version: 2 });
  expect(await Promise.all([works(old.key), works(rotated.key)])).toEqual([200, 200]);

  // 3. Only the new secret: what was made under the old one is refused at the edge.
  gateway = await restartWith(gateway, (secret) => secret.split(",")[1] ?? "");
  expect(await works(rotated.key)).toBe(200);
  const refused = await submit(gateway.info, old.key);
  expect(tally([refused])).toEqual({ "401 invalid_key": 1 });
  // A start makes itself keys under it.
  const after = new Books(gateway.info, books.tenant);
  expect(await after.audit()).toMatchObject({ consistent: true, open_holds: 5 });
});
