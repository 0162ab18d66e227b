import type { Deps } from "../../deps.ts";
import { isRefused } from "../../domain/refused.ts";
import { hashSecret } from "../../secrets.ts";
import type { HttpContext } from "../context.ts";
import { headerOf } from "../headers.ts";
import { check, mergePatch, readObject } from "./body.ts";
import type { AnyCollection } from "./collection.ts";
import { isKey, readPage } from "./paging.ts";
import { notFound, Problem, problemOf } from "./problems.ts";

/** How often a PATCH without `If-Match` is put onto what others have just changed. */
const TRIES_MAX = 5;

/** What each method of a collection and its members does. All throw {Problem}. */
export function handlersOf(deps: Deps, collection: AnyCollection) {
  const scopeOf = async (c: HttpContext) => {
    const scope = await collection.scope(deps, c.req.param());
    if (scope === undefined) throw notFound();
    return scope;
  };
  const keyOf = (c: HttpContext): string => {
    const key = c.req.param(collection.member ?? "") ?? "";
    if (!isKey(collection.key, key)) throw notFound();
    return key;
  };

  return {
    async list(c: HttpContext): Promise<Response> {
      const scope = await scopeOf(c);
      const { after, limit } = readPage(c, collection.key);
      const found = await collection.list(deps, scope, after, limit + 1);
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const next = found.length > limit && last !== undefined ? collection.keyOf(last) : null;
      return answer(c, 200, { items: items.map((item) => collection.present(item, scope)), next });
    },

    async create(c: HttpContext): Promise<Response> {
      const { create } = collection;
      if (!create) throw notFound();
      const scope = await scopeOf(c);
      if (create.matched) requireMatch(c, etagOf(create.matched(scope)));
      const result = await create.run(deps, scope, check(create.body, await readObject(c)));
      if (isRefused(result)) throw "stale" in result ? notFound() : problemOf(result);
      const view = collection.present(result.item, scope);
      const location = `${c.req.path.replace(/\/$/, "")}/${encodeURIComponent(collection.keyOf(result.item))}`;
      return answer(c, 201, { ...view, ...result.once }, { location, etag: etagOf(view) });
    },

    async get(c: HttpContext): Promise<Response> {
      const scope = await scopeOf(c);
      const item = await collection.find?.(deps, scope, keyOf(c));
      if (item === undefined) throw notFound();
      const view = collection.present(item, scope);
      return answer(c, 200, view, { etag: etagOf(view) });
    },

    async change(c: HttpContext): Promise<Response> {
      const { change } = collection;
      if (!change) throw notFound();
      const [scope, key, patch] = [await scopeOf(c), keyOf(c), await readObject(c)];
      for (let tries = 1; ; tries++) {
        const item = await collection.find?.(deps, scope, key);
        if (item === undefined) throw notFound();
        const view = collection.present(item, scope);
        requireMatch(c, etagOf(view));
        const merged = mergePatch(view, Object.keys(change.body.shape), patch);
        const readOnly = new Set([...Object.keys(collection.view.shape), "company.id"]);
        const result = await change.run(deps, scope, item, check(change.body, merged, readOnly));
        if (!isRefused(result)) {
          const changed = collection.present(result.item, scope);
          return answer(c, 200, changed, { etag: etagOf(changed) });
        }
        if (!("stale" in result)) throw problemOf(result);
        if (headerOf(c, "if-match") !== undefined) throw changedMeanwhile();
        if (tries === TRIES_MAX) throw problemOf(result);
      }
    },

    async remove(c: HttpContext): Promise<Response> {
      const { remove } = collection;
      if (!remove) throw notFound();
      const [scope, key] = [await scopeOf(c), keyOf(c)];
      const item = await collection.find?.(deps, scope, key);
      if (item !== undefined) requireMatch(c, etagOf(collection.present(item, scope)));
      const result = await remove(deps, scope, key, item);
      if (typeof result !== "boolean") throw problemOf(result);
      if (!result) throw notFound();
      return c.body(null, 204);
    },
  };
}

/** Of what GET shows, so that it changes exactly when that does. */
const etagOf = (view: Record<string, unknown>) => `"${hashSecret(JSON.stringify(view))}"`;

/** RFC 9110 §13.1.1. Weak tags never match. */
function requireMatch(c: HttpContext, etag: string): void {
  const header = headerOf(c, "if-match");
  if (header === undefined || header.trim() === "*") return;
  if (!header.split(",").some((tag) => tag.trim() === etag)) throw changedMeanwhile();
}

const changedMeanwhile = () => new Problem(412, "The member is not as the If-Match header says.");

const answer = (c: HttpContext, status: 200 | 201, body: unknown, headers: Record<string, string> = {}) =>
  c.json(body, status, { ...headers, "cache-control": "no-store" });
