/** Preloaded into a process that must not outlive whoever started it: the channel between them closes, however that ended. */
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
