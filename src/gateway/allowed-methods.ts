import { TrieRouter } from "hono/router/trie-router";
import type { RouterRoute } from "hono/types";

/**
 * Which methods a path answers to, by the routes that are registered until now. A wrong method is told by
 * `allow`, with 404 as for a path that is not there: WaveSpeed's clients know no 405.
 */
export function allowedMethods(routes: readonly RouterRoute[]): (path: string) => string[] {
  const named = routes.filter(({ method }) => method !== "ALL");
  const router = new TrieRouter<true>();
  for (const { method, path } of named) router.add(method, path, true);
  const methods = [...new Set(named.map(({ method }) => method))];
  return (path) => methods.filter((method) => router.match(method, path)[0].length > 0);
}
