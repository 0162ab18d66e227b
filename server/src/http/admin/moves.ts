import { Hono } from "hono";
import { z } from "zod";
import type { Deps } from "../../deps.ts";
import {
  accountIdOf,
  findMove,
  type Move,
  moveAccount,
  moveInstallation,
  undoMove,
} from "../../domain/moving/moves.ts";
import { isRefused, type Refused } from "../../domain/refused.ts";
import type { HttpContext, HttpEnv } from "../context.ts";
import { check, readObject } from "./body.ts";
import { OPERATOR } from "./collection.ts";
import { address, text, time } from "./fields.ts";
import { content, type Json, pathParameters, REFUSED } from "./openapi.ts";
import { isKey } from "./paging.ts";
import { notFound, problemOf } from "./problems.ts";

const INSTALLATION = "/regions/{region}/installations/{installationId}/move";
const ACCOUNT = "/accounts/{accountId}/move";
const ACCOUNT_OF_EMAIL = "/accounts/move";

const to = text(16);
const installationBody = z.strictObject({ to, url: address.optional(), apiEndPoint: address.optional() });
const accountBody = z.strictObject({ to });
const accountOfEmailBody = z.strictObject({ email: text(300), to });

const view = z.object({
  kind: z.enum(["installation", "account"]),
  /** The installation's number, or the account's name. */
  id: z.union([z.int(), z.string()]),
  from: z.string(),
  to: z.string(),
  state: z.enum(["copying", "flipped", "done", "undoing", "undone"]),
  copiedRows: z.int(),
  problem: z.string(),
  startedAt: time,
  flippedAt: time.nullable(),
  finishedAt: time.nullable(),
});

const present = (move: Move): z.infer<typeof view> => ({
  kind: move.kind,
  id: move.kind === "installation" ? Number(move.subject) : move.subject,
  from: move.fromRegion,
  to: move.toRegion,
  state: move.state,
  copiedRows: move.copiedRows,
  problem: move.problem,
  startedAt: move.startedAt,
  flippedAt: move.flippedAt,
  finishedAt: move.finishedAt,
});

type Handler = (c: HttpContext) => Promise<Response>;

/** Moves of installations and accounts to other regions (docs/moving.md). Servers do them; a call begins or undoes one. */
export function moveRoutes(deps: Deps, base: string, answering: (handler: Handler) => Handler): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  const at = (path: string) => base + path.replaceAll(/\{(\w+)\}/g, ":$1");

  /** 202 while servers are at work on it, 200 when it is over. */
  const answer = (c: HttpContext, result: Move | Refused | undefined): Response => {
    if (result === undefined) throw notFound();
    if (isRefused(result)) throw problemOf(result);
    if (result.finishedAt === null) void deps.mover.round();
    return c.json(present(result), result.finishedAt === null ? 202 : 200, { "cache-control": "no-store" });
  };
  const show = (c: HttpContext, move: Move | undefined): Response => {
    if (!move) throw notFound();
    return c.json(present(move), 200, { "cache-control": "no-store" });
  };
  const undo = async (c: HttpContext, move: Move | undefined): Promise<Response> =>
    answer(c, move && (await undoMove(deps, move, OPERATOR)));

  const installationOf = (c: HttpContext) => {
    const region = deps.regions.find(c.req.param("region") ?? "");
    const id = c.req.param("installationId") ?? "";
    if (!region || !isKey("id", id)) throw notFound();
    return { region, id: Number(id) };
  };
  const moveOfInstallation = async (c: HttpContext) => {
    const { region, id } = installationOf(c);
    const move = await findMove(deps, "installation", id);
    return move && [move.fromRegion, move.toRegion].includes(region.name) ? move : undefined;
  };
  routes.post(
    at(INSTALLATION),
    answering(async (c) => {
      const { region, id } = installationOf(c);
      const { to, url, apiEndPoint } = check(installationBody, await readObject(c));
      const addresses = { ...(url !== undefined && { url }), ...(apiEndPoint !== undefined && { apiEndPoint }) };
      return answer(c, await moveInstallation(deps, region, id, { to, ...addresses }, OPERATOR));
    }),
  );
  routes.get(
    at(INSTALLATION),
    answering(async (c) => show(c, await moveOfInstallation(c))),
  );
  routes.delete(
    at(INSTALLATION),
    answering(async (c) => undo(c, await moveOfInstallation(c))),
  );

  const accountOf = (c: HttpContext): string => {
    const id = c.req.param("accountId") ?? "";
    if (!isKey("hash", id)) throw notFound();
    return id;
  };
  routes.post(
    at(ACCOUNT_OF_EMAIL),
    answering(async (c) => {
      const { email, to } = check(accountOfEmailBody, await readObject(c));
      const accountId = await accountIdOf(deps, email);
      return answer(c, accountId === undefined ? undefined : await moveAccount(deps, accountId, to, OPERATOR));
    }),
  );
  routes.post(
    at(ACCOUNT),
    answering(async (c) => {
      const { to } = check(accountBody, await readObject(c));
      return answer(c, await moveAccount(deps, accountOf(c), to, OPERATOR));
    }),
  );
  routes.get(
    at(ACCOUNT),
    answering(async (c) => show(c, await findMove(deps, "account", accountOf(c)))),
  );
  routes.delete(
    at(ACCOUNT),
    answering(async (c) => undo(c, await findMove(deps, "account", accountOf(c)))),
  );
  return routes;
}

/** What the document says of them. */
export function movePaths(): Record<string, Json> {
  const state = (description: string) => ({ description, content: content(view) });
  const begin = (body: z.ZodType, what: string) => ({
    post: {
      summary: `Moves ${what} to another region`,
      requestBody: { required: true, content: content(body, "application/json", "input") },
      responses: { 202: state("Begun, or under way"), 200: state("Over already"), ...REFUSED },
    },
  });
  const follow = {
    get: { summary: "How far the last move is", responses: { 200: state("It"), ...REFUSED } },
    delete: {
      summary: "Undoes the move, as long as it has not flipped",
      responses: { 202: state("Being undone"), 200: state("Undone"), ...REFUSED },
    },
  };
  return {
    [INSTALLATION]: {
      parameters: pathParameters(INSTALLATION),
      ...begin(installationBody, "an installation"),
      ...follow,
    },
    [ACCOUNT_OF_EMAIL]: begin(accountOfEmailBody, "the account of an e-mail"),
    [ACCOUNT]: { parameters: pathParameters(ACCOUNT), ...begin(accountBody, "an account"), ...follow },
  };
}
