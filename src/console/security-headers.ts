import { secureHeaders } from "hono/secure-headers";

/**
 * Nothing runs on a page but the console's own files: no inline script or style, no other site's, no frames. Pictures and films
 * are shown from wherever WaveSpeed keeps them; in development that is this machine.
 */
export const securityHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", "data:", "https:", "http://localhost:*", "http://127.0.0.1:*"],
    mediaSrc: ["'self'", "https:", "http://localhost:*", "http://127.0.0.1:*"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
  },
  // A sign-in link is in the address until it is used: no other site is told.
  referrerPolicy: "same-origin",
  xFrameOptions: "DENY",
});
