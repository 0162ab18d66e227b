import { z } from "zod";
import { isCleanText } from "../text.ts";

/** Schemas of single members, bounded, so that no row can grow without end. */

const LIST_MAX = 100;
export const ID_MAX = 2 ** 31 - 1;

export const text = (lengthMax: number) =>
  z
    .string()
    .max(lengthMax, `At most ${lengthMax} characters.`)
    .refine(isCleanText, "Control characters are not allowed.");

/** A name that somebody will read: not empty, not blank. */
export const name = text(200).refine((value) => value.trim() !== "", "It must not be empty.");

/** An address; the rules behind the schema say which. */
export const address = text(2_048);

export const list = <Item extends z.ZodType>(item: Item) => z.array(item).max(LIST_MAX, `At most ${LIST_MAX} of them.`);

/** Ids of installations and users. */
export const id = z.int().min(1).max(ID_MAX);

/** Seconds since 1970 UTC. */
export const time = z.int().min(0).max(253_402_300_799);

const companyName = name;

/** A company as it is sent: whoever gives the same name means the same one. */
export const company = z.strictObject({ name: companyName, logo: address.optional() });

/** A company as it is shown. */
export const companyView = z.object({ id, name: companyName, logo: address });

/** Members that this server alone writes. */
export const times = { createdAt: time, updatedAt: time };
