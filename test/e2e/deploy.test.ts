import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { deployedConfig, NOTHING_FOUND, planDeploy, type Found } from "../../scripts/deploy/plan.ts";
import { readWranglerToml } from "../../scripts/wrangler-toml.ts";

const ROOT = join(import.meta.dirname, "../..");
const files = {
  gatewayConfig: "gateway.json",
  simulatorConfig: "simulator.toml",
  secrets: "secrets.json",
};
const toml = readWranglerToml(join(ROOT, "wrangler.toml"));

const plan = (found: Found): string[] => planDeploy(toml, found, files).map(({ what }) => what);

describe("the plan of a deploy", () => {
  test("on an empty account makes everything, each before what needs it", () => {
    expect(plan(NOTHING_FOUND)).toEqual([
      "create the D1 database wavegate-control",
      "create the D1 database wavegate-report",
      "create the queue wavegate-usage",
      "create the queue wavegate-usage-dead",
      "create the R2 bucket wavegate-archive",
      "write the database ids into gateway.json",
      "apply the migrations of wavegate-control",
      "apply the migrations of wavegate-report",
      "deploy the simulator",
      "write the missing secrets (WAVEGATE_SECRET, WAVESPEED_API_KEY) for the upload",
      "deploy the gateway",
      "make the first operator key, if there is none",
      "make a sign-in link for the first operator, if there is none",
    ]);
  });

  test("on an account that has everything creates nothing and leaves the secrets alone", () => {
    const steps = planDeploy(
      toml,
      {
        databases: new Set(["wavegate-control", "wavegate-report"]),
        queues: new Set(["wavegate-usage", "wavegate-usage-dead"]),
        buckets: new Set(["wavegate-archive"]),
        secrets: new Set(["WAVEGATE_SECRET", "WAVESPEED_API_KEY"]),
      },
      files,
    );
    expect(JSON.stringify(steps)).not.toMatch(/create|secrets/);
    expect(steps).toHaveLength(7);
  });

  test("goes on where a deploy was cut short", () => {
    const found = { ...NOTHING_FOUND, databases: new Set(["wavegate-control"]) };
    expect(plan(found)[0]).toBe("create the D1 database wavegate-report");
  });
});

describe("the deployed configuration", () => {
  const ids = new Map([
    ["wavegate-control", "id-control"],
    ["wavegate-report", "id-report"],
  ]);

  test("has the account's database ids and the environment's variables", () => {
    const config = deployedConfig(toml, ids, { PUBLIC_URL: "https://gateway.example.com" });
    expect(config.d1_databases.map((d) => d.database_id)).toEqual(["id-control", "id-report"]);
    expect(config.vars).toMatchObject({ PUBLIC_URL: "https://gateway.example.com" });
  });

  test("is refused while a database is missing", () => {
    expect(() => deployedConfig(toml, new Map(), {})).toThrow("no D1 database wavegate-control");
  });
});

test("npm run deploy -- --dry-run prints the steps and bundles both Workers, offline", async () => {
  const { stdout } = await promisify(execFile)("npm", ["run", "deploy", "--silent", "--", "--dry-run"], { cwd: ROOT });
  expect(stdout).toContain("1. create the D1 database wavegate-control");
  expect(stdout).toContain("12. make the first operator key");
  expect(stdout.match(/--dry-run: exiting now/g)).toHaveLength(2);
  expect(stdout).toMatch(/env\.ARCHIVE \(wavegate-archive\)/);
  expect(stdout).toMatch(/env\.SIMULATOR \(wavegate-simulator\)/);
});
