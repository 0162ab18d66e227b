import type { Door } from "../support/house.ts";
import type { Lab } from "./lab.ts";
import type { ServerProcess } from "./server-process.ts";

/** A server of the lab as the tests' visitors, apps and operators know houses: whatever address they ask for, it is this server that answers. */
export function reach(
  { url, adminToken }: Pick<Lab, "url" | "adminToken">,
  server: Pick<ServerProcess, "url">,
  signal?: AbortSignal,
): Door {
  const fetchThere: Door["fetch"] = (input, { from: _, ...init } = {}) => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : input, url);
    return fetch(server.url + pathname + search, { redirect: "manual", ...(signal && { signal }), ...init });
  };
  return {
    config: { url },
    fetch: fetchThere,
    async admin(method, path, body, headers = {}) {
      const answer = await fetchThere(`/admin/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${adminToken}`, "content-type": "application/json", ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, body: text === "" ? undefined : JSON.parse(text) };
    },
  };
}
