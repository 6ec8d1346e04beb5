import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const ROOT = join(import.meta.dirname, "../..");
const CLIENT = join(ROOT, "src/console/client");
const BUILT = join(ROOT, "src/console/built.ts");

/**
 * What the console sends to browsers: each file right under `src/console/client` becomes one that stands alone, minified. They go
 * into the Worker as texts of a module (`src/console/built.ts`, which is not kept in git), so that there is no second deploy.
 */
export async function buildConsole(): Promise<void> {
  const entries = readdirSync(CLIENT).filter((name) => /\.(ts|css)$/.test(name));
  const { outputFiles } = await build({
    entryPoints: entries.map((name) => join(CLIENT, name)),
    outdir: "/",
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    target: ["chrome123", "firefox120", "safari17.5"],
    logLevel: "error",
  });
  const files = outputFiles
    .map(({ path, text }) => ({ name: path.slice(1), text, hash: hashOf(text) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const lines = files.map(
    ({ name, text, hash }) => `  ${JSON.stringify(name)}: { hash: "${hash}", text: ${JSON.stringify(text)} },`,
  );
  writeWhole(`${HEAD}${lines.join("\n")}\n};\n`);
}

/** Others may read it, or write the same, at this moment. */
function writeWhole(text: string): void {
  if (existsSync(BUILT) && readFileSync(BUILT, "utf8") === text) return;
  const draft = `${BUILT}.${process.pid}.tmp`;
  writeFileSync(draft, text);
  renameSync(draft, BUILT);
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 12);

const HEAD = `// Made by scripts/console/build.ts from src/console/client; not kept in git.
export const BUILT: Readonly<Record<string, { hash: string; text: string }>> = {
`;
