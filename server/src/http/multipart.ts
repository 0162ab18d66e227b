import { OAuthError } from "../errors.ts";

/** One part of a multipart form. Without a value it is a file. */
export interface Part {
  name: string;
  value: string | undefined;
}

const PARTS_MAX = 100;

/**
 * The parts of a `multipart/form-data` body (RFC 7578) that has been decoded already; files are named, not kept.
 *
 * @throws {OAuthError} `invalid_request`: no boundary, no end, or a part without a name.
 */
export function readMultipart(text: string, contentType: string): Part[] {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (mark === undefined) throw unreadable("The multipart body names no boundary.");

  // The line break before a boundary belongs to the boundary (RFC 2046 §5.1.1), also before the first one.
  const sections = `\r\n${text}`.split(`\r\n--${mark}`);
  const end = sections.pop();
  if (sections.length === 0 || !end?.startsWith("--")) throw unreadable("The multipart body has no end.");
  if (sections.length > PARTS_MAX) throw unreadable("Too many parts.");
  return sections.slice(1).map(readPart); // what comes before the first boundary is no part
}

function readPart(section: string): Part {
  const lines = /^[ \t]*\r\n/.exec(section)?.[0];
  if (lines === undefined) throw unreadable("A boundary is not alone on its line.");
  const headEnd = section.indexOf("\r\n\r\n");
  if (headEnd < 0) throw unreadable("A part has no header.");
  const head = section.slice(lines.length, headEnd);
  const disposition = /^content-disposition:[ \t]*form-data[ \t]*(;.*)$/im.exec(head)?.[1] ?? "";
  const name = /;[ \t]*name=(?:"([^"]*)"|([^\s;"]+))/i.exec(disposition);
  const isFile = /;[ \t]*filename\*?=/i.test(disposition);
  if (name === null) throw unreadable("A part has no name.");
  return { name: name[1] ?? name[2] ?? "", value: isFile ? undefined : section.slice(headEnd + 4) };
}

const unreadable = (description: string) => new OAuthError("invalid_request", description);
