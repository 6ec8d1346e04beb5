import { readFileSync } from "node:fs";
import vm, { type Module } from "node:vm";

/** Run with `--experimental-vm-modules FILE`: prints how long the ES module in the file takes to compile and to evaluate, in ms. */

/** What the code takes of the runtime's own module while it is evaluated: classes to derive from. */
const WORKERS = { DurableObject: class {}, WorkerEntrypoint: class {}, RpcTarget: class {}, env: {}, exports: {} };

async function link(specifier: string): Promise<Module> {
  const values: Record<string, unknown> =
    specifier === "cloudflare:workers" ? WORKERS : ((await import(specifier)) as Record<string, unknown>);
  const names = Object.keys(values);
  return new vm.SyntheticModule(names, function (this: vm.SyntheticModule) {
    for (const name of names) this.setExport(name, values[name]);
  });
}

const code = readFileSync(process.argv[2] ?? "", "utf8");
const from = performance.now();
const subject = new vm.SourceTextModule(code);
const compiled = performance.now();
await subject.link(link);
const linked = performance.now();
await subject.evaluate();
const evaluated = performance.now();
process.stdout.write(JSON.stringify({ compileMs: compiled - from, evaluateMs: evaluated - linked }));
