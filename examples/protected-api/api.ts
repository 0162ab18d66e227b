/**
 * A whole API behind Latchkey's tokens.
 *
 *   LATCHKEY_URL=http://localhost:4400 API_CREDENTIAL_ID=… API_CREDENTIAL_SECRET=… node examples/protected-api/api.ts
 *   curl -i -H "Authorization: Bearer tkn.v1_…" http://localhost:3001/me
 *
 * The credential comes from POST /admin/v1/api-credentials.
 */
import { createServer, type ServerResponse } from "node:http";
import { createGuard, requireScope, toResponse } from "@latchkey/sdk";

const { LATCHKEY_URL = "http://localhost:4400", PORT = "3001" } = process.env;
const { API_CREDENTIAL_ID = "", API_CREDENTIAL_SECRET = "" } = process.env;

const guard = createGuard({
  issuer: LATCHKEY_URL,
  credential: { id: API_CREDENTIAL_ID, secret: API_CREDENTIAL_SECRET },
});

/** What this API is for. Everything it gives out belongs to the bearer's own installation. */
async function answer(path: string | undefined, authorization: string | undefined): Promise<Response> {
  const bearer = await guard(authorization);
  if (path === "/me") return Response.json(bearer);
  if (path === "/projects") {
    requireScope(bearer, "projects");
    return Response.json({ installationId: bearer.installationId, projects: ["Website", "Move to the new office"] });
  }
  return Response.json({ error: "not_found" }, { status: 404 });
}

async function write(answered: Response, response: ServerResponse): Promise<void> {
  response.writeHead(answered.status, Object.fromEntries(answered.headers));
  response.end(await answered.text());
}

const server = createServer(async (request, response) => {
  const answered = await answer(request.url, request.headers.authorization).catch((error) => {
    const refusal = toResponse(error);
    if (refusal.status >= 500) console.error(error);
    return refusal;
  });
  await write(answered, response);
});
server.listen(Number(PORT), "localhost", () => console.log(`Listening on http://localhost:${PORT}/`));
