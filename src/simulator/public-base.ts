/**
 * Set by the gateway on calls over its service binding: where the public reaches this Worker. The
 * simulator has no public route, so whoever can send the header may also be believed.
 */
export const PUBLIC_BASE_HEADER = "x-simulator-public-base";

/** What URLs in answers begin with, without a slash at the end: the header, else the request's origin. */
export function publicBaseOf(request: Request): string {
  const given = request.headers.get(PUBLIC_BASE_HEADER);
  return given === null ? new URL(request.url).origin : given.replace(/\/+$/, "");
}

/** Over a service binding a dropped connection is an exception, which plain HTTP cannot carry. */
export const isOverBinding = (request: Request): boolean => request.headers.has(PUBLIC_BASE_HEADER);
