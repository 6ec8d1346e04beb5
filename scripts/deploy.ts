import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { countRows, databaseIds, lookUp, operatorKeyCount } from "./deploy/look-up.ts";
import { deployedConfig, NOTHING_FOUND, planDeploy, type Files, type Found, type Step } from "./deploy/plan.ts";
import { readSecrets, requireSecrets, writeSecrets } from "./deploy/secrets-file.ts";
import { mustRun } from "./deploy/wrangler-cli.ts";
import { mintOperatorKey, operatorKeyRow } from "./operator-key.ts";
import { consoleLink, COUNT_OPERATORS } from "./sign-in-link.ts";
import { readWranglerToml, type WranglerToml } from "./wrangler-toml.ts";

/**
 * `npm run deploy`: the gateway and its simulator on the Cloudflare account that wrangler is logged
 * in to. Makes what is missing, changes nothing that is there; may be repeated after any failure.
 * `--dry-run` prints the steps of a first deploy and bundles both Workers, without an account.
 */
const ROOT = dirname(import.meta.dirname);
const WORK_DIR = join(ROOT, ".wrangler/wavegate-deploy");
const GATEWAY_CONFIG = join(ROOT, "wrangler.toml");
const CONTROL = "CONTROL";

const files: Files = {
  gatewayConfig: join(WORK_DIR, "wrangler.json"),
  simulatorConfig: join(ROOT, "src/simulator/wrangler.toml"),
  secrets: join(WORK_DIR, "secrets.json"),
};

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function dryRun(): Promise<void> {
  const toml = readWranglerToml(GATEWAY_CONFIG);
  const steps = planDeploy(toml, NOTHING_FOUND, files);
  for (const [index, step] of steps.entries()) say(`${index + 1}. ${describe(step)}`);
  writeConfig(toml, new Map(toml.d1_databases.map((d) => [d.database_name, d.database_id])));
  for (const config of [files.simulatorConfig, files.gatewayConfig]) {
    say(`\nBundling with ${config}`);
    await mustRun(ROOT, ["deploy", "--dry-run", "--config", config], true);
  }
}

async function deploy(): Promise<void> {
  const toml = readWranglerToml(GATEWAY_CONFIG);
  const found = await lookUp(ROOT, toml);
  mkdirSync(WORK_DIR, { recursive: true });
  // First of all, so that a missing key is said before anything is made.
  requireSecrets(files.secrets, found.secrets, process.env);
  for (const step of planDeploy(toml, found, files)) {
    say(`\n> ${describe(step)}`);
    await perform(step, found);
  }
}

async function perform(step: Step, found: Found): Promise<void> {
  const toml = readWranglerToml(GATEWAY_CONFIG);
  if (typeof step.run === "object") {
    await mustRun(ROOT, step.run.wrangler, true);
  } else if (step.run === "write-config") {
    writeConfig(toml, await databaseIds(ROOT));
  } else if (step.run === "write-secrets") {
    writeSecrets(files.secrets, found.secrets, process.env);
  } else if (step.run === "operator-key") {
    await makeOperatorKey(controlOf(toml), found);
  } else {
    await makeSignInLink(controlOf(toml), process.env["PUBLIC_URL"] || toml.vars["PUBLIC_URL"]);
  }
}

function controlOf(toml: WranglerToml): string {
  const control = toml.d1_databases.find(({ binding }) => binding === CONTROL);
  if (!control) throw new Error(`wrangler.toml: no D1 database is bound as ${CONTROL}`);
  return control.database_name;
}

function writeConfig(toml: WranglerToml, ids: ReadonlyMap<string, string>): void {
  mkdirSync(WORK_DIR, { recursive: true });
  writeFileSync(files.gatewayConfig, JSON.stringify(deployedConfig(toml, ids, process.env), null, 2));
}

/** A new WAVEGATE_SECRET voids every key made under an older one, so it always brings a new key. */
async function makeOperatorKey(database: string, found: Found): Promise<void> {
  const secretIsNew = !found.secrets.has("WAVEGATE_SECRET");
  if (!secretIsNew && (await operatorKeyCount(ROOT, files.gatewayConfig, database)) > 0) {
    say("there is one already");
  } else {
    const secret = readSecrets(files.secrets).WAVEGATE_SECRET ?? process.env["WAVEGATE_SECRET"];
    if (!secret) throw new Error("no operator key, and WAVEGATE_SECRET cannot be read back: set it in the environment");
    const key = mintOperatorKey(secret);
    const { id, hash, name, created_at } = operatorKeyRow(key, secret, Date.now());
    const sql = `INSERT INTO management_keys (id, hash, name, created_at, revoked_at) VALUES ('${id}', '${hash}', '${name}', ${created_at}, NULL)`;
    await execute(database, sql);
    say(`\nThe operator key, shown this once:\n\n  ${key}\n`);
  }
  rmSync(files.secrets, { force: true });
}

/** Only while nobody can sign in as an operator; each deploy until then makes a new one. */
async function makeSignInLink(database: string, publicUrl: string | undefined): Promise<void> {
  if ((await countRows(ROOT, files.gatewayConfig, database, COUNT_OPERATORS)) > 0) return say("there is one already");
  const link = consoleLink("deploy", Date.now());
  for (const statement of link.statements) await execute(database, statement);
  const origin = publicUrl ? new URL(publicUrl).origin : "https://ADDRESS-OF-THE-GATEWAY";
  say(`\nThe first operator signs in here, once, within 24 hours:\n\n  ${link.urlAt(origin)}\n`);
}

const execute = (database: string, sql: string): Promise<string> =>
  mustRun(ROOT, ["d1", "execute", database, "--remote", "--config", files.gatewayConfig, "--command", sql], false);

const describe = ({ what, run }: Step): string =>
  typeof run === "object" ? `${what}: wrangler ${run.wrangler.join(" ")}` : what;

try {
  const { values } = parseArgs({ options: { "dry-run": { type: "boolean", default: false } } });
  await (values["dry-run"] ? dryRun() : deploy());
} catch (error) {
  process.stderr.write(`wavegate deploy: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
