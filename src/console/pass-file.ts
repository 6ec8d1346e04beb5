/** Hands on the API's answer as a file with a name, as it comes: nothing of it is kept in memory. `name`: ASCII, without quotes. */
export function passFile(response: Response, name: string): Response {
  const headers = new Headers({ "content-disposition": `attachment; filename="${name}"`, "cache-control": "no-store" });
  headers.set("content-type", response.headers.get("content-type") ?? "application/octet-stream");
  headers.set("x-content-type-options", "nosniff");
  return new Response(response.body, { headers });
}
