import type { z } from "zod";
import type { Deps } from "../../deps.ts";
import type { Refused } from "../../domain/refused.ts";

/** Every write is made by whoever holds the operator's token. */
export const OPERATOR = "operator";

/** How members are told apart, and so in which order they are paged. */
export type Key = "id" | "hash" | "name" | "position";

/** Parameters of a path, by their names: `{ region: "US", installationId: "12" }`. */
export type PathParams = Readonly<Record<string, string>>;

/**
 * One collection of the operator's API: its addresses, its schemas and the rules behind them, in one place, so that
 * routing, checks and the OpenAPI document cannot drift apart.
 *
 * `Scope` is what the path above the collection stands for, `Item` a member, `Body` what POST takes, `Profile` what of
 * it PATCH can change.
 */
export interface Collection<Scope, Item, Body, Profile> {
  /** As OpenAPI writes it: `/apps/{clientId}/secrets`. */
  path: string;
  /** The name of a member's own parameter in its path: `secretId`. Absent: members have no address. */
  member?: string;
  /** One member, in English. */
  noun: string;
  key: Key;
  /** The members of a member, for the document. */
  view: z.ZodObject;
  present(item: Item, scope: Scope): Record<string, unknown>;
  keyOf(item: Item): string;
  /** What stands above the collection, or `undefined` when that is not there. */
  scope(deps: Deps, params: PathParams): Promise<Scope | undefined>;
  /** Up to `limit` members after that key, in order. */
  list(deps: Deps, scope: Scope, after: string, limit: number): Promise<Item[]>;
  find?(deps: Deps, scope: Scope, key: string): Promise<Item | undefined>;
  create?: {
    body: z.ZodType<Body>;
    /** Members that only this answer has. */
    once?: z.ZodObject;
    /** What an `If-Match` is about, where a POST takes one: a member that stands above the collection, as its GET shows it. */
    matched?(scope: Scope): Record<string, unknown>;
    run(deps: Deps, scope: Scope, body: Body): Promise<{ item: Item; once?: Record<string, unknown> } | Refused>;
  };
  change?: {
    body: z.ZodObject & z.ZodType<Profile>;
    run(deps: Deps, scope: Scope, item: Item, profile: Profile): Promise<{ item: Item } | Refused>;
  };
  /** False when there was nothing to remove. `item` is absent when the member is not to be found any more. */
  remove?(deps: Deps, scope: Scope, key: string, item: Item | undefined): Promise<boolean | Refused>;
}

/** Any of them, for routes and document, which treat all alike. */
export type AnyCollection = Collection<unknown, unknown, unknown, unknown>;

/** Lets the compiler find out a definition's types. */
export const collection = <Scope, Item, Body, Profile>(
  definition: Collection<Scope, Item, Body, Profile>,
): Collection<Scope, Item, Body, Profile> => definition;
