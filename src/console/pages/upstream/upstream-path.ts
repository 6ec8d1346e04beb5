export const UPSTREAM_PATH = "/console/upstream";
