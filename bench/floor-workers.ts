/** The floor on PostgreSQL (floor-postgres.ts) as two processes on one port, as `LATCHKEY_WORKERS=2` runs ours. */
import cluster from "node:cluster";

const WORKERS = 2;

if (cluster.isPrimary) for (let started = 0; started < WORKERS; started++) cluster.fork();
else await import("./floor-postgres.ts");
