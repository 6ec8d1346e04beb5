import type { WranglerToml } from "../wrangler-toml.ts";

/** What the account holds already, as looked up before anything is changed. */
export interface Found {
  databases: ReadonlySet<string>;
  queues: ReadonlySet<string>;
  buckets: ReadonlySet<string>;
  /** Names of the gateway's secrets. */
  secrets: ReadonlySet<string>;
}

export const NOTHING_FOUND: Found = { databases: new Set(), queues: new Set(), buckets: new Set(), secrets: new Set() };

/** One step of a deploy: what it is for, and either a wrangler command or work of our own. */
export interface Step {
  what: string;
  run: { wrangler: string[] } | "write-config" | "write-secrets" | "operator-key" | "sign-in-link";
}

export interface Files {
  /** The gateway's configuration with the account's database ids. */
  gatewayConfig: string;
  simulatorConfig: string;
  /** Secrets that the Worker does not have yet, as JSON. */
  secrets: string;
}

/** The gateway's secrets; WAVEGATE_SECRET is made here, the other is the operator's to give. */
export const SECRETS = ["WAVEGATE_SECRET", "WAVESPEED_API_KEY"] as const;

/**
 * The steps of a deploy, in order. Everything that the gateway needs exists before it is uploaded,
 * the schema before the code that reads it, the simulator before the binding to it.
 */
export function planDeploy(toml: WranglerToml, found: Found, files: Files): Step[] {
  const secretsMissing = SECRETS.filter((name) => !found.secrets.has(name));
  return [
    ...toml.d1_databases
      .filter((database) => !found.databases.has(database.database_name))
      .map(({ database_name: name }) =>
        wrangler(`create the D1 database ${name}`, "d1", "create", name, "--update-config=false"),
      ),
    ...queuesOf(toml)
      .filter((queue) => !found.queues.has(queue))
      .map((queue) => wrangler(`create the queue ${queue}`, "queues", "create", queue)),
    ...toml.r2_buckets
      .filter((bucket) => !found.buckets.has(bucket.bucket_name))
      .map(({ bucket_name: name }) => wrangler(`create the R2 bucket ${name}`, "r2", "bucket", "create", name)),
    { what: `write the database ids into ${files.gatewayConfig}`, run: "write-config" },
    ...toml.d1_databases.map(({ database_name: name }) =>
      wrangler(
        `apply the migrations of ${name}`,
        "d1",
        "migrations",
        "apply",
        name,
        "--remote",
        "--config",
        files.gatewayConfig,
      ),
    ),
    wrangler("deploy the simulator", "deploy", "--config", files.simulatorConfig),
    ...(secretsMissing.length === 0
      ? []
      : [
          {
            what: `write the missing secrets (${secretsMissing.join(", ")}) for the upload`,
            run: "write-secrets" as const,
          },
        ]),
    wrangler(
      "deploy the gateway",
      "deploy",
      "--config",
      files.gatewayConfig,
      ...(secretsMissing.length === 0 ? [] : ["--secrets-file", files.secrets]),
    ),
    { what: "make the first operator key, if there is none", run: "operator-key" },
    { what: "make a sign-in link for the first operator, if there is none", run: "sign-in-link" },
  ];
}

const wrangler = (what: string, ...args: string[]): Step => ({ what, run: { wrangler: args } });

/** Every queue that the Worker names, dead letter queues included. */
export function queuesOf(toml: WranglerToml): string[] {
  const { producers = [], consumers = [] } = toml.queues ?? {};
  const names = [
    ...producers.map((producer) => producer.queue),
    ...consumers.flatMap((consumer) => [consumer.queue, consumer.dead_letter_queue ?? consumer.queue]),
  ];
  return [...new Set(names)];
}

/** The configuration to deploy: with the account's database ids, and variables from the environment. */
export function deployedConfig(
  toml: WranglerToml,
  ids: ReadonlyMap<string, string>,
  env: Readonly<Record<string, string | undefined>>,
): WranglerToml {
  const vars = Object.entries(toml.vars).map(([name, value]) => [name, env[name] || value]);
  return {
    ...toml,
    vars: Object.fromEntries(vars),
    d1_databases: toml.d1_databases.map((database) => {
      const id = ids.get(database.database_name);
      if (id === undefined) throw new Error(`no D1 database ${database.database_name} in this account`);
      return { ...database, database_id: id };
    }),
  };
}
