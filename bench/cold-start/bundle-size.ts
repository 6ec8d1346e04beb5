import { gzipSync } from "node:zlib";
import { transform } from "esbuild";
import { bundleWorker } from "../../scripts/start/bundle.ts";

export interface BundleSize {
  bytes: number;
  gzipped: number;
  minified: number;
  minifiedGzipped: number;
}

export interface Bundle {
  /** As it is deployed, without the map for stack traces, which the platform keeps apart. */
  code: string;
  size: BundleSize;
}

/** One Worker's code and its size, as the platform counts it: gzipped. */
export async function bundleOf(entry: string): Promise<Bundle> {
  const code = withoutMap(await bundleWorker(entry));
  const { code: minified } = await transform(code, { minify: true, format: "esm", target: "es2024" });
  const size = {
    bytes: Buffer.byteLength(code),
    gzipped: gzipSync(code).byteLength,
    minified: Buffer.byteLength(minified),
    minifiedGzipped: gzipSync(minified).byteLength,
  };
  return { code, size };
}

/** A bundle without the source map that the bundler appends as a comment. */
export const withoutMap = (code: string): string => code.replace(/\n\/\/# sourceMappingURL=data:[^\n]*\n?$/, "\n");
