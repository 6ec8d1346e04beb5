import { dirname, resolve } from "node:path";
import { experimental_readRawConfig } from "wrangler";
import { z } from "zod";

/** The parts of a wrangler.toml that the developer commands read; the rest passes through as it is. */
const WranglerToml = z.looseObject({
  name: z.string(),
  main: z.string(),
  vars: z.record(z.string(), z.string()).default({}),
  d1_databases: z
    .array(
      z.looseObject({
        binding: z.string(),
        database_name: z.string(),
        database_id: z.string(),
        migrations_dir: z.string(),
      }),
    )
    .default([]),
  r2_buckets: z.array(z.looseObject({ bucket_name: z.string() })).default([]),
  queues: z
    .looseObject({
      producers: z.array(z.looseObject({ queue: z.string() })).default([]),
      consumers: z.array(z.looseObject({ queue: z.string(), dead_letter_queue: z.string().optional() })).default([]),
    })
    .optional(),
});

export type WranglerToml = z.infer<typeof WranglerToml>;

/** Reads a wrangler.toml; its paths come back absolute, so that they hold wherever it is written to. */
export function readWranglerToml(path: string): WranglerToml {
  const { rawConfig } = experimental_readRawConfig({ config: path });
  const toml = WranglerToml.parse(rawConfig);
  const folder = dirname(path);
  return {
    ...toml,
    main: resolve(folder, toml.main),
    d1_databases: toml.d1_databases.map((database) => ({
      ...database,
      migrations_dir: resolve(folder, database.migrations_dir),
    })),
  };
}
