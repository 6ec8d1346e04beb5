import { BUILT } from "./built.ts";

const TYPES: Readonly<Record<string, string>> = { js: "text/javascript", css: "text/css" };

/** The address of a file for browsers. Its name has the content's hash, so that it can be kept for ever. */
export function assetPath(name: string): string {
  const file = BUILT[name];
  if (!file) throw new Error(`the console has no file ${name}`);
  const dot = name.lastIndexOf(".");
  return `/console/assets/${name.slice(0, dot)}-${file.hash}${name.slice(dot)}`;
}

const byPath = new Map(Object.keys(BUILT).map((name) => [assetPath(name), name]));

/** The file at this path; null: there is none (any more). */
export function readAsset(path: string): Response | null {
  const name = byPath.get(path);
  const file = name === undefined ? undefined : BUILT[name];
  if (!file || name === undefined) return null;
  const type = TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
  return new Response(file.text, {
    headers: {
      "content-type": `${type}; charset=utf-8`,
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
    },
  });
}
